// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/query/language.h"
#include "engine/query/update_internal.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

namespace plumb::query {
namespace {

using bson::Element;
using bson::Type;

struct OperatorRow {
    std::string_view name;
    Result<ModifierPtr> (*parse)(const ModifierSpec&);
    std::string_view help;
    std::string_view difference = {};
    std::string_view refused = {};
};

constexpr auto kOperators = std::to_array<OperatorRow>({
    {"$addToSet", parse_add_to_set, "Adds values to an array that does not have them."},
    {"$bit", parse_bit, "Combines an integer by and, or or xor."},
    {"$currentDate", parse_current_date, "Sets the server's time, as a date or timestamp."},
    {"$inc", parse_inc, "Adds to a number."},
    {"$max", parse_max, "Sets a value that is greater than the one there."},
    {"$min", parse_min, "Sets a value that is less than the one there."},
    {"$mul", parse_mul, "Multiplies a number."},
    {"$pop", parse_pop, "Removes the first or last element of an array."},
    {"$pull", parse_pull, "Removes the elements of an array that meet a condition."},
    {"$pullAll", parse_pull_all, "Removes these values from an array."},
    {"$push", parse_push, "Adds to an array: $each, $position, $slice, $sort."},
    {"$rename", parse_rename, "Moves a field to another name."},
    {"$set", parse_set, "Sets a value."},
    {"$setOnInsert", parse_set_on_insert, "Sets a value where an upsert inserts."},
    {"$unset", parse_unset, "Removes a field."},
});

static_assert(std::is_sorted(kOperators.begin(),
                             kOperators.end(),
                             [](const auto& a, const auto& b) { return a.name < b.name; }));

const OperatorRow* find_operator(std::string_view name) {
    const auto* const row = std::lower_bound(
        kOperators.begin(), kOperators.end(), name, [](const OperatorRow& a, std::string_view b) {
            return a.name < b;
        });
    return row != kOperators.end() && row->name == name ? row : nullptr;
}

UpdateSteps texts_of(const UpdatePath& path) {
    UpdateSteps out;
    for (const UpdateStep& step : path.steps) {
        out.push_back(step.text);
    }
    return out;
}

bool is_prefix(const UpdateSteps& shorter, const UpdateSteps& longer) {
    return shorter.size() <= longer.size() &&
           std::equal(shorter.begin(), shorter.end(), longer.begin());
}

Error conflict(const UpdateSteps& steps) {
    return fail(
        ErrorCode::ConflictingUpdateOperators,
        fmt::format("updating the path '{}' would create a conflict", fmt::join(steps, ".")));
}

// $rename claims two paths: {$rename: {from: "to"}} works at `to`.
Status complete_rename(const std::vector<ArrayFilter>& filters, UpdateLeaf& leaf) {
    PLUMB_TRY(source, parse_update_path(leaf.modifier->source_path(), filters));
    if (source.is_dynamic() || leaf.path.is_dynamic()) {
        return fail(ErrorCode::BadValue,
                    fmt::format("the fields of $rename may not be dynamic: {}", source.dotted));
    }
    leaf.source = texts_of(source);
    const UpdateSteps target = texts_of(leaf.path);
    if (is_prefix(leaf.source, target) || is_prefix(target, leaf.source)) {
        return fail(ErrorCode::BadValue,
                    fmt::format("the source and target field for $rename must not be on the same "
                                "path: {}",
                                source.dotted));
    }
    return {};
}

Status add_leaf(const OperatorRow& row,
                const Element& field,
                const UpdateOptions& options,
                UpdateOperators& out) {
    PLUMB_TRY(modifier, row.parse({row.name, field.name, field.value, options}));
    const bool renames = !modifier->source_path().empty() || row.name == "$rename";
    UpdateLeaf leaf;
    const std::string_view dotted = renames ? field.value.as_string() : field.name;
    PLUMB_TRY(path, parse_update_path(dotted, out.filters));
    leaf.path = std::move(path);
    leaf.modifier = std::move(modifier);
    if (renames) {
        PLUMB_CHECK(complete_rename(out.filters, leaf));
    }
    out.needs_position = out.needs_position || leaf.path.has_matched();
    if (leaf.path.is_dynamic()) {
        out.is_dynamic = true;
    } else {
        leaf.steps = texts_of(leaf.path);
    }
    out.leaves.push_back(std::move(leaf));
    return {};
}

// No two operators may work at one path, or one inside the other's.
Status check_conflicts(const UpdateOperators& operators) {
    std::vector<UpdateSteps> claimed;
    for (const UpdateLeaf& leaf : operators.leaves) {
        claimed.push_back(texts_of(leaf.path));
        if (!leaf.source.empty()) {
            claimed.push_back(leaf.source);
        }
    }
    std::sort(claimed.begin(), claimed.end());
    for (std::size_t i = 0; i + 1 < claimed.size(); ++i) {
        if (is_prefix(claimed[i], claimed[i + 1])) {
            return conflict(claimed[i + 1]);
        }
    }
    return {};
}

// Under one array either $[] and $[x] stand, or names and positions.
Status check_array_updates(const UpdateOperators& operators) {
    std::map<UpdateSteps, bool> by_parent;
    for (const UpdateLeaf& leaf : operators.leaves) {
        UpdateSteps parent;
        for (const UpdateStep& step : leaf.path.steps) {
            const bool for_elements =
                step.kind == StepKind::Every || step.kind == StepKind::Filtered;
            const auto [place, added] = by_parent.emplace(parent, for_elements);
            if (!added && place->second != for_elements) {
                return conflict(texts_of(leaf.path));
            }
            parent.push_back(step.text);
        }
    }
    return {};
}

Status check_filters_used(const UpdateOperators& operators) {
    std::vector<bool> used(operators.filters.size());
    for (const UpdateLeaf& leaf : operators.leaves) {
        for (const UpdateStep& step : leaf.path.steps) {
            if (step.kind == StepKind::Filtered) {
                used[step.filter] = true;
            }
        }
    }
    const auto unused = std::find(used.begin(), used.end(), false);
    if (unused != used.end()) {
        const auto index = static_cast<std::size_t>(unused - used.begin());
        return fail(ErrorCode::FailedToParse,
                    fmt::format("the array filter for identifier '{}' was not used in the update",
                                operators.filters[index].name));
    }
    return {};
}

Status add_operator(const Element& element, const UpdateOptions& options, UpdateOperators& out) {
    const OperatorRow* row = find_operator(element.name);
    if (row == nullptr) {
        return fail(ErrorCode::FailedToParse,
                    fmt::format("unknown modifier: {}. Expected a valid update modifier or "
                                "pipeline-style update specified as an array",
                                element.name));
    }
    if (element.value.type() != Type::Document) {
        return fail(ErrorCode::FailedToParse,
                    fmt::format("modifiers operate on fields but {} has a {}",
                                element.name,
                                bson::type_name(element.value.type())));
    }
    if (element.value.as_document().empty()) {
        return fail(ErrorCode::FailedToParse,
                    fmt::format("'{}' is empty. You must specify a field like so: {{{}: {{<field>: "
                                "...}}}}",
                                element.name,
                                element.name));
    }
    for (const Element& field : element.value.as_document()) {
        PLUMB_CHECK(add_leaf(*row, field, options, out));
    }
    return {};
}

}  // namespace

std::vector<LanguageEntry> update_entries() {
    return entries_of(kOperators);
}

Result<UpdateOperators> parse_operators(bson::View spec, const UpdateOptions& options) {
    UpdateOperators out;
    PLUMB_TRY(filters, parse_array_filters(options));
    out.filters = std::move(filters);
    for (const Element& element : spec) {
        PLUMB_CHECK(add_operator(element, options, out));
    }
    PLUMB_CHECK(check_conflicts(out));
    PLUMB_CHECK(check_array_updates(out));
    PLUMB_CHECK(check_filters_used(out));
    std::stable_sort(out.leaves.begin(),
                     out.leaves.end(),
                     [](const UpdateLeaf& a, const UpdateLeaf& b) { return a.steps < b.steps; });
    return out;
}

}  // namespace plumb::query
