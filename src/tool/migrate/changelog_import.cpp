// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/migrate/changelog_import.h"

#include "bson/builder.h"
#include "bson/number.h"
#include "project/suggest.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace plumb::migrate {
namespace {

std::string text_at(bson::View document, std::string_view field) {
    const bson::ValueView value = document.find(field);
    return value.type() == bson::Type::String ? std::string{value.as_string()} : std::string{};
}

bool is_true(bson::View document, std::string_view field) {
    const bson::ValueView value = document.find(field);
    return value.type() == bson::Type::Bool && value.as_bool();
}

std::int64_t time_at(bson::View document, std::string_view field) {
    const bson::ValueView value = document.find(field);
    return value.type() == bson::Type::Date ? value.as_date().ms : 0;
}

void read_migrate_mongo(bson::View document, ForeignLog& out) {
    const std::string file = text_at(document, "fileName");
    if (!file.empty()) {
        out.changes.push_back({name_of_change(file), file, time_at(document, "appliedAt")});
    }
}

void read_mongock(bson::View document, ForeignLog& out) {
    const std::string id = text_at(document, "changeId");
    const std::string state = text_at(document, "state");
    const std::string type = text_at(document, "type");
    if (id.empty() || is_true(document, "systemChange") || type == "BEFORE_EXECUTION") {
        return;
    }
    const std::string author = text_at(document, "author");
    const std::string text = author.empty() ? id : fmt::format("{} by {}", id, author);
    // Old versions wrote no state: what is there was executed.
    if (state.empty() || state == "EXECUTED") {
        out.changes.push_back({name_of_change(id), text, time_at(document, "timestamp")});
    } else if (state != "IGNORED") {
        out.not_applied.push_back(fmt::format("{} ({})", text, state));
    }
}

struct Tool {
    std::string_view name;
    std::string_view collection;
    void (*read)(bson::View, ForeignLog&);
};

constexpr auto kTools = std::to_array<Tool>({
    {"migrate-mongo", "changelog", read_migrate_mongo},
    {"mongock", "mongockChangeLog", read_mongock},
});

}  // namespace

std::vector<std::string_view> changelog_tools() {
    std::vector<std::string_view> out;
    for (const Tool& tool : kTools) {
        out.push_back(tool.name);
    }
    return out;
}

std::string name_of_change(std::string_view text) {
    if (const auto dot = text.rfind('.'); dot != std::string_view::npos && text.size() - dot <= 5) {
        text = text.substr(0, dot);
    }
    // A time or number in front, as migrate-mongo writes it.
    const auto digits = text.find_first_not_of("0123456789");
    if (digits != std::string_view::npos && digits > 0 && digits + 1 < text.size() &&
        (text[digits] == '-' || text[digits] == '_')) {
        text = text.substr(digits + 1);
    }
    std::string out;
    for (const char c : text) {
        const bool upper = c >= 'A' && c <= 'Z';
        const bool kept = upper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (kept) {
            out += upper ? static_cast<char>(c - 'A' + 'a') : c;
        } else if (!out.empty() && out.back() != '_') {
            out += '_';
        }
    }
    while (out.ends_with('_')) {
        out.pop_back();
    }
    return out.empty() ? "unnamed" : out;
}

Result<ForeignLog> read_changelog(const Deployment& deployment,
                                  std::string_view tool,
                                  const std::string& collection) {
    const auto* row = std::find_if(
        kTools.begin(), kTools.end(), [tool](const Tool& each) { return each.name == tool; });
    if (row == kTools.end()) {
        const std::vector<std::string_view> known = changelog_tools();
        return fail(ErrorCode::UsageError,
                    fmt::format("no history of '{}' can be read{} (known: {})",
                                tool,
                                project::did_you_mean(tool, known),
                                fmt::join(known, ", ")));
    }
    ForeignLog out;
    out.tool = row->name;
    out.collection = collection.empty() ? std::string{row->collection} : collection;
    std::int64_t seen = 0;
    PLUMB_CHECK(deployment.client.find(deployment.database,
                                       out.collection,
                                       bson::View{},
                                       {},
                                       [&out, &seen, row](bson::View document) -> Status {
                                           ++seen;
                                           row->read(document, out);
                                           return {};
                                       }));
    if (seen == 0) {
        return fail(ErrorCode::NamespaceNotFound,
                    fmt::format("{}.{} is not there or empty; name {}'s collection with "
                                "--changelog",
                                deployment.database,
                                out.collection,
                                out.tool));
    }
    std::stable_sort(out.changes.begin(), out.changes.end(), [](const auto& a, const auto& b) {
        return a.applied_ms < b.applied_ms;
    });
    return out;
}

Result<std::vector<BaselineEntry>> as_baseline(const ForeignLog& log,
                                               const std::vector<project::MigrationFile>& files) {
    std::vector<BaselineEntry> out;
    for (const ForeignChange& change : log.changes) {
        const int version = static_cast<int>(out.size()) + 1;
        const auto file = std::find_if(files.begin(), files.end(), [version](const auto& each) {
            return each.version == version;
        });
        const bool there = file != files.end();
        if (there && name_of_change(file->name) != change.name) {
            return fail(
                ErrorCode::RefusedForSafety,
                fmt::format("change {} of {} is '{}', but {} has that number; the project's own "
                            "migrations have to begin after {}",
                            version,
                            log.tool,
                            change.text,
                            file->path.string(),
                            project::version_text(static_cast<int>(log.changes.size()))));
        }
        out.push_back({version,
                       change.name,
                       there ? &*file : nullptr,
                       fmt::format("{}: {}", log.tool, change.text),
                       change.applied_ms});
    }
    return out;
}

}  // namespace plumb::migrate
