// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/plan/plan_node.h"

#include "engine/plan/value_text.h"

namespace plumb::plan {
namespace {

struct NameOf {
    std::string_view operator()(const CollectionScan&) const { return "COLLSCAN"; }
    std::string_view operator()(const IndexScan&) const { return "IXSCAN"; }
    std::string_view operator()(const IdLookup&) const { return "IDHACK"; }
    std::string_view operator()(const CountScan&) const { return "COUNT_SCAN"; }
    std::string_view operator()(const DistinctScan&) const { return "DISTINCT_SCAN"; }
    std::string_view operator()(const Fetch&) const { return "FETCH"; }
    std::string_view operator()(const Sort&) const { return "SORT"; }
    std::string_view operator()(const SortMerge&) const { return "SORT_MERGE"; }
    std::string_view operator()(const Or&) const { return "OR"; }
    std::string_view operator()(const Limit&) const { return "LIMIT"; }
    std::string_view operator()(const Skip&) const { return "SKIP"; }
    std::string_view operator()(const Project& project) const {
        switch (project.form) {
            case Project::Form::Simple:
                return "PROJECTION_SIMPLE";
            case Project::Form::Covered:
                return "PROJECTION_COVERED";
            case Project::Form::Default:
                return "PROJECTION_DEFAULT";
        }
        return "PROJECTION_DEFAULT";
    }
    std::string_view operator()(const EndOfFile&) const { return "EOF"; }
    std::string_view operator()(const Subplan&) const { return "SUBPLAN"; }
};

const storage::IndexState* index_of(const PlanNode& node) {
    if (const auto* scan = std::get_if<IndexScan>(&node.node)) {
        return scan->index.get();
    }
    if (const auto* scan = std::get_if<CountScan>(&node.node)) {
        return scan->index.get();
    }
    if (const auto* scan = std::get_if<DistinctScan>(&node.node)) {
        return scan->index.get();
    }
    return nullptr;
}

void add_summary(const PlanNode& node, std::string& out) {
    for (const PlanNodePtr& child : node.children) {
        add_summary(*child, out);
    }
    if (!node.children.empty()) {
        return;
    }
    std::string text{stage_name(node)};
    if (const storage::IndexState* index = index_of(node)) {
        text += ' ';
        text += value_text(index->spec.key.view().as_value());
    }
    if (out.find(text) == std::string::npos) {
        out += out.empty() ? "" : ", ";
        out += text;
    }
}

}  // namespace

std::string_view stage_name(const PlanNode& node) {
    return std::visit(NameOf{}, node.node);
}

std::string plan_summary(const PlanNode& root) {
    std::string out;
    add_summary(root, out);
    return out;
}

}  // namespace plumb::plan
