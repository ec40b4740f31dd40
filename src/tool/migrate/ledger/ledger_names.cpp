// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/migrate/ledger/ledger_names.h"

#include "bson/builder.h"

#include <string>

namespace plumb::migrate {
namespace {

using NewName = std::string (*)(std::string_view);

std::string stored(std::string_view name) {
    const bool marked = name.starts_with('$') || name.starts_with('%');
    std::string out;
    if (marked) {
        out.push_back('%');
    }
    return out.append(name);
}

std::string shown(std::string_view name) {
    return std::string{name.substr(name.starts_with('%') ? 1 : 0)};
}

void copy(bson::Builder& out, bson::View from, NewName new_name) {
    for (const bson::Element& each : from) {
        if (each.value.type() == bson::Type::Document) {
            out.begin_document(new_name(each.name));
            copy(out, each.value.as_document(), new_name);
            out.end();
        } else if (each.value.type() == bson::Type::Array) {
            out.begin_array(new_name(each.name));
            copy(out, each.value.as_array(), new_name);
            out.end();
        } else {
            out.append(new_name(each.name), each.value);
        }
    }
}

}  // namespace

bson::Document store_names(bson::View document) {
    bson::Builder out;
    copy(out, document, stored);
    return out.finish();
}

bson::Document read_names(bson::View document) {
    bson::Builder out;
    copy(out, document, shown);
    return out.finish();
}

}  // namespace plumb::migrate
