// SPDX-License-Identifier: GPL-3.0-or-later
// The documents and the indexes of one collection, brought over.
//
// Threads  one thread.
#pragma once

#include "tool/copy/copy.h"
#include "tool/copy/schema.h"

namespace plumb::copy {

// Two ends, and how to stop and to tell: what every step needs.
struct Job {
    client::Client& source;
    client::Client& target;
    std::string source_database;
    std::string target_database;
    Interrupt& interrupt;
    const Progress& progress;
};

// Makes the collection if it is not there, copies what is missing behind its last _id, builds its
// indexes. A capped collection that was begun is made anew: its order is that
// of its inserts.
[[nodiscard]] Status load_collection(const Job& job, const Definition& definition, Line& line);
[[nodiscard]] Status load_view(const Job& job, const Definition& definition);

}  // namespace plumb::copy
