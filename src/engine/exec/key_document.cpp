// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/exec/key_document.h"

#include <algorithm>

namespace plumb::exec {
namespace {

struct NamedValue {
    std::string_view path;
    bson::ValueView value;
};

// Fields that share a first component go into one sub-document, where the first of them stands.
void append_nested(const std::vector<NamedValue>& fields, bson::Builder& out) {
    std::vector<bool> done(fields.size(), false);
    for (std::size_t at = 0; at < fields.size(); ++at) {
        if (done[at]) {
            continue;
        }
        const std::size_t dot = fields[at].path.find('.');
        if (dot == std::string_view::npos) {
            out.append(fields[at].path, fields[at].value);
            continue;
        }
        const std::string_view head = fields[at].path.substr(0, dot + 1);
        std::vector<NamedValue> inner;
        for (std::size_t other = at; other < fields.size(); ++other) {
            if (fields[other].path.starts_with(head)) {
                done[other] = true;
                inner.push_back({fields[other].path.substr(head.size()), fields[other].value});
            }
        }
        out.begin_document(head.substr(0, dot));
        append_nested(inner, out);
        out.end();
    }
}

}  // namespace

Result<bson::View> KeyDocument::decode(const Row& row) {
    if (index_ != row.index) {
        index_ = row.index;
        names_.clear();
        for (const bson::KeyField& field : index_->pattern.fields()) {
            names_.push_back(field.path.dotted());
        }
        nested_ = std::ranges::any_of(
            names_, [](const std::string& name) { return name.find('.') != std::string::npos; });
    }
    flat_.clear();
    PLUMB_CHECK(bson::decode_key(row.key, row.type_bits, index_->pattern, names_, flat_));
    const bson::View flat = flat_.finish_view();
    if (!nested_) {
        return flat;
    }
    std::vector<NamedValue> fields;
    for (const bson::Element& element : flat) {
        fields.push_back({element.name, element.value});
    }
    out_.clear();
    append_nested(fields, out_);
    return out_.finish_view();
}

}  // namespace plumb::exec
