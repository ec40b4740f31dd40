// SPDX-License-Identifier: GPL-3.0-or-later
// Made collections and queries for tests of the advice, without a server.
//
// Threads  pure functions.
#pragma once

#include "bson/json.h"
#include "tool/advise/candidates.h"
#include "tool/advise/instances.h"
#include "tool/advise/selection.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace plumb::advise {

// A sample of these rows, which stands for `documents`, with the index on _id.
inline CollectionSample sample_of(std::vector<bson::Document> rows, std::int64_t documents) {
    CollectionSample out;
    out.name = "things";
    out.exists = true;
    out.documents = documents;
    out.rows = std::move(rows);
    ExistingIndex id;
    id.definition.name = "_id_";
    id.definition.key = *bson::from_json("{_id: 1}");
    out.indexes.push_back(id);
    return out;
}

// The query of one command, each of the instances given or, if there are none, made ones.
// `declared` is the template that tells constants; empty: none is known.
inline QueryModel query_of(const CollectionSample& sample,
                           std::string_view command,
                           double calls,
                           std::string_view declared = {}) {
    const auto parsed = bson::from_json(command);
    EXPECT_TRUE(parsed.ok()) << command;
    auto shape = capture::shape_of("shop", *parsed, sample.name);
    EXPECT_TRUE(shape.has_value()) << command;
    auto made = make_query_model(*shape,
                                 declared.empty() ? make_instances(*shape, sample, 24, 1)
                                                  : std::vector<bson::Document>{*parsed},
                                 sample);
    EXPECT_TRUE(made.ok()) << command;
    made->label = shape->text;
    made->calls_a_minute = calls;
    if (!declared.empty()) {
        mark_constants(*made, *bson::from_json(declared));
    }
    return *std::move(made);
}

// What is chosen for these queries and not there yet, as text, in order.
inline std::vector<std::string> chosen_for(const CollectionSample& sample,
                                           const std::vector<QueryModel>& models,
                                           const SelectionLimits& limits = {}) {
    const CostWeights weights;
    Judge judge{sample, weights};
    const std::vector<Candidate> candidates = make_candidates(models, sample, judge);
    const CostTable table = make_cost_table(models, candidates, weights, judge);
    const Selection selection = select_indexes(table, candidates, limits);
    std::vector<std::string> out;
    for (std::size_t at = 0; at < candidates.size(); ++at) {
        if (selection.chosen[at] && candidates[at].existing < 0) {
            out.push_back(candidates[at].text());
        }
    }
    std::ranges::sort(out);
    return out;
}

}  // namespace plumb::advise
