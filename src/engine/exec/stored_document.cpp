// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/exec/stored_document.h"

#include "base/limits.h"
#include "bson/builder.h"

#include <fmt/format.h>

namespace plumb::exec {
namespace {

constexpr std::int64_t kMillisPerSecond = 1000;

// NOLINTNEXTLINE(misc-no-recursion): stops at kNestingMax
bool is_deeper_than(bson::View document, int levels) {
    if (levels == 0) {
        return true;
    }
    for (const bson::Element& element : document) {
        const bson::Type type = element.value.type();
        if ((type == bson::Type::Document || type == bson::Type::Array) &&
            is_deeper_than(element.value.as_container(), levels - 1)) {
            return true;
        }
    }
    return false;
}

Status check_id(bson::ValueView id) {
    switch (id.type()) {
        case bson::Type::Array:
            return fail(ErrorCode::BadValue, "can't use an array for _id");
        case bson::Type::Regex:
            return fail(ErrorCode::BadValue, "can't use a regex for _id");
        case bson::Type::Undefined:
            return fail(ErrorCode::BadValue, "can't use a undefined for _id");
        default:
            return {};
    }
}

bool is_empty_timestamp(bson::ValueView value) {
    return value.type() == bson::Type::Timestamp && value.as_timestamp() == bson::Timestamp{};
}

struct Findings {
    bson::ValueView id;
    bool id_is_first = false;
    bool has_empty_timestamp = false;
};

Result<Findings> look_through(bson::View document) {
    Findings out;
    bool first = true;
    for (const bson::Element& element : document) {
        if (element.name == "_id") {
            if (!out.id.missing()) {
                return fail(ErrorCode::BadValue, "can't have multiple _id fields in one document");
            }
            PLUMB_CHECK(check_id(element.value));
            out.id = element.value;
            out.id_is_first = first;
        } else if (element.name.starts_with('$')) {
            return fail(
                ErrorCode::BadValue,
                fmt::format("Document can't have $ prefixed field names: {}", element.name));
        }
        out.has_empty_timestamp =
            out.has_empty_timestamp || (element.name != "_id" && is_empty_timestamp(element.value));
        first = false;
    }
    return out;
}

}  // namespace

Status check_size(bson::View document) {
    if (document.byte_size() > static_cast<std::uint32_t>(kDocumentBytesMax)) {
        return fail(ErrorCode::BsonObjectTooLarge,
                    fmt::format("object to insert too large. size in bytes: {}, max size: {}",
                                document.byte_size(),
                                kDocumentBytesMax));
    }
    return {};
}

void put_id_first(bson::Document& document) {
    const bson::ValueView id = document.find("_id");
    if (id.missing() || document.view().front().name == "_id") {
        return;
    }
    bson::Builder out;
    out.append("_id", id);
    for (const bson::Element& element : document) {
        if (element.name != "_id") {
            out.append(element.name, element.value);
        }
    }
    document = out.finish();
}

void fill_timestamps(bson::Document& document, bson::Date now) {
    bson::Builder out;
    std::uint32_t increment = 0;
    for (const bson::Element& element : document) {
        if (element.name != "_id" && is_empty_timestamp(element.value)) {
            out.append(
                element.name,
                bson::Timestamp{.seconds = static_cast<std::uint32_t>(now.ms / kMillisPerSecond),
                                .increment = ++increment});
        } else {
            out.append(element.name, element.value);
        }
    }
    if (increment > 0) {
        document = out.finish();
    }
}

Result<bson::View> stored_form(bson::View document,
                               std::optional<bson::Date> now,
                               std::string& made) {
    PLUMB_CHECK(check_size(document));
    if (is_deeper_than(document, kNestingMax)) {
        return fail(ErrorCode::Overflow,
                    fmt::format("cannot insert document because it exceeds {} levels of nesting",
                                kNestingMax));
    }
    PLUMB_TRY(found, look_through(document));
    const bool fill = now && found.has_empty_timestamp;
    if (found.id_is_first && !fill) {
        return document;
    }
    bson::Builder out;
    if (found.id.missing()) {
        out.append("_id", bson::generate_object_id());
    } else {
        out.append("_id", found.id);
    }
    for (const bson::Element& element : document) {
        if (element.name != "_id") {
            out.append(element.name, element.value);
        }
    }
    bson::Document stored = out.finish();
    if (fill) {
        fill_timestamps(stored, *now);
    }
    made = std::move(stored).take();
    return bson::View{std::string_view{made}};
}

}  // namespace plumb::exec
