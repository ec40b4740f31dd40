// SPDX-License-Identifier: GPL-3.0-or-later
// The same indexes over parts of a sample: how large they get, how long they take. What a forecast
// is fitted to.
//
// Threads  one thread.
#pragma once

#include "base/clock.h"
#include "base/interrupt.h"
#include "base/result.h"
#include "client/client.h"
#include "project/index_definition.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace plumb::rehearse {

// One part: every second document, every fourth …
struct Part {
    std::vector<bson::Document> documents;
    std::map<std::string, double> index_bytes;                // by the index's name
    std::map<std::string, std::vector<bson::Document>> held;  // by a partial index's name
    std::vector<double> build_ms;  // one a group; the fastest of some runs
};

struct PartBuilding {
    client::Client& client;
    const Clock& clock;
    Interrupt& interrupt;
    // Indexes that are built by one command each.
    const std::vector<std::vector<project::IndexDefinition>>& groups;
};

inline constexpr std::string_view kPartsDatabase = "plumb_forecast";
inline constexpr std::string_view kPartCollection = "part";

[[nodiscard]] Status drop_parts(client::Client& client);

// Milliseconds of building one group over the collection that is there; the fastest of some runs.
[[nodiscard]] Result<double> build_time(const PartBuilding& with,
                                        const std::vector<project::IndexDefinition>& group);

// Makes the parts in a database of their own, largest first, and removes it.
//   documents  in their order of insertion
[[nodiscard]] Result<std::vector<Part>> build_parts(const PartBuilding& with,
                                                    const std::vector<bson::Document>& documents);

}  // namespace plumb::rehearse
