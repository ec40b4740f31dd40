// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/bench/trial_writes.h"

#include "base/assert.h"
#include "bson/builder.h"
#include "bson/object_id.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace plumb::bench {
namespace {

constexpr std::size_t kValuesMax = 64;
constexpr std::size_t kTargets = 64;

bool is_scalar(bson::ValueView value) {
    switch (value.type()) {
        case bson::Type::String:
        case bson::Type::Int32:
        case bson::Type::Int64:
        case bson::Type::Double:
        case bson::Type::Bool:
        case bson::Type::Date:
        case bson::Type::ObjectId:
            return true;
        default:
            return false;
    }
}

bool same(bson::ValueView a, bson::ValueView b) {
    return a.type() == b.type() && a.raw() == b.raw();
}

// The different scalar values of a field, at most kValuesMax.
std::vector<bson::Value> values_of(std::string_view field,
                                   const std::vector<bson::Document>& documents) {
    std::vector<bson::Value> out;
    for (const bson::Document& document : documents) {
        const bson::ValueView value = document.find(field);
        const bool known = std::any_of(out.begin(), out.end(), [value](const bson::Value& one) {
            return same(one.view(), value);
        });
        if (is_scalar(value) && !known && out.size() < kValuesMax) {
            out.emplace_back(value);
        }
    }
    return out;
}

bool indexed(std::string_view field, const std::vector<project::IndexDefinition>& indexes) {
    return std::any_of(indexes.begin(), indexes.end(), [field](const auto& index) {
        for (const bson::Element& part : index.key.view()) {
            if (part.name == field || part.name.starts_with(std::string{field} + ".")) {
                return true;
            }
        }
        return false;
    });
}

}  // namespace

FieldUpdates::FieldUpdates(std::string field, const std::vector<bson::Document>& documents)
    : field_(std::move(field)) {
    if (field_.empty()) {
        return;
    }
    values_ = values_of(field_, documents);
    for (const bson::Document& document : documents) {
        const auto value = std::find_if(values_.begin(), values_.end(), [&](const auto& one) {
            return same(one.view(), document.find(field_));
        });
        if (value != values_.end() && targets_.size() < kTargets) {
            targets_.push_back({bson::Value{document.find("_id")},
                                static_cast<std::size_t>(value - values_.begin())});
        }
    }
}

bson::Document FieldUpdates::next(std::string_view collection) {
    PLUMB_ASSERT(!empty());
    Target& target = targets_[turn_++ % targets_.size()];
    target.value = (target.value + 1) % values_.size();
    bson::Builder command;
    command.append("update", collection);
    command.begin_array("updates").push_document();
    command.begin_document("q").append("_id", target.id).end();
    command.begin_document("u").begin_document("$set");
    command.append(field_, values_[target.value]);
    command.end().end().end().end();
    return command.finish();
}

bson::Document InsertsAndDeletes::insert(std::string_view collection) {
    const bson::Document& document = documents_[turn_ % documents_.size()];
    ++turn_;
    const bson::ObjectId id = bson::generate_object_id();
    bson::Builder command;
    command.append("insert", collection);
    command.begin_array("documents").push_document();
    command.append("_id", id);
    for (const bson::Element& element : document.view()) {
        const bool is_unique =
            std::find(unique_fields_.begin(), unique_fields_.end(), element.name) !=
            unique_fields_.end();
        if (is_unique && element.value.type() == bson::Type::String) {
            command.append(element.name, fmt::format("{}~{}", element.value.as_string(), turn_));
        } else if (element.name != "_id") {
            command.append(element.name, element.value);
        }
    }
    command.end().end();
    ids_.emplace_back(id);
    return command.finish();
}

bson::Document InsertsAndDeletes::remove(std::string_view collection) {
    PLUMB_ASSERT(!ids_.empty());
    bson::Builder command;
    command.append("delete", collection);
    command.begin_array("deletes").push_document();
    command.begin_document("q").append("_id", ids_.front()).end();
    command.append("limit", 1);
    command.end().end();
    ids_.pop_front();
    return command.finish();
}

std::string most_indexed_field(const std::vector<project::IndexDefinition>& indexes,
                               const std::vector<bson::Document>& documents) {
    std::map<std::string, int, std::less<>> counts;
    std::vector<std::string> order;
    for (const project::IndexDefinition& index : indexes) {
        for (const bson::Element& part : index.key.view()) {
            const std::string name{part.name};
            order.push_back(name);
            counts[name] += index.unique ? -1000 : 1;
        }
    }
    std::string best;
    for (const std::string& name : order) {
        const bool usable = name != "_id" && name.find('.') == std::string::npos &&
                            counts[name] > 0 && values_of(name, documents).size() >= 2;
        if (usable && (best.empty() || counts[name] > counts[best])) {
            best = name;
        }
    }
    return best;
}

std::string unindexed_field(const std::vector<project::IndexDefinition>& indexes,
                            const std::vector<bson::Document>& documents) {
    if (documents.empty()) {
        return {};
    }
    for (const bson::Element& element : documents.front().view()) {
        if (element.name != "_id" && element.name.find('.') == std::string_view::npos &&
            !indexed(element.name, indexes) && is_scalar(element.value) &&
            values_of(element.name, documents).size() >= 2) {
            return std::string{element.name};
        }
    }
    return {};
}

}  // namespace plumb::bench
