// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/exec/view.h"

#include <fmt/format.h>

namespace plumb::exec {
namespace {

template <class Value>
bson::Document stage(std::string_view name, const Value& value) {
    bson::Builder out;
    out.append(name, value);
    return out.finish();
}

std::vector<bson::Document> stages_of(const storage::CollectionState& view) {
    std::vector<bson::Document> out;
    const bson::ValueView pipeline = view.options.find("pipeline");
    if (pipeline.type() == bson::Type::Array) {
        for (const bson::Element& element : pipeline.as_container()) {
            if (element.value.type() == bson::Type::Document) {
                out.emplace_back(element.value.as_document());
            }
        }
    }
    return out;
}

}  // namespace

NamespaceKind kind_of(const storage::Engine& engine, std::string_view ns) {
    const std::optional<storage::Collection> collection = engine.collection(ns);
    if (!collection) {
        return NamespaceKind::Missing;
    }
    return collection->state().is_view() ? NamespaceKind::View : NamespaceKind::Collection;
}

Result<ResolvedNamespace> resolve_namespace(const storage::Engine& engine, std::string_view ns) {
    ResolvedNamespace out;
    out.ns = ns;
    for (int depth = 0; depth <= kViewDepthMax; ++depth) {
        const std::optional<storage::Collection> collection = engine.collection(out.ns);
        if (!collection || !collection->state().is_view()) {
            return out;
        }
        const storage::CollectionState& view = collection->state();
        std::vector<bson::Document> stages = stages_of(view);
        stages.insert(stages.end(), out.pipeline.begin(), out.pipeline.end());
        out.pipeline = std::move(stages);
        const bson::ValueView on = view.options.find("viewOn");
        out.ns = fmt::format(
            "{}.{}", view.database(), on.type() == bson::Type::String ? on.as_string() : "");
        out.is_view = true;
    }
    return fail(ErrorCode::ViewDepthLimitExceeded,
                fmt::format("View depth too deep or a cycle at {}", out.ns));
}

std::vector<bson::Document> find_as_pipeline(const FindRequest& request) {
    std::vector<bson::Document> out;
    if (!request.filter.empty()) {
        out.push_back(stage("$match", request.filter));
    }
    if (!request.sort.empty()) {
        out.push_back(stage("$sort", request.sort));
    }
    if (request.skip.value_or(0) > 0) {
        out.push_back(stage("$skip", *request.skip));
    }
    if (request.limit.value_or(0) > 0) {
        out.push_back(stage("$limit", *request.limit));
    }
    if (!request.projection.empty()) {
        out.push_back(stage("$project", request.projection));
    }
    return out;
}

}  // namespace plumb::exec
