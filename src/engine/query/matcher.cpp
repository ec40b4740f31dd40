// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/query/matcher.h"

#include "engine/query/match_program.h"

namespace plumb::query {
namespace {

// A matcher's tree and what was made of it; Matcher::root_ always points at one.
struct CompiledNode : MatchNode {
    explicit CompiledNode(MatchNode root) : MatchNode(std::move(root)), program(*this) {}
    MatchProgram program;
};

bool run(const MatchNode& root, bson::View document, MatchTrace& trace) {
    return static_cast<const CompiledNode&>(root).program.matches(document, trace);
}

}  // namespace

Result<Matcher> Matcher::parse(bson::View filter, const MatchOptions& options) {
    PLUMB_TRY(root, parse_filter(filter, FilterScope{options}));
    return Matcher{std::move(root)};
}

Matcher::Matcher(MatchNode root) : root_(std::make_shared<const CompiledNode>(std::move(root))) {}

bool Matcher::matches(bson::View document) const {
    MatchTrace trace;
    return run(*root_, document, trace);
}

bool Matcher::matches(bson::View document, std::optional<std::uint32_t>& position) const {
    MatchTrace trace;
    trace.want_position = true;
    const bool matched = match_document(*root_, document, trace);
    position = matched ? trace.position : std::nullopt;
    return matched;
}

Result<bool> Matcher::check(bson::View document, std::optional<std::uint32_t>* position) const {
    MatchTrace trace;
    trace.want_position = position != nullptr;
    const bool matched = trace.want_position ? match_document(*root_, document, trace)
                                             : run(*root_, document, trace);
    if (trace.error) {
        return std::move(*trace.error);
    }
    if (position != nullptr) {
        *position = matched ? trace.position : std::nullopt;
    }
    return matched;
}

bool Matcher::matches_value(bson::ValueView value) const {
    MatchTrace trace;
    return match_element(*root_, value, trace);
}

bson::Document Matcher::to_bson() const {
    return match_to_bson(*root_);
}

}  // namespace plumb::query
