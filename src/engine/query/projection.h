// SPDX-License-Identifier: GPL-3.0-or-later
// find's projections, and $project's: which fields of a document are shown, and how.
//
// Source   MongoDB manual, "Projection"; tests/conformance/projection.jsonl
// Threads  const functions may run at once.
#pragma once

#include "base/arena.h"
#include "base/result.h"
#include "bson/builder.h"
#include "bson/document.h"
#include "engine/query/match_node.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace plumb::query {

class Projection {
  public:
    // `filter` is find's: the positional projection "a.$" needs what it matched.
    [[nodiscard]] static Result<Projection> parse(bson::View spec, const MatchNode* filter);
    Projection(const Projection&) = delete;
    Projection& operator=(const Projection&) = delete;
    Projection(Projection&&) noexcept;
    Projection& operator=(Projection&&) noexcept;
    ~Projection();

    // The projected document into `out` (cleared first). `position` is the matcher's.
    [[nodiscard]] Status apply(bson::View document,
                               std::optional<std::uint32_t> position,
                               bson::Builder& out) const;

    // True if only top-level or dotted inclusions are shown, without operators: what an index whose
    // fields are `required_fields` could give alone.
    [[nodiscard]] bool is_simple_inclusion() const;
    // True for an exclusion, or an inclusion with $slice, $elemMatch or a position.
    [[nodiscard]] bool needs_whole_document() const;
    // The dotted fields of an inclusion, _id among them unless it is excluded.
    [[nodiscard]] const std::set<std::string>& required_fields() const;
    [[nodiscard]] bool needs_position() const;

  private:
    struct Impl;
    explicit Projection(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace plumb::query
