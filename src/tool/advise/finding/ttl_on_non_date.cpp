// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/path.h"
#include "engine/query/path_walk.h"
#include "tool/advise/finding/finding_internal.h"

#include <fmt/format.h>

namespace plumb::advise {
namespace {

struct Values {
    std::size_t with_date = 0;
    std::size_t other = 0;
    std::size_t missing = 0;
    std::string example;  // of another value
};

Values values_of(const CollectionSample& sample, std::string_view field) {
    Values out;
    const bson::Path path{field};
    for (const bson::Document& row : sample.rows) {
        bool date = false;
        bson::ValueView other;
        query::walk_path(
            row, path, query::LeafArray::Elements, [&](bson::ValueView value, std::int64_t) {
                date = date || value.type() == bson::Type::Date;
                other = value.missing() || value.type() == bson::Type::Array ? other : value;
                return false;
            });
        if (date) {
            ++out.with_date;
        } else if (!other.missing()) {
            ++out.other;
            out.example = value_text(other);
        } else {
            ++out.missing;
        }
    }
    return out;
}

// The server deletes by dates only: what has another type, or nothing, stays for ever.
void judge(const CollectionSample& sample,
           const project::IndexDefinition& index,
           std::vector<Finding>& out) {
    if (!index.expire_after) {
        return;
    }
    const std::string_view field = index.key.view().front().name;
    const Values values = values_of(sample, field);
    if (values.other == 0 && (values.missing == 0 || values.with_date > 0)) {
        return;
    }
    out.push_back(
        {"ttl_on_non_date",
         values.with_date == 0 ? Severity::Problem : Severity::Warning,
         sample.name,
         index.name,
         fmt::format("{} deletes {} of {}: {} is no date",
                     index.name,
                     values.with_date == 0 ? "nothing" : "only a part",
                     sample.name,
                     field),
         fmt::format("of {} sampled documents {} have a date there, {} something else{}, "
                     "{} nothing",
                     sample.rows.size(),
                     values.with_date,
                     values.other,
                     values.other > 0 ? fmt::format(" ({})", values.example) : "",
                     values.missing),
         fmt::format("write dates: db.{}.updateMany({{{}: {{$type: \"string\"}}}}, [{{$set: "
                     "{{{}: {{$toDate: \"${}\"}}}}}}])",
                     sample.name,
                     field,
                     field,
                     field)});
}

}  // namespace

void find_ttl_on_non_date(const FindingContext& context, std::vector<Finding>& out) {
    for (const ExistingIndex& index : context.sample.indexes) {
        judge(context.sample, index.definition, out);
    }
}

Status further_ttl_on_non_date(const FurtherContext& context, std::vector<Finding>& out) {
    for (const project::IndexDefinition& index : context.missing) {
        judge(context.sample, index, out);
    }
    return {};
}

}  // namespace plumb::advise
