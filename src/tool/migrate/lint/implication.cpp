// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/migrate/lint/implication.h"

#include "bson/compare.h"
#include "bson/value.h"

#include <algorithm>
#include <string_view>
#include <vector>

namespace plumb::migrate::lint {
namespace {

// One condition on one path: {path: {op: value}}.
struct Condition {
    std::string_view path;
    std::string_view op;
    bson::ValueView value;
};

bool is_operators(bson::ValueView value) {
    return value.type() == bson::Type::Document && !value.as_document().empty() &&
           value.as_document().front().name.starts_with('$');
}

// The conditions that all have to hold; `known` is false if there are others as well ($or …).
// NOLINTNEXTLINE(misc-no-recursion): as deep as $and nests in a file that the parser limits
void collect(bson::View filter, std::vector<Condition>& out, bool& known) {
    for (const auto& [name, value] : filter) {
        if (name == "$and" && value.type() == bson::Type::Array) {
            for (const bson::Element& each : value.as_array()) {
                if (each.value.type() == bson::Type::Document) {
                    collect(each.value.as_document(), out, known);
                }
            }
        } else if (name.starts_with('$')) {
            known = false;
        } else if (is_operators(value)) {
            for (const bson::Element& each : value.as_document()) {
                out.push_back({name, each.name, each.value});
            }
        } else {
            out.push_back({name, "$eq", value});
        }
    }
}

bool is_placeholder(bson::ValueView value) {
    return value.type() == bson::Type::String && value.as_string().starts_with("{{");
}

bool in_range(bson::ValueView value, std::string_view op, bson::ValueView bound) {
    const auto order = bson::compare(value, bound);
    if (op == "$eq") {
        return order == 0;
    }
    if (op == "$gt") {
        return order > 0;
    }
    if (op == "$gte") {
        return order >= 0;
    }
    return op == "$lt" ? order < 0 : order <= 0;
}

// What a filter's condition asks, of one value that the query fixes.
bool value_satisfies(bson::ValueView value, const Condition& wanted) {
    if (is_placeholder(value) || is_placeholder(wanted.value)) {
        return true;
    }
    if (wanted.op == "$exists") {
        const bool must = wanted.value.type() != bson::Type::Bool || wanted.value.as_bool();
        return must != value.nullish();
    }
    if (wanted.op == "$eq" || wanted.op == "$gt" || wanted.op == "$gte" || wanted.op == "$lt" ||
        wanted.op == "$lte") {
        return in_range(value, wanted.op, wanted.value);
    }
    return true;
}

// A range of the query inside a range of the filter, both open to the same side.
bool range_inside(const Condition& query, const Condition& wanted) {
    const bool up = wanted.op == "$gt" || wanted.op == "$gte";
    const bool same_side =
        up ? query.op == "$gt" || query.op == "$gte" : query.op == "$lt" || query.op == "$lte";
    if (!same_side) {
        return false;
    }
    if (is_placeholder(query.value)) {
        return true;
    }
    const bool at_bound = in_range(query.value, "$eq", wanted.value);
    const bool bound_excluded = wanted.op == "$gt" || wanted.op == "$lt";
    const bool query_excludes = query.op == "$gt" || query.op == "$lt";
    return at_bound ? !bound_excluded || query_excludes
                    : in_range(query.value, up ? "$gt" : "$lt", wanted.value);
}

bool is_range(std::string_view op) {
    return op == "$gt" || op == "$gte" || op == "$lt" || op == "$lte";
}

bool condition_implies(const Condition& query, const Condition& wanted) {
    if (query.op == "$eq") {
        return value_satisfies(query.value, wanted);
    }
    if (query.op == "$in" && query.value.type() == bson::Type::Array) {
        for (const bson::Element& each : query.value.as_array()) {
            if (!value_satisfies(each.value, wanted)) {
                return false;
            }
        }
        return true;
    }
    if (query.op == wanted.op && query.value.type() == wanted.value.type() &&
        bson::compare(query.value, wanted.value) == 0) {
        return true;
    }
    if (is_range(query.op)) {
        if (wanted.op == "$exists") {
            return wanted.value.type() != bson::Type::Bool || wanted.value.as_bool();
        }
        return !is_range(wanted.op) ? wanted.op == "$type" : range_inside(query, wanted);
    }
    return false;
}

bool is_understood(const Condition& wanted) {
    return wanted.op == "$eq" || wanted.op == "$exists" || wanted.op == "$type" ||
           is_range(wanted.op);
}

}  // namespace

bool may_imply(bson::View query, bson::View filter) {
    std::vector<Condition> asked;
    std::vector<Condition> wanted;
    bool query_known = true;
    bool filter_known = true;
    collect(query, asked, query_known);
    collect(filter, wanted, filter_known);
    // An $or of the query only narrows it further; one of the filter cannot be judged here.
    if (!filter_known) {
        return true;
    }
    return std::all_of(wanted.begin(), wanted.end(), [&asked](const Condition& each) {
        return !is_understood(each) ||
               std::any_of(asked.begin(), asked.end(), [&each](const Condition& query_condition) {
                   return query_condition.path == each.path &&
                          condition_implies(query_condition, each);
               });
    });
}

}  // namespace plumb::migrate::lint
