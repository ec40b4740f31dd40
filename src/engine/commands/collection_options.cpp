// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/collection_options.h"

#include "bson/builder.h"
#include "engine/commands/fields.h"
#include "engine/query/matcher.h"
#include "engine/query/stage.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
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

// What is taken and has no meaning here, so that it is not kept either.
constexpr auto kNotKept = std::to_array<std::string_view>({
    "autoIndexId",
    "collation",
    "flags",
    "idIndex",
    "indexOptionDefaults",
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

Status check_capped(bson::View command) {
    if (!bool_or(command, "capped", false)) {
        return {};
    }
    if (!command.has("size")) {
        return fail(ErrorCode::InvalidOptions,
                    "the 'size' field is required when 'capped' is true");
    }
    return fail(ErrorCode::CommandNotSupported,
                "plumbd has no capped collections yet; create it without capped, or use a TTL "
                "index to bound it");
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
