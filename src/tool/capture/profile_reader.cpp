// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/capture/profile_reader.h"

#include "bson/builder.h"
#include "bson/json.h"
#include "bson/number.h"
#include "tool/workload/app_name.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>

namespace plumb::capture {
namespace {

std::int64_t whole(bson::View document, std::string_view name) {
    const bson::ValueView value = document.find(name);
    return value.is_number() ? bson::to_clamped_int64(value) : 0;
}

std::string_view text(bson::View document, std::string_view name) {
    const bson::ValueView value = document.find(name);
    return value.type() == bson::Type::String ? value.as_string() : std::string_view{};
}

// The command that opened the cursor, for a later batch.
bson::View command_of(bson::View document, bool is_more) {
    const bson::ValueView value = document.find(is_more ? std::string_view{"originatingCommand"}
                                                        : std::string_view{"command"});
    return value.type() == bson::Type::Document ? value.as_document() : bson::View{};
}

std::int64_t affected(bson::View document) {
    for (const std::string_view name : {"nreturned", "nMatched", "ndeleted", "ninserted"}) {
        if (document.has(name)) {
            return whole(document, name);
        }
    }
    return 0;
}

void note_time(bson::View document, ProfileSummary& summary) {
    const bson::ValueView at = document.find("ts");
    if (at.type() != bson::Type::Date) {
        return;
    }
    const std::int64_t ms = at.as_date().ms;
    summary.first_ms = summary.first_ms == 0 ? ms : std::min(summary.first_ms, ms);
    summary.last_ms = std::max(summary.last_ms, ms);
}

void set_rates(ShapeTable& table, const ProfileSummary& summary) {
    constexpr double kMinuteMs = 60'000.0;
    const double minutes = static_cast<double>(summary.last_ms - summary.first_ms) / kMinuteMs;
    for (std::size_t at = 0; minutes > 0 && at < table.shapes().size(); ++at) {
        table.at(at).calls_a_minute = static_cast<double>(table.at(at).calls) / minutes;
    }
}

}  // namespace

void add_profile_document(bson::View document, ShapeTable& table, ProfileSummary& summary) {
    ++summary.documents;
    if (text(document, "appName") == workload::kOwnAppName) {
        ++summary.own;
        return;
    }
    const bool is_more = text(document, "op") == "getmore";
    const bson::View command = command_of(document, is_more);
    if (command.has("$truncated")) {
        ++summary.truncated;
        return;
    }
    const std::string_view ns = text(document, "ns");
    const std::size_t dot = ns.find('.');
    const std::string_view collection =
        dot == std::string_view::npos ? std::string_view{} : ns.substr(dot + 1);
    auto shape = shape_of(ns.substr(0, dot), command, collection);
    // The profiler's own collection is no part of an application's workload.
    if (!shape || shape->collection == "system.profile") {
        ++summary.ignored;
        return;
    }
    ++summary.operations;
    note_time(document, summary);
    const std::size_t at = table.index_of(*std::move(shape));
    if (table.wants_values(at)) {
        table.observe(at, command);
    }
    const bson::ValueView sorts = document.find("hasSortStage");
    table.record(at,
                 {.ms = whole(document, "millis"),
                  .keys_examined = whole(document, "keysExamined"),
                  .docs_examined = whole(document, "docsExamined"),
                  .returned = affected(document),
                  .reply_bytes = whole(document, "responseLength"),
                  .sorted_in_memory = !sorts.missing() && bson::truthy(sorts),
                  .is_more = is_more,
                  .plan_summary = text(document, "planSummary")});
}

Result<ProfileSummary> read_profile(client::Client& client,
                                    const std::string& database,
                                    ShapeTable& table,
                                    Interrupt& interrupt) {
    ProfileSummary summary;
    client::FindOptions options;
    bson::Builder sort;
    sort.append("$natural", 1);
    options.sort = sort.finish();
    const Status read = client.find(
        database, "system.profile", bson::View{}, options, [&](bson::View document) -> Status {
            PLUMB_CHECK(interrupt.check());
            add_profile_document(document, table, summary);
            return {};
        });
    PLUMB_CHECK(read);
    if (summary.documents == 0) {
        return fail(ErrorCode::NamespaceNotFound,
                    fmt::format("{0}.system.profile is empty: turn the profiler on with "
                                "{{profile: 1, slowms: 20}} (or level 2) on {0}, let the "
                                "application run, and try again",
                                database));
    }
    set_rates(table, summary);
    return summary;
}

Result<ProfileSummary> read_profile_export(const std::filesystem::path& file, ShapeTable& table) {
    std::ifstream in{file};
    if (!in) {
        return fail(ErrorCode::IoError, fmt::format("{}: cannot be read", file.string()));
    }
    ProfileSummary summary;
    for (std::string line; std::getline(in, line);) {
        if (line.empty()) {
            continue;
        }
        if (const auto document = bson::from_json(line); document.ok()) {
            add_profile_document(*document, table, summary);
        } else {
            ++summary.malformed;
        }
    }
    set_rates(table, summary);
    return summary;
}

}  // namespace plumb::capture
