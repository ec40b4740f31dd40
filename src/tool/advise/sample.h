// SPDX-License-Identifier: GPL-3.0-or-later
// A bounded sample of a collection, the same documents each time, and what the server says of the
// whole: everything that advice rests on is read here, and nothing is written.
//
// Memory   the sample's documents, at most SampleOptions::rows_max a collection.
// Threads  one thread.
#pragma once

#include "base/interrupt.h"
#include "base/result.h"
#include "bson/document.h"
#include "client/client.h"
#include "project/index_definition.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace plumb::advise {

struct SampleOptions {
    std::size_t rows_max = 10'000;  // documents a collection; every one with `exact`
    bool exact = false;
    std::uint64_t seed = 1;
};

struct ExistingIndex {
    project::IndexDefinition definition;
    std::int64_t bytes = -1;  // -1: the server does not say
    std::int64_t uses = -1;   // since `uses_since_ms`; -1: may not be read
    std::int64_t uses_since_ms = 0;
};

struct CollectionSample {
    std::string name;
    bool exists = false;
    std::int64_t documents = 0;   // in the whole collection
    std::int64_t data_bytes = 0;  // of all documents, uncompressed; 0: the server does not say
    std::vector<bson::Document> rows;
    std::vector<ExistingIndex> indexes;

    // Documents that one of the sample stands for.
    [[nodiscard]] double weight() const {
        return rows.empty() ? 1.0
                            : static_cast<double>(documents) / static_cast<double>(rows.size());
    }
};

// errors  what the server says; Interrupted. A collection that does not exist is no error.
[[nodiscard]] Result<CollectionSample> draw_sample(client::Client& client,
                                                   const std::string& database,
                                                   const std::string& collection,
                                                   const SampleOptions& options,
                                                   Interrupt& interrupt);

}  // namespace plumb::advise
