// SPDX-License-Identifier: GPL-3.0-or-later
// Updates: operators, replacement, pipelines.
//
//   PLUMB_TRY(update, Update::parse(spec, options));
//   PLUMB_TRY(outcome, update.apply(stored, position, ApplyTo::Existing));
//
// Source   MongoDB manual, "Update Operators"; tests/conformance/update.jsonl
// Threads  one thread: the stages of a pipeline keep their place.
#pragma once

#include "base/result.h"
#include "bson/document.h"
#include "engine/query/expression.h"
#include "engine/query/matcher.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace plumb::query {

struct UpdateOptions {
    std::vector<bson::Document> array_filters;  // [{"x.price": {$gt: 5}}]
    bool multi = false;                         // a replacement is refused with it
    ExpressionContext context;                  // $$NOW, let: for pipelines and $currentDate
};

enum class ApplyTo : std::uint8_t { Existing, NewByUpsert };

struct UpdateOutcome {
    bson::Document document;
    bool changed = false;  // false: the document is as it was, nothing need be written
};

class Update {
  public:
    // `spec` is a document (operators or replacement) or an array (a pipeline).
    //   errors  FailedToParse (9) for an unknown operator, ConflictingUpdateOperators (40), …
    [[nodiscard]] static Result<Update> parse(bson::ValueView spec, const UpdateOptions& options);
    Update(const Update&) = delete;
    Update& operator=(const Update&) = delete;
    Update(Update&&) noexcept;
    Update& operator=(Update&&) noexcept;
    ~Update();

    // requires `position` from Matcher::matches if the update has a positional `$`; without one it
    // is BadValue (2). The _id is kept or added in front: ImmutableField (66) if it would change.
    [[nodiscard]] Result<UpdateOutcome> apply(bson::View document,
                                              std::optional<std::uint32_t> position,
                                              ApplyTo to) const;

    // The document an upsert inserts: the filter's equalities, then the update, with a generated
    // _id if there is none.
    [[nodiscard]] Result<bson::Document> apply_upsert(const MatchNode& filter) const;

    [[nodiscard]] bool is_replacement() const;
    [[nodiscard]] bool needs_position() const;

  private:
    struct Impl;
    explicit Update(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace plumb::query
