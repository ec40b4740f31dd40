// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/builder.h"
#include "bson/json.h"
#include "engine/storage/duplicate_key_internal.h"

#include <fmt/format.h>

#include <utility>
#include <vector>

namespace plumb::storage {

namespace {

// A value as the mongo shell of 4.2 prints it, for the types that keys usually have.
std::string shell_text(bson::ValueView value) {
    switch (value.type()) {
        case bson::Type::Double: {
            const std::string text = fmt::format("{}", value.as_double());
            return text.find_first_of(".en") == std::string::npos ? text + ".0" : text;
        }
        case bson::Type::Int64:
            return fmt::format("{}", value.as_int64());
        case bson::Type::ObjectId:
            return fmt::format("ObjectId('{}')", value.as_object_id().to_hex());
        case bson::Type::Date:
            return fmt::format("new Date({})", value.as_date().ms);
        case bson::Type::Undefined:
            return "undefined";
        case bson::Type::MinKey:
            return "MinKey";
        case bson::Type::MaxKey:
            return "MaxKey";
        default:
            return bson::to_json(value);
    }
}

}  // namespace

Error duplicate_key_error(std::string_view ns,
                          const IndexState& index,
                          std::string_view key,
                          std::string_view type_bits) {
    std::vector<std::string> names;
    for (const bson::KeyField& field : index.pattern.fields()) {
        names.push_back(field.path.dotted());
    }
    bson::Builder key_value;
    if (Status decoded = bson::decode_key(key, type_bits, index.pattern, names, key_value);
        !decoded.ok()) {
        return std::move(decoded).error();
    }
    const bson::Document values = key_value.finish();
    std::string text;
    for (const bson::Element& element : values) {
        text += fmt::format(
            "{}{}: {}", text.empty() ? "" : ", ", element.name, shell_text(element.value));
    }
    bson::Builder details;
    details.append("keyPattern", index.spec.key);
    details.append("keyValue", values);
    return fail(ErrorCode::DuplicateKey,
                fmt::format("E11000 duplicate key error collection: {} index: {} dup key: {{ {} }}",
                            ns,
                            index.spec.name,
                            text))
        .with_details(details.finish().bytes());
}

}  // namespace plumb::storage
