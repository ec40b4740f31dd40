// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/index_key.h"
#include "bson/json.h"
#include "tool/advise/finding/finding_internal.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace plumb::advise {
namespace {

// So many sampled documents tell whether a path meets arrays.
constexpr std::size_t kRowsLooked = 2000;

// What arrays do to an index.
struct Multikey {
    std::set<std::string> paths;  // fields of the key that meet arrays
    double entries = 1;           // a document
    std::string parallel;         // _id of a document with arrays under two of the fields
};

Multikey look(const CollectionSample& sample, const project::IndexDefinition& index) {
    Multikey out;
    auto pattern = bson::KeyPattern::parse(index.key);
    if (!pattern.ok()) {
        return out;
    }
    const bson::KeyMaker maker{*std::move(pattern), index.sparse};
    bson::MadeKeys made;
    double entries = 0;
    const std::size_t rows = std::min(sample.rows.size(), kRowsLooked);
    for (std::size_t row = 0; row < rows; ++row) {
        made.clear();
        const Status status = maker.make(sample.rows[row], made);
        if (!status.ok()) {
            if (status.error().code() == ErrorCode::CannotIndexParallelArrays &&
                out.parallel.empty()) {
                out.parallel = bson::to_json(sample.rows[row].find("_id"));
            }
            continue;
        }
        entries += static_cast<double>(made.keys.size());
        for (std::size_t at = 0; at < made.multikey_paths.size(); ++at) {
            if (!made.multikey_paths[at].empty()) {
                out.paths.insert(maker.pattern().fields()[at].path.dotted());
            }
        }
    }
    out.entries = rows == 0 ? 1 : entries / static_cast<double>(rows);
    return out;
}

void parallel_arrays(const CollectionSample& sample,
                     const project::IndexDefinition& index,
                     const Multikey& multikey,
                     std::vector<Finding>& out) {
    if (multikey.parallel.empty() || index.partial) {
        return;
    }
    out.push_back({"multikey_surprise",
                   Severity::Problem,
                   sample.name,
                   index.name,
                   fmt::format("{} cannot be built: a document has arrays under two of its fields",
                               index.name),
                   fmt::format("the document with _id {} (and maybe more)", multikey.parallel),
                   "at most one field of a compound index may hold arrays: index one of them"});
}

bool has_both_bounds(const capture::Shape& shape, const std::string& path) {
    bool above = false;
    bool below = false;
    for (const Predicate& each : predicates_of(shape)) {
        above = above || (each.path == path && each.kind == ">");
        below = below || (each.path == path && each.kind == "<");
    }
    return above && below;
}

class IndexSurprises {
  public:
    IndexSurprises(const FindingContext& context,
                   const project::IndexDefinition& index,
                   std::vector<Finding>& out)
        : context_(context), index_(index), multikey_(look(context.sample, index)), out_(out) {
        for (const bson::Element& field : index.key.view()) {
            fields_.insert(std::string{field.name});
        }
    }

    void find() {
        parallel_arrays(context_.sample, index_, multikey_, out_);
        if (multikey_.paths.empty()) {
            return;
        }
        for_each_query(context_, [&](const QueryModel& model, const QueryAdvice&) {
            const std::string first{index_.key.view().front().name};
            if (model.whole.find(first) == nullptr) {
                return;
            }
            look_at_bounds(model);
            look_at_sort(model);
            look_at_covering(model);
        });
    }

  private:
    void report(const QueryModel& model, std::string text, std::string fix) {
        std::string paths;
        for (const std::string& path : multikey_.paths) {
            paths += (paths.empty() ? "" : ", ") + path;
        }
        out_.push_back({"multikey_surprise",
                        Severity::Warning,
                        context_.sample.name,
                        index_.name,
                        std::move(text),
                        fmt::format("{} meets arrays: {:.1f} entries a document ({})",
                                    paths,
                                    multikey_.entries,
                                    model.label),
                        std::move(fix)});
    }

    void look_at_bounds(const QueryModel& model) {
        for (const std::string& path : multikey_.paths) {
            if (has_both_bounds(model.shape, path)) {
                report(
                    model,
                    fmt::format("{} uses only one end of {}'s range on {}: another element of "
                                "the array may meet the other end",
                                index_.name,
                                model.label,
                                path),
                    fmt::format("{{{}: {{$elemMatch: {{…}}}}}} where one element has to meet both",
                                path));
            }
        }
    }

    void look_at_sort(const QueryModel& model) {
        const bool in_key =
            !model.sort.empty() && std::ranges::all_of(model.sort, [&](const SortField& field) {
                return fields_.contains(field.path);
            });
        const bool meets_array = std::ranges::any_of(model.sort, [&](const SortField& field) {
            return multikey_.paths.contains(field.path);
        });
        if (in_key && meets_array) {
            report(model,
                   fmt::format(
                       "{} cannot give {}'s order: it sorts by an array", index_.name, model.label),
                   "sort by a field with one value, such as the least or the last element kept "
                   "beside the array");
        }
    }

    void look_at_covering(const QueryModel& model) {
        if (!model.needs || model.writes != WriteKind::None) {
            return;
        }
        const bool all = std::ranges::all_of(
            *model.needs, [&](const std::string& path) { return fields_.contains(path); });
        if (all) {
            report(model,
                   fmt::format("{} has all that {} wants and cannot cover it: a multikey index has "
                               "elements, not arrays",
                               index_.name,
                               model.label),
                   "nothing to do, but to count the documents it fetches");
        }
    }

    const FindingContext& context_;
    const project::IndexDefinition& index_;
    Multikey multikey_;
    std::set<std::string> fields_;
    std::vector<Finding>& out_;
};

}  // namespace

void find_multikey_surprise(const FindingContext& context, std::vector<Finding>& out) {
    for (const ExistingIndex& index : context.sample.indexes) {
        IndexSurprises{context, index.definition, out}.find();
    }
    for (const IndexAdvice& advice : context.advice.indexes) {
        if (advice.what == IndexAdvice::What::Add && advice.collection == context.sample.name) {
            project::IndexDefinition index;
            index.name = advice.name;
            index.key = advice.candidate.key();
            index.partial = advice.candidate.partial;
            IndexSurprises{context, index, out}.find();
        }
    }
}

Status further_multikey_surprise(const FurtherContext& context, std::vector<Finding>& out) {
    for (const project::IndexDefinition& index : context.missing) {
        parallel_arrays(context.sample, index, look(context.sample, index), out);
    }
    return {};
}

}  // namespace plumb::advise
