// SPDX-License-Identifier: GPL-3.0-or-later
// One database to another deployment: every collection with its options, indexes and validator,
// then the views; verified by counts and by hashes of the contents.
//
//   PLUMB_TRY(report, copy::run(*source, *target, {.database = "shop"}, interrupt, progress));
//   if (!report.equal()) { … }
//
// Documents go over in the order of their _id, so what a run that was stopped leaves behind is the
// beginning of the collection, and the next run goes on behind its last _id. A marker collection at
// the target (marker.h) tells a copy that was begun from somebody's data.
//
// Threads  one thread; `source` and `target` are two connections.
#pragma once

#include "base/interrupt.h"
#include "base/result.h"
#include "bson/document.h"
#include "client/client.h"
#include "tool/copy/content_hash.h"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace plumb::copy {

struct Options {
    std::string database;
    std::string target_database;  // empty: of the same name
    bool into_nonempty = false;   // the target may have collections that the source does not
};

enum class Kind : std::uint8_t { Collection, View };

// What became of one collection or view.
struct Line {
    std::string name;
    Kind kind = Kind::Collection;
    std::int64_t copied = 0;     // documents by this run
    std::int64_t continued = 0;  // documents that were there from a run before
    int indexes = 0;             // without _id_
    Contents source;
    Contents target;
    bool equal = true;
    std::string difference;  // why not
};

struct Report {
    std::vector<Line> lines;
    bool resumed = false;

    [[nodiscard]] bool equal() const;
};

// label: what is done to which collection; `total` 0 where it is not known.
using Progress = std::function<void(std::string_view label, std::int64_t done, std::int64_t total)>;

// errors  RefusedForSafety if the target has data, or is the source itself, before anything is
//         written; Interrupted; else what a server said. After an error the same call goes on.
[[nodiscard]] Result<Report> run(client::Client& source,
                                 client::Client& target,
                                 const Options& options,
                                 Interrupt& interrupt,
                                 const Progress& progress);

// {collections: [{name, kind, documents, …, hash, equal}], equal}
[[nodiscard]] bson::Document to_document(const Report& report);

}  // namespace plumb::copy
