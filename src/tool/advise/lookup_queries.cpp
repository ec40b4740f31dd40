// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/advise/lookup_queries.h"

#include "bson/builder.h"
#include "bson/number.h"
#include "tool/advise/pipeline_needs.h"

#include <algorithm>
#include <set>

namespace plumb::advise {
namespace {

bson::View pipeline_of(const AskedQuery& asked) {
    const bson::View command =
        asked.instances.empty() ? bson::View{asked.shape.pattern} : bson::View{asked.instances[0]};
    const bson::ValueView pipeline = command.find("pipeline");
    return pipeline.type() == bson::Type::Array ? pipeline.as_container() : bson::View{};
}

// How many groups the documents that a query finds fall into.
double groups_of(bson::ValueView group,
                 const QueryModel& model,
                 CollectionStudy& study,
                 double found) {
    std::set<std::string> paths;
    const bson::ValueView id =
        group.type() == bson::Type::Document ? group.as_document().find("_id") : bson::ValueView{};
    if (!collect_paths(id, paths)) {
        return found;
    }
    const CollectionSample& sample = study.sample();
    double total = 0;
    for (const DocumentSet& matches : model.whole.matches) {
        std::set<std::vector<std::uint64_t>> groups;
        for (std::size_t row = 0; row < sample.rows.size(); ++row) {
            if (!matches.has(row)) {
                continue;
            }
            std::vector<std::uint64_t> key;
            key.reserve(paths.size());
            for (const std::string& path : paths) {
                key.push_back(study.judge().columns().hashes(path)[row]);
            }
            groups.insert(std::move(key));
        }
        const auto matched = static_cast<double>(std::max<std::size_t>(matches.count(), 1));
        // Groups of one grow with the sample, groups of many do not.
        const double seen = static_cast<double>(groups.size());
        total += std::min(found, seen / matched > 0.5 ? seen / matched * found : seen);
    }
    return model.whole.matches.empty() ? found
                                       : total / static_cast<double>(model.whole.matches.size());
}

double mean_length(bson::ValueView unwind, CollectionStudy& study) {
    const bson::ValueView path =
        unwind.type() == bson::Type::Document ? unwind.as_document().find("path") : unwind;
    if (path.type() != bson::Type::String || !path.as_string().starts_with('$')) {
        return 1;
    }
    const Column& column = study.judge().columns().column(std::string{path.as_string().substr(1)});
    const auto rows = static_cast<double>(std::max<std::size_t>(column.ranks.size(), 1));
    return static_cast<double>(column.values.size()) / rows;
}

AskedQuery inner_query(const AskedQuery& outer, bson::View join, double calls) {
    const std::string from{join.find("from").as_string()};
    const std::string field{join.find("foreignField").as_string()};
    AskedQuery out;
    out.label = outer.label + "/" + from;
    out.title = outer.title;
    out.inner = true;
    out.critical = outer.critical;
    out.calls_a_minute = calls;
    bson::Builder command;
    command.append("find", from);
    command.begin_document("filter").append(field, 1).end();
    if (auto shape = capture::shape_of(outer.shape.database, command.finish())) {
        out.shape = *std::move(shape);
    }
    return out;
}

bool is_plain_join(bson::View join) {
    return join.find("from").type() == bson::Type::String &&
           join.find("localField").type() == bson::Type::String &&
           join.find("foreignField").type() == bson::Type::String;
}

}  // namespace

std::vector<AskedQuery> lookup_queries(const AskedQuery& asked,
                                       const QueryModel& model,
                                       CollectionStudy& study) {
    std::vector<AskedQuery> out;
    double documents = study.judge().scan(model).returned;
    for (const bson::Element& stage : pipeline_of(asked)) {
        if (stage.value.type() != bson::Type::Document || stage.value.as_document().empty()) {
            break;
        }
        const bson::Element only = stage.value.as_document().front();
        if (only.name == "$group") {
            documents = groups_of(only.value, model, study, documents);
        } else if (only.name == "$unwind") {
            documents *= mean_length(only.value, study);
        } else if (only.name == "$limit" && only.value.is_number()) {
            documents = std::min(documents, bson::to_double(only.value));
        } else if (only.name == "$lookup" && only.value.type() == bson::Type::Document &&
                   is_plain_join(only.value.as_document())) {
            out.push_back(
                inner_query(asked, only.value.as_document(), asked.calls_a_minute * documents));
        }
    }
    return out;
}

}  // namespace plumb::advise
