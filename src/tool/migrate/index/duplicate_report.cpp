// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/migrate/index/duplicate_report.h"

#include "bson/builder.h"
#include "bson/compare.h"
#include "bson/json.h"
#include "bson/number.h"
#include "tool/migrate/index/duplicates_internal.h"

#include <fmt/format.h>

#include <algorithm>

namespace plumb::migrate {
namespace {

constexpr std::size_t kValuesAtOnce = 5000;  // of one $in, far below a document's limit

bson::Document match(std::string_view field, std::string_view op, const bson::Value& value) {
    bson::Builder out;
    out.begin_document("$match");
    out.begin_document(field);
    out.append(op, value);
    out.end();
    out.end();
    return out.finish();
}

// The first parts of the keys that occur more than once.
Result<std::vector<bson::Value>> repeated(const Deployment& deployment,
                                          const std::string& collection,
                                          const project::IndexDefinition& index) {
    std::vector<bson::Document> pipeline = key_pipeline(index);
    pipeline.push_back(count_each(index.key.view().count()));
    pipeline.push_back(match("n", "$gt", bson::Value{1}));
    std::vector<bson::Value> out;
    PLUMB_CHECK(deployment.client.aggregate(
        deployment.database, collection, pipeline, [&out, &deployment](bson::View group) -> Status {
            const bson::ValueView id = group.find("_id");
            if (id.type() == bson::Type::Document) {
                out.emplace_back(id.as_document().find("k0"));
            }
            return deployment.interrupt.check();
        }));
    return out;
}

struct Candidate {
    bson::ValueView id;
    bson::ValueView by;
    std::string text;
};

// A date without the wrapper of extended JSON.
std::string age_text(bson::ValueView by) {
    std::string json = bson::to_json(by);
    constexpr std::string_view kWrapper = "{\"$date\": \"";
    if (!json.starts_with(kWrapper)) {
        return json;
    }
    return json.substr(kWrapper.size(), json.find('"', kWrapper.size()) - kWrapper.size());
}

std::string text_of(bson::View document) {
    const bson::ValueView id = document.find("id");
    const bson::ValueView by = document.find("by");
    std::string out = id.type() == bson::Type::String ? std::string{id.as_string()}
                                                      : bson::to_json(document.find("_id"));
    if (!by.missing()) {
        out += fmt::format(" ({})", age_text(by));
    }
    return out;
}

// By age, the oldest first; of one age by _id, so that every run says the same.
std::vector<Candidate> by_age(bson::ArrayView documents) {
    std::vector<Candidate> out;
    for (const bson::Element& each : documents) {
        if (each.value.type() == bson::Type::Document) {
            const bson::View document = each.value.as_document();
            out.push_back({document.find("_id"), document.find("by"), text_of(document)});
        }
    }
    std::sort(out.begin(), out.end(), [](const Candidate& a, const Candidate& b) {
        if (a.by.missing() || b.by.missing()) {
            return a.by.missing() != b.by.missing() ? a.by.missing()
                                                    : bson::compare(a.id, b.id) < 0;
        }
        const auto order = bson::compare(a.by, b.by);
        return order != 0 ? order < 0 : bson::compare(a.id, b.id) < 0;
    });
    return out;
}

void add_group(bson::View group,
               const project::IndexDefinition& index,
               Keep keep,
               DuplicateReport& out) {
    const bson::ValueView documents = group.find("documents");
    if (documents.type() != bson::Type::Array || group.find("_id").type() != bson::Type::Document) {
        return;
    }
    std::vector<Candidate> candidates = by_age(documents.as_array());
    // One document whose array holds a value twice is no duplicate to an index.
    if (candidates.size() < 2) {
        return;
    }
    if (keep == Keep::Newest) {
        std::reverse(candidates.begin(), candidates.end());
    }
    ++out.values;
    out.documents += static_cast<std::int64_t>(candidates.size());
    out.surplus += static_cast<std::int64_t>(candidates.size()) - 1;
    DuplicateGroup listed;
    listed.value = key_value_text(group.find("_id").as_document(), index);
    listed.keep = candidates.front().text;
    for (std::size_t at = 1; at < candidates.size(); ++at) {
        listed.remove.push_back(candidates[at].text);
        if (out.remove.size() < kRemoveMax) {
            out.remove.emplace_back(candidates[at].id);
        }
    }
    if (out.listed.size() < kGroupsListed) {
        out.listed.push_back(std::move(listed));
    }
}

Status add_groups(const Deployment& deployment,
                  const project::IndexDefinition& index,
                  const KeepRule& rule,
                  const std::vector<bson::Value>& values,
                  DuplicateReport& out) {
    for (std::size_t from = 0; from < values.size(); from += kValuesAtOnce) {
        bson::Builder list;
        for (std::size_t at = from; at < std::min(values.size(), from + kValuesAtOnce); ++at) {
            list.push(values[at].view());
        }
        std::vector<bson::Document> pipeline = key_pipeline(index, rule.by);
        pipeline.push_back(match("k0", "$in", list.finish_array()));
        pipeline.push_back(documents_of_each(index.key.view().count()));
        pipeline.push_back(match("documents.1", "$exists", bson::Value{true}));
        PLUMB_CHECK(deployment.client.aggregate(
            deployment.database, out.collection, pipeline, [&](bson::View group) -> Status {
                add_group(group, index, rule.keep, out);
                return deployment.interrupt.check();
            }));
    }
    return {};
}

Result<std::int64_t> count(const Deployment& deployment,
                           const std::string& collection,
                           const project::IndexDefinition& index,
                           bson::View condition) {
    bson::Builder command;
    command.append("count", collection);
    command.begin_document("query");
    command.begin_array("$and");
    command.push(condition);
    if (index.partial.has_value()) {
        command.push(*index.partial);
    }
    command.end();
    command.end();
    PLUMB_TRY(reply, deployment.client.command(deployment.database, command.finish()));
    const bson::ValueView n = reply.find("n");
    return n.is_number() ? bson::to_clamped_int64(n) : 0;
}

Result<EmptyValues> empty_values(const Deployment& deployment,
                                 const std::string& collection,
                                 const project::IndexDefinition& index,
                                 std::string_view field) {
    EmptyValues out;
    out.field = field;
    bson::Builder condition;
    condition.begin_document(field);
    condition.append("$exists", false);
    condition.end();
    PLUMB_TRY(missing, count(deployment, collection, index, condition.finish()));
    out.missing = index.sparse ? 0 : missing;
    condition.begin_document(field);
    condition.append("$type", "null");
    condition.end();
    PLUMB_TRY(null, count(deployment, collection, index, condition.finish()));
    out.null = null;
    condition.append(field, "");
    PLUMB_TRY(empty, count(deployment, collection, index, condition.finish()));
    out.empty_text = empty;
    return out;
}

}  // namespace

Result<DuplicateReport> report_duplicates(const Deployment& deployment,
                                          const std::string& collection,
                                          const project::IndexDefinition& index,
                                          const KeepRule& rule) {
    DuplicateReport out;
    out.collection = collection;
    out.index = index.name;
    PLUMB_TRY(values, repeated(deployment, collection, index));
    PLUMB_CHECK(add_groups(deployment, index, rule, values, out));
    for (const bson::Element& field : index.key) {
        PLUMB_TRY(empty, empty_values(deployment, collection, index, field.name));
        out.empty.push_back(std::move(empty));
    }
    return out;
}

}  // namespace plumb::migrate
