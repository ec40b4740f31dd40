// SPDX-License-Identifier: GPL-3.0-or-later
// One collection on the way to advice: its sample, its queries as models, the candidates, and what
// was chosen of them.
//
// Threads  one thread.
#pragma once

#include "tool/advise/advice.h"
#include "tool/advise/candidates.h"
#include "tool/advise/query_model.h"

#include <cstddef>
#include <string>
#include <vector>

namespace plumb::advise {

// The best way to answer a query under a set of indexes.
struct BestAccess {
    Access access;
    std::string index = "scan";
    std::vector<const Candidate*> used;
};

class CollectionStudy {
  public:
    // Sample and options outlive it.
    CollectionStudy(const CollectionSample& sample,
                    const AdviceOptions& options,
                    const MemoryState& memory)
        : sample_(sample), options_(options), judge_(sample, options.weights, memory) {}

    // `instances`: how many are made of a query that has none.
    //   errors  the matcher's, for a filter that no server would take
    [[nodiscard]] Status add(const AskedQuery& asked, std::size_t instances);

    // Makes the candidates, and judges all queries under each.
    void prepare();
    // Chooses among them; with `by_count`, for each number of indexes. An index has to take off
    // `gain_min_us` a minute at least.
    void select(double gain_min_us, bool by_count);
    // What was found for at most `count` indexes becomes what is chosen.
    void take(std::size_t count) { selection_ = curve_[count]; }

    [[nodiscard]] BestAccess best(const QueryModel& model,
                                  const std::vector<const Candidate*>& indexes);
    // What the queries and these indexes cost a minute.
    [[nodiscard]] double cost_of(const std::vector<const Candidate*>& indexes);
    [[nodiscard]] double upkeep_of(const Candidate& index) const;

    // With the indexes that are there, a minute.
    [[nodiscard]] double cost_before() const { return cost_before_; }

    [[nodiscard]] const CollectionSample& sample() const { return sample_; }
    [[nodiscard]] const std::vector<const AskedQuery*>& asked() const { return asked_; }
    [[nodiscard]] const std::vector<QueryModel>& models() const { return models_; }
    [[nodiscard]] const std::vector<Candidate>& candidates() const { return candidates_; }
    [[nodiscard]] const CostTable& table() const { return table_; }
    [[nodiscard]] const Selection& selection() const { return selection_; }
    [[nodiscard]] const std::vector<Selection>& curve() const { return curve_; }
    [[nodiscard]] std::vector<const Candidate*> chosen() const;
    [[nodiscard]] std::vector<const Candidate*> existing() const;
    [[nodiscard]] Judge& judge() { return judge_; }

  private:
    [[nodiscard]] std::vector<bool> in_set(const std::vector<const Candidate*>& indexes) const;

    const CollectionSample& sample_;
    const AdviceOptions& options_;
    Judge judge_;
    std::vector<const AskedQuery*> asked_;
    std::vector<QueryModel> models_;  // of asked_
    std::vector<Candidate> candidates_;
    CostTable table_;
    double cost_before_ = 0;
    Selection selection_;
    std::vector<Selection> curve_;
};

}  // namespace plumb::advise
