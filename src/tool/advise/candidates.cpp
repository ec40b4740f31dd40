// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/advise/candidates.h"

#include "bson/number.h"

#include <algorithm>
#include <set>

namespace plumb::advise {
namespace {

// Queries with more equality fields than this are tried with their most selective ones first only.
constexpr std::size_t kRotatedMax = 3;
// An index that covers is worth its size only if it stays short.
constexpr std::size_t kCoveredFieldsMax = 4;

using Fields = std::vector<IndexField>;

class Maker {
  public:
    Maker(const std::vector<QueryModel>& queries, std::size_t fields_max)
        : queries_(queries), fields_max_(fields_max) {}

    std::set<Fields> run() {
        for (const QueryModel& query : queries_) {
            if (!query.reads) {
                continue;
            }
            branch(query, query.whole);
            for (const Branch& each : query.branches) {
                branch(query, each);
            }
        }
        merge();
        return std::move(out_);
    }

  private:
    void branch(const QueryModel& query, const Branch& branch) {
        Fields points;
        Fields lists;
        Fields ranges;
        for (const Condition& condition : branch.conditions) {
            switch (condition.bounds) {
                case Bounds::Point:
                    points.push_back({condition.path, 1});
                    break;
                case Bounds::Points:
                    lists.push_back({condition.path, 1});
                    break;
                case Bounds::Range:
                    ranges.push_back({condition.path, direction_of(query, condition.path)});
                    break;
                case Bounds::None:
                    break;
            }
        }
        Fields order;
        for (const SortField& field : query.sort) {
            order.push_back({field.path, field.direction});
        }
        for (const Fields& equal : rotations(points)) {
            add({equal, lists, order, ranges});
            add({equal, order, lists, ranges});
            add({equal, order, ranges});
            add({equal, ranges, order});
            add({equal, lists, ranges});
            add({equal, lists});
            add({equal});
            for (const IndexField& range : ranges) {
                add({equal, {range}});
            }
            covered(query, {equal, lists, order, ranges});
        }
        add({order});
        if (!query.distinct_key.empty()) {
            add({{{query.distinct_key, 1}}});
        }
    }

    // A range field goes in the direction that the sort gives it.
    static int direction_of(const QueryModel& query, const std::string& path) {
        const auto sorted = std::ranges::find(query.sort, path, &SortField::path);
        return sorted == query.sort.end() ? 1 : sorted->direction;
    }

    static std::vector<Fields> rotations(const Fields& points) {
        std::vector<Fields> out{points};
        if (points.size() < 2 || points.size() > kRotatedMax) {
            return out;
        }
        Fields order = points;
        std::ranges::sort(order);
        out.clear();
        do {
            out.push_back(order);
        } while (std::ranges::next_permutation(order).found);
        return out;
    }

    void covered(const QueryModel& query, const std::vector<Fields>& parts) {
        if (!query.needs || query.needs->size() > kCoveredFieldsMax) {
            return;
        }
        Fields rest;
        for (const std::string& path : *query.needs) {
            rest.push_back({path, 1});
        }
        std::vector<Fields> all = parts;
        all.push_back(rest);
        add(all);
    }

    // The parts one behind the other, a field only where it stands first.
    void add(const std::vector<Fields>& parts) {
        Fields fields;
        for (const Fields& part : parts) {
            for (const IndexField& field : part) {
                if (std::ranges::find(fields, field.path, &IndexField::path) == fields.end()) {
                    fields.push_back(field);
                }
            }
        }
        const bool is_id = fields.size() == 1 && fields[0].path == "_id";
        if (fields.empty() || fields.size() > fields_max_ || is_id) {
            return;
        }
        // Read backwards it is the same index: begin upwards.
        if (fields[0].direction < 0 && fields.size() == 1) {
            fields[0].direction = 1;
        }
        out_.insert(std::move(fields));
    }

    // {a, b} and {b, c}: an index that begins with what they share serves both.
    void merge() {
        const std::vector<Fields> all{out_.begin(), out_.end()};
        for (const Fields& first : all) {
            for (const Fields& second : all) {
                const bool begins =
                    first.size() == 1 && second.size() > 1 &&
                    std::ranges::find(second, first[0].path, &IndexField::path) != second.end();
                if (begins) {
                    add({first, second});
                }
            }
        }
    }

    const std::vector<QueryModel>& queries_;
    std::size_t fields_max_;
    std::set<Fields> out_;
};

bool is_there(const std::vector<Candidate>& all, const Candidate& wanted) {
    return std::ranges::any_of(all, [&](const Candidate& other) {
        const bool same_filter = (!other.partial && !wanted.partial) ||
                                 (other.partial && wanted.partial &&
                                  other.partial->view().raw() == wanted.partial->view().raw());
        if (!same_filter || other.fields.size() != wanted.fields.size()) {
            return false;
        }
        int way = 0;
        for (std::size_t at = 0; at < other.fields.size(); ++at) {
            const int product = other.fields[at].direction * wanted.fields[at].direction;
            if (other.fields[at].path != wanted.fields[at].path || (way != 0 && product != way)) {
                return false;
            }
            way = product;
        }
        return true;
    });
}

}  // namespace

std::optional<Candidate> existing_candidate(const CollectionSample& sample,
                                            std::size_t index,
                                            const Judge& judge) {
    const ExistingIndex& existing = sample.indexes[index];
    const project::IndexDefinition& definition = existing.definition;
    Candidate out;
    for (const bson::Element& field : definition.key.view()) {
        if (!field.value.is_number()) {
            return std::nullopt;
        }
        out.fields.push_back(
            {std::string{field.name}, bson::to_clamped_int64(field.value) < 0 ? -1 : 1});
    }
    if (definition.hidden || !definition.other.empty()) {
        return std::nullopt;
    }
    out.partial = definition.partial;
    out.existing = static_cast<int>(index);
    out.must_stay = definition.unique || definition.expire_after || definition.sparse ||
                    definition.name == "_id_";
    judge.measure(out);
    if (existing.bytes >= 0) {
        out.bytes = static_cast<double>(existing.bytes);
    }
    return out;
}

std::vector<Candidate> make_candidates(const std::vector<QueryModel>& queries,
                                       const CollectionSample& sample,
                                       const Judge& judge,
                                       std::size_t fields_max) {
    std::vector<Candidate> out;
    for (std::size_t index = 0; index < sample.indexes.size(); ++index) {
        if (auto candidate = existing_candidate(sample, index, judge)) {
            out.push_back(*std::move(candidate));
        }
    }
    for (const Fields& fields : Maker{queries, fields_max}.run()) {
        Candidate candidate;
        candidate.fields = fields;
        if (is_there(out, candidate)) {
            continue;
        }
        judge.measure(candidate);
        if (candidate.entries_per_document > 0 || sample.rows.empty()) {
            out.push_back(std::move(candidate));
        }
    }
    return out;
}

}  // namespace plumb::advise
