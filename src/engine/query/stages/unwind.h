// SPDX-License-Identifier: GPL-3.0-or-later
// $unwind: a document for each element of an array.
//
// Threads  one thread.
#pragma once

#include "bson/builder.h"
#include "bson/path.h"
#include "engine/query/stages/stage_parser.h"

#include <optional>
#include <string>
#include <vector>

namespace plumb::query {

struct UnwindSpec {
    bson::Path path;
    std::optional<bson::Path> index_path;  // where the position goes
    bool keep_empty = false;               // documents without elements pass
};

class UnwindStage final : public SourcedStage {
  public:
    explicit UnwindStage(UnwindSpec spec) : spec_(std::move(spec)) {}
    [[nodiscard]] Result<std::optional<bson::View>> next() override;
    void append_explain(bson::Builder& out) const override;
    bool add_dependencies(Dependencies& out) const override;
    void restart() override { inside_ = false; }
    void save() override;
    [[nodiscard]] const UnwindSpec& spec() const { return spec_; }
    // Only these top-level fields are read behind this stage: the others need not be written.
    void show_only(std::vector<std::string> fields) { shown_ = std::move(fields); }

  private:
    // Starts on a document; true if it gives exactly itself.
    [[nodiscard]] bool start(bson::View document);
    // The document with this value at the path; a Missing one leaves the field out.
    [[nodiscard]] bson::View write(bson::ValueView value);
    [[nodiscard]] bson::View with_index(bson::View document, std::optional<std::int64_t> position);

    UnwindSpec spec_;
    std::optional<std::vector<std::string>> shown_;
    bson::View document_;  // whose elements are given; the source's, or kept_ after a save()
    bson::Document kept_;
    bson::Iterator element_;
    bool inside_ = false;
    std::int64_t position_ = 0;
    bson::Builder out_;
    bson::Builder indexed_;
};

}  // namespace plumb::query
