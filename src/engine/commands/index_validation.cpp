// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/index_validation.h"

#include "bson/builder.h"
#include "bson/compare.h"
#include "bson/json.h"
#include "bson/number.h"
#include "engine/commands/fields.h"
#include "engine/commands/partial_filter.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <optional>

namespace plumb::commands {

namespace {

using storage::IndexSpec;

// clang-format off
constexpr auto kOptionNames = std::to_array<std::string_view>({
    "2dsphereIndexVersion", "background", "bits", "bucketSize", "coarsestIndexedLevel", "collation",
    "default_language", "dropDups", "expireAfterSeconds", "finestIndexedLevel", "hidden", "key",
    "language_override", "max", "min", "name", "ns", "partialFilterExpression", "sparse",
    "storageEngine", "textIndexVersion", "unique", "v", "weights", "wildcardProjection",
});
constexpr auto kIdIndexOptions = std::to_array<std::string_view>({
    "collation", "key", "name", "ns", "v",
});
// What listIndexes shows at a fixed place, or not at all; all else follows as it was given.
constexpr auto kPlacedOptions = std::to_array<std::string_view>({
    "_id", "collation", "dropDups", "key", "name", "ns", "unique", "v",
});
// What two definitions may differ in and still be the same index.
constexpr auto kNotCompared = std::to_array<std::string_view>({
    "2dsphereIndexVersion", "background", "dropDups", "hidden", "key", "name", "ns", "sparse",
    "textIndexVersion", "unique", "v",
});
// clang-format on

template <std::size_t N>
bool contains(const std::array<std::string_view, N>& names, std::string_view name) {
    return std::ranges::find(names, name) != names.end();
}

// {_id: 1}, also with another number type; MongoDB takes {_id: -1} for an attempt at it as well.
bool is_id_pattern(bson::View key) {
    if (key.count() != 1 || key.front().name != "_id" || !key.front().value.is_number()) {
        return false;
    }
    const std::int64_t order = bson::to_clamped_int64(key.front().value);
    return order == 1 || order == -1;
}

Status check_id_index(bson::View spec, bson::View key) {
    if (bson::to_clamped_int64(key.front().value) != 1) {
        return fail(ErrorCode::BadValue,
                    fmt::format("The field 'key' for an _id index must be {{_id: 1}}, but got {}",
                                bson::to_json(key)));
    }
    for (const bson::Element& option : spec) {
        if (!contains(kIdIndexOptions, option.name)) {
            return fail(ErrorCode::InvalidIndexSpecificationOption,
                        fmt::format("The field '{}' is not valid for an _id index specification. "
                                    "Specification: {}",
                                    option.name,
                                    bson::to_json(spec)));
        }
    }
    return {};
}

Status check_version(bson::ValueView version) {
    if (version.missing()) {
        return {};
    }
    if (!version.is_number()) {
        return fail(ErrorCode::TypeMismatch, "The field 'v' must be a number");
    }
    const auto number = bson::to_exact_int64(version);
    if (!number) {
        return fail(ErrorCode::BadValue, "Index version must be representable as a 32-bit integer");
    }
    if (*number != 1 && *number != 2) {
        return fail(
            ErrorCode::CannotCreateIndex,
            fmt::format("Invalid index specification: cannot create an index with v={}", *number));
    }
    return {};
}

Status check_name(bson::ValueView name) {
    if (name.missing()) {
        return fail(ErrorCode::FailedToParse,
                    "The 'name' field is a required property of an index specification");
    }
    if (name.type() != bson::Type::String) {
        return fail(ErrorCode::TypeMismatch, "The field 'name' must be a string");
    }
    if (name.as_string().empty()) {
        return fail(ErrorCode::CannotCreateIndex, "index name cannot be empty");
    }
    if (name.as_string() == "*") {
        return fail(ErrorCode::BadValue, "The index name '*' is not valid.");
    }
    return {};
}

Status check_namespace(bson::ValueView given, std::string_view ns) {
    if (given.missing()) {
        return {};
    }
    if (given.type() != bson::Type::String) {
        return fail(ErrorCode::TypeMismatch, "The field 'ns' must be a string");
    }
    if (!given.as_string().empty() && given.as_string() != ns) {
        return fail(ErrorCode::BadValue,
                    fmt::format("The value of the field 'ns' ({}) doesn't match the namespace '{}'",
                                given.as_string(),
                                ns));
    }
    return {};
}

Status check_index_collation(bson::ValueView collation) {
    if (collation.missing()) {
        return {};
    }
    if (collation.type() != bson::Type::Document) {
        return fail(ErrorCode::TypeMismatch, "The field 'collation' must be an object");
    }
    if (collation.as_document().empty()) {
        return fail(ErrorCode::BadValue, "The field 'collation' cannot be an empty object.");
    }
    return check_collation(collation);
}

Status check_expiry(bson::View spec, bson::View key) {
    const bson::ValueView seconds = spec.find("expireAfterSeconds");
    if (seconds.missing()) {
        return {};
    }
    if (!seconds.is_number()) {
        return fail(ErrorCode::CannotCreateIndex,
                    fmt::format("TTL index 'expireAfterSeconds' option must be numeric, but "
                                "received a type of '{}'",
                                bson::type_name(seconds.type())));
    }
    const std::int64_t number = bson::to_clamped_int64(seconds);
    if (number < 0 || number > std::numeric_limits<std::int32_t>::max()) {
        return fail(ErrorCode::CannotCreateIndex,
                    fmt::format("TTL index 'expireAfterSeconds' option must be between 0 and {}",
                                std::numeric_limits<std::int32_t>::max()));
    }
    if (key.count() != 1) {
        return fail(ErrorCode::CannotCreateIndex,
                    "TTL indexes are single-field indexes, compound indexes do not support TTL");
    }
    return {};
}

Status check_partial(bson::View spec, bool is_id) {
    const bson::ValueView filter = spec.find("partialFilterExpression");
    if (filter.missing()) {
        return {};
    }
    if (filter.type() != bson::Type::Document) {
        return fail(ErrorCode::TypeMismatch,
                    fmt::format("The field 'partialFilterExpression' must be an object, but got {}",
                                bson::type_name(filter.type())));
    }
    if (bool_or(spec, "sparse", false)) {
        return fail(ErrorCode::CannotCreateIndex,
                    "cannot mix \"partialFilterExpression\" and \"sparse\" options");
    }
    if (is_id) {
        return fail(ErrorCode::CannotCreateIndex, "_id index cannot be a partial index");
    }
    return check_partial_filter(filter.as_document());
}

bson::Document make_listed(bson::View spec, const IndexSpec& parsed) {
    bson::Builder out;
    const bson::ValueView version = spec.find("v");
    out.append("v",
               version.missing() ? 2 : static_cast<std::int32_t>(bson::to_clamped_int64(version)));
    if (parsed.unique) {
        out.append("unique", true);
    }
    out.append("key", parsed.key);
    out.append("name", parsed.name);
    for (const bson::Element& option : spec) {
        if (!contains(kPlacedOptions, option.name)) {
            out.append(option.name, option.value);
        }
    }
    return out.finish();
}

Status check_spec(std::string_view ns, bson::View spec, bson::View key) {
    PLUMB_CHECK(check_name(spec.find("name")));
    PLUMB_CHECK(check_namespace(spec.find("ns"), ns));
    PLUMB_CHECK(check_version(spec.find("v")));
    PLUMB_CHECK(check_index_collation(spec.find("collation")));
    const bool is_id = is_id_pattern(key);
    if (is_id) {
        PLUMB_CHECK(check_id_index(spec, key));
    }
    PLUMB_CHECK(check_partial(spec, is_id));
    PLUMB_CHECK(check_expiry(spec, key));
    const bool hashed = key.front().value.type() == bson::Type::String;
    if (hashed && bool_or(spec, "unique", false)) {
        return fail(ErrorCode{16764},
                    "Currently hashed indexes cannot guarantee uniqueness. Use a regular index.");
    }
    return {};
}

// Options that must be equal, by name.
std::map<std::string_view, bson::ValueView> compared_options(const IndexSpec& spec) {
    std::map<std::string_view, bson::ValueView> out;
    for (const bson::Element& option : spec.listed) {
        if (!contains(kNotCompared, option.name)) {
            out.emplace(option.name, option.value);
        }
    }
    return out;
}

bool same_options(const IndexSpec& a, const IndexSpec& b) {
    if (a.sparse != b.sparse) {
        return false;
    }
    const bool both_id = a.name == "_id_" && b.name == "_id_";
    if (!both_id && a.unique != b.unique) {
        return false;
    }
    const auto options_a = compared_options(a);
    const auto options_b = compared_options(b);
    return std::ranges::equal(options_a, options_b, [](const auto& left, const auto& right) {
        return left.first == right.first && bson::equal(left.second, right.second);
    });
}

}  // namespace

Result<IndexSpec> parse_index(std::string_view ns, bson::View spec) {
    for (const bson::Element& option : spec) {
        if (!contains(kOptionNames, option.name)) {
            return fail(ErrorCode::InvalidIndexSpecificationOption,
                        fmt::format("The field '{}' is not valid for an index specification. "
                                    "Specification: {}",
                                    option.name,
                                    bson::to_json(spec)));
        }
    }
    const bson::ValueView key_value = spec.find("key");
    if (key_value.missing()) {
        return fail(ErrorCode::FailedToParse,
                    "The 'key' field is a required property of an index specification");
    }
    if (key_value.type() != bson::Type::Document) {
        return fail(ErrorCode::TypeMismatch,
                    fmt::format("The field 'key' must be an object, but got {}",
                                bson::type_name(key_value.type())));
    }
    const bson::View key = key_value.as_document();
    PLUMB_CHECK(check_index_key(key));
    PLUMB_CHECK(check_spec(ns, spec, key));

    IndexSpec out;
    const bool is_id = is_id_pattern(key);
    out.name = is_id ? std::string{"_id_"} : std::string{spec.find("name").as_string()};
    out.key = bson::Document{key};
    out.kind = key.front().value.type() == bson::Type::String ? storage::IndexKind::Hashed
                                                              : storage::IndexKind::Ordered;
    out.unique = bool_or(spec, "unique", false);
    out.sparse = bool_or(spec, "sparse", false);
    out.hidden = bool_or(spec, "hidden", false);
    if (const bson::ValueView filter = spec.find("partialFilterExpression"); !filter.missing()) {
        out.partial = bson::Document{filter.as_document()};
    }
    if (const bson::ValueView seconds = spec.find("expireAfterSeconds"); !seconds.missing()) {
        out.expire_after_seconds = bson::Value{seconds};
    }
    out.listed = make_listed(spec, out);
    return out;
}

Result<IndexFate> compare_with_existing(const IndexSpec& spec,
                                        const std::vector<const IndexSpec*>& existing) {
    const auto same_key = [&](const IndexSpec* other) {
        return bson::compare(other->key.view(), spec.key.view()) == 0;
    };
    const auto named =
        std::ranges::find_if(existing, [&](const auto* other) { return other->name == spec.name; });
    if (named != existing.end()) {
        if (!same_key(*named)) {
            return fail(
                ErrorCode::IndexKeySpecsConflict,
                fmt::format("Index must have unique name. The existing index {} has key {}, "
                            "the requested one {}",
                            spec.name,
                            bson::to_json((*named)->key.view()),
                            bson::to_json(spec.key.view())));
        }
        if (!same_options(spec, **named)) {
            return fail(ErrorCode::IndexOptionsConflict,
                        fmt::format("Index with name: {} already exists with different options",
                                    spec.name));
        }
        return IndexFate::AlreadyThere;
    }
    const auto keyed = std::ranges::find_if(existing, same_key);
    if (keyed == existing.end()) {
        return IndexFate::New;
    }
    return fail(ErrorCode::IndexOptionsConflict,
                fmt::format("Index with pattern: {} already exists with {}: {}",
                            bson::to_json(spec.key.view()),
                            same_options(spec, **keyed) ? "a different name" : "different options",
                            (*keyed)->name));
}

bson::Document listed_with_namespace(const IndexSpec& spec, std::string_view ns) {
    bson::Builder out;
    for (const bson::Element& option : spec.listed) {
        out.append(option.name, option.value);
        if (option.name == "name") {
            out.append("ns", ns);
        }
    }
    return out.finish();
}

}  // namespace plumb::commands
