// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/query/stages/edit_document.h"

namespace plumb::query {

using bson::Type;
using bson::ValueView;

namespace {

struct Edit {
    const bson::Path& path;
    ValueView value;
    bson::Builder& out;
};

void write_fields(const Edit& edit, bson::View document, std::size_t part);

// The field of part `part`, whose value so far is `old`.
void write_field(const Edit& edit, ValueView old, std::size_t part) {
    const std::string_view name = edit.path.part(part);
    if (part + 1 == edit.path.size()) {
        edit.out.append(name, edit.value);
        return;
    }
    if (old.type() != Type::Document && edit.value.missing()) {
        edit.out.append(name, old);
        return;
    }
    edit.out.begin_document(name);
    write_fields(edit, old.type() == Type::Document ? old.as_document() : bson::View{}, part + 1);
    edit.out.end();
}

void write_fields(const Edit& edit, bson::View document, std::size_t part) {
    const std::string_view name = edit.path.part(part);
    bool written = false;
    for (const bson::Element& field : document) {
        if (!written && field.name == name) {
            write_field(edit, field.value, part);
            written = true;
        } else {
            edit.out.append(field.name, field.value);
        }
    }
    if (!written && !edit.value.missing()) {
        write_field(edit, {}, part);
    }
}

}  // namespace

void write_with(bson::View document, const bson::Path& path, ValueView value, bson::Builder& out) {
    write_fields({path, value, out}, document, 0);
}

void write_field_with(bson::View document,
                      const bson::Path& path,
                      ValueView value,
                      bson::Builder& out) {
    const ValueView old = document.find(path.part(0));
    if (!old.missing() || !value.missing()) {
        write_field({path, value, out}, old, 0);
    }
}

}  // namespace plumb::query
