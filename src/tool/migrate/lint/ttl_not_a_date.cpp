// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/json.h"
#include "bson/path.h"
#include "tool/migrate/lint/checks_internal.h"

#include <fmt/format.h>

namespace plumb::migrate::lint {
namespace {

struct Values {
    std::int64_t with_field = 0;
    std::int64_t without_date = 0;
    std::string example;  // the type of one of them
};

bool has_date(bson::ValueView value) {
    if (value.type() != bson::Type::Array) {
        return value.type() == bson::Type::Date;
    }
    for (const bson::Element& each : value.as_array()) {
        if (each.value.type() == bson::Type::Date) {
            return true;
        }
    }
    return false;
}

Values values_of(const std::vector<bson::Document>& documents, std::string_view field) {
    Values out;
    for (const bson::Document& document : documents) {
        const bson::ValueView value = bson::find_plain(document, field);
        if (value.missing()) {
            continue;
        }
        ++out.with_field;
        if (!has_date(value)) {
            ++out.without_date;
            out.example = bson::to_json(value);
        }
    }
    return out;
}

}  // namespace

FoundList check_ttl_not_a_date(const Context& context) {
    std::vector<Found> out;
    for (const Step& step : context.steps) {
        for (const project::IndexDefinition& index : new_indexes(step)) {
            if (!index.expire_after.has_value()) {
                continue;
            }
            PLUMB_TRY(documents, context.facts->sample(step.operation->collection));
            const std::string_view field = index.key.view().front().name;
            const Values values = values_of(*documents, field);
            if (values.without_date > 0) {
                out.push_back(found_at(
                    step,
                    index,
                    fmt::format("{}.{}: of {} sampled documents that have {}, {} hold no date "
                                "there, such as {}",
                                step.operation->collection,
                                index.name,
                                values.with_field,
                                field,
                                values.without_date,
                                values.example)));
            }
        }
    }
    return out;
}

}  // namespace plumb::migrate::lint
