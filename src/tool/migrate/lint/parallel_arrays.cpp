// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/index_key.h"
#include "bson/json.h"
#include "tool/migrate/lint/checks_internal.h"

#include <fmt/format.h>

namespace plumb::migrate::lint {
namespace {

// A document that the index could not hold; nothing if there is none among these.
const bson::Document* document_with_two_arrays(const std::vector<bson::Document>& documents,
                                               const project::IndexDefinition& index) {
    auto pattern = bson::KeyPattern::parse(index.key);
    if (!pattern.ok()) {
        return nullptr;
    }
    const bson::KeyMaker maker{*std::move(pattern), index.sparse};
    bson::MadeKeys made;
    for (const bson::Document& document : documents) {
        made.clear();
        const Status status = maker.make(document, made);
        if (!status.ok() && status.error().code() == ErrorCode::CannotIndexParallelArrays) {
            return &document;
        }
    }
    return nullptr;
}

}  // namespace

FoundList check_parallel_arrays(const Context& context) {
    std::vector<Found> out;
    for (const Step& step : context.steps) {
        for (const project::IndexDefinition& index : new_indexes(step)) {
            // The filter of a partial index may keep such documents out.
            if (index.key.view().count() < 2 || index.partial.has_value()) {
                continue;
            }
            PLUMB_TRY(documents, context.facts->sample(step.operation->collection));
            if (const bson::Document* bad = document_with_two_arrays(*documents, index)) {
                out.push_back(
                    found_at(step,
                             index,
                             fmt::format("{}.{}: the document with _id {} has arrays under two of "
                                         "its fields",
                                         step.operation->collection,
                                         index.name,
                                         bson::to_json(bad->find("_id")))));
            }
        }
    }
    return out;
}

}  // namespace plumb::migrate::lint
