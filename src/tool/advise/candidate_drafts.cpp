// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/advise/candidate_drafts.h"

#include "bson/builder.h"
#include "bson/number.h"

#include <algorithm>

namespace plumb::advise {
namespace {

// Queries with more equality fields than this are tried with them in one order only.
constexpr std::size_t kRotatedMax = 3;
// An index that covers is worth its size only if it adds few fields.
constexpr std::size_t kCoveredFieldsMax = 4;
// A list of more values than this is no equality: its scans are not merged in the sort's order.
constexpr double kListMax = 200;

using Fields = std::vector<IndexField>;

// The fields of one branch, by what an index can do with them.
struct Kinds {
    Fields points;
    Fields lists;
    Fields ranges;
    Fields exist;
};

class Maker {
  public:
    Maker(const QueryModel& query, std::size_t fields_max)
        : query_(query), fields_max_(fields_max) {}

    std::set<Draft> run() {
        branch(query_.whole);
        for (const Branch& each : query_.branches) {
            branch(each);
        }
        return std::move(out_);
    }

  private:
    void branch(const Branch& branch) {
        keys_.clear();
        const Kinds kinds = kinds_of(branch);
        Fields order;
        for (const SortField& field : query_.sort) {
            order.push_back({field.path, field.direction});
        }
        for (const Fields& equal : rotations(kinds.points)) {
            add({equal, kinds.lists, order, kinds.ranges});
            add({equal, order, kinds.lists, kinds.ranges});
            add({equal, order, kinds.ranges});
            add({equal, kinds.ranges, order});
            add({equal, kinds.lists, kinds.ranges});
            add({equal, kinds.lists});
            add({equal});
            for (const IndexField& range : kinds.ranges) {
                add({equal, {range}});
                add({{range}, equal});
            }
            covered({equal, kinds.lists, order, kinds.ranges});
        }
        add({order});
        if (!query_.distinct_key.empty()) {
            add({{{query_.distinct_key, 1}}});
        }
        for (const Fields& key : keys_) {
            out_.insert({key, std::nullopt, false});
        }
        for (const Condition& condition : branch.conditions) {
            partial(condition);
        }
        for (const IndexField& field : kinds.exist) {
            out_.insert({{field}, std::nullopt, true});
        }
    }

    Kinds kinds_of(const Branch& branch) const {
        Kinds out;
        for (const Condition& condition : branch.conditions) {
            const IndexField field{condition.path, direction_of(condition.path)};
            switch (condition.bounds) {
                case Bounds::Point:
                    out.points.push_back({condition.path, 1});
                    break;
                case Bounds::Points:
                    (condition.points > kListMax ? out.ranges : out.lists)
                        .push_back({condition.path, 1});
                    break;
                case Bounds::Range:
                    out.ranges.push_back(field);
                    break;
                case Bounds::Exists:
                    out.exist.push_back(field);
                    break;
                case Bounds::None:
                    break;
            }
        }
        return out;
    }

    // The same keys with only the documents that meet a condition which every call has; a key
    // without that field, unless nothing else is in it or the key alone has to answer.
    void partial(const Condition& condition) {
        const std::optional<bson::Document> filter = as_partial_filter(condition);
        if (!filter) {
            return;
        }
        for (const Fields& key : keys_) {
            Fields rest = key;
            std::erase_if(rest,
                          [&](const IndexField& field) { return field.path == condition.path; });
            if (!rest.empty() && !is_id(rest)) {
                out_.insert({upwards(rest), *filter, false});
            }
            if (rest.empty() || query_.counts_only || query_.needs) {
                out_.insert({key, *filter, false});
            }
        }
        if (condition.bounds == Bounds::Exists) {
            out_.insert({{{condition.path, 1}}, *filter, false});
        }
    }

