// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/arena.h"
#include "base/limits.h"
#include "bson/hash.h"
#include "bson/path.h"
#include "engine/exec/aggregate.h"
#include "engine/exec/explain_query.h"
#include "engine/exec/find.h"
#include "engine/exec/plan_cursor.h"
#include "engine/exec/view.h"

#include <unordered_set>

namespace plumb::exec {
namespace {

// The values found so far, each once, in the order of finding.
class ValueCollector {
  public:
    explicit ValueCollector(const std::string& field) : path_(field) {}

    Status add(bson::View document) { return walk(document, 0); }
    bson::Value finish() { return values_.finish_array(); }

  private:
    // NOLINTNEXTLINE(misc-no-recursion): bounded by the path's parts
    Status walk(bson::View fields, std::size_t part) {
        const bson::ValueView value = fields.find(path_.part(part));
        const bool last = part + 1 == path_.size();
        if (value.type() == bson::Type::Array) {
            return last ? add_elements(value.as_array()) : walk_array(value.as_array(), part + 1);
        }
        if (last) {
            return add_value(value);
        }
        return value.type() == bson::Type::Document ? walk(value.as_document(), part + 1)
                                                    : Status{};
    }

    // NOLINTNEXTLINE(misc-no-recursion): as above
    Status walk_array(bson::ArrayView array, std::size_t part) {
        if (path_.part_is_index(part)) {
            return walk(array, part);
        }
        for (const bson::Element& element : array) {
            if (element.value.type() == bson::Type::Document) {
                PLUMB_CHECK(walk(element.value.as_document(), part));
            }
        }
        return {};
    }

    Status add_elements(bson::ArrayView array) {
        for (const bson::Element& element : array) {
            PLUMB_CHECK(add_value(element.value));
        }
        return {};
    }

    Status add_value(bson::ValueView value) {
        if (value.missing() || seen_.contains(value)) {
            return {};
        }
        const std::string_view bytes = arena_.copy(value.raw());
        seen_.insert({value.type(), bytes.data(), static_cast<std::uint32_t>(bytes.size())});
        values_.push(value);
        if (values_.byte_size() > static_cast<std::size_t>(kDocumentBytesMax)) {
            return fail(ErrorCode{17217}, "distinct too big, 16mb cap");
        }
        return {};
    }

    bson::Path path_;
    Arena arena_;
    std::unordered_set<bson::ValueView, bson::ValueHash, bson::ValueEqual> seen_;
    bson::Builder values_;
};

// The query with a projection to the one field, which an index may cover.
Result<std::unique_ptr<PreparedQuery>> prepare_distinct(const Operation& operation,
                                                        const FindRequest& request,
                                                        const std::string& field) {
    FindRequest projected = request;
    bson::Builder projection;
    if (field != "_id") {
        projection.append("_id", 0);
    }
    projection.append(field, 1);
    projected.projection = projection.finish();
    projected.sort = bson::Document{};
    projected.skip.reset();
    projected.limit.reset();
    return prepare(operation, std::move(projected));
}

plan::QueryRequest distinct_request(const PreparedQuery& query, const std::string& field) {
    plan::QueryRequest out = query.planner_request(plan::QueryRequest::Purpose::Distinct);
    out.distinct_field = field;
    return out;
}

Result<bson::Value> collect(QueryCursor& cursor, const std::string& field) {
    ValueCollector values{field};
    while (true) {
        PLUMB_TRY(document, cursor.next());
        if (!document) {
            return values.finish();
        }
        PLUMB_CHECK(values.add(*document));
    }
}

}  // namespace

Result<bson::Value> distinct_values(Operation& operation,
                                    const FindRequest& request,
                                    const std::string& field) {
    PLUMB_TRY(query, prepare_distinct(operation, request, field));
    const plan::QueryRequest wanted = distinct_request(*query, field);
    NamespaceKind kind = NamespaceKind::Missing;
    PLUMB_TRY(cursor, PlanCursor::open(operation, query, wanted, kind));
    if (cursor != nullptr) {
        return collect(*cursor, field);
    }
    if (kind == NamespaceKind::Missing) {
        operation.statistics.plan_summary = "EOF";
        return bson::Builder{}.finish_array();
    }
    AggregateRequest aggregate;
    aggregate.ns = request.ns;
    aggregate.pipeline = find_as_pipeline(request);
    PLUMB_TRY(view, open_aggregate(operation, std::move(aggregate)));
    return collect(*view, field);
}

Result<bson::Document> explain_distinct(Operation& operation,
                                        const FindRequest& request,
                                        const std::string& field,
                                        Verbosity verbosity) {
    PLUMB_TRY(pipeline, explain_of_view(operation, request, verbosity));
    if (pipeline) {
        return *pipeline;
    }
    PLUMB_TRY(query, prepare_distinct(operation, request, field));
    ExplainTask task;
    task.request = distinct_request(*query, field);
    task.verbosity = verbosity;
    return explain_query(operation, *query, task);
}

}  // namespace plumb::exec
