// SPDX-License-Identifier: GPL-3.0-or-later
// $count and $sortByCount: short forms of $group.
#include "bson/builder.h"
#include "engine/query/stages/stages.h"

#include <fmt/format.h>

namespace plumb::query {

using bson::Type;
using bson::ValueView;

namespace {

Status check_count_name(ValueView spec) {
    if (spec.type() != Type::String) {
        return fail(ErrorCode{40156}, "the count field must be a non-empty string");
    }
    const std::string_view name = spec.as_string();
    if (name.empty()) {
        return fail(ErrorCode{40157}, "the count field must be a non-empty string");
    }
    if (name.starts_with('$')) {
        return fail(ErrorCode{40158}, "the count field cannot be a $-prefixed path");
    }
    if (name.find('\0') != std::string_view::npos) {
        return fail(ErrorCode{40159}, "the count field cannot contain a null byte");
    }
    if (name.find('.') != std::string_view::npos) {
        return fail(ErrorCode{40160}, "the count field cannot contain '.'");
    }
    return {};
}

}  // namespace

Status parse_count_stage(ValueView spec, StageParser& parser) {
    PLUMB_CHECK(check_count_name(spec));
    bson::Builder group;
    group.append_null("_id");
    group.begin_document(spec.as_string()).append("$sum", std::int32_t{1}).end();
    PLUMB_CHECK(parse_group_stage(group.finish().view().as_value(), parser));
    bson::Builder project;
    project.append("_id", false);
    return parse_project_stage(project.finish().view().as_value(), parser);
}

Status parse_sort_by_count_stage(ValueView spec, StageParser& parser) {
    if (spec.type() == Type::Document) {
        const bson::View document = spec.as_document();
        if (document.empty() || !document.front().name.starts_with('$')) {
            return fail(
                ErrorCode{40147},
                "the sortByCount field must be defined as a $-prefixed path or an expression "
                "inside an object");
        }
    } else if (spec.type() == Type::String) {
        if (!spec.as_string().starts_with('$')) {
            return fail(ErrorCode{40148},
                        "the sortByCount field must be defined as a $-prefixed path");
        }
    } else {
        return fail(ErrorCode{40149},
                    "the sortByCount field must be specified as a string or as an object");
    }
    bson::Builder group;
    group.append("_id", spec);
    group.begin_document("count").append("$sum", std::int32_t{1}).end();
    PLUMB_CHECK(parse_group_stage(group.finish().view().as_value(), parser));
    bson::Builder sort;
    sort.append("count", std::int32_t{-1});
    return parse_sort_stage(sort.finish().view().as_value(), parser);
}

}  // namespace plumb::query
