// SPDX-License-Identifier: GPL-3.0-or-later
// A database as it is: options, indexes and a hash of the contents of each collection, to tell
// whether the way back led back. Plumbline's own collections are left out.
//
//   PLUMB_TRY(before, take_snapshot(client, "shop", interrupt, progress));
//   …
//   for (const Changed& each : compare(before, after)) { … }
//
// Threads  one thread; compare is a pure function.
#pragma once

#include "base/interrupt.h"
#include "base/result.h"
#include "bson/document.h"
#include "client/client.h"
#include "tool/copy/content_hash.h"
#include "tool/copy/copy.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace plumb::rehearse {

struct CollectionSnapshot {
    bool is_view = false;
    bson::Document options;
    std::vector<bson::Document> indexes;
    copy::Contents contents;
};

using Snapshot = std::map<std::string, CollectionSnapshot, std::less<>>;

// Reads everything. errors: Interrupted; what the server says
[[nodiscard]] Result<Snapshot> take_snapshot(client::Client& client,
                                             std::string_view database,
                                             Interrupt& interrupt,
                                             const copy::Progress& progress);

struct Changed {
    enum class What : std::uint8_t { Collection, Options, Indexes, Contents };
    What what = What::Collection;
    std::string collection;
    std::string text;
};

// What differs, by collection; empty if nothing does.
[[nodiscard]] std::vector<Changed> compare(const Snapshot& wanted, const Snapshot& found);

// True for collections that Plumbline keeps its own notes in.
[[nodiscard]] bool is_own_collection(std::string_view name);

}  // namespace plumb::rehearse
