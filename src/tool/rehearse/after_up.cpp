// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/rehearse/after_up.h"

#include "bson/builder.h"
#include "bson/number.h"
#include "project/index_definition.h"
#include "tool/copy/schema.h"
#include "tool/migrate/index/index_plan.h"
#include "tool/rehearse/probe_insert.h"
#include "tool/rehearse/snapshot.h"
#include "tool/verify/verify.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace plumb::rehearse {
namespace {

struct Declared {
    std::int64_t version = 0;
    std::string collection;
    const project::IndexDefinition* index = nullptr;
};

// The name a collection has once all operations behind this one have run; empty: it is dropped.
std::string name_at_the_end(std::string collection,
                            const std::vector<const project::Operation*>& later) {
    for (const project::Operation* operation : later) {
        if (operation->collection != collection) {
            continue;
        }
        if (const auto* rename = std::get_if<project::RenameCollection>(&operation->body)) {
            collection = rename->to;
        } else if (std::holds_alternative<project::DropCollection>(operation->body)) {
            return {};
        }
    }
    return collection;
}

bool is_dropped_later(const std::string& collection,
                      const std::string& index,
                      const std::vector<const project::Operation*>& later) {
    return std::any_of(later.begin(), later.end(), [&](const project::Operation* operation) {
        const auto* drop = std::get_if<project::DropIndexes>(&operation->body);
        return drop != nullptr && operation->collection == collection &&
               std::find(drop->names.begin(), drop->names.end(), index) != drop->names.end();
    });
}

// The indexes that must be there once all files have been applied.
std::vector<Declared> declared_by(const std::vector<const project::MigrationFile*>& files) {
    std::vector<std::pair<std::int64_t, const project::Operation*>> all;
    for (const project::MigrationFile* file : files) {
        for (const project::Operation& operation : file->up) {
            all.emplace_back(file->version, &operation);
        }
    }
    std::vector<Declared> out;
    for (std::size_t at = 0; at < all.size(); ++at) {
        const auto* create = std::get_if<project::CreateIndexes>(&all[at].second->body);
        if (create == nullptr) {
            continue;
        }
        std::vector<const project::Operation*> later;
        for (std::size_t behind = at + 1; behind < all.size(); ++behind) {
            later.push_back(all[behind].second);
        }
        const std::string& collection = all[at].second->collection;
        for (const project::IndexDefinition& index : create->indexes) {
            const std::string name = name_at_the_end(collection, later);
            if (!name.empty() && !is_dropped_later(collection, index.name, later)) {
                out.push_back({all[at].first, name, &index});
            }
        }
    }
    return out;
}

using Indexes = std::map<std::string, std::vector<project::IndexDefinition>>;

Result<Indexes> read_all(client::Client& client,
                         const std::string& database,
                         const std::vector<Declared>& declared) {
    Indexes out;
    for (const Declared& each : declared) {
        if (!out.contains(each.collection)) {
            PLUMB_TRY(indexes, migrate::indexes_of(client, database, each.collection));
            out[each.collection] = std::move(indexes);
        }
    }
    return out;
}

// One that is there under another name counts: it does the same work.
const project::IndexDefinition* same_as(const project::IndexDefinition& wanted,
                                        const std::vector<project::IndexDefinition>& found) {
    const auto same = std::find_if(found.begin(), found.end(), [&wanted](const auto& each) {
        return project::differences(wanted, each).empty();
    });
    return same == found.end() ? nullptr : &*same;
}

Status compare_with_strategy(client::Client& client, const Inputs& inputs, Rehearsal& out) {
    if (inputs.strategy == nullptr) {
        return {};
    }
    PLUMB_TRY(found, verify::read_indexes(client, inputs.database, *inputs.strategy));
    const verify::Report report = verify::compare(*inputs.strategy, found, verify::Options{});
    int there = 0;
    for (const verify::Mark mark : {verify::Mark::Ok, verify::Mark::Adopted}) {
        const auto count = report.counts.find(mark);
        there += count == report.counts.end() ? 0 : count->second;
    }
    out.notes.push_back(fmt::format(
        "after up {} of the {} indexes that the strategy checks are there", there, report.checked));
    return {};
}

std::map<std::string, std::int64_t> numbers_in(const Result<bson::Document>& reply,
                                               std::string_view field) {
    std::map<std::string, std::int64_t> out;
    const bson::ValueView inner = reply.ok() ? reply->find(field) : bson::ValueView{};
    if (inner.type() == bson::Type::Document) {
        for (const bson::Element& each : inner.as_document()) {
            if (each.value.is_number()) {
                out.emplace(each.name, bson::to_clamped_int64(each.value));
            }
        }
    }
    return out;
}

std::string_view text_of(bson::View document, std::string_view field, std::string_view otherwise) {
    const bson::ValueView value = document.find(field);
    return value.type() == bson::Type::String ? value.as_string() : otherwise;
}

}  // namespace

