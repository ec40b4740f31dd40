// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/number.h"
#include "tool/migrate/lint/checks_internal.h"
#include "tool/migrate/native/native.h"

#include <fmt/format.h>

#include <memory>

namespace plumb::migrate::lint {

namespace {

// A class of the program that a file names and that is not there: no reader of YAML knows that.
void look_for_unknown_classes(const project::MigrationFile& file, std::vector<Found>& out) {
    for (const project::Operation& operation : file.up) {
        const auto* native = std::get_if<project::Native>(&operation.body);
        if (native == nullptr || make_native(native->class_name) != nullptr) {
            continue;
        }
        Found found;
        found.file = &file;
        found.position = operation.position;
        found.subject = native->class_name;
        found.text = fmt::format("there is no native migration '{}'; known: {}",
                                 native->class_name,
                                 fmt::join(native_names(), ", "));
        out.push_back(std::move(found));
    }
}

}  // namespace

FoundList check_invalid_file(const Context& context) {
    std::vector<Found> out;
    for (const project::MigrationFile* file : context.files) {
        look_for_unknown_classes(*file, out);
    }
    for (const project::ScannedMigration& each : context.scanned) {
        if (each.file.ok()) {
            continue;
        }
        const Error& error = each.file.error();
        Found found;
        found.position.file = std::make_shared<const std::string>(each.path.string());
        found.position.line = 1;
        found.position.column = 1;
        found.subject = each.path.filename().string();
        found.text = error.message();
        if (const std::string path = each.path.string() + ": "; found.text.starts_with(path)) {
            found.text.erase(0, path.size());
        }
        if (!error.details().empty()) {
            const bson::View details{std::string_view{error.details()}};
            found.position.line = static_cast<int>(bson::to_clamped_int64(details.find("line")));
            found.position.column =
                static_cast<int>(bson::to_clamped_int64(details.find("column")));
            // The place stands before each finding; once is enough.
            if (const std::string place = found.position.to_string() + ": ";
                found.text.starts_with(place)) {
                found.text.erase(0, place.size());
            }
        }
        out.push_back(std::move(found));
    }
    return out;
}

}  // namespace plumb::migrate::lint
