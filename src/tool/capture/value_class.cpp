// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/capture/value_class.h"

#include "tool/workload/day.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdlib>
#include <optional>
#include <string_view>

namespace plumb::capture {
namespace {

constexpr std::int64_t kDayMs = 86'400'000;
constexpr std::size_t kDayCharacters = 10;
constexpr auto kDayClasses = std::to_array<std::int32_t>({1, 7, 31, 92, 366, 3660});
constexpr std::size_t kCharactersMax = 1U << 20U;

void observe_one(bson::ValueView value, ValueClass& out) {
    out.types.emplace(bson::type_name(value.type()));
    if (value.type() == bson::Type::String) {
        const std::size_t length = std::min(value.as_string().size(), kCharactersMax);
        out.characters =
            std::max(out.characters,
                     static_cast<std::int32_t>(std::bit_ceil(std::max<std::size_t>(length, 1))));
    }
}

// Days since the epoch, of dates and of texts that begin with a day.
std::optional<std::int64_t> day_number(bson::ValueView value) {
    if (value.type() == bson::Type::Date) {
        return value.as_date().ms / kDayMs;
    }
    if (value.type() == bson::Type::String) {
        return workload::day_number(value.as_string().substr(0, kDayCharacters));
    }
    return std::nullopt;
}

void observe_span(bson::View operators, ValueClass& out) {
    std::optional<std::int64_t> low;
    std::optional<std::int64_t> high;
    for (const bson::Element& field : operators) {
        if (field.name == "$gt" || field.name == "$gte") {
            low = day_number(field.value);
        } else if (field.name == "$lt" || field.name == "$lte") {
            high = day_number(field.value);
        }
    }
    if (low && high) {
        const std::int64_t days = std::max<std::int64_t>(std::llabs(*high - *low), 1);
        const auto row = std::ranges::lower_bound(kDayClasses, days);
        out.days = std::max(out.days, row == kDayClasses.end() ? kDayClasses.back() : *row);
    }
}

constexpr int kDepthMax = 32;

void observe_filter(bson::View filter, const std::string& prefix, int depth, ValueClasses& out);

void observe_branches(bson::ValueView branches,
                      const std::string& prefix,
                      int depth,
                      ValueClasses& out) {
    if (branches.type() != bson::Type::Array) {
        return;
    }
    for (const bson::Element& branch : branches.as_container()) {
        if (branch.value.type() == bson::Type::Document) {
            observe_filter(branch.value.as_document(), prefix, depth, out);
        }
    }
}

void observe_operators(bson::View operators,
                       const std::string& path,
                       int depth,
                       ValueClasses& out) {
    ValueClass& into = out[path];
    observe_span(operators, into);
    for (const bson::Element& field : operators) {
        const bool is_list = field.name == "$in" || field.name == "$nin" || field.name == "$all";
        if (is_list && field.value.type() == bson::Type::Array) {
            for (const bson::Element& each : field.value.as_container()) {
                observe_one(each.value, into);
            }
        } else if ((field.name == "$elemMatch" || field.name == "$not") &&
                   field.value.type() == bson::Type::Document) {
            observe_filter(field.value.as_document(), path, depth, out);
        } else {
            observe_one(field.value, into);
        }
    }
}

void observe_filter(  // NOLINT(misc-no-recursion): bounded by kDepthMax
    bson::View filter,
    const std::string& prefix,
    int depth,
    ValueClasses& out) {
    if (depth > kDepthMax) {
        return;
    }
    const bool is_operators = !filter.empty() && filter.front().name.starts_with('$') &&
                              filter.front().name != "$and" && filter.front().name != "$or" &&
                              filter.front().name != "$nor";
    if (is_operators) {
        if (!prefix.empty()) {
            observe_operators(filter, prefix, depth + 1, out);
        }
        return;
    }
    for (const bson::Element& field : filter) {
        if (field.name == "$and" || field.name == "$or" || field.name == "$nor") {
            observe_branches(field.value, prefix, depth + 1, out);
            continue;
        }
        if (field.name.starts_with('$')) {
            continue;
        }
        const std::string path =
            prefix.empty() ? std::string{field.name} : prefix + "." + std::string{field.name};
        const bool operators = field.value.type() == bson::Type::Document &&
                               !field.value.as_document().empty() &&
                               field.value.as_document().front().name.starts_with('$');
        if (operators) {
            observe_operators(field.value.as_document(), path, depth + 1, out);
        } else {
            observe_one(field.value, out[path]);
        }
    }
}

void observe_pipeline(bson::View pipeline, ValueClasses& out) {
    for (const bson::Element& stage : pipeline) {
        if (stage.value.type() != bson::Type::Document) {
            continue;
        }
        const bson::ValueView match = stage.value.as_document().find("$match");
        if (match.type() == bson::Type::Document) {
            observe_filter(match.as_document(), "", 0, out);
        }
    }
}

}  // namespace

void observe_values(bson::View command, ValueClasses& out) {
    for (const std::string_view name : {"filter", "query", "q"}) {
        if (const bson::ValueView filter = command.find(name);
            filter.type() == bson::Type::Document) {
            observe_filter(filter.as_document(), "", 0, out);
        }
    }
    if (const bson::ValueView pipeline = command.find("pipeline");
        pipeline.type() == bson::Type::Array) {
        observe_pipeline(pipeline.as_container(), out);
    }
}

std::string class_text(const ValueClass& value) {
    std::string out = fmt::format("{}", fmt::join(value.types, " or "));
    if (value.characters > 0) {
        out += fmt::format(" of at most {} characters", value.characters);
    }
    if (value.days > 0) {
        out += fmt::format("; ranges of up to {} days", value.days);
    }
    return out;
}

}  // namespace plumb::capture