    // A range field goes in the direction that the sort gives it.
    int direction_of(const std::string& path) const {
        const auto sorted = std::ranges::find(query_.sort, path, &SortField::path);
        return sorted == query_.sort.end() ? 1 : sorted->direction;
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

    void covered(const std::vector<Fields>& parts) {
        if (!query_.needs || query_.needs->size() > kCoveredFieldsMax) {
            return;
        }
        Fields rest;
        for (const std::string& path : *query_.needs) {
            rest.push_back({path, 1});
        }
        std::vector<Fields> all = parts;
        all.push_back(rest);
        add(all);
    }

    static bool is_id(const Fields& fields) {
        return fields.size() == 1 && fields[0].path == "_id";
    }

    // Read backwards it is the same index: it begins upwards.
    static Fields upwards(Fields fields) {
        if (fields[0].direction < 0) {
            for (IndexField& field : fields) {
                field.direction = -field.direction;
            }
        }
        return fields;
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
        if (!fields.empty() && fields.size() <= fields_max_ && !is_id(fields)) {
            keys_.insert(upwards(std::move(fields)));
        }
    }

    const QueryModel& query_;
    std::size_t fields_max_;
    std::set<Fields> keys_;
    std::set<Draft> out_;
};

bool is_filter_operator(const bson::Element& each) {
    if (each.name == "$exists") {
        return bson::truthy(each.value);
    }
    return each.name == "$gt" || each.name == "$gte" || each.name == "$lt" || each.name == "$lte" ||
           each.name == "$type";
}

bool holds(const Fields& fields, const std::string& path) {
    return std::ranges::find(fields, path, &IndexField::path) != fields.end();
}

}  // namespace

Candidate Draft::candidate() const {
    Candidate out;
    out.fields = fields;
    out.partial = partial;
    out.sparse = sparse;
    return out;
}

bool Draft::operator<(const Draft& other) const {
    const auto filter = [](const Draft& draft) {
        return draft.partial ? draft.partial->view().raw() : std::string_view{};
    };
    return std::tuple{fields, filter(*this), sparse} <
           std::tuple{other.fields, filter(other), other.sparse};
}

std::set<Draft> drafts_for(const QueryModel& query, std::size_t fields_max) {
    return query.reads ? Maker{query, fields_max}.run() : std::set<Draft>{};
}

void add_merged(std::set<Draft>& drafts, std::size_t fields_max) {
    std::vector<Draft> plain;
    for (const Draft& draft : drafts) {
        if (!draft.partial && !draft.sparse) {
            plain.push_back(draft);
        }
    }
    for (const Draft& first : plain) {
        for (const Draft& second : plain) {
            const bool inside = first.fields.size() < second.fields.size() &&
                                std::ranges::all_of(first.fields, [&](const IndexField& field) {
                                    return holds(second.fields, field.path);
                                });
            if (!inside || second.fields.size() > fields_max) {
                continue;
            }
            Draft merged = first;
            for (const IndexField& field : second.fields) {
                if (!holds(first.fields, field.path)) {
                    merged.fields.push_back(field);
                }
            }
            drafts.insert(std::move(merged));
        }
    }
}

std::optional<bson::Document> as_partial_filter(const Condition& condition) {
    if (condition.filters.empty()) {
        return std::nullopt;
    }
    const bson::Element only = condition.filters[0].view().front();
    if (condition.bounds == Bounds::Exists) {
        return bson::Builder{}
            .begin_document(condition.path)
            .append("$exists", true)
            .end()
            .finish();
    }
    if (!condition.constant || only.name != condition.path || only.value.nullish()) {
        return std::nullopt;
    }
    switch (only.value.type()) {
        case bson::Type::Regex:
        case bson::Type::Array:
            return std::nullopt;
        case bson::Type::Document:
            break;
        default:
            return condition.filters[0];
    }
    const bson::View inside = only.value.as_document();
    if (inside.count() == 1 && inside.front().name == "$eq" && !inside.front().value.nullish()) {
        return bson::Builder{}.append(condition.path, inside.front().value).finish();
    }
    const bool allowed =
        !inside.empty() && std::ranges::all_of(inside, [](const bson::Element& each) {
            return is_filter_operator(each);
        });
    return allowed ? std::optional{condition.filters[0]} : std::nullopt;
}

}  // namespace plumb::advise
