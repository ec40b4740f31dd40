// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/fields.h"

#include "bson/number.h"
#include "engine/commands/generic_fields.h"

#include <fmt/format.h>

#include <algorithm>

namespace plumb::commands {

namespace {

TypeSet set_of(bson::Type type) {
    switch (type) {
        case bson::Type::String:
            return kString;
        case bson::Type::Document:
            return kDocument;
        case bson::Type::Array:
            return kArray;
        case bson::Type::Bool:
            return kBool;
        case bson::Type::Null:
        case bson::Type::Undefined:
            return kNull;
        case bson::Type::Int64:
            return kNumber | kInt64;
        case bson::Type::Double:
        case bson::Type::Int32:
        case bson::Type::Decimal128:
            return kNumber;
        case bson::Type::Missing:
        case bson::Type::Binary:
        case bson::Type::ObjectId:
        case bson::Type::Date:
        case bson::Type::Regex:
        case bson::Type::DbPointer:
        case bson::Type::Code:
        case bson::Type::Symbol:
        case bson::Type::CodeWithScope:
        case bson::Type::Timestamp:
        case bson::Type::MaxKey:
        case bson::Type::MinKey:
            break;
    }
    return 0;
}

std::string names_of(TypeSet types) {
    constexpr std::pair<TypeSet, std::string_view> kNames[] = {{kString, "string"},
                                                               {kDocument, "object"},
                                                               {kArray, "array"},
                                                               {kBool, "bool"},
                                                               {kNumber, "number"},
                                                               {kInt64, "long"}};
    std::string out;
    for (const auto& [set, name] : kNames) {
        if ((types & set) != 0) {
            out += out.empty() ? "" : " or ";
            out += name;
        }
    }
    return out;
}

Status check_one(const bson::Element& element, const FieldRule& rule, const FieldTable& table) {
    const bson::Type type = element.value.type();
    const bool absent = type == bson::Type::Null || type == bson::Type::Undefined;
    if (rule.types == kAnyType || (set_of(type) & rule.types) != 0 ||
        (absent && rule.need == Need::Optional)) {
        return {};
    }
    return fail(table.wrong_type,
                fmt::format("BSON field '{}.{}' is the wrong type '{}', expected type '{}'",
                            table.structure,
                            rule.name,
                            bson::type_name(type),
                            names_of(rule.types)));
}

Status check_walk(bson::Iterator at, bool is_command, const FieldTable& table) {
    std::uint64_t seen = 0;
    for (; at != std::default_sentinel; ++at) {
        const auto rule = std::ranges::find(table.rules, at->name, &FieldRule::name);
        if (rule == table.rules.end()) {
            if (is_command && is_generic_field(at->name)) {
                continue;
            }
            return fail(
                table.unknown,
                fmt::format("BSON field '{}.{}' is an unknown field.", table.structure, at->name));
        }
        const std::uint64_t bit = 1ULL << static_cast<unsigned>(rule - table.rules.begin());
        if ((seen & bit) != 0) {
            return fail(
                ErrorCode{40413},
                fmt::format("BSON field '{}.{}' is a duplicate field", table.structure, at->name));
        }
        seen |= bit;
        PLUMB_CHECK(check_one(*at, *rule, table));
    }
    for (std::size_t number = 0; number < table.rules.size(); ++number) {
        if (table.rules[number].need == Need::Required && (seen & (1ULL << number)) == 0) {
            return fail(table.missing,
                        fmt::format("BSON field '{}.{}' is missing but a required field",
                                    table.structure,
                                    table.rules[number].name));
        }
    }
    return {};
}

}  // namespace

Status check_fields(bson::View command, const FieldTable& table) {
    PLUMB_ASSERT(table.rules.size() < 64);
    bson::Iterator at = command.begin();
    if (at != std::default_sentinel) {
        ++at;
    }
    return check_walk(at, true, table);
}

Status check_nested(bson::View document, const FieldTable& table) {
    PLUMB_ASSERT(table.rules.size() < 64);
    return check_walk(document.begin(), false, table);
}

bool bool_or(bson::View document, std::string_view name, bool otherwise) {
    const bson::ValueView value = document.find(name);
    return value.nullish() ? otherwise : bson::truthy(value);
}

std::string_view string_or(bson::View document, std::string_view name, std::string_view otherwise) {
    const bson::ValueView value = document.find(name);
    return value.type() == bson::Type::String ? value.as_string() : otherwise;
}

bson::View document_or_empty(bson::View document, std::string_view name) {
    const bson::ValueView value = document.find(name);
    return value.type() == bson::Type::Document ? value.as_document() : bson::View{};
}

std::optional<std::int64_t> integer(bson::View document, std::string_view name) {
    const bson::ValueView value = document.find(name);
    if (!value.is_number()) {
        return std::nullopt;
    }
    return bson::to_clamped_int64(value);
}

Status check_collation(bson::ValueView collation) {
    if (collation.nullish()) {
        return {};
    }
    if (collation.type() != bson::Type::Document) {
        return fail(ErrorCode::TypeMismatch, "collation must be an object");
    }
    const bson::View spec = collation.as_document();
    if (spec.empty() || string_or(spec, "locale", "") == "simple") {
        return {};
    }
    const bson::ValueView locale = spec.find("locale");
    if (locale.missing()) {
        return fail(ErrorCode{40414},
                    "BSON field 'collation.locale' is missing but a required field");
    }
    if (locale.type() != bson::Type::String) {
        return fail(ErrorCode::TypeMismatch, "collation.locale must be a string");
    }
    return fail(ErrorCode::CommandNotSupported,
                fmt::format("plumbd compares strings byte by byte; collation locale \"{}\" is not "
                            "available, leave collation out or use {{locale: \"simple\"}}",
                            locale.as_string()));
}

}  // namespace plumb::commands
