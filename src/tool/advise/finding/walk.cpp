// SPDX-License-Identifier: GPL-3.0-or-later
// What several findings look through: queries, predicates, filters, commands.
#include "tool/advise/finding/finding_internal.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace plumb::advise {
namespace {

constexpr auto kReducing = std::to_array<std::string_view>(
    {"$bucket", "$bucketAuto", "$count", "$facet", "$group", "$sortByCount"});
static_assert(std::ranges::is_sorted(kReducing));

bson::View document_or_empty(bson::ValueView value) {
    return value.type() == bson::Type::Document ? value.as_document() : bson::View{};
}

// The first stage of a pipeline if it is a $match: its filter.
bson::View first_match(bson::ValueView pipeline) {
    if (pipeline.type() != bson::Type::Array || pipeline.as_container().empty()) {
        return {};
    }
    return document_or_empty(
        document_or_empty(pipeline.as_container().front().value).find("$match"));
}

void append_predicate(std::string_view path, bson::ValueView kind, std::vector<Predicate>& out) {
    if (kind.type() == bson::Type::String) {
        out.push_back({std::string{path}, std::string{kind.as_string()}});
    } else if (kind.type() == bson::Type::Document && !kind.as_document().empty()) {
        out.push_back({std::string{path}, std::string{kind.as_document().front().name}});
    }
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as the filter, which the parser bounds
void append_predicates(bson::View filter, std::vector<Predicate>& out) {
    for (const bson::Element& field : filter) {
        const bool list = field.value.type() == bson::Type::Array;
        if (list && field.name.starts_with('$')) {
            for (const bson::Element& branch : field.value.as_container()) {
                append_predicates(document_or_empty(branch.value), out);
            }
        } else if (list) {
            for (const bson::Element& kind : field.value.as_container()) {
                append_predicate(field.name, kind.value, out);
            }
        } else {
            append_predicate(field.name, field.value, out);
        }
    }
}

}  // namespace

void for_each_query(const FindingContext& context,
                    const std::function<void(const QueryModel&, const QueryAdvice&)>& see) {
    // Both lists have one order, so each search goes on where the last one ended: there may be ten
    // thousand shapes.
    const std::vector<QueryAdvice>& queries = context.advice.queries;
    auto place = queries.begin();
    for (const QueryModel& model : context.models) {
        if (!model.reads) {
            continue;
        }
        const auto is_it = [&](const QueryAdvice& query) {
            return query.asked.label == model.label &&
                   query.asked.shape.collection == context.sample.name;
        };
        auto found = std::find_if(place, queries.end(), is_it);
        if (found == queries.end()) {
            found = std::find_if(queries.begin(), place, is_it);
            if (found == place) {
                continue;
            }
        }
        see(model, *found);
        place = std::next(found);
    }
}

std::vector<Predicate> predicates_of(const capture::Shape& shape) {
    std::vector<Predicate> out;
    append_predicates(document_or_empty(shape.pattern.find("filter")), out);
    append_predicates(first_match(shape.pattern.find("pipeline")), out);
    return out;
}

bool reduces(const capture::Shape& shape) {
    const bson::ValueView pipeline = shape.pattern.find("pipeline");
    if (pipeline.type() != bson::Type::Array) {
        return false;
    }
    return std::ranges::any_of(pipeline.as_container(), [](const bson::Element& stage) {
        const bson::View only = document_or_empty(stage.value);
        return !only.empty() && std::ranges::binary_search(kReducing, only.front().name);
    });
}

bson::View filter_of(bson::View instance) {
    for (const std::string_view name : {"filter", "query", "q"}) {
        if (instance.find(name).type() == bson::Type::Document) {
            return instance.find(name).as_document();
        }
    }
    return first_match(instance.find("pipeline"));
}

double document_bytes(const CollectionSample& sample) {
    if (sample.data_bytes > 0 && sample.documents > 0) {
        return static_cast<double>(sample.data_bytes) / static_cast<double>(sample.documents);
    }
    double bytes = 0;
    for (const bson::Document& row : sample.rows) {
        bytes += static_cast<double>(row.bytes().size());
    }
    return sample.rows.empty() ? 0 : bytes / static_cast<double>(sample.rows.size());
}

std::string create_text(std::string_view collection, std::string_view index) {
    constexpr std::string_view kWhere = " where ";
    constexpr std::string_view kSparse = " sparse";
    if (const std::size_t where = index.find(kWhere); where != std::string_view::npos) {
        return fmt::format("db.{}.createIndex({}, {{partialFilterExpression: {}}})",
                           collection,
                           index.substr(0, where),
                           index.substr(where + kWhere.size()));
    }
    if (index.ends_with(kSparse)) {
        return fmt::format("db.{}.createIndex({}, {{sparse: true}})",
                           collection,
                           index.substr(0, index.size() - kSparse.size()));
    }
    return fmt::format("db.{}.createIndex({})", collection, index);
}

std::string create_all_text(std::string_view collection, std::string_view indexes) {
    std::string out;
    std::size_t start = 0;
    while (start <= indexes.size()) {
        const std::size_t end = std::min(indexes.find(" | ", start), indexes.size());
        out +=
            (out.empty() ? "" : "; ") + create_text(collection, indexes.substr(start, end - start));
        start = end + 3;
    }
    return out;
}

}  // namespace plumb::advise
