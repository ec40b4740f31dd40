// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/json.h"
#include "engine/query/matcher.h"
#include "samples.h"
#include "target.h"

namespace plumb::fuzz {

void run_filter(std::string_view bytes) {
    const auto filter = bson::from_json(bytes);
    if (!filter.ok()) {
        return;
    }
    const auto matcher = query::Matcher::parse(*filter);
    if (!matcher.ok()) {
        return;
    }
    static_cast<void>(bson::to_json(matcher->to_bson()));
    static_cast<void>(query::equality_fields(matcher->root()));
    for (const bson::Document& document : sample_documents()) {
        std::optional<std::uint32_t> position;
        const bool plain = matcher->matches(document);
        require(matcher->matches(document, position) == plain, "with and without a position alike");
    }
}

}  // namespace plumb::fuzz
