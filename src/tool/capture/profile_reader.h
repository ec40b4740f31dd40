// SPDX-License-Identifier: GPL-3.0-or-later
// The profiler's collection as a source of shapes, read from a server or from an export of it (one
// document a line, extended JSON).
//
// Threads  one thread.
#pragma once

#include "base/interrupt.h"
#include "base/result.h"
#include "bson/document.h"
#include "client/client.h"
#include "tool/capture/shape_table.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace plumb::capture {

struct ProfileSummary {
    std::int64_t documents = 0;
    std::int64_t operations = 0;  // that became calls of shapes or later batches of them
    std::int64_t ignored = 0;     // that ask no collection
    std::int64_t truncated = 0;   // whose command the server cut short
    std::int64_t own = 0;         // of Plumbline's own connections (app_name.h)
    std::int64_t malformed = 0;   // lines of an export that are no documents
    std::int64_t first_ms = 0;    // since the epoch; 0: nothing seen
    std::int64_t last_ms = 0;
};

// One document of system.profile.
void add_profile_document(bson::View document, ShapeTable& table, ProfileSummary& summary);

// All of `database`.system.profile, oldest first.
//   errors  Unauthorized …; NamespaceNotFound if the database is not and was not profiled
[[nodiscard]] Result<ProfileSummary> read_profile(client::Client& client,
                                                  const std::string& database,
                                                  ShapeTable& table,
                                                  Interrupt& interrupt);

// errors  IoError naming the file
[[nodiscard]] Result<ProfileSummary> read_profile_export(const std::filesystem::path& file,
                                                         ShapeTable& table);

}  // namespace plumb::capture
