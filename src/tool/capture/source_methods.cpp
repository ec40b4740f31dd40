// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/builder.h"
#include "bson/number.h"
#include "tool/capture/source_methods_internal.h"

#include <algorithm>
#include <array>

namespace plumb::capture {
namespace {

using Kind = MethodKind;

// clang-format off
constexpr auto kMethods = std::to_array<Method>({
    {"aggregate",                Kind::Aggregate,      true},
    {"count",                    Kind::Count,          true},
    {"countDocuments",           Kind::Count,          false},
    {"count_documents",          Kind::Count,          false},
    {"create",                   Kind::Insert,         true},
    {"deleteMany",               Kind::DeleteMany,     false},
    {"deleteOne",                Kind::DeleteOne,      false},
    {"delete_many",              Kind::DeleteMany,     false},
    {"delete_one",               Kind::DeleteOne,      false},
    {"distinct",                 Kind::Distinct,       true},
    {"estimatedDocumentCount",   Kind::CountAll,       false},
    {"estimated_document_count", Kind::CountAll,       false},
    {"find",                     Kind::Find,           true},
    {"findById",                 Kind::FindById,       false},
    {"findByIdAndDelete",        Kind::DeleteById,     false},
    {"findByIdAndUpdate",        Kind::UpdateById,     false},
    {"findOne",                  Kind::FindOne,        false},
    {"findOneAndDelete",         Kind::FindAndDelete,  false},
    {"findOneAndReplace",        Kind::FindAndReplace, false},
    {"findOneAndUpdate",         Kind::FindAndUpdate,  false},
    {"find_one",                 Kind::FindOne,        false},
    {"find_one_and_delete",      Kind::FindAndDelete,  false},
    {"find_one_and_replace",     Kind::FindAndReplace, false},
    {"find_one_and_update",      Kind::FindAndUpdate,  false},
    {"insertMany",               Kind::Insert,         false},
    {"insertOne",                Kind::Insert,         false},
    {"insert_many",              Kind::Insert,         false},
    {"insert_one",               Kind::Insert,         false},
    {"replaceOne",               Kind::Replace,        false},
    {"replace_one",              Kind::Replace,        false},
    {"updateMany",               Kind::UpdateMany,     false},
    {"updateOne",                Kind::UpdateOne,      false},
    {"update_many",              Kind::UpdateMany,     false},
    {"update_one",               Kind::UpdateOne,      false},
});
// clang-format on
static_assert(std::ranges::is_sorted(kMethods, {}, &Method::name));

bson::ValueView argument(const CallArguments& arguments,
                         std::size_t position,
                         std::string_view name) {
    if (const auto named = arguments.named.find(name); named != arguments.named.end()) {
        return named->second.view();
    }
    return position < arguments.positional.size() ? arguments.positional[position].view()
                                                  : bson::ValueView{};
}

void append_document(std::string_view name, bson::ValueView value, bson::Builder& out) {
    if (value.type() == bson::Type::Document) {
        out.append(name, value);
    } else {
        out.append(name, bson::View{});
    }
}

std::int32_t direction_of(bson::ValueView value) {
    if (value.type() == bson::Type::String) {
        return value.as_string().starts_with("desc") ? -1 : 1;  // mongoose
    }
    return value.is_number() && bson::to_clamped_int64(value) < 0 ? -1 : 1;
}

// "delivery_date"; mongoose's "-createdAt name", where a minus means `minus` and else `plus` is
// meant
void append_words(std::string_view text,
                  std::int32_t plus,
                  std::int32_t minus,
                  bson::Builder& out) {
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(' '), text.size());
        std::string_view field = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        const bool has_minus = field.starts_with('-');
        field.remove_prefix(has_minus ? 1 : 0);
        if (!field.empty() && field != "?") {
            out.append(field, has_minus ? minus : plus);
        }
    }
}

// Every way in which the drivers take a sort: ("f", -1), [("f", -1), …], {f: -1}, "-f".
void append_sort(bson::ValueView sort, bson::ValueView direction, bson::Builder& out) {
    if (sort.missing()) {
        return;
    }
    out.begin_document("sort");
    if (sort.type() == bson::Type::String) {
        append_words(sort.as_string(), direction_of(direction), -1, out);
    } else if (sort.type() == bson::Type::Document) {
        for (const bson::Element& field : sort.as_document()) {
            out.append(field.name, direction_of(field.value));
        }
    } else if (sort.type() == bson::Type::Array) {
        for (const bson::Element& pair : sort.as_container()) {
            if (pair.value.type() != bson::Type::Array || pair.value.as_container().count() != 2) {
                continue;
            }
            const bson::View parts = pair.value.as_container();
            if (parts.find("0").type() == bson::Type::String) {
                out.append(parts.find("0").as_string(), direction_of(parts.find("1")));
            }
        }
    }
    out.end();
}

// [1, 0] fields in a list are included; a text names them (mongoose's select).
void append_projection(bson::ValueView projection, bson::Builder& out) {
    if (projection.type() == bson::Type::Document && !projection.as_document().empty()) {
        out.append("projection", projection);
    } else if (projection.type() == bson::Type::Array) {
        out.begin_document("projection");
        for (const bson::Element& field : projection.as_container()) {
            if (field.value.type() == bson::Type::String) {
                out.append(field.value.as_string(), 1);
            }
        }
        out.end();
    } else if (projection.type() == bson::Type::String && projection.as_string() != "?") {
        out.begin_document("projection");
        append_words(projection.as_string(), 1, 0, out);
        out.end();
    }
}

