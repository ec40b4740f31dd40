// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/query/stages/hoist_match.h"

#include "engine/query/matcher.h"
#include "engine/query/stages/match_dependencies.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace plumb::query {

using bson::Type;
using bson::ValueView;

namespace {

using Names = std::set<std::string, std::less<>>;

void add_top_level(std::string_view dotted, Names& out) {
    if (dotted.starts_with('$')) {
        dotted.remove_prefix(1);
    }
    out.emplace(dotted.substr(0, dotted.find('.')));
}

void add_text(ValueView value, Names& out) {
    if (value.type() == Type::String) {
        add_top_level(value.as_string(), out);
    }
}

// The top-level fields that a stage sets; nothing if a $match must stay behind it.
std::optional<Names> fields_set(const bson::Element& stage) {
    Names out;
    if (stage.name == "$sort") {
        return out;
    }
    if (stage.name == "$addFields" || stage.name == "$set") {
        for (const bson::Element& field : stage.value.as_document()) {
            add_top_level(field.name, out);
        }
        return out;
    }
    if (stage.name == "$unwind") {
        add_text(stage.value, out);
        if (stage.value.type() == Type::Document) {
            add_text(stage.value.as_document().find("path"), out);
            add_text(stage.value.as_document().find("includeArrayIndex"), out);
        }
        return out;
    }
    if (stage.name == "$lookup" || stage.name == "$graphLookup") {
        add_text(stage.value.as_document().find("as"), out);
        return out;
    }
    return std::nullopt;
}

// The top-level fields that a filter reads; nothing if it may be any.
std::optional<Names> fields_read(ValueView filter, const ExpressionContext& context) {
    MatchOptions options;
    options.context = &context;
    const auto matcher = Matcher::parse(filter.as_document(), options);
    if (!matcher.ok()) {
        return std::nullopt;
    }
    Dependencies dependencies;
    add_match_dependencies(matcher->root(), dependencies);
    if (dependencies.whole) {
        return std::nullopt;
    }
    Names out;
    for (const std::string& path : dependencies.paths) {
        add_top_level(path, out);
    }
    return out;
}

bool may_pass(const bson::Element& stage, const Names& read) {
    const auto set = fields_set(stage);
    return set && std::none_of(set->begin(), set->end(), [&](const std::string& name) {
               return read.contains(name);
           });
}

}  // namespace

void hoist_matches(std::vector<bson::Document>& stages, const ExpressionContext& context) {
    for (std::size_t index = 1; index < stages.size(); ++index) {
        const bson::Element match = stages[index].view().front();
        if (match.name != "$match") {
            continue;
        }
        const auto read = fields_read(match.value, context);
        for (std::size_t at = index; read && at > 0; --at) {
            if (!may_pass(stages[at - 1].view().front(), *read)) {
                break;
            }
            std::swap(stages[at - 1], stages[at]);
        }
    }
}

}  // namespace plumb::query
