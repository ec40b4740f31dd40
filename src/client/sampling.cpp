// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/sampling.h"

#include "base/random.h"
#include "bson/builder.h"
#include "bson/hash.h"

#include <algorithm>

namespace plumb::client {
namespace {

struct Ranked {
    std::uint64_t rank;
    bson::Document row;
    bool operator<(const Ranked& other) const { return rank < other.rank; }
};

// Keeps the rows of the lowest ranks.
class Lowest {
  public:
    explicit Lowest(std::size_t rows_max) : rows_max_(rows_max) {}

    void offer(std::uint64_t rank, bson::View row) {
        if (heap_.size() < rows_max_) {
            heap_.push_back({rank, bson::Document{row}});
            std::push_heap(heap_.begin(), heap_.end());
        } else if (rank < heap_.front().rank) {
            std::pop_heap(heap_.begin(), heap_.end());
            heap_.back() = {rank, bson::Document{row}};
            std::push_heap(heap_.begin(), heap_.end());
        }
    }
    [[nodiscard]] std::vector<bson::Document> take() && {
        std::sort_heap(heap_.begin(), heap_.end());
        std::vector<bson::Document> out;
        out.reserve(heap_.size());
        for (Ranked& ranked : heap_) {
            out.push_back(std::move(ranked.row));
        }
        return out;
    }

  private:
    std::size_t rows_max_;
    std::vector<Ranked> heap_;
};

Status check(const Sampled& from) {
    return from.interrupt == nullptr ? Status{} : from.interrupt->check();
}

Result<std::optional<bson::ObjectId>> end_id(const Sampled& from, int direction) {
    FindOptions options;
    options.limit = 1;
    options.sort = bson::Builder{}.append("_id", direction).finish();
    options.projection = bson::Builder{}.append("_id", 1).finish();
    std::optional<bson::ObjectId> found;
    PLUMB_CHECK(from.client.find(
        from.database, from.collection, bson::View{}, options, [&](bson::View row) -> Status {
            if (row.find("_id").type() == bson::Type::ObjectId) {
                found = row.find("_id").as_object_id();
            }
            return {};
        }));
    return found;
}

std::uint64_t leading_bytes(const bson::ObjectId& id) {
    std::uint64_t number = 0;
    for (std::size_t index = 0; index < 8; ++index) {
        number = number << 8U | id.bytes[index];
    }
    return number;
}

bson::ObjectId id_between(std::uint64_t low, std::uint64_t high, Random& random) {
    const std::uint64_t number = low + (high > low ? random.below(high - low) : 0);
    bson::ObjectId id;
    for (std::size_t index = 0; index < 8; ++index) {
        id.bytes[index] = static_cast<std::uint8_t>(number >> (56 - 8 * index));
    }
    return id;
}

}  // namespace

Result<std::vector<bson::Document>> lowest_ranked(const Sampled& from, std::size_t rows_max) {
    Lowest lowest{rows_max};
    FindOptions options;
    options.projection = from.projection;
    const Status read = from.client.find(
        from.database, from.collection, bson::View{}, options, [&](bson::View row) -> Status {
            PLUMB_CHECK(check(from));
            lowest.offer(bson::hash_bytes(row.find("_id").raw(), from.seed), row);
            return {};
        });
    PLUMB_CHECK(read);
    return std::move(lowest).take();
}

Result<std::optional<std::pair<bson::ObjectId, bson::ObjectId>>> id_range(const Sampled& from) {
    PLUMB_TRY(first, end_id(from, 1));
    PLUMB_TRY(last, end_id(from, -1));
    std::optional<std::pair<bson::ObjectId, bson::ObjectId>> out;
    if (first && last) {
        out.emplace(*first, *last);
    }
    return out;
}

Result<std::vector<bson::Document>> in_windows(
    const Sampled& from,
    const std::pair<bson::ObjectId, bson::ObjectId>& range,
    std::size_t windows,
    std::size_t each) {
    FindOptions options;
    options.projection = from.projection;
    options.limit = static_cast<std::int64_t>(each);
    options.sort = bson::Builder{}.append("_id", 1).finish();
    const std::uint64_t low = leading_bytes(range.first);
    const std::uint64_t high = leading_bytes(range.second);
    std::vector<bson::Document> out;
    Random random{from.seed};
    for (std::size_t window = 0; window < windows; ++window) {
        PLUMB_CHECK(check(from));
        bson::Builder filter;
        filter.begin_document("_id");
        filter.append("$gte", id_between(low, high, random));
        filter.end();
        PLUMB_CHECK(from.client.find(from.database,
                                     from.collection,
                                     filter.finish(),
                                     options,
                                     [&out](bson::View row) -> Status {
                                         out.emplace_back(row);
                                         return {};
                                     }));
    }
    return out;
}

}  // namespace plumb::client
