// SPDX-License-Identifier: GPL-3.0-or-later
// $objectToArray, $arrayToObject.
#include "engine/query/expr/operators.h"
#include "engine/query/expr/values.h"

#include <algorithm>
#include <vector>

namespace plumb::query {

using bson::Type;
using bson::ValueView;

Result<ValueView> run_object_to_array(const Call& call) {
    PLUMB_TRY(object, call.argument(0));
    if (object.nullish()) {
        return make_null();
    }
    if (object.type() != Type::Document) {
        return wrong_type(call, 40390, object);
    }
    ArrayWriter out{call.arena(), object.raw().size() * 2};
    for (const bson::Element& element : object.as_document()) {
        DocumentWriter pair{call.arena()};
        pair.append("k", make_string(call.arena(), element.name));
        pair.append("v", element.value);
        out.push(pair.finish());
    }
    return out.finish();
}

namespace {

// ["name", value]
Result<bson::Element> read_tuple(const Call& call, ValueView tuple) {
    if (tuple.type() != Type::Array) {
        return operator_error(call, 40396, "elements must be all arrays or all objects");
    }
    const bson::ArrayView parts = tuple.as_array();
    if (parts.count() != 2) {
        return operator_error(call, 40397, "an array element must be a pair of key and value");
    }
    if (parts.at(0).type() != Type::String) {
        return wrong_type(call, 40395, parts.at(0));
    }
    return bson::Element{parts.at(0).as_string(), parts.at(1)};
}

// {k: "name", v: value}
Result<bson::Element> read_pair(const Call& call, ValueView pair) {
    if (pair.type() != Type::Document) {
        return operator_error(call, 40391, "elements must be all arrays or all objects");
    }
    const bson::View fields = pair.as_document();
    if (fields.count() != 2) {
        return operator_error(call, 40392, "an object element must have the fields k and v only");
    }
    if (!fields.has("k") || !fields.has("v")) {
        return operator_error(call, 40393, "an object element must have the fields k and v");
    }
    if (fields.find("k").type() != Type::String) {
        return wrong_type(call, 40394, fields.find("k"));
    }
    return bson::Element{fields.find("k").as_string(), fields.find("v")};
}

}  // namespace

Result<ValueView> run_array_to_object(const Call& call) {
    PLUMB_TRY(array, call.argument(0));
    if (array.nullish()) {
        return make_null();
    }
    if (array.type() != Type::Array) {
        return wrong_type(call, 40386, array);
    }
    std::vector<bson::Element> fields;
    Type form = Type::Missing;
    for (const bson::Element& element : array.as_container()) {
        if (form == Type::Missing) {
            form = element.value.type();
        }
        if (form != Type::Array && form != Type::Document) {
            return wrong_type(call, 40398, element.value);
        }
        PLUMB_TRY(
            field,
            form == Type::Array ? read_tuple(call, element.value) : read_pair(call, element.value));
        if (field.name.find('\0') != std::string_view::npos) {
            return operator_error(call, 4940400, "key field cannot contain an embedded null byte");
        }
        const auto known = std::find_if(fields.begin(), fields.end(), [&](const auto& each) {
            return each.name == field.name;
        });
        // The last value of a name wins, at the place of the first.
        if (known != fields.end()) {
            known->value = field.value;
        } else {
            fields.push_back(field);
        }
    }
    DocumentWriter out{call.arena(), array.raw().size()};
    for (const bson::Element& field : fields) {
        out.append(field.name, field.value);
    }
    return out.finish();
}

}  // namespace plumb::query
