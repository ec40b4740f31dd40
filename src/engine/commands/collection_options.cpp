// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/collection_options.h"

#include "bson/builder.h"
#include "engine/commands/fields.h"
#include "engine/query/matcher.h"
#include "engine/query/stage.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <vector>

namespace plumb::commands {

namespace {

// In the order in which listCollections shows them.
// clang-format off
constexpr auto kFields = std::to_array<FieldRule>({
    {"capped",              kBoolish},
    {"size",                kNumber},
    {"max",                 kNumber},
    {"autoIndexId",         kBoolish},
    {"flags",               kNumber},
    {"temp",                kBoolish},
    {"storageEngine",       kDocument},
    {"indexOptionDefaults", kDocument},
    {"validator",           kDocument},
    {"validationLevel",     kString},
    {"validationAction",    kString},
    {"collation",           kDocument},
    {"viewOn",              kString},
    {"pipeline",            kArray},
    {"idIndex",             kDocument},
});
// clang-format on

// What is taken and has no meaning here, so that it is not kept either; and what is kept in another
// form.
constexpr auto kNotKept = std::to_array<std::string_view>({
    "autoIndexId",
    "capped",
    "collation",
    "flags",
    "idIndex",
    "indexOptionDefaults",
    "max",
    "size",
    "storageEngine",
    "temp",
});
constexpr auto kNotForViews = std::to_array<std::string_view>({
    "capped",
    "size",
    "max",
    "validator",
    "validationLevel",
    "validationAction",
    "idIndex",
    "autoIndexId",
    "storageEngine",
    "indexOptionDefaults",
});
constexpr auto kWritingStages = std::to_array<std::string_view>({"$merge", "$out"});

constexpr ErrorCode kGraphContainsCycle{5};

bool is_given(bson::View command, std::string_view name) {
    return !command.find(name).nullish();
}

Status check_capped(bson::View command) {
    const bool capped = bool_or(command, "capped", false);
    if (capped && !is_given(command, "size")) {
        return fail(ErrorCode::InvalidOptions,
                    "the 'size' field is required when 'capped' is true");
    }
    if (!capped && (is_given(command, "size") || is_given(command, "max"))) {
        return fail(ErrorCode::InvalidOptions,
                    "the 'capped' field needs to be true when either the 'size' or 'max' fields "
                    "are present");
    }
    return {};
}

void append_number(bson::Builder& out, std::string_view name, std::int64_t number) {
    if (number > std::numeric_limits<std::int32_t>::max()) {
        out.append(name, number);
    } else {
        out.append(name, static_cast<std::int32_t>(number));
    }
}

Status check_view(std::string_view ns, bson::View command) {
    const std::string_view view_on = string_or(command, "viewOn", "");
    if (view_on.empty()) {
        return fail(ErrorCode::BadValue, "'viewOn' cannot be empty");
    }
    for (const std::string_view name : kNotForViews) {
        if (command.has(name)) {
            return fail(ErrorCode::InvalidOptions,
                        fmt::format("option not supported on a view: {}", name));
        }
    }
    if (ns.substr(ns.find('.') + 1) == view_on) {
        return fail(kGraphContainsCycle, fmt::format("view cycle detected: {} → {}", ns, ns));
    }
    return check_view_pipeline(ns, command.find("pipeline"));
}

}  // namespace

Status check_validator(bson::View validator) {
    return [&]() -> Status {
        PLUMB_CHECK(query::Matcher::parse(validator));
        return {};
    }();
}

Status check_validation_level(std::string_view level) {
    constexpr std::string_view kLevels[] = {"", "off", "moderate", "strict"};
    if (std::ranges::find(kLevels, level) == std::end(kLevels)) {
        return fail(ErrorCode::BadValue, fmt::format("invalid validation level: {}", level));
    }
    return {};
}

Status check_validation_action(std::string_view action) {
    constexpr std::string_view kActions[] = {"", "error", "warn"};
    if (std::ranges::find(kActions, action) == std::end(kActions)) {
        return fail(ErrorCode::BadValue, fmt::format("invalid validation action: {}", action));
    }
    return {};
}

Status check_view_pipeline(std::string_view ns, bson::ValueView pipeline) {
    if (pipeline.nullish()) {
        return {};
    }
    std::vector<bson::View> stages;
    for (const bson::Element& stage : pipeline.as_array()) {
        if (stage.value.type() != bson::Type::Document) {
            return fail(ErrorCode::TypeMismatch,
                        "Each element of the 'pipeline' array must be an object");
        }
        stages.push_back(stage.value.as_document());
        const bool writes =
            !stages.back().empty() &&
            std::ranges::find(kWritingStages, stages.back().front().name) != kWritingStages.end();
        if (writes) {
            return fail(ErrorCode::OptionNotSupportedOnView,
                        fmt::format("The aggregation stage {} cannot be used in the view "
                                    "definition of {}",
                                    stages.back().front().name,
                                    ns));
        }
    }
    query::PipelineContext context;
    context.ns = ns;
    PLUMB_CHECK(query::parse_pipeline(stages, context));
    return {};
}

Status append_capped_options(std::int64_t size,
                             std::optional<std::int64_t> documents_max,
                             bson::Builder& out) {
    constexpr std::int64_t kPetabyte = std::int64_t{1} << 50;
    constexpr std::int64_t kSizeStep = 256;
    constexpr std::int64_t kDocumentsMax = std::numeric_limits<std::int32_t>::max();
    if (size < 0) {
        return fail(ErrorCode::BadValue, "size has to be >= 0");
    }
    if (size > kPetabyte) {
        return fail(ErrorCode::BadValue, "size cannot exceed 1 PB");
    }
    if (documents_max && *documents_max > kDocumentsMax) {
        return fail(ErrorCode::BadValue, "max in a capped collection has to be < 2^31 or not set");
    }
    const std::int64_t rounded = (size + kSizeStep - 1) / kSizeStep * kSizeStep;
    out.append("capped", true);
    // 4.2 takes a size of 0, does not keep it, and bounds the collection by a size of its own.
    if (rounded > 0) {
        append_number(out, "size", rounded);
    }
    if (documents_max) {
        append_number(out, "max", *documents_max <= 0 ? kDocumentsMax : *documents_max);
    }
    return {};
}

Result<bson::Document> parse_create_options(std::string_view ns, bson::View command) {
    PLUMB_CHECK(check_fields(command, {.structure = "create", .rules = kFields}));
    PLUMB_CHECK(check_collation(command.find("collation")));
    if (command.has("viewOn")) {
        PLUMB_CHECK(check_view(ns, command));
    } else if (command.has("pipeline")) {
        return fail(ErrorCode::BadValue, "'pipeline' cannot be specified without 'viewOn'");
    }
    PLUMB_CHECK(check_capped(command));
    PLUMB_CHECK(check_validation_level(string_or(command, "validationLevel", "")));
    PLUMB_CHECK(check_validation_action(string_or(command, "validationAction", "")));
    PLUMB_CHECK(check_validator(document_or_empty(command, "validator")));
    bson::Builder out;
    if (bool_or(command, "capped", false)) {
        PLUMB_CHECK(append_capped_options(*integer(command, "size"), integer(command, "max"), out));
    }
    for (const FieldRule& rule : kFields) {
        const bson::ValueView value = command.find(rule.name);
        const bool kept = std::ranges::find(kNotKept, rule.name) == kNotKept.end();
        if (kept && !value.nullish()) {
            out.append(rule.name, value);
        }
    }
    if (command.has("viewOn") && !command.has("pipeline")) {
        out.begin_array("pipeline").end();
    }
    return out.finish();
}

}  // namespace plumb::commands
