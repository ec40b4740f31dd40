// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/query/update_internal.h"

#include <fmt/format.h>

#include <algorithm>

namespace plumb::query {
namespace {

Result<UpdateStep> parse_step(std::string_view text,
                              std::string_view dotted,
                              const std::vector<ArrayFilter>& filters) {
    UpdateStep step{StepKind::Field, std::string{text}, 0};
    if (text.empty()) {
        return fail(ErrorCode::EmptyFieldName,
                    fmt::format("the update path '{}' contains an empty field name", dotted));
    }
    if (text == "$") {
        step.kind = StepKind::Matched;
    } else if (text == "$[]") {
        step.kind = StepKind::Every;
    } else if (text.starts_with("$[") && text.ends_with(']')) {
        const std::string_view name = text.substr(2, text.size() - 3);
        const auto filter =
            std::find_if(filters.begin(), filters.end(), [name](const ArrayFilter& each) {
                return each.name == name;
            });
        if (filter == filters.end()) {
            return fail(
                ErrorCode::BadValue,
                fmt::format(
                    "no array filter found for identifier '{}' in path '{}'", name, dotted));
        }
        step.kind = StepKind::Filtered;
        step.filter = static_cast<std::size_t>(filter - filters.begin());
    }
    return step;
}

}  // namespace

bool UpdatePath::is_dynamic() const {
    return std::any_of(steps.begin(), steps.end(), [](const UpdateStep& step) {
        return step.kind != StepKind::Field;
    });
}

bool UpdatePath::has_matched() const {
    return std::any_of(steps.begin(), steps.end(), [](const UpdateStep& step) {
        return step.kind == StepKind::Matched;
    });
}

Result<UpdatePath> parse_update_path(std::string_view dotted,
                                     const std::vector<ArrayFilter>& filters) {
    UpdatePath out;
    out.dotted = dotted;
    if (dotted.empty()) {
        return fail(ErrorCode::EmptyFieldName, "an empty update path is not valid");
    }
    const bson::Path path{dotted};
    for (std::size_t i = 0; i < path.size(); ++i) {
        PLUMB_TRY(step, parse_step(path.part(i), dotted, filters));
        out.steps.push_back(std::move(step));
    }
    if (out.steps.front().kind != StepKind::Field) {
        return fail(
            ErrorCode::BadValue,
            fmt::format("a positional element cannot stand first in the path '{}'", dotted));
    }
    const auto matched =
        std::count_if(out.steps.begin(), out.steps.end(), [](const UpdateStep& step) {
            return step.kind == StepKind::Matched;
        });
    if (matched > 1) {
        return fail(ErrorCode::BadValue,
                    fmt::format("too many positional elements ('$') in the path '{}'", dotted));
    }
    return out;
}

}  // namespace plumb::query
