// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/json.h"
#include "tool/capture/pattern_internal.h"

namespace plumb::capture {
namespace {

void write_value(bson::ValueView value, std::string& out);

void write_container(bson::View fields, bool named, std::string& out) {
    out += named ? '{' : '[';
    bool first = true;
    for (const bson::Element& field : fields) {
        if (!first) {
            out += ", ";
        }
        first = false;
        if (named) {
            out += field.name;
            out += ": ";
        }
        write_value(field.value, out);
    }
    out += named ? '}' : ']';
}

void write_value(bson::ValueView value, std::string& out) {
    switch (value.type()) {
        case bson::Type::String:
            out += value.as_string();
            return;
        case bson::Type::Document:
            write_container(value.as_document(), true, out);
            return;
        case bson::Type::Array:
            write_container(value.as_container(), false, out);
            return;
        default:
            out += bson::to_json(value);
    }
}

}  // namespace

std::string pattern_text(bson::View pattern) {
    std::string out;
    write_container(pattern, true, out);
    return out;
}

}  // namespace plumb::capture
