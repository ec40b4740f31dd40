// SPDX-License-Identifier: GPL-3.0-or-later
// What an operation does as BSON: the part of a migration that its checksum is made of, and that
// the ledger keeps as the definition.
#include "project/migration_file_internal.h"

namespace plumb::project {
namespace {

void append_if(bson::Builder& out, std::string_view name, const bson::Document& document) {
    if (!document.empty()) {
        out.append(name, document);
    }
}

void append_texts(bson::Builder& out, std::string_view name, const std::vector<std::string>& list) {
    out.begin_array(name);
    for (const std::string& each : list) {
        out.push(each);
    }
    out.end();
}

void append_pairs(bson::Builder& out,
                  std::string_view name,
                  const std::vector<std::pair<std::string, std::string>>& pairs) {
    out.begin_document(name);
    for (const auto& [ours, theirs] : pairs) {
        out.append(ours, theirs);
    }
    out.end();
}

// One overload a kind: the fields of its body.
struct Canonical {
    bson::Builder& out;

    // How a conflict is met is part of what is done; the quorum is only how.
    void operator()(const CreateIndexes& body) const {
        out.begin_array("indexes");
        for (const IndexDefinition& index : body.indexes) {
            out.push(index_to_command(index));
        }
        out.end();
        if (body.on_conflict == OnConflict::Replace) {
            out.append("on_conflict", "replace");
        }
    }
    void operator()(const DropIndexes& body) const { append_texts(out, "names", body.names); }
    void operator()(const HideIndex& body) const { out.append("name", body.name); }
    void operator()(const UnhideIndex& body) const { out.append("name", body.name); }
    void operator()(const CreateCollection& body) const { append_if(out, "options", body.options); }
    void operator()(const RenameCollection& body) const { out.append("to", body.to); }
    void operator()(const DropCollection& /*body*/) const {}
    void operator()(const SetValidator& body) const {
        out.append("validator", body.validator);
        out.append("level", body.level);
        out.append("action", body.action);
    }
    void operator()(const SetOptions& body) const { out.append("options", body.options); }
    void operator()(const AddField& body) const {
        out.begin_document("fields");
        for (const NewField& each : body.fields) {
            out.begin_document(each.field);
            out.append("value", each.value);
            out.append("expression", each.expression);
            out.end();
        }
        out.end();
        append_if(out, "filter", body.filter);
    }
    void operator()(const CopyField& body) const {
        out.append("from", body.from);
        out.append("to", body.to);
        append_if(out, "filter", body.filter);
    }
    void operator()(const RenameField& body) const {
        out.append("from", body.from);
        out.append("to", body.to);
    }
    void operator()(const Link& body) const {
        out.append("to", body.to);
        append_pairs(out, "on", body.on);
        append_pairs(out, "set", body.set);
        append_if(out, "filter", body.filter);
    }
    void operator()(const RemoveField& body) const {
        append_texts(out, "fields", body.fields);
        append_if(out, "filter", body.filter);
    }
    void operator()(const Transform& body) const {
        append_if(out, "filter", body.filter);
        out.begin_array("pipeline");
        for (const bson::Document& stage : body.pipeline) {
            out.push(stage);
        }
        out.end();
    }
    void operator()(const Delete& body) const { out.append("filter", body.filter); }
    void operator()(const RunCommand& body) const {
        out.append("up", body.up);
        out.append("down", body.down);
    }
    void operator()(const Native& body) const { out.append("class", body.class_name); }
};

}  // namespace

void append_canonical(bson::Builder& out, const Operation& operation) {
    out.begin_document(operation.kind);
    if (!operation.collection.empty()) {
        out.append("collection", operation.collection);
    }
    std::visit(Canonical{out}, operation.body);
    out.end();
}

}  // namespace plumb::project
