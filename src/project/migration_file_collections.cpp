// SPDX-License-Identifier: GPL-3.0-or-later
// The operations on collections and the commands as written, from YAML.
#include "project/migration_file_internal.h"
#include "project/migration_keys.h"
#include "project/suggest.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace plumb::project {

namespace {

constexpr auto kCreateOptions = std::to_array<std::string_view>({
    "capped",
    "changeStreamPreAndPostImages",
    "clusteredIndex",
    "collation",
    "expireAfterSeconds",
    "indexOptionDefaults",
    "max",
    "pipeline",
    "size",
    "storageEngine",
    "timeseries",
    "validationAction",
    "validationLevel",
    "validator",
    "viewOn",
});

}  // namespace

Status read_create_collection(const YamlNode& body, Operation& out) {
    if (const YamlNode* options = body.find("options")) {
        for (const auto& [key, value] : options->members()) {
            if (!std::binary_search(kCreateOptions.begin(), kCreateOptions.end(), key.text())) {
                return fail_at(key.position(),
                               fmt::format("'{}' is no option of create{}",
                                           key.text(),
                                           did_you_mean(key.text(), kCreateOptions)));
            }
        }
    }
    PLUMB_TRY(options, document_or_empty(body, "options"));
    out.body = CreateCollection{std::move(options)};
    return {};
}

Status read_rename_collection(const YamlNode& body, Operation& out) {
    if (text_at(body, "to") == out.collection) {
        return fail_at(body.find("to")->position(), "it has that name already");
    }
    out.body = RenameCollection{text_at(body, "to")};
    return {};
}

Status read_drop_collection(const YamlNode& /*body*/, Operation& out) {
    out.body = DropCollection{};
    return {};
}

Status read_set_validator(const YamlNode& body, Operation& out) {
    SetValidator set;
    PLUMB_TRY(validator, document_or_empty(body, "validator"));
    set.validator = std::move(validator);
    PLUMB_TRY(level, body.string_or("level", set.level));
    set.level = std::move(level);
    PLUMB_TRY(action, body.string_or("action", set.action));
    set.action = std::move(action);
    out.body = std::move(set);
    return {};
}

Status read_set_options(const YamlNode& body, Operation& out) {
    PLUMB_TRY(options, document_or_empty(body, "options"));
    if (options.empty()) {
        return fail_at(body.find("options")->position(), "'options' names nothing to set");
    }
    out.body = SetOptions{std::move(options)};
    return {};
}

Status read_run(const YamlNode& body, Operation& out) {
    RunCommand run;
    PLUMB_TRY(up, document_or_empty(body, "up"));
    run.up = std::move(up);
    PLUMB_TRY(down, document_or_empty(body, "down"));
    run.down = std::move(down);
    out.body = std::move(run);
    return {};
}

Status read_native(const YamlNode& body, Operation& out) {
    PLUMB_TRY(name, body.as_string());
    const bool good = !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '_';
    });
    if (!good) {
        return fail_at(body.position(), fmt::format("'{}' is no name of a class", name));
    }
    out.body = Native{std::move(name)};
    return {};
}

}  // namespace plumb::project
