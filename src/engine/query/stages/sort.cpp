// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/query/stages/sort.h"

#include "bson/number.h"
#include "engine/query/expr/operator.h"
#include "engine/query/stages/stages.h"

#include <fmt/format.h>

namespace plumb::query {

using bson::Type;
using bson::ValueView;

Status SortStage::make_key(bson::View document, std::string& key) const {
    // 4.2 takes a sort by _id alone for that of an _id index, where an array is one value.
    const auto& fields = pattern_.fields();
    const ValueView id = document.find("_id");
    if (fields.size() == 1 && fields.front().path.dotted() == "_id" && id.type() == Type::Array) {
        bson::KeyString whole;
        whole.append(id, fields.front().order);
        key.assign(whole.bytes());
        return {};
    }
    return pattern_.make_key(document, key, MissingAs::Undefined);
}

Status SortStage::read_all() {
    std::string key;
    while (true) {
        if (context_.interrupt != nullptr) {
            PLUMB_CHECK(context_.interrupt->check());
        }
        PLUMB_TRY(document, source().next());
        if (!document) {
            break;
        }
        PLUMB_CHECK(make_key(*document, key));
        PLUMB_CHECK(sorter_.add(key, document->raw()));
    }
    read_ = true;
    return sorter_.finish();
}

Result<std::optional<bson::View>> SortStage::next() {
    if (!read_) {
        PLUMB_CHECK(read_all());
    }
    PLUMB_TRY(bytes, sorter_.next());
    return bytes ? std::optional{bson::View{*bytes}} : std::nullopt;
}

void SortStage::append_explain(bson::Builder& out) const {
    out.begin_document("$sort");
    out.append("sortKey", pattern_.spec());
    if (limit_) {
        out.append("limit", *limit_);
    }
    out.end();
}

bool SortStage::add_dependencies(Dependencies& out) const {
    for (const bson::KeyField& field : pattern_.fields()) {
        out.paths.insert(field.path.dotted());
    }
    return false;
}

Result<SortPattern> parse_sort_spec(ValueView spec) {
    if (spec.type() != Type::Document) {
        return fail(ErrorCode{15973}, "the $sort key specification must be an object");
    }
    if (spec.as_document().empty()) {
        return fail(ErrorCode{15976}, "$sort stage must have at least one sort key");
    }
    for (const bson::Element& field : spec.as_document()) {
        if (!field.value.is_number()) {
            return fail(ErrorCode{15974},
                        fmt::format("the order of '{}' in $sort must be a number", field.name));
        }
        const std::int64_t order = bson::to_clamped_int64(field.value);
        if (order != 1 && order != -1) {
            return fail(ErrorCode{15975},
                        "$sort key ordering must be 1 (for ascending) or -1 (for descending)");
        }
        PLUMB_CHECK(check_field_path(field.name));
    }
    return SortPattern::parse(spec.as_document());
}

Status parse_sort_stage(ValueView spec, StageParser& parser) {
    PLUMB_TRY(pattern, parse_sort_spec(spec));
    parser.stages.push_back(std::make_unique<SortStage>(std::move(pattern), parser.context));
    return {};
}

}  // namespace plumb::query
