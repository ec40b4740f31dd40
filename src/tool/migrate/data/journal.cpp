// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/migrate/data/journal.h"

#include "bson/builder.h"
#include "bson/hash.h"
#include "bson/number.h"
#include "bson/path.h"
#include "tool/migrate/data/step.h"

#include <unordered_set>

namespace plumb::migrate {
namespace {

// A stored batch is split before it comes near the 16 MB that a document may have.
constexpr std::size_t kStoredBytesMax = 4U << 20U;

void append_strings(bson::Builder& out,
                    std::string_view name,
                    const std::vector<std::string>& strings) {
    if (strings.empty()) {
        return;
    }
    out.begin_array(name);
    for (const std::string& each : strings) {
        out.push(each);
    }
    out.end();
}

void append_entry(bson::Builder& out, const JournalEntry& entry) {
    out.push_document();
    out.append("_id", entry.id);
    if (!entry.old.empty()) {
        out.begin_array("old");
        for (const auto& [field, value] : entry.old) {
            out.push_document();
            out.append("f", field);
            out.append("v", value);
            out.end();
        }
        out.end();
    }
    append_strings(out, "absent", entry.absent);
    if (!entry.order.empty()) {
        out.begin_array("order");
        for (const FieldOrder& each : entry.order) {
            out.push_document();
            out.append("p", each.path);
            append_strings(out, "n", each.names);
            out.end();
        }
        out.end();
    }
    out.end();
}

std::vector<std::string> strings_in(bson::View document, std::string_view field) {
    std::vector<std::string> out;
    const bson::ValueView list = document.find(field);
    if (list.type() == bson::Type::Array) {
        for (const bson::Element& each : list.as_array()) {
            if (each.value.type() == bson::Type::String) {
                out.emplace_back(each.value.as_string());
            }
        }
    }
    return out;
}

JournalEntry read_entry(bson::View document) {
    JournalEntry out;
    out.id = bson::Value{document.find("_id")};
    if (const bson::ValueView old = document.find("old"); old.type() == bson::Type::Array) {
        for (const bson::Element& each : old.as_array()) {
            if (each.value.type() == bson::Type::Document) {
                const bson::View pair = each.value.as_document();
                out.old.emplace_back(text_in(pair, "f"), bson::Value{pair.find("v")});
            }
        }
    }
    out.absent = strings_in(document, "absent");
    if (const bson::ValueView order = document.find("order"); order.type() == bson::Type::Array) {
        for (const bson::Element& each : order.as_array()) {
            if (each.value.type() == bson::Type::Document) {
                const bson::View one = each.value.as_document();
                out.order.push_back({text_in(one, "p"), strings_in(one, "n")});
            }
        }
    }
    return out;
}

// The documents of one insert, as one command.
Status insert_one(const Deployment& deployment, const std::string& collection, bson::View body) {
    bson::Builder command;
    command.append("insert", collection);
    command.begin_array("documents");
    command.push(body);
    command.end();
    PLUMB_CHECK(deployment.client.command(deployment.database, command.finish())
                    .context("keeping old values in " + collection));
    return {};
}

bson::Document unset_of(const std::vector<std::string>& fields) {
    bson::Builder out;
    out.begin_document("$unset");
    for (const std::string& field : fields) {
        out.append(field, "");
    }
    out.end();
    return out.finish();
}

bson::Document update_of(const JournalEntry& entry) {
    bson::Builder out;
    if (!entry.old.empty()) {
        out.begin_document("$set");
        for (const auto& [field, value] : entry.old) {
            out.append(field, value);
        }
        out.end();
    }
    if (!entry.absent.empty()) {
        out.append_all(unset_of(entry.absent));
    }
    return out.finish();
}

// [{$replaceWith: the fields of the document, those of `order` first and in that order}], or $set
// of the sub-document at its path. One that is no document any more stays as it is.
bson::Value in_order(const FieldOrder& order) {
    const std::string container = order.path.empty() ? "$$ROOT" : "$" + order.path;
    bson::Builder names;
    for (const std::string& name : order.names) {
        names.push(name);
    }
    const bson::Document literal = document_of("$literal", names.finish_array());
    const auto fields = [&container](bson::Builder& out, std::string_view name) {
        out.begin_document(name);
        out.append("$objectToArray", container);
        out.end();
    };
    bson::Builder out;
    out.begin_document("$arrayToObject");
    out.begin_array("$concatArrays");
    // The known ones: for each name the field of that name, if there is one.
    out.push_document().begin_document("$filter").begin_document("input").begin_document("$map");
    out.append("input", literal).append("as", "name");
    out.begin_document("in").begin_array("$arrayElemAt");
    out.push_document().begin_document("$filter");
    fields(out, "input");
    out.append("as", "field").begin_document("cond").begin_array("$eq");
    out.push("$$field.k").push("$$name").end().end().end().end();
    out.push(0).end().end().end().end();
    out.append("as", "field").begin_document("cond").begin_array("$gt");
    out.push("$$field").push_null().end().end().end().end();
    // And those that came since.
    out.push_document().begin_document("$filter");
    fields(out, "input");
    out.append("as", "field").begin_document("cond").begin_array("$not");
    out.push_document().begin_array("$in");
    out.push("$$field.k").push(literal).end().end().end().end().end().end();
    out.end().end();
    const bson::Document sorted = out.finish();
    bson::Builder pipeline;
    pipeline.push_document();
    if (order.path.empty()) {
        pipeline.append("$replaceWith", sorted);
    } else {
        pipeline.begin_document("$set").append(order.path, sorted).end();
    }
    pipeline.end();
    return pipeline.finish_array();
}

// The document, if what stands at the path is one.
bson::Document where_container(const bson::Value& id, const std::string& path) {
    bson::Builder out;
    out.append("_id", id);
    if (!path.empty()) {
        out.begin_document(path).append("$type", "object").end();
    }
    return out.finish();
}

Status merge_inside(const Deployment& deployment,
                    const std::string& from,
                    const std::string& to,
                    const std::vector<bson::Value>& ids,
                    CopyMode mode) {
    bson::Builder command;
    command.append("aggregate", from);
    command.begin_array("pipeline");
    command.push_document().append("$match", among_ids(ids)).end();
    command.push_document().begin_document("$merge");
    command.append("into", to);
    command.append("on", "_id");
    // Never "keepExisting": that inserts by $setOnInsert, which puts the fields in another order.
    command.append("whenMatched", "replace");
    command.append("whenNotMatched", mode == CopyMode::ReplaceOnly ? "discard" : "insert");
    command.end().end().end();
    command.begin_document("cursor").end();
    PLUMB_CHECK(deployment.client.command(deployment.database, command.finish()));
    return {};
}

// The same with the documents passing through here.
Status merge_outside(const Deployment& deployment,
                     const std::string& from,
                     const std::string& to,
                     const std::vector<bson::Value>& ids,
                     CopyMode mode) {
    const bool insert = mode != CopyMode::ReplaceOnly;
    const auto put = [&](bson::View document) -> Status {
        const bson::Document by_id = document_of("_id", document.find("_id"));
        PLUMB_CHECK(deployment.client.update(
            deployment.database, to, by_id, document.as_value(), false, insert));
        return {};
    };
    return deployment.client.find(deployment.database, from, among_ids(ids), {}, put);
}

// Those of `ids` that the collection has no document for.
Result<std::vector<bson::Value>> absent_from(const Deployment& deployment,
                                             const std::string& collection,
                                             const std::vector<bson::Value>& ids) {
    std::vector<bson::Value> there;
    client::FindOptions only_id;
    only_id.projection = document_of("_id", 1);
    PLUMB_CHECK(deployment.client.find(deployment.database,
                                       collection,
                                       among_ids(ids),
                                       only_id,
                                       [&there](bson::View found) -> Status {
                                           there.emplace_back(found.find("_id"));
                                           return {};
                                       }));
    std::unordered_set<bson::ValueView, bson::ValueHash, bson::ValueEqual> known;
    for (const bson::Value& each : there) {
        known.insert(each.view());
    }
    std::vector<bson::Value> out;
    for (const bson::Value& each : ids) {
        if (!known.contains(each.view())) {
            out.push_back(each);
        }
    }
    return out;
}

bool has_no_merge(ErrorCode code) {
    constexpr ErrorCode kUnknownStage{40324};
    return code == kUnknownStage || code == ErrorCode::CommandNotSupported ||
           code == ErrorCode::CommandNotFound || code == ErrorCode::Unauthorized;
}

}  // namespace

void remember_field(JournalEntry& entry, bson::View document, std::string_view path) {
    const bson::ValueView value = bson::find_plain(document, path);
    if (!value.missing()) {
        entry.old.emplace_back(std::string{path}, bson::Value{value});
        return;
    }
    for (std::size_t dot = path.find('.'); dot != std::string_view::npos;
         dot = path.find('.', dot + 1)) {
        if (bson::find_plain(document, path.substr(0, dot)).missing()) {
            entry.absent.emplace_back(path.substr(0, dot));
            return;
        }
    }
    entry.absent.emplace_back(path);
}

void remember_order(JournalEntry& entry,
                    bson::View document,
                    const std::vector<std::string>& paths) {
    const auto add = [&entry](std::string path, bson::View container) {
        for (const FieldOrder& each : entry.order) {
            if (each.path == path) {
                return;
            }
        }
        FieldOrder order{std::move(path), {}};
        for (const bson::Element& element : container) {
            order.names.emplace_back(element.name);
        }
        entry.order.push_back(std::move(order));
    };
    add("", document);
    for (const std::string& path : paths) {
        for (std::size_t dot = path.find('.'); dot != std::string::npos;
             dot = path.find('.', dot + 1)) {
            const std::string parent = path.substr(0, dot);
            const bson::ValueView there = bson::find_plain(document, parent);
            if (there.type() == bson::Type::Document) {
                add(parent, there.as_document());
            }
        }
    }
}

Status Journal::add(const std::string& of, const std::vector<JournalEntry>& entries) {
    std::size_t at = 0;
    while (at < entries.size()) {
        bson::Builder stored;
        stored.append("_id", ++number_);
        stored.append("collection", of);
        stored.begin_array("entries");
        for (; at < entries.size() && stored.byte_size() < kStoredBytesMax; ++at) {
            append_entry(stored, entries[at]);
        }
        stored.end();
        PLUMB_CHECK(insert_one(deployment_, collection_, stored.finish()));
    }
    return {};
}

Result<Journal::Stored> Journal::newest() const {
    Stored out;
    client::FindOptions last;
    last.sort = document_of("_id", -1);
    last.limit = 1;
    PLUMB_CHECK(deployment_.client.find(
        deployment_.database, collection_, bson::View{}, last, [&out](bson::View stored) -> Status {
            out.number = bson::Value{stored.find("_id")};
            out.collection = text_in(stored, "collection");
            const bson::ValueView entries = stored.find("entries");
            if (entries.type() != bson::Type::Array) {
                return fail(ErrorCode::InvalidBson,
                            "a backup holds something else than old values");
            }
            for (const bson::Element& each : entries.as_array()) {
                if (each.value.type() == bson::Type::Document) {
                    out.entries.push_back(read_entry(each.value.as_document()));
                }
            }
            return {};
        }));
    return out;
}

Status Journal::forget(const bson::Value& number) const {
    PLUMB_CHECK(deployment_.client.remove(
        deployment_.database, collection_, document_of("_id", number), true));
    return {};
}

std::vector<bson::Document> restore_statements(const std::vector<JournalEntry>& entries) {
    std::vector<bson::Document> out;
    // Those that only lose the same fields go together.
    std::vector<bson::Value> together;
    const std::vector<std::string>* lost = nullptr;
    const auto flush = [&] {
        if (lost != nullptr && !together.empty()) {
            out.push_back(
                update_statement(among_ids(together), unset_of(*lost).view().as_value(), true));
            together.clear();
        }
    };
    for (const JournalEntry& entry : entries) {
        if (!entry.old.empty()) {
            out.push_back(update_statement(
                document_of("_id", entry.id), update_of(entry).view().as_value(), false));
            continue;
        }
        if (entry.absent.empty()) {
            continue;
        }
        if (lost == nullptr || *lost != entry.absent) {
            flush();
            lost = &entry.absent;
        }
        together.push_back(entry.id);
    }
    flush();
    return out;
}

std::vector<bson::Document> order_statements(const std::vector<JournalEntry>& entries) {
    std::vector<bson::Document> out;
    for (const JournalEntry& entry : entries) {
        for (const FieldOrder& order : entry.order) {
            out.push_back(
                update_statement(where_container(entry.id, order.path), in_order(order), false));
        }
    }
    return out;
}

Status copy_documents(const Deployment& deployment,
                      const std::string& from,
                      const std::string& to,
                      const std::vector<bson::Value>& ids,
                      CopyMode mode) {
    std::vector<bson::Value> wanted = ids;
    if (mode == CopyMode::KeepTarget) {
        PLUMB_TRY(absent, absent_from(deployment, to, ids));
        wanted = absent;
    }
    const std::string what = "copying documents of " + from + " into " + to;
    const Status merged = merge_inside(deployment, from, to, wanted, mode);
    if (merged.ok() || !has_no_merge(merged.error().code())) {
        return Status{merged}.context(what);
    }
    return merge_outside(deployment, from, to, wanted, mode).context(what);
}

bson::Document among_ids(const std::vector<bson::Value>& ids, bson::View more) {
    bson::Builder out;
    out.begin_document("_id");
    out.begin_array("$in");
    for (const bson::Value& id : ids) {
        out.push(id);
    }
    out.end();
    out.end();
    out.append_all(more);
    return out.finish();
}

bson::Document update_statement(bson::View q, bson::ValueView u, bool multi) {
    bson::Builder out;
    out.append("q", q);
    out.append("u", u);
    out.append("multi", multi);
    return out.finish();
}

bson::Document update_command(const std::string& collection,
                              const std::vector<bson::Document>& statements,
                              bool bypass_validation) {
    bson::Builder out;
    out.append("update", collection);
    out.begin_array("updates");
    for (const bson::Document& each : statements) {
        out.push(each);
    }
    out.end();
    if (bypass_validation) {
        out.append("bypassDocumentValidation", true);
    }
    return out.finish();
}

Status drop_collection(const Deployment& deployment, const std::string& name) {
    const auto reply = deployment.client.command(deployment.database, document_of("drop", name));
    if (!reply.ok() && reply.error().code() != ErrorCode::NamespaceNotFound) {
        return Result<bson::Document>{reply}.context("dropping " + name).error();
    }
    return {};
}

}  // namespace plumb::migrate
