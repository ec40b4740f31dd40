// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/advise/split_filter.h"

#include "bson/builder.h"
#include "bson/number.h"

#include <algorithm>
#include <map>

namespace plumb::advise {
namespace {

bool is_operators(bson::ValueView value) {
    return value.type() == bson::Type::Document && !value.as_document().empty() &&
           value.as_document().front().name.starts_with('$') &&
           value.as_document().front().name != "$ref";
}

struct Strength {
    Bounds bounds = Bounds::None;
    std::size_t points = 1;
};

// The narrower of two.
Strength stronger(Strength a, Strength b) {
    return a.bounds <= b.bounds ? a : b;
}

Bounds of_pattern(std::string_view pattern, std::string_view options) {
    const bool plain = pattern.size() > 1 && pattern.front() == '^' &&
                       std::string_view{".*+?[({|\\$"}.find(pattern[1]) == std::string_view::npos;
    return plain && options.find('i') == std::string_view::npos ? Bounds::Range : Bounds::None;
}

Bounds of_regex(bson::View operators) {
    const bson::ValueView pattern = operators.find("$regex");
    const bson::ValueView options = operators.find("$options");
    if (pattern.type() == bson::Type::Regex) {
        return of_pattern(pattern.as_regex().pattern, pattern.as_regex().options);
    }
    return pattern.type() == bson::Type::String
               ? of_pattern(pattern.as_string(),
                            options.type() == bson::Type::String ? options.as_string() : "")
               : Bounds::None;
}

Strength of_operator(const bson::Element& field, bson::View operators) {
    if (field.name == "$eq") {
        return {Bounds::Point, 1};
    }
    if ((field.name == "$in" || field.name == "$all") && field.value.type() == bson::Type::Array) {
        const std::size_t values = field.value.as_container().count();
        return field.name == "$all" || values <= 1 ? Strength{Bounds::Point, 1}
                                                   : Strength{Bounds::Points, values};
    }
    if (field.name == "$gt" || field.name == "$gte" || field.name == "$lt" ||
        field.name == "$lte" || field.name == "$ne" || field.name == "$nin") {
        return {Bounds::Range, 1};
    }
    if (field.name == "$exists" && bson::truthy(field.value)) {
        return {Bounds::Exists, 1};
    }
    if (field.name == "$regex") {
        return {of_regex(operators), 1};
    }
    return {};
}

Strength strength_of(bson::ValueView condition) {
    if (condition.type() == bson::Type::Regex) {
        return {of_pattern(condition.as_regex().pattern, condition.as_regex().options), 1};
    }
    if (!is_operators(condition)) {
        return {Bounds::Point, 1};
    }
    Strength out;
    for (const bson::Element& field : condition.as_document()) {
        out = stronger(out, of_operator(field, condition.as_document()));
    }
    return out;
}

struct Collected {
    std::map<std::string, std::vector<bson::Value>> by_path;
    std::vector<bson::Document> others;
    std::vector<bson::Value> disjunctions;
};

void collect(bson::View filter, Collected& out) {
    for (const bson::Element& field : filter) {
        if (field.name == "$and" && field.value.type() == bson::Type::Array) {
            for (const bson::Element& part : field.value.as_container()) {
                if (part.value.type() == bson::Type::Document) {
                    collect(part.value.as_document(), out);
                }
            }
        } else if (field.name == "$or" && field.value.type() == bson::Type::Array) {
            out.disjunctions.emplace_back(field.value);
        } else if (field.name.starts_with('$')) {
            if (field.name != "$comment") {
                out.others.push_back(bson::Builder{}.append(field.name, field.value).finish());
            }
        } else {
            out.by_path[std::string{field.name}].emplace_back(field.value);
        }
    }
}

SplitCondition condition_of(const std::string& path, const std::vector<bson::Value>& values) {
    SplitCondition out;
    out.path = path;
    Strength strength;
    for (const bson::Value& value : values) {
        strength = stronger(strength, strength_of(value));
    }
    out.bounds = strength.bounds;
    out.points = strength.points;
    bson::Builder filter;
    if (values.size() == 1) {
        filter.append(path, values[0]);
    } else {
        filter.begin_array("$and");
        for (const bson::Value& value : values) {
            filter.push(bson::Builder{}.append(path, value).finish());
        }
        filter.end();
    }
    out.filter = filter.finish();
    return out;
}

}  // namespace

SplitFilter split_filter(bson::View filter) {
    Collected collected;
    collect(filter, collected);
    SplitFilter out;
    for (const auto& [path, values] : collected.by_path) {
        out.conditions.push_back(condition_of(path, values));
    }
    out.others = std::move(collected.others);
    if (collected.disjunctions.size() == 1) {
        for (const bson::Element& branch : collected.disjunctions[0].view().as_container()) {
            if (branch.value.type() == bson::Type::Document) {
                out.branches.emplace_back(branch.value.as_document());
            }
        }
    } else {
        for (const bson::Value& each : collected.disjunctions) {
            out.others.push_back(bson::Builder{}.append("$or", each).finish());
        }
    }
    return out;
}

}  // namespace plumb::advise
