// SPDX-License-Identifier: GPL-3.0-or-later
// Comparing index definitions.
#include "bson/compare.h"
#include "bson/json.h"
#include "bson/number.h"
#include "project/collation.h"
#include "project/index_canonical_internal.h"
#include "project/index_definition.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace plumb::project {
namespace {

// 1 or -1 for a direction by number; 0 for a plugin ("hashed", "text" …).
int sign_of(bson::ValueView direction) {
    if (!direction.is_number()) {
        return 0;
    }
    return bson::to_double(direction) < 0 ? -1 : 1;
}

bool same_direction(bson::ValueView a, bson::ValueView b) {
    if (a.is_number() || b.is_number()) {
        return a.is_number() && b.is_number() && sign_of(a) == sign_of(b);
    }
    return bson::equal(a, b);
}

std::vector<bson::Element> collect(bson::View key) {
    std::vector<bson::Element> out;
    for (const bson::Element& field : key) {
        out.push_back(field);
    }
    return out;
}

// True if the shorter key is a prefix of the longer one, read forwards or backwards.
std::string flag_text(bool flag) {
    return flag ? "true" : "-";
}

std::string document_text(const std::optional<bson::Document>& document) {
    return document.has_value() ? bson::to_json(document->view()) : "-";
}

bool same_documents(const std::optional<bson::Document>& a,
                    const std::optional<bson::Document>& b) {
    if (!a.has_value() || !b.has_value()) {
        return a.has_value() == b.has_value();
    }
    return bson::compare(a->view(), b->view()) == 0;
}

std::string value_text(bson::ValueView value) {
    return value.missing() ? std::string{"-"} : bson::to_json(value);
}

// Field by field, each side filled in as the server does it.
void compare_collations(bson::View wanted, bson::View found, std::vector<Difference>& out) {
    std::vector<std::string_view> fields;
    for (const bson::View side : {wanted, found}) {
        for (const bson::Element& field : side) {
            if (field.name != "version" &&
                std::find(fields.begin(), fields.end(), field.name) == fields.end()) {
                fields.push_back(field.name);
            }
        }
    }
    for (const std::string_view field : fields) {
        const bson::Value wants = collation_field(wanted, field);
        const bson::Value has = collation_field(found, field);
        if (!bson::equal(wants, has)) {
            out.push_back({fmt::format("collation.{}", field), value_text(wants), value_text(has)});
        }
    }
}

void compare_collation(bson::ValueView wanted,
                       bson::ValueView found,
                       std::vector<Difference>& out) {
    if (same_collation(wanted, found)) {
        return;
    }
    if (wanted.type() == bson::Type::Document && found.type() == bson::Type::Document) {
        compare_collations(wanted.as_document(), found.as_document(), out);
    } else {
        out.push_back({"collation", value_text(wanted), value_text(found)});
    }
}

void compare_other(const IndexDefinition& wanted,
                   const IndexDefinition& found,
                   std::vector<Difference>& out) {
    compare_collation(wanted.other.find("collation"), found.other.find("collation"), out);
    const bson::Document wants = canonical_options(wanted);
    const bson::Document has = canonical_options(found);
    for (const auto& [name, value] : wants) {
        if (!bson::equal(value, has.find(name))) {
            out.push_back({std::string{name}, value_text(value), value_text(has.find(name))});
        }
    }
    for (const auto& [name, value] : has) {
        if (!wants.has(name)) {
            out.push_back({std::string{name}, "-", value_text(value)});
        }
    }
}

}  // namespace

bool same_key(bson::View a, bson::View b) {
    const std::vector<bson::Element> left = collect(a);
    const std::vector<bson::Element> right = collect(b);
    if (left.size() != right.size()) {
        return false;
    }
    for (std::size_t at = 0; at < left.size(); ++at) {
        if (left[at].name != right[at].name || !same_direction(left[at].value, right[at].value)) {
            return false;
        }
    }
    return true;
}

std::vector<Difference> differences(const IndexDefinition& wanted,
                                    const IndexDefinition& found,
                                    bool with_name) {
    std::vector<Difference> out;
    if (with_name && wanted.name != found.name) {
        out.push_back({"name", wanted.name, found.name});
    }
    if (!same_key(canonical_key(wanted), canonical_key(found))) {
        out.push_back({"key", key_text(wanted.key), key_text(found.key)});
    }
    const auto flag = [&out](const char* name, bool wants, bool has) {
        if (wants != has) {
            out.push_back({name, flag_text(wants), flag_text(has)});
        }
    };
    flag("unique", wanted.unique, found.unique);
    flag("sparse", wanted.sparse, found.sparse);
    flag("hidden", wanted.hidden, found.hidden);
    if (!same_documents(wanted.partial, found.partial)) {
        out.push_back({"partial", document_text(wanted.partial), document_text(found.partial)});
    }
    if (wanted.expire_after != found.expire_after) {
        const auto text = [](const std::optional<std::int64_t>& seconds) {
            return seconds.has_value() ? fmt::format("{}", *seconds) : std::string{"-"};
        };
        out.push_back({"expire_after", text(wanted.expire_after), text(found.expire_after)});
    }
    compare_other(wanted, found, out);
    return out;
}

std::string describe(const std::vector<Difference>& differences) {
    std::string text;
    for (const Difference& each : differences) {
        text += fmt::format("{}{}: wanted {}, found {}",
                            text.empty() ? "" : "; ",
                            each.field,
                            each.wanted,
                            each.found);
    }
    return text;
}

}  // namespace plumb::project
