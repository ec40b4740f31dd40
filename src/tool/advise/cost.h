// SPDX-License-Identifier: GPL-3.0-or-later
// What a query costs by a scan and under an index, estimated from the sample: keys and documents
// examined in the whole collection, and from them microseconds.
//
//   Judge judge{sample, CostWeights{}};
//   Access scan = judge.scan(model);
//   Access index = judge.under(model, model.whole, candidate);
//
// Threads  one thread (it remembers sizes and sets).
#pragma once

#include "bson/document.h"
#include "tool/advise/columns.h"
#include "tool/advise/query_model.h"
#include "tool/advise/sample.h"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace plumb::advise {

// Microseconds of an engine's work. The defaults were measured on plumbd by
// `bench/advise/measure_costs.py` (100 000 documents of 250 and of 900 bytes; the figures of both
// sizes give what a kilobyte adds); a target's own may be put in their place. Their ratios decide
// which indexes are chosen, not their sizes.
struct CostWeights {
    double call = 22;             // a command without any work, libmongoc and socket included
    double seek = 1.2;            // positioning in an index
    double key = 0.22;            // the next key
    double count_key = 0.045;     // the next key of a count that needs no more than its bounds
    double fetch = 0.6;           // a document by its record id
    double scan = 0.05;           // the next document of a scan, and matching it
    double scan_kilobyte = 0.06;  // and for each kilobyte of it
    double sort = 0.08;           // a document in a sort in memory, times log2 of their number
    double reply = 0.5;           // a document put into a reply
    double reply_kilobyte = 2.2;  // and for each kilobyte of it
    double write = 60;            // a statement that writes one document, no index but _id
    double index_write = 1.7;     // one entry put into an index or taken out of it
    double build = 1.6;           // a document read, keyed and sorted into a new index
    double miss = 40;             // a page that is not in the cache, read from the file system's
    // Holding a megabyte of index for a minute: disk, backup, time to copy. A policy, no
    // measurement: it decides between indexes that are worth the same otherwise.
    double megabyte_minute = 10;
};

// What a server keeps in memory of what it holds; 0: not known, and all fits.
struct MemoryState {
    double cache_bytes = 0;
    double data_bytes = 0;  // documents and indexes of the database
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
    bool sparse = false;                    // only documents with the field; one field
    // Known only from the sample or the server:
    bool multikey = false;
    double entries_per_document = 1;     // of all documents of the collection
    double bytes = 0;                    // of the whole collection's index
    std::optional<DocumentSet> members;  // which sampled documents it holds; nothing: all
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
    Judge(const CollectionSample& sample,
          const CostWeights& weights,
          const MemoryState& memory = {});

    // A scan of the collection.
    [[nodiscard]] Access scan(const QueryModel& model);
    // The index used for one branch; nothing if it cannot be used for it. A server that can use an
    // index does not consider a scan, so this may cost more than the scan.
    [[nodiscard]] std::optional<Access> under(const QueryModel& model,
                                              const Branch& branch,
                                              const Candidate& candidate);
    // The cost of keeping the index in step with this query's writes, for one call.
    [[nodiscard]] double upkeep(const QueryModel& model, const Candidate& candidate) const;

    // Fills in multikey, entries, bytes and members from the sample.
    void measure(Candidate& candidate);

    // A query's returned documents: a reply's cost. `fields` are those it wants, if it is known.
    [[nodiscard]] double reply_cost(const QueryModel& model, double documents);

    // Microseconds of this engine to build it over the whole collection.
    [[nodiscard]] double build_cost(const Candidate& candidate) const;

    // Of one document, on average.
    [[nodiscard]] double document_bytes() const;

    // The part of a read at random that finds its page outside of the cache, `more` bytes added.
    [[nodiscard]] double miss_share(double more) const;

    [[nodiscard]] Columns& columns() { return columns_; }

    // Documents of the whole collection that share their values of these fields with a document
    // picked at random: how many an equality finds on average, popular values more often asked.
    [[nodiscard]] double group_size(const std::set<std::string>& paths);

  private:
    struct Bounded;
    // What the keys of one field add to an index.
    struct FieldSize {
        double entries = 1;  // a document
        double bytes = 0;    // a key
        bool multikey = false;
    };
    [[nodiscard]] const FieldSize& field_size(const std::string& path);
    // False if no index can have the candidate's fields: two different arrays.
    [[nodiscard]] bool measure_arrays(Candidate& candidate) const;
    void find_members(Candidate& candidate);
    [[nodiscard]] bool holds_all(const QueryModel& model,
                                 const Branch& branch,
                                 const Candidate& candidate) const;

    [[nodiscard]] Bounded bounds_of(const QueryModel& model,
                                    const Branch& branch,
                                    const Candidate& candidate) const;
    // Keys, documents and whether the index covers, before limits and order.
    [[nodiscard]] Access examined(const QueryModel& model,
                                  const Branch& branch,
                                  const Candidate& candidate,
                                  const Bounded& bounded);
    // Documents of the whole collection that `count` sampled ones stand for, on average over the
    // instances. `points` have one value each, `times` values in lists multiply what they find.
    [[nodiscard]] double estimate(double count,
                                  const std::set<std::string>& points,
                                  double times = 1);
    [[nodiscard]] double share_until_limit(const QueryModel& model,
                                           const Branch& branch,
                                           const Bounded& bounded,
                                           double matching);
    [[nodiscard]] double sort_cost(double documents) const;

    const CollectionSample& sample_;
    CostWeights weights_;
    MemoryState memory_;
    Columns columns_;
    std::map<std::set<std::string>, double> group_sizes_;
    std::map<std::string, FieldSize> field_sizes_;
    std::map<std::set<std::string>, double> reply_bytes_;
};

}  // namespace plumb::advise
