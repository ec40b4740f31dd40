// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/language_list.h"

#include "bson/builder.h"
#include "bson/json.h"
#include "engine/commands/command.h"
#include "engine/query/language.h"
#include "engine/query/matcher.h"
#include "engine/query/stage.h"

#include <fmt/format.h>

#include <array>
#include <string_view>
#include <vector>

namespace plumb::commands {
namespace {

using query::LanguageEntry;

Status parse_stage(const std::string& json) {
    PLUMB_TRY(stage, bson::from_json(json));
    query::PipelineContext context;
    const std::vector<bson::Document> stages{stage};
    PLUMB_CHECK(query::parse_pipeline(stages, context));
    return {};
}

Status parse_filter(const std::string& json) {
    PLUMB_TRY(filter, bson::from_json(json));
    PLUMB_CHECK(query::Matcher::parse(filter));
    return {};
}

// What a user gets who writes a refused operator in the simplest form.
Status try_filter(std::string_view name) {
    Status as_field = parse_filter(fmt::format(R"({{"a": {{"{}": "x"}}}})", name));
    Status as_top = parse_filter(fmt::format(R"({{"{}": "x"}})", name));
    const bool is_top = name == "$where" || name == "$text";
    return is_top ? std::move(as_top) : std::move(as_field);
}

Status try_stage(std::string_view name) {
    return parse_stage(fmt::format(R"({{"{}": {{}}}})", name));
}

Status try_expression(std::string_view name) {
    return parse_stage(fmt::format(R"({{"$project": {{"a": {{"{}": "x"}}}}}})", name));
}

Status try_accumulator(std::string_view name) {
    return parse_stage(fmt::format(R"({{"$group": {{"_id": null, "a": {{"{}": "x"}}}}}})", name));
}

Status try_update(std::string_view /*name*/) {
    return {};
}

struct Group {
    std::string_view title;
    std::vector<LanguageEntry> (*entries)();
    Status (*try_one)(std::string_view name);
};

constexpr auto kGroups = std::to_array<Group>({
    {"filter operators", query::match_entries, try_filter},
    {"update operators", query::update_entries, try_update},
    {"aggregation stages", query::stage_entries, try_stage},
    {"accumulators", query::accumulator_entries, try_accumulator},
    {"expressions", query::expression_entries, try_expression},
});

Status append_entry(const Group& group, const LanguageEntry& entry, bson::Builder& out) {
    out.push_document();
    out.append("name", entry.name).append("help", entry.help);
    if (!entry.difference.empty()) {
        out.append("difference", entry.difference);
    }
    if (!entry.refused.empty()) {
        const Status refusal = group.try_one(entry.name);
        if (refusal.ok()) {
            return fail(ErrorCode::InternalError, fmt::format("{} is not refused", entry.name));
        }
        out.append("refused", entry.refused);
        out.append("code", static_cast<std::int32_t>(refusal.error().code()));
        out.append("message", refusal.error().message());
    }
    out.end();
    return {};
}

void append_commands(bson::Builder& out) {
    out.begin_array("commands");
    for (const CommandRow& row : command_table()) {
        out.push_document().append("name", row.name).append("help", row.help).end();
    }
    out.end();
}

}  // namespace

Result<std::string> language_list() {
    bson::Builder out;
    for (const Group& group : kGroups) {
        out.begin_array(group.title);
        for (const LanguageEntry& entry : group.entries()) {
            PLUMB_CHECK(append_entry(group, entry, out));
        }
        out.end();
    }
    append_commands(out);
    return bson::to_json(out.finish_view());
}

}  // namespace plumb::commands
