// SPDX-License-Identifier: GPL-3.0-or-later
// Any document of the shop, and what a planted fault is expected to be found as.
//
//   World world{options};
//   Builder builder;
//   View order = make_document(world, Collection::Orders, 5, builder);   // the sixth that is
//   inserted
//
// Threads  pure functions; the builder belongs to the caller.
#pragma once

#include "bson/builder.h"
#include "tool/generate/world.h"

#include <string>
#include <string_view>
#include <vector>

namespace plumb::generate {

// The document at this place; valid until the builder's next use. requires place < count
[[nodiscard]] bson::View make_document(const World& world,
                                       Collection collection,
                                       std::uint64_t place,
                                       bson::Builder& builder);

// A finding that a check must make because of a planted fault.
struct ExpectedFinding {
    std::string_view finding;  // e.g. DOUBLE_BILLING
    Collection collection;
    std::string id;
    std::string_view field;
    std::vector<std::string> with;  // the ids of other documents it is seen together with
};

// What the fault of this document, if any, is found as: nothing, one, or two findings.
[[nodiscard]] std::vector<ExpectedFinding> expected_findings(const World& world,
                                                             Collection collection,
                                                             std::uint64_t place);

}  // namespace plumb::generate
