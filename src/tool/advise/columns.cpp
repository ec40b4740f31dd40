// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/advise/columns.h"

#include "bson/compare.h"
#include "bson/hash.h"
#include "bson/path.h"
#include "bson/type.h"
#include "engine/query/matcher.h"
#include "engine/query/path_walk.h"

#include <algorithm>
#include <cmath>

namespace plumb::advise {
namespace {

bool is_nan(bson::ValueView value) {
    return value.type() == bson::Type::Double && std::isnan(value.as_double());
}

// Values that a filter compares by their order alone: no null (missing fields are null), no
// pattern, nothing that holds other values.
bool is_plain(bson::ValueView value) {
    switch (value.type()) {
        case bson::Type::String:
        case bson::Type::ObjectId:
        case bson::Type::Bool:
        case bson::Type::Date:
        case bson::Type::Int32:
        case bson::Type::Int64:
            return true;
        case bson::Type::Double:
            return !is_nan(value);
        default:
            return false;
    }
}

using Values = std::span<const ColumnValue>;

Values equal_to(const Column& column, bson::ValueView wanted) {
    const auto begin =
        std::ranges::lower_bound(column.values, wanted, bson::ValueLess{}, &ColumnValue::value);
    const auto end = std::ranges::upper_bound(
        begin, column.values.end(), wanted, bson::ValueLess{}, &ColumnValue::value);
    return {begin, end};
}

// The values that one comparison lets through: of the operand's class, as a server brackets types.
Values in_range(const Column& column, std::string_view name, bson::ValueView operand) {
    const int wanted = bson::canonical_class(operand.type());
    const auto class_of = [](const ColumnValue& each) {
        return bson::canonical_class(each.value.type());
    };
    const auto first = std::ranges::lower_bound(column.values, wanted, {}, class_of);
    const auto last = std::ranges::upper_bound(first, column.values.end(), wanted, {}, class_of);
    const bool after = name == "$gt" || name == "$lte";  // the place behind equal values
    const auto place = after ? std::ranges::upper_bound(
                                   first, last, operand, bson::ValueLess{}, &ColumnValue::value)
                             : std::ranges::lower_bound(
                                   first, last, operand, bson::ValueLess{}, &ColumnValue::value);
    return name.starts_with("$g") ? Values{place, last} : Values{first, place};
}

bool is_comparison(std::string_view name) {
    return name == "$gt" || name == "$gte" || name == "$lt" || name == "$lte";
}

void put(Values values, DocumentSet& out) {
    for (const ColumnValue& each : values) {
        out.add(each.row);
    }
}

bool is_operators(bson::ValueView value) {
    return value.type() == bson::Type::Document && !value.as_document().empty() &&
           value.as_document().front().name.starts_with('$');
}

// Whether all of a condition's operators can be answered from the order of values.
bool is_ordered(bson::View operators, bool has_nan) {
    return std::ranges::all_of(operators, [&](const bson::Element& each) {
        if (each.name == "$in" && each.value.type() == bson::Type::Array) {
            return std::ranges::all_of(each.value.as_container(), [](const bson::Element& listed) {
                return is_plain(listed.value);
            });
        }
        return is_plain(each.value) &&
               (each.name == "$eq" || (is_comparison(each.name) && !has_nan));
    });
}

void narrow_by(const bson::Element& condition, const Column& column, DocumentSet& out) {
    const std::size_t rows = column.ranks.size();
    DocumentSet set{rows, false};
    if (condition.name == "$in") {
        for (const bson::Element& listed : condition.value.as_container()) {
            put(equal_to(column, listed.value), set);
        }
    } else if (condition.name == "$eq") {
        put(equal_to(column, condition.value), set);
    } else {
        put(in_range(column, condition.name, condition.value), set);
    }
    out.intersect(set);
}

}  // namespace

const Column& Columns::column(const std::string& path) {
    const auto [entry, added] = columns_.try_emplace(path);
    Column& out = entry->second;
    if (!added) {
        return out;
    }
    const bson::Path parsed{path};
    for (std::size_t row = 0; row < sample_.rows.size(); ++row) {
        query::walk_path(sample_.rows[row],
                         parsed,
                         query::LeafArray::Elements,
                         [&](bson::ValueView value, std::int64_t) {
                             const bool array = value.type() == bson::Type::Array;
                             out.has_arrays = out.has_arrays || array;
                             if (!value.nullish() && !array) {
                                 out.has_many = out.has_many || (!out.values.empty() &&
                                                                 out.values.back().row == row);
                                 out.has_nan = out.has_nan || is_nan(value);
                                 out.values.push_back({value, static_cast<std::uint32_t>(row)});
                             }
                             return false;
                         });
    }
    std::ranges::stable_sort(out.values, bson::ValueLess{}, &ColumnValue::value);
    out.ranks.assign(sample_.rows.size(), Column::kNowhere);
    for (std::size_t rank = 0; rank < out.values.size(); ++rank) {
        std::uint32_t& known = out.ranks[out.values[rank].row];
        known = std::min(known, static_cast<std::uint32_t>(rank));
    }
    return out;
}

const std::vector<std::uint64_t>& Columns::hashes(const std::string& path) {
    const auto [entry, added] = hashes_.try_emplace(path);
    if (!added) {
        return entry->second;
    }
    // One value a document: those in order have the hashes.
    const Column& known = column(path);
    if (!known.has_arrays && !known.has_many) {
        entry->second.assign(sample_.rows.size(), 0);
        for (std::size_t at = 0; at < known.values.size(); ++at) {
            const bool same =
                at > 0 && bson::equal(known.values[at - 1].value, known.values[at].value);
            entry->second[known.values[at].row] = same ? entry->second[known.values[at - 1].row]
                                                       : bson::hash_value(known.values[at].value);
        }
        return entry->second;
    }
    const bson::Path parsed{path};
    for (const bson::Document& row : sample_.rows) {
        std::uint64_t hash = 0;
        query::walk_path(
            row, parsed, query::LeafArray::Whole, [&](bson::ValueView value, std::int64_t) {
                hash = hash * 31 + (value.missing() ? 0 : bson::hash_value(value));
                return false;
            });
        entry->second.push_back(hash);
    }
    return entry->second;
}

bool Columns::by_column(const SplitCondition& condition, DocumentSet& out) {
    const bson::Element only = condition.filter.view().front();
    if (only.name != condition.path) {
        return false;  // several conditions on the path, put together by $and
    }
    if (is_plain(only.value)) {
        out = DocumentSet{sample_.rows.size(), false};
        put(equal_to(column(condition.path), only.value), out);
        return true;
    }
    if (!is_operators(only.value) ||
        !is_ordered(only.value.as_document(), column(condition.path).has_nan)) {
        return false;
    }
    out = DocumentSet{sample_.rows.size(), true};
    for (const bson::Element& each : only.value.as_document()) {
        narrow_by(each, column(condition.path), out);
    }
    return true;
}

Result<DocumentSet> Columns::matching(const SplitCondition& condition) {
    const std::string key{condition.filter.view().raw()};
    if (const auto known = known_.find(key); known != known_.end()) {
        return known->second;
    }
    DocumentSet out;
    if (!by_column(condition, out)) {
        return matching(condition.filter.view());
    }
    known_.emplace(key, out);
    return out;
}

Result<DocumentSet> Columns::matching(bson::View filter) {
    const std::string key{filter.raw()};
    if (const auto known = known_.find(key); known != known_.end()) {
        return known->second;
    }
    PLUMB_TRY(matcher, query::Matcher::parse(filter));
    DocumentSet out{sample_.rows.size(), false};
    for (std::size_t row = 0; row < sample_.rows.size(); ++row) {
        if (matcher.matches(sample_.rows[row])) {
            out.add(row);
        }
    }
    known_.emplace(key, out);
    return out;
}

}  // namespace plumb::advise