Status verify_indexes(client::Client& client,
                      const Inputs& inputs,
                      const std::vector<const project::MigrationFile*>& files,
                      Rehearsal& out) {
    const std::vector<Declared> declared = declared_by(files);
    PLUMB_TRY(found, read_all(client, inputs.database, declared));
    for (const Declared& each : declared) {
        if (same_as(*each.index, found[each.collection]) == nullptr) {
            out.failures.push_back({"verify",
                                    each.version,
                                    each.collection,
                                    each.index->name,
                                    "the index is not there as it is declared",
                                    {}});
        }
    }
    return compare_with_strategy(client, inputs, out);
}

Status probe_validators(client::Client& client, const Inputs& inputs, Rehearsal& out) {
    PLUMB_TRY(definitions, copy::read_definitions(client, inputs.database));
    for (const copy::Definition& definition : definitions) {
        const bson::ValueView validator = definition.options.find("validator");
        if (validator.type() != bson::Type::Document || validator.as_document().empty() ||
            is_own_collection(definition.name) ||
            text_of(definition.options, "validationLevel", "strict") == "off" ||
            text_of(definition.options, "validationAction", "error") != "error") {
            continue;
        }
        PLUMB_TRY(
            probe,
            probe_validator(client, inputs.database, definition.name, validator.as_document()));
        if (probe.outcome == ProbeOutcome::NotEnforced) {
            out.failures.push_back({"validator",
                                    0,
                                    definition.name,
                                    "",
                                    "the validator was accepted and is not enforced: it forbids " +
                                        probe.document + ", which was inserted",
                                    {}});
        } else if (probe.outcome == ProbeOutcome::NothingForbidden) {
            out.notes.push_back(fmt::format(
                "{}: whether its validator is enforced was not tried; no document was found that "
                "it forbids",
                definition.name));
        } else {
            out.notes.push_back(
                fmt::format("{}: its validator is enforced; a forbidden document was refused",
                            definition.name));
        }
    }
    return {};
}

Status measure_indexes(client::Client& client,
                       const Inputs& inputs,
                       const std::vector<const project::MigrationFile*>& files,
                       Rehearsal& out) {
    std::set<std::pair<std::string, std::string>> built;
    for (const BuildLine& build : out.builds) {
        for (const std::string& name : build.indexes) {
            built.emplace(build.collection, name);
        }
    }
    std::map<std::string, std::map<std::string, std::int64_t>> bytes;
    std::map<std::string, std::map<std::string, std::int64_t>> entries;
    for (const Declared& each : declared_by(files)) {
        if (!built.contains({each.collection, each.index->name})) {
            continue;
        }
        if (!bytes.contains(each.collection)) {
            const auto asked = [&](std::string_view command) {
                return client.command(inputs.database,
                                      bson::Builder{}.append(command, each.collection).finish());
            };
            bytes[each.collection] = numbers_in(asked("collStats"), "indexSizes");
            entries[each.collection] = numbers_in(asked("validate"), "keysPerIndex");
        }
        IndexLine line;
        line.version = each.version;
        line.collection = each.collection;
        line.name = each.index->name;
        line.key = project::key_text(each.index->key);
        line.unique = each.index->unique;
        line.measured_bytes = bytes[each.collection][line.name];
        line.measured_entries = entries[each.collection][line.name];
        line.bytes = Estimate::exactly(static_cast<double>(line.measured_bytes));
        line.entries = Estimate::exactly(static_cast<double>(line.measured_entries));
        out.indexes.push_back(std::move(line));
    }
    return {};
}

}  // namespace plumb::rehearse
