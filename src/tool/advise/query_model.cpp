// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/advise/query_model.h"

#include "bson/builder.h"
#include "bson/number.h"
#include "tool/advise/pipeline_needs.h"

#include <algorithm>

namespace plumb::advise {
namespace {

// The part of a command that says what it looks for.
struct Parts {
    bson::View filter;
    bson::View sort;
    bson::View projection;
    double limit = 0;
    bool has_projection = false;
};

bson::View document_or_empty(bson::ValueView value) {
    return value.type() == bson::Type::Document ? value.as_document() : bson::View{};
}

double limit_of(bson::ValueView value) {
    return value.is_number() ? static_cast<double>(std::abs(bson::to_clamped_int64(value))) : 0.0;
}

// Leading $match stages, then a $sort and a $limit: what a server pushes down to the plan.
Parts parts_of_pipeline(bson::View pipeline) {
    Parts out;
    for (const bson::Element& stage : pipeline) {
        const bson::View only = document_or_empty(stage.value);
        if (only.empty()) {
            break;
        }
        const bson::Element first = only.front();
        if (first.name == "$match" && out.filter.empty() && out.sort.empty()) {
            out.filter = document_or_empty(first.value);
        } else if (first.name == "$sort" && out.sort.empty() && out.limit == 0) {
            out.sort = document_or_empty(first.value);
        } else if (first.name == "$limit" && out.limit == 0) {
            out.limit = limit_of(first.value);
        } else {
            break;
        }
    }
    return out;
}

Parts parts_of(bson::View command) {
    if (command.front().name == "aggregate") {
        const bson::ValueView pipeline = command.find("pipeline");
        return pipeline.type() == bson::Type::Array ? parts_of_pipeline(pipeline.as_container())
                                                    : Parts{};
    }
    Parts out;
    for (const std::string_view name : {"filter", "query", "q"}) {
        if (const bson::ValueView filter = command.find(name);
            filter.type() == bson::Type::Document) {
            out.filter = filter.as_document();
        }
    }
    out.sort = document_or_empty(command.find("sort"));
    out.projection = document_or_empty(command.find("projection"));
    out.limit = limit_of(command.find("limit"));
    return out;
}

// The fields of an inclusion; nothing where whole documents are wanted.
std::optional<std::set<std::string>> included_fields(bson::View projection) {
    std::set<std::string> out;
    bool id = true;
    for (const bson::Element& field : projection) {
        const bool plain = field.value.is_number() || field.value.type() == bson::Type::Bool;
        if (!plain) {
            return std::nullopt;
        }
        const bool wanted = bson::truthy(field.value);
        if (field.name == "_id") {
            id = wanted;
        } else if (wanted) {
            out.insert(std::string{field.name});
        } else {
            return std::nullopt;
        }
    }
    if (out.empty()) {
        return std::nullopt;
    }
    if (id) {
        out.insert("_id");
    }
    return out;
}

void read_sort(bson::View sort, QueryModel& out) {
    for (const bson::Element& field : sort) {
        if (!field.value.is_number()) {
            out.sort.clear();
            return;
        }
        out.sort.push_back(
            {std::string{field.name}, bson::to_clamped_int64(field.value) < 0 ? -1 : 1});
    }
}

void read_changes(bson::ValueView update, QueryModel& out) {
    if (update.type() != bson::Type::Document || update.as_document().empty() ||
        !update.as_document().front().name.starts_with('$')) {
        out.changes_all = true;
        return;
    }
    for (const bson::Element& change : update.as_document()) {
        for (const bson::Element& field : document_or_empty(change.value)) {
            out.changed.insert(std::string{field.name});
        }
    }
}

void read_write(bson::View command, QueryModel& out) {
    const std::string& operation = out.shape.operation;
    if (operation == "insert") {
        out.writes = WriteKind::Insert;
        out.reads = false;
        const bson::ValueView documents = command.find("documents");
        if (documents.type() == bson::Type::Array) {
            out.statements = std::max(1.0, static_cast<double>(documents.as_container().count()));
        }
    } else if (operation == "delete" || command.has("remove")) {
        out.writes = WriteKind::Delete;
    } else if (operation == "update" || operation == "findAndModify") {
        out.writes = WriteKind::Update;
        read_changes(command.find(operation == "update" ? "u" : "update"), out);
    }
}

// Adds one instance's matches. The branch's conditions are made by the first one.
Status add_instance(const SplitFilter& split, Columns& columns, Branch& out) {
    DocumentSet all{columns.sample().rows.size(), true};
    for (const SplitCondition& each : split.conditions) {
        PLUMB_TRY(matches, columns.matching(each));
        all.intersect(matches);
        const auto known = std::ranges::find(out.conditions, each.path, &Condition::path);
        if (known == out.conditions.end()) {
            out.conditions.push_back({each.path,
                                      each.bounds,
                                      static_cast<double>(each.points),
                                      {std::move(matches)},
                                      {each.filter},
                                      false});
        } else {
            known->points = std::max(known->points, static_cast<double>(each.points));
            known->matches.push_back(std::move(matches));
            known->filters.push_back(each.filter);
        }
    }
    for (const bson::Document& other : split.others) {
        PLUMB_TRY(matches, columns.matching(other.view()));
        all.intersect(matches);
    }
    out.matches.push_back(std::move(all));
    return {};
}

Status add_command(bson::View command, Columns& columns, QueryModel& out) {
    const SplitFilter split = split_filter(parts_of(command).filter);
    PLUMB_CHECK(add_instance(split, columns, out.whole));
    ++out.instances;
    if (split.branches.empty()) {
        return {};
    }
    out.branches.resize(std::max(out.branches.size(), split.branches.size()));
    DocumentSet any{columns.sample().rows.size(), false};
    for (std::size_t branch = 0; branch < split.branches.size(); ++branch) {
        PLUMB_CHECK(
            add_instance(split_filter(split.branches[branch]), columns, out.branches[branch]));
        any.unite(out.branches[branch].matches.back());
    }
    out.whole.matches.back().intersect(any);
    return {};
}

}  // namespace

double mean_count(const std::vector<DocumentSet>& sets) {
    std::size_t total = 0;
    for (const DocumentSet& set : sets) {
        total += set.count();
    }
    return sets.empty() ? 0 : static_cast<double>(total) / static_cast<double>(sets.size());
}

const Condition* Branch::find(std::string_view path) const {
    const auto at = std::ranges::find(conditions, path, &Condition::path);
    return at == conditions.end() ? nullptr : &*at;
}

Result<QueryModel> make_query_model(capture::Shape shape,
                                    const std::vector<bson::Document>& commands,
                                    const CollectionSample& sample) {
    Columns columns{sample};
    return make_query_model(std::move(shape), commands, columns);
}

Result<QueryModel> make_query_model(capture::Shape shape,
                                    const std::vector<bson::Document>& commands,
                                    Columns& columns) {
    QueryModel out;
    out.label = shape.id;
    out.shape = std::move(shape);
    if (commands.empty()) {
        return fail(ErrorCode::BadValue, "a query needs at least one instance");
    }
    const bson::View first = commands[0];
    const Parts parts = parts_of(first);
    read_sort(parts.sort, out);
    out.limit = parts.limit;
    out.needs = included_fields(parts.projection);
    out.counts_only = out.shape.operation == "count";
    if (out.shape.operation == "distinct" && first.find("key").type() == bson::Type::String) {
        out.distinct_key = first.find("key").as_string();
        out.needs = std::set<std::string>{out.distinct_key};
    }
    if (const bson::ValueView pipeline = first.find("pipeline");
        pipeline.type() == bson::Type::Array) {
        PipelineNeeds needs = pipeline_needs(pipeline.as_container());
        out.needs = std::move(needs.fields);
        out.groups = needs.groups;
    }
    read_write(first, out);
    if (out.shape.operation == "update" && !bson::truthy(first.find("multi"))) {
        out.limit = 1;
    }
    if (out.shape.operation == "findAndModify") {
        out.limit = 1;
    }
    if (!out.reads) {
        return out;
    }
    for (const bson::Document& command : commands) {
        PLUMB_CHECK(add_command(command, columns, out));
    }
    out.whole.mean_matches = mean_count(out.whole.matches);
    for (Branch& branch : out.branches) {
        branch.mean_matches = mean_count(branch.matches);
    }
    return out;
}

namespace {

// NOLINTNEXTLINE(misc-no-recursion): as deep as the document
bool has_placeholder(bson::ValueView value) {
    if (value.type() == bson::Type::String) {
        return value.as_string().find("{{") != std::string_view::npos;
    }
    if (value.type() != bson::Type::Document && value.type() != bson::Type::Array) {
        return false;
    }
    return std::ranges::any_of(value.as_container(), [](const bson::Element& each) {
        return has_placeholder(each.value);
    });
}

void mark_declared(const SplitFilter& split, Branch& branch) {
    for (Condition& condition : branch.conditions) {
        const auto known =
            std::ranges::find(split.conditions, condition.path, &SplitCondition::path);
        condition.constant =
            known != split.conditions.end() && !has_placeholder(known->filter.view().as_value());
    }
}

}  // namespace

void mark_constants(QueryModel& model, bson::View declared) {
    const SplitFilter split = split_filter(parts_of(declared).filter);
    mark_declared(split, model.whole);
    for (std::size_t at = 0; at < std::min(model.branches.size(), split.branches.size()); ++at) {
        mark_declared(split_filter(split.branches[at]), model.branches[at]);
    }
}

}  // namespace plumb::advise
