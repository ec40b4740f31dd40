// SPDX-License-Identifier: GPL-3.0-or-later
// What a query costs by a scan and under an index, estimated from the sample: keys and documents
// examined in the whole collection, and from them microseconds.
//
//   Judge judge{sample, CostWeights{}};
//   Access scan = judge.scan(model);
//   Access index = judge.under(model, model.whole, candidate);
//
// Threads  one thread (it remembers group sizes).
#pragma once

#include "bson/document.h"
#include "tool/advise/query_model.h"
#include "tool/advise/sample.h"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace plumb::advise {

// Microseconds of an engine's work. The defaults are plumbd's on an ordinary machine; a target's
// own may be put in their place. Their ratios decide, not their sizes.
struct CostWeights {
    double call = 20;             // a command without any work
    double seek = 3;              // positioning in an index
    double key = 0.4;             // the next key
    double fetch = 1.5;           // a document by its record id
    double scan = 0.4;            // the next document of a scan, and matching it
    double sort = 0.15;           // a document in a sort in memory, times log2 of their number
    double reply = 0.5;           // a document put into a reply
    double index_write = 3;       // one entry put into an index or taken out of it
    double megabyte_minute = 10;  // holding a megabyte of index: cache, disk, time to copy
};

struct IndexField {
    std::string path;
    int direction = 1;
    bool operator==(const IndexField&) const = default;
    auto operator<=>(const IndexField&) const = default;
};

// An index that is there or could be.
struct Candidate {
    std::vector<IndexField> fields;
    std::optional<bson::Document> partial;  // its documents; nothing: all
    // Known only from the sample or the server:
    bool multikey = false;
    double entries_per_document = 1;
    double bytes = 0;        // of the whole collection's index
    int existing = -1;       // its number in CollectionSample::indexes; -1: it is not there
    bool must_stay = false;  // does more than serve queries: unique, TTL, _id

    [[nodiscard]] bool has(std::string_view path) const;
    [[nodiscard]] bson::Document key() const;
    // "{status: 1, delivery_date: -1}", with its filter if it is partial.
    [[nodiscard]] std::string text() const;
};

// How a query is answered, for the whole collection and one call.
struct Access {
    double keys = 0;
    double docs = 0;      // fetched or scanned
    double returned = 0;  // documents that match (and are wanted)
    bool scans = false;
    bool sorts = false;  // in memory
    bool covered = false;
    double us = 0;
};

class Judge {
  public:
    Judge(const CollectionSample& sample, const CostWeights& weights)
        : sample_(sample), weights_(weights) {}

    // A scan of the collection.
    [[nodiscard]] Access scan(const QueryModel& model);
    // The index used for one branch; nothing if it cannot be used for it.
    [[nodiscard]] std::optional<Access> under(const QueryModel& model,
                                              const Branch& branch,
                                              const Candidate& candidate);
    // The cost of keeping the index in step with this query's writes, for one call.
    [[nodiscard]] double upkeep(const QueryModel& model, const Candidate& candidate) const;

    // Fills in multikey, entries and bytes from the sample.
    void measure(Candidate& candidate) const;

    // Documents of the whole collection that share their values of these fields with a document
    // picked at random: how many an equality finds on average, popular values more often asked.
    [[nodiscard]] double group_size(const std::set<std::string>& paths);

  private:
    struct Bounded;
    [[nodiscard]] Bounded bounds_of(const QueryModel& model,
                                    const Branch& branch,
                                    const Candidate& candidate) const;
    // Keys, documents and whether the index covers, before limits and order.
    [[nodiscard]] Access examined(const QueryModel& model,
                                  const Branch& branch,
                                  const Candidate& candidate,
                                  const Bounded& bounded);
    // Documents of the whole collection that the sets stand for, on average over the instances.
    [[nodiscard]] double estimate(const std::vector<DocumentSet>& sets,
                                  const std::set<std::string>& points);
    [[nodiscard]] double sort_cost(double documents) const;

    const CollectionSample& sample_;
    CostWeights weights_;
    std::map<std::set<std::string>, double> group_sizes_;
};

}  // namespace plumb::advise
