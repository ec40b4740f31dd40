// SPDX-License-Identifier: GPL-3.0-or-later
// Looking for what a unique index would refuse: one aggregation that counts each value, and a
// second one over the values that occur more than once to name their documents.
#include "bson/builder.h"
#include "bson/json.h"
#include "bson/number.h"
#include "tool/migrate/index/duplicates_internal.h"
#include "tool/migrate/index/precheck.h"

#include <fmt/format.h>

namespace plumb::migrate {
namespace {

constexpr std::size_t kDocumentsListed = 5;

std::vector<std::string> fields_of(const project::IndexDefinition& index) {
    std::vector<std::string> out;
    for (const bson::Element& field : index.key) {
        out.emplace_back(field.name);
    }
    return out;
}

// {$match: the documents that the index holds}; nothing if it holds all.
std::optional<bson::Document> index_filter(const project::IndexDefinition& index) {
    bson::Builder out;
    if (index.partial.has_value()) {
        out.append("$match", *index.partial);
        return out.finish();
    }
    if (!index.sparse) {
        return {};
    }
    out.begin_document("$match");
    out.begin_array("$or");
    for (const std::string& field : fields_of(index)) {
        out.push_document();
        out.begin_document(field);
        out.append("$exists", true);
        out.end();
        out.end();
    }
    out.end();
    out.end();
    return out.finish();
}

// k0, k1 …: the key's values, a missing one as null. An empty array is a value of its own kind in
// an index (undefined), here a marker that no document holds by accident.
bson::Document project_keys(const std::vector<std::string>& fields, const std::string& by) {
    bson::Builder out;
    out.begin_document("$project");
    out.append("id", 1);
    if (!by.empty()) {
        out.append("by", "$" + by);
    }
    for (std::size_t at = 0; at < fields.size(); ++at) {
        const std::string path = "$" + fields[at];
        out.begin_document(fmt::format("k{}", at));
        out.begin_array("$cond");
        out.push_document();
        out.begin_array("$eq");
        out.push(path);
        out.push_array();
        out.end();
        out.end();
        out.end();
        out.push_document();
        out.begin_document("$literal");
        out.append("plumb_empty_array", true);
        out.end();
        out.end();
        out.push_document();
        out.begin_array("$ifNull");
        out.push(path);
        out.push_null();
        out.end();
        out.end();
        out.end();
        out.end();
    }
    out.end();
    return out.finish();
}

bson::Document unwind_key(std::size_t at) {
    bson::Builder out;
    out.begin_document("$unwind");
    out.append("path", fmt::format("$k{}", at));
    out.append("preserveNullAndEmptyArrays", true);
    out.end();
    return out.finish();
}

void append_group_id(bson::Builder& out, std::size_t fields) {
    out.begin_document("_id");
    for (std::size_t at = 0; at < fields; ++at) {
        out.append(fmt::format("k{}", at), fmt::format("$k{}", at));
    }
    out.end();
}

bson::Document more_than_once() {
    bson::Builder out;
    out.begin_document("$match");
    out.begin_document("n");
    out.append("$gt", 1);
    out.end();
    out.end();
    return out.finish();
}

bson::Document one_of(const std::vector<bson::Document>& groups) {
    bson::Builder out;
    out.begin_document("$match");
    out.begin_array("$or");
    for (const bson::Document& group : groups) {
        out.push_document();
        for (const auto& [name, value] : group) {
            out.begin_document(name);
            out.append("$eq", value);
            out.end();
        }
        out.end();
    }
    out.end();
    out.end();
    return out.finish();
}

bson::Document stage(std::string_view name, std::int64_t number) {
    bson::Builder out;
    out.append(name, number);
    return out.finish();
}

bson::Document aggregate_command(const std::string& collection,
                                 const std::vector<bson::Document>& pipeline) {
    bson::Builder out;
    out.append("aggregate", collection);
    out.begin_array("pipeline");
    for (const bson::Document& each : pipeline) {
        out.push(each);
    }
    out.end();
    out.append("allowDiskUse", true);
    out.begin_document("cursor");
    out.append("batchSize", kDuplicatesListed + 1);
    out.end();
    return out.finish();
}

// The documents of the first batch: the pipelines here end in so few.
Result<std::vector<bson::Document>> first_batch(const Deployment& deployment,
                                                const std::string& collection,
                                                const std::vector<bson::Document>& pipeline) {
    PLUMB_TRY(
        reply,
        deployment.client.command(deployment.database, aggregate_command(collection, pipeline)));
    std::vector<bson::Document> out;
    const bson::ValueView cursor = reply.find("cursor");
    if (cursor.type() != bson::Type::Document) {
        return fail(ErrorCode::ProtocolError, "an aggregate's reply has no cursor");
    }
    const bson::ValueView batch = cursor.as_document().find("firstBatch");
    if (batch.type() == bson::Type::Array) {
        for (const bson::Element& element : batch.as_array()) {
            if (element.value.type() == bson::Type::Document) {
                out.emplace_back(element.value.as_document());
            }
        }
    }
    return out;
}

// "usr_3 (_id 65…)", or only the _id where there is no id.
std::string document_text(bson::View document) {
    const bson::ValueView id = document.find("id");
    const bson::ValueView object_id = document.find("_id");
    const std::string shown = object_id.type() == bson::Type::ObjectId
                                  ? object_id.as_object_id().to_hex()
                                  : bson::to_json(object_id);
    if (id.type() == bson::Type::String) {
        return fmt::format("{} (_id {})", id.as_string(), shown);
    }
    return fmt::format("_id {}", shown);
}

Problem describe_duplicates(const std::string& collection,
                            const project::IndexDefinition& index,
                            const std::vector<bson::Document>& groups,
                            bool more) {
    const std::vector<std::string> fields = fields_of(index);
    Problem out;
    out.code = "duplicates";
    out.collection = collection;
    out.index = index.name;
    out.text =
        fmt::format("{}.{} is unique, but {}{} value(s) of {} belong to more than one document:",
                    collection,
                    index.name,
                    more ? "more than " : "",
                    groups.size(),
                    fmt::join(fields, ", "));
    bson::Builder details;
    details.append("more", more);
    details.begin_array("duplicates");
    for (const bson::Document& group : groups) {
        const bson::View value = group.find("_id").as_document();
        const bson::ArrayView documents = group.find("documents").as_array();
        std::string line = fmt::format("\n    {}: ", key_value_text(value, index));
        std::size_t listed = 0;
        for (const bson::Element& each : documents) {
            if (listed++ < kDocumentsListed && each.value.type() == bson::Type::Document) {
                line += fmt::format(
                    "{}{}", listed == 1 ? "" : ", ", document_text(each.value.as_document()));
            }
        }
        if (listed > kDocumentsListed) {
            line += fmt::format(" and {} more", listed - kDocumentsListed);
        }
        out.text += line;
        details.push_document();
        details.append("value", value);
        details.append("documents", documents);
        details.end();
    }
    details.end();
    out.text +=
        "\n    Merge or correct these documents (plumb migrate duplicates offers rules), or make "
        "the "
        "index partial, then run again.";
    out.details = details.finish();
    return out;
}

}  // namespace

bson::Document count_each(std::size_t fields) {
    bson::Builder out;
    out.begin_document("$group");
    append_group_id(out, fields);
    out.begin_document("n");
    out.append("$sum", 1);
    out.end();
    out.end();
    return out.finish();
}

bson::Document documents_of_each(std::size_t fields) {
    bson::Builder out;
    out.begin_document("$group");
    append_group_id(out, fields);
    out.begin_document("documents");
    out.begin_document("$addToSet");
    out.append("_id", "$_id");
    out.append("id", "$id");
    out.append("by", "$by");
    out.end();
    out.end();
    out.end();
    return out.finish();
}

std::vector<bson::Document> key_pipeline(const project::IndexDefinition& index,
                                         const std::string& by) {
    const std::vector<std::string> fields = fields_of(index);
    std::vector<bson::Document> out;
    if (auto filter = index_filter(index)) {
        out.push_back(std::move(*filter));
    }
    out.push_back(project_keys(fields, by));
    for (std::size_t at = 0; at < fields.size(); ++at) {
        out.push_back(unwind_key(at));
    }
    return out;
}

std::string key_value_text(bson::View group, const project::IndexDefinition& index) {
    const std::vector<std::string> fields = fields_of(index);
    bson::Builder named;
    std::size_t at = 0;
    for (const auto& [name, value] : group) {
        const bool marker =
            value.type() == bson::Type::Document && value.as_document().has("plumb_empty_array");
        if (marker) {
            named.append(fields.at(at), "(empty array)");
        } else {
            named.append(fields.at(at), value);
        }
        ++at;
    }
    const bson::Document document = named.finish();
    if (at != 1) {
        return bson::to_json(document.view());
    }
    const bson::ValueView only = document.view().front().value;
    return only.nullish() ? "null or missing" : bson::to_json(only);
}

Result<std::vector<Problem>> find_duplicates(const Deployment& deployment,
                                             const std::string& collection,
                                             const project::IndexDefinition& index) {
    const std::size_t fields = index.key.view().count();
    std::vector<bson::Document> pipeline = key_pipeline(index);
    pipeline.push_back(count_each(fields));
    pipeline.push_back(more_than_once());
    pipeline.push_back(stage("$limit", kDuplicatesListed + 1));
    PLUMB_TRY(counted, first_batch(deployment, collection, pipeline));
    if (counted.empty()) {
        return std::vector<Problem>{};
    }
    const bool more = counted.size() > static_cast<std::size_t>(kDuplicatesListed);
    std::vector<bson::Document> values;
    for (const bson::Document& each : counted) {
        if (each.find("_id").type() == bson::Type::Document &&
            values.size() < static_cast<std::size_t>(kDuplicatesListed)) {
            values.emplace_back(each.find("_id").as_document());
        }
    }
    pipeline = key_pipeline(index);
    pipeline.push_back(one_of(values));
    pipeline.push_back(documents_of_each(fields));
    PLUMB_TRY(grouped, first_batch(deployment, collection, pipeline));
    // One document whose array holds a value twice is no duplicate to an index.
    std::vector<bson::Document> duplicates;
    for (bson::Document& each : grouped) {
        if (each.find("documents").type() == bson::Type::Array &&
            each.find("documents").as_array().count() > 1) {
            duplicates.push_back(std::move(each));
        }
    }
    if (duplicates.empty()) {
        return std::vector<Problem>{};
    }
    return std::vector<Problem>{describe_duplicates(collection, index, duplicates, more)};
}

}  // namespace plumb::migrate
