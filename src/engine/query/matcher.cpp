// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/query/matcher.h"

#include "engine/query/match_internal.h"

namespace plumb::query {

Result<Matcher> Matcher::parse(bson::View filter, const MatchOptions& options) {
    PLUMB_TRY(root, parse_filter(filter, FilterScope{options}));
    return Matcher{std::move(root)};
}

Matcher::Matcher(MatchNode root) : root_(std::make_shared<const MatchNode>(std::move(root))) {}

bool Matcher::matches(bson::View document) const {
    MatchTrace trace;
    return match_document(*root_, document, trace);
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
    const bool matched = match_document(*root_, document, trace);
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
