// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/path.h"
#include "project/suggest.h"
#include "tool/migrate/lint/checks_internal.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace plumb::migrate::lint {
namespace {

// True if the document has something at the path, through arrays too.
// NOLINTNEXTLINE(misc-no-recursion): as deep as the path has parts, and documents nest
bool has_path(bson::ValueView value, const bson::Path& path, std::size_t part) {
    if (part == path.size()) {
        return true;
    }
    if (value.type() == bson::Type::Document) {
        const bson::ValueView next = value.as_document().find(path.part(part));
        return !next.missing() && has_path(next, path, part + 1);
    }
    if (value.type() != bson::Type::Array) {
        return false;
    }
    if (path.part_is_index(part)) {
        const bson::ValueView next = value.as_array().find(path.part(part));
        if (!next.missing() && has_path(next, path, part + 1)) {
            return true;
        }
    }
    for (const bson::Element& each : value.as_array()) {
        if (each.value.type() == bson::Type::Document && has_path(each.value, path, part)) {
            return true;
        }
    }
    return false;
}

bool any_has(const std::vector<bson::Document>& documents, const bson::Path& path) {
    return std::any_of(documents.begin(), documents.end(), [&path](const bson::Document& each) {
        return has_path(each.view().as_value(), path, 0);
    });
}

// Fields that the earlier steps of the run write into a collection.
struct Made {
    std::set<std::string, std::less<>> fields;
    bool anything = false;  // a step may write whatever it likes

    void operator()(const project::AddField& body) {
        for (const project::NewField& each : body.fields) {
            fields.insert(each.field);
        }
    }
    void operator()(const project::CopyField& body) { fields.insert(body.to); }
    void operator()(const project::RenameField& body) { fields.insert(body.to); }
    void operator()(const project::Link& body) {
        for (const auto& [ours, theirs] : body.set) {
            fields.insert(ours);
        }
    }
    void operator()(const project::Transform& /*body*/) { anything = true; }
    void operator()(const project::RunCommand& /*body*/) { anything = true; }
    void operator()(const project::Native& /*body*/) { anything = true; }
    template <class Other>
    void operator()(const Other& /*body*/) {}
};

Made made_before(const Context& context, const Step& until) {
    Made out;
    for (const Step& step : context.steps) {
        if (&step == &until) {
            break;
        }
        const std::string& collection = step.operation->collection;
        if (collection.empty() || collection == until.operation->collection) {
            std::visit(out, step.operation->body);
        }
    }
    return out;
}

// True if the path is one of these, a part of one, or holds one.
bool is_made(const Made& made, std::string_view path) {
    return std::any_of(made.fields.begin(), made.fields.end(), [path](const std::string& each) {
        const std::string_view shorter = path.size() < each.size() ? path : each;
        const std::string_view longer = path.size() < each.size() ? each : path;
        return longer.starts_with(shorter) &&
               (longer.size() == shorter.size() || longer[shorter.size()] == '.');
    });
}

std::string hint(const std::vector<bson::Document>& documents,
                 const Made& made,
                 std::string_view field) {
    std::set<std::string_view> names{made.fields.begin(), made.fields.end()};
    for (const bson::Document& document : documents) {
        for (const bson::Element& each : document) {
            names.insert(each.name);
        }
    }
    const std::vector<std::string_view> known{names.begin(), names.end()};
    return project::did_you_mean(field, known);
}

}  // namespace

FoundList check_field_not_found(const Context& context) {
    std::vector<Found> out;
    for (const Step& step : context.steps) {
        const std::vector<project::IndexDefinition> wanted = new_indexes(step);
        const Made made = made_before(context, step);
        if (wanted.empty() || made.anything) {
            continue;
        }
        const std::string& collection = step.operation->collection;
        PLUMB_TRY(documents, context.facts->sample(collection));
        for (const project::IndexDefinition& index : wanted) {
            for (const bson::Element& field : index.key) {
                if (documents->empty() || field.name.find("$**") != std::string_view::npos ||
                    is_made(made, field.name) || any_has(*documents, bson::Path{field.name})) {
                    continue;
                }
                out.push_back(found_at(step,
                                       index,
                                       fmt::format("{}.{}: none of {} sampled documents has {}{}",
                                                   collection,
                                                   index.name,
                                                   documents->size(),
                                                   field.name,
                                                   hint(*documents, made, field.name))));
            }
        }
    }
    return out;
}

}  // namespace plumb::migrate::lint
