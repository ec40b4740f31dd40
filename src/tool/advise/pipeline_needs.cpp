// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/advise/pipeline_needs.h"

#include "bson/number.h"
#include "tool/advise/split_filter.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace plumb::advise {
namespace {

// What is known after a stage.
enum class After : std::uint8_t { Goes, Ends, Whole };

struct Reading {
    std::set<std::string> paths;
    std::set<std::string> made;  // fields that stages before have put there
};

void read(const std::string& path, Reading& out) {
    const std::string top = path.substr(0, path.find('.'));
    if (!out.made.contains(top)) {
        out.paths.insert(path);
    }
}

bool read_expression(bson::ValueView expression, Reading& out) {
    std::set<std::string> paths;
    if (!collect_paths(expression, paths)) {
        return false;
    }
    for (const std::string& path : paths) {
        read(path, out);
    }
    return true;
}

After of_match(bson::ValueView value, Reading& out) {
    if (value.type() != bson::Type::Document) {
        return After::Whole;
    }
    const SplitFilter split = split_filter(value.as_document());
    if (!split.others.empty() || !split.branches.empty()) {
        return After::Whole;
    }
    for (const SplitCondition& each : split.conditions) {
        read(each.path, out);
    }
    return After::Goes;
}

After of_sort(bson::ValueView value, Reading& out) {
    if (value.type() == bson::Type::Document) {
        for (const bson::Element& field : value.as_document()) {
            read(std::string{field.name}, out);
        }
    }
    return After::Goes;
}

After of_nothing(bson::ValueView, Reading&) {
    return After::Goes;
}

After of_count(bson::ValueView, Reading&) {
    return After::Ends;
}

After of_group(bson::ValueView value, Reading& out) {
    return read_expression(value, out) ? After::Ends : After::Whole;
}

After of_unwind(bson::ValueView value, Reading& out) {
    const bson::ValueView path =
        value.type() == bson::Type::Document ? value.as_document().find("path") : value;
    return read_expression(path, out) ? After::Goes : After::Whole;
}

After of_add_fields(bson::ValueView value, Reading& out) {
    if (value.type() != bson::Type::Document || !read_expression(value, out)) {
        return After::Whole;
    }
    for (const bson::Element& field : value.as_document()) {
        out.made.insert(std::string{field.name.substr(0, field.name.find('.'))});
    }
    return After::Goes;
}

After of_lookup(bson::ValueView value, Reading& out) {
    const bson::View join =
        value.type() == bson::Type::Document ? value.as_document() : bson::View{};
    const bson::ValueView local = join.find("localField");
    const bson::ValueView as = join.find("as");
    if (local.type() != bson::Type::String || as.type() != bson::Type::String) {
        return After::Whole;
    }
    read(std::string{local.as_string()}, out);
    out.made.insert(std::string{as.as_string()});
    return After::Goes;
}

// Only what it lists comes out of an inclusion; an exclusion lets the rest through.
After of_project(bson::ValueView value, Reading& out) {
    if (value.type() != bson::Type::Document) {
        return After::Whole;
    }
    bool id = true;
    bool includes = false;
    for (const bson::Element& field : value.as_document()) {
        const bool plain = field.value.is_number() || field.value.type() == bson::Type::Bool;
        const bool wanted = !plain || bson::truthy(field.value);
        if (field.name == "_id" && !wanted) {
            id = false;
            continue;
        }
        includes = includes || wanted;
        if (!wanted || (!plain && !read_expression(field.value, out))) {
            return After::Whole;
        }
        if (plain) {
            read(std::string{field.name}, out);
        }
    }
    if (id) {
        read("_id", out);
    }
    return includes ? After::Ends : After::Whole;
}

struct Row {
    std::string_view name;
    After (*read)(bson::ValueView value, Reading& out);
    bool groups;
};

constexpr auto kRows = std::to_array<Row>({
    {"$addFields", of_add_fields, false},
    {"$count", of_count, true},
    {"$group", of_group, true},
    {"$limit", of_nothing, false},
    {"$lookup", of_lookup, false},
    {"$match", of_match, false},
    {"$project", of_project, false},
    {"$set", of_add_fields, false},
    {"$skip", of_nothing, false},
    {"$sort", of_sort, false},
    {"$unwind", of_unwind, false},
});
static_assert(std::ranges::is_sorted(kRows, {}, &Row::name));

}  // namespace

// NOLINTNEXTLINE(misc-no-recursion): as deep as the document
bool collect_paths(bson::ValueView expression, std::set<std::string>& out) {
    if (expression.type() == bson::Type::String) {
        const std::string_view text = expression.as_string();
        if (text.starts_with("$$")) {
            return !text.starts_with("$$ROOT") && !text.starts_with("$$CURRENT");
        }
        if (text.starts_with('$') && text.size() > 1) {
            out.emplace(text.substr(1));
        }
        return true;
    }
    if (expression.type() != bson::Type::Document && expression.type() != bson::Type::Array) {
        return true;
    }
    for (const bson::Element& each : expression.as_container()) {
        if (each.name != "$literal" && !collect_paths(each.value, out)) {
            return false;
        }
    }
    return true;
}

PipelineNeeds pipeline_needs(bson::View pipeline) {
    PipelineNeeds out;
    Reading reading;
    for (const bson::Element& stage : pipeline) {
        if (stage.value.type() != bson::Type::Document || stage.value.as_document().empty()) {
            return out;
        }
        const bson::Element only = stage.value.as_document().front();
        const auto row = std::ranges::lower_bound(kRows, only.name, {}, &Row::name);
        if (row == kRows.end() || row->name != only.name) {
            return out;
        }
        const After after = row->read(only.value, reading);
        if (after == After::Whole) {
            out.groups = row->groups;
            return out;
        }
        if (after == After::Ends) {
            out.groups = row->groups;
            out.fields = std::move(reading.paths);
            return out;
        }
    }
    return out;
}

}  // namespace plumb::advise