void append_find_options(const CallArguments& arguments, bool only_one, bson::Builder& out) {
    append_sort(argument(arguments, 99, "sort"), argument(arguments, 99, "direction"), out);
    append_projection(argument(arguments, 1, "projection"), out);
    if (only_one) {
        out.append("limit", 1);
    } else if (const bson::ValueView limit = argument(arguments, 99, "limit"); !limit.missing()) {
        out.append("limit", limit);
    }
}

void append_update_statement(const CallArguments& arguments, bool multi, bson::Builder& out) {
    out.begin_array("updates");
    out.push_document();
    append_document("q", argument(arguments, 0, "filter"), out);
    const bson::ValueView update = argument(arguments, 1, "update");
    const bson::ValueView other = argument(arguments, 1, "replacement");
    const bson::ValueView change = update.missing() ? other : update;
    if (change.type() == bson::Type::Array || change.type() == bson::Type::Document) {
        out.append("u", change);
    } else {
        out.begin_document("u").begin_document("$set").end().end();
    }
    out.append("multi", multi);
    const bson::ValueView upsert = argument(arguments, 99, "upsert");
    out.append("upsert", upsert.type() == bson::Type::Bool && upsert.as_bool());
    out.end();
    out.end();
}

void append_delete_statement(bson::ValueView filter, bool only_one, bson::Builder& out) {
    out.begin_array("deletes");
    out.push_document();
    append_document("q", filter, out);
    out.append("limit", only_one ? 1 : 0);
    out.end();
    out.end();
}

void append_by_id(std::string_view name, bson::Builder& out) {
    out.begin_document(name);
    out.append("_id", "?");
    out.end();
}

void append_find_and_modify(const CallArguments& arguments, Kind kind, bson::Builder& out) {
    if (kind == Kind::UpdateById || kind == Kind::DeleteById) {
        append_by_id("query", out);
    } else {
        append_document("query", argument(arguments, 0, "filter"), out);
    }
    append_sort(argument(arguments, 99, "sort"), {}, out);
    if (kind == Kind::FindAndDelete || kind == Kind::DeleteById) {
        out.append("remove", true);
        return;
    }
    const bson::ValueView update = argument(arguments, 1, "update");
    if (update.type() == bson::Type::Document || update.type() == bson::Type::Array) {
        out.append("update", update);
    } else {
        out.begin_document("update").begin_document("$set").end().end();
    }
    const bson::ValueView upsert = argument(arguments, 99, "upsert");
    out.append("upsert", upsert.type() == bson::Type::Bool && upsert.as_bool());
}

std::string_view command_name(Kind kind) {
    switch (kind) {
        case Kind::Find:
        case Kind::FindOne:
        case Kind::FindById:
            return "find";
        case Kind::Count:
        case Kind::CountAll:
            return "count";
        case Kind::Distinct:
            return "distinct";
        case Kind::Aggregate:
            return "aggregate";
        case Kind::Insert:
            return "insert";
        case Kind::UpdateOne:
        case Kind::UpdateMany:
        case Kind::Replace:
            return "update";
        case Kind::DeleteOne:
        case Kind::DeleteMany:
            return "delete";
        case Kind::UpdateById:
        case Kind::DeleteById:
        case Kind::FindAndUpdate:
        case Kind::FindAndReplace:
        case Kind::FindAndDelete:
            return "findAndModify";
    }
    return {};
}

}  // namespace

const Method* find_method(std::string_view name) {
    const auto at = std::ranges::lower_bound(kMethods, name, {}, &Method::name);
    return at != kMethods.end() && at->name == name ? &*at : nullptr;
}

bson::Document command_of(const Method& method,
                          std::string_view collection,
                          const CallArguments& arguments) {
    bson::Builder out;
    out.append(command_name(method.kind), collection);
    const bson::ValueView first = argument(arguments, 0, "filter");
    switch (method.kind) {
        case Kind::Find:
        case Kind::FindOne:
            append_document("filter", first, out);
            append_find_options(arguments, method.kind == Kind::FindOne, out);
            break;
        case Kind::FindById:
            append_by_id("filter", out);
            append_find_options(arguments, true, out);
            break;
        case Kind::Count:
            append_document("query", first, out);
            break;
        case Kind::CountAll:
        case Kind::Insert:
            break;
        case Kind::Distinct:
            out.append("key", argument(arguments, 0, "key"));
            append_document("query", argument(arguments, 1, "filter"), out);
            break;
        case Kind::Aggregate:
            if (const bson::ValueView pipeline = argument(arguments, 0, "pipeline");
                pipeline.type() == bson::Type::Array) {
                out.append("pipeline", pipeline);
            }
            break;
        case Kind::UpdateOne:
        case Kind::UpdateMany:
        case Kind::Replace:
            append_update_statement(arguments, method.kind == Kind::UpdateMany, out);
            break;
        case Kind::DeleteOne:
        case Kind::DeleteMany:
            append_delete_statement(first, method.kind == Kind::DeleteOne, out);
            break;
        default:
            append_find_and_modify(arguments, method.kind, out);
    }
    return out.finish();
}

}  // namespace plumb::capture
