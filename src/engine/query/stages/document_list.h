// SPDX-License-Identifier: GPL-3.0-or-later
// Documents kept in memory, and in a file once they exceed it, that can be read many times.
//
// Threads  one thread.
#pragma once

#include "base/arena.h"
#include "engine/query/spill.h"
#include "engine/query/stage.h"

#include <optional>
#include <string_view>
#include <vector>

namespace plumb::query {

class DocumentList final : public DocumentSource {
  public:
    explicit DocumentList(const PipelineContext& context) : context_(context) {}

    // errors  ExceededMemoryLimit where there is no host with a folder for files
    [[nodiscard]] Status add(bson::View document);
    // Forgets all documents.
    void restart();
    // Starts from the first document again.
    [[nodiscard]] Status rewind();
    [[nodiscard]] Result<std::optional<bson::View>> next() override;

  private:
    const PipelineContext& context_;
    Arena arena_;
    std::vector<std::string_view> documents_;
    std::optional<SpillFile> file_;  // what came after memory was full
    std::size_t given_ = 0;
};

}  // namespace plumb::query
