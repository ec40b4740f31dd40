// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/advise/prove.h"

#include "bson/builder.h"
#include "tool/advise/instances.h"
#include "tool/replan/plan_query.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace plumb::advise {
namespace {

project::IndexDefinition definition_of(const IndexAdvice& advice, const CollectionSample& sample) {
    if (advice.candidate.existing >= 0) {
        return sample.indexes[static_cast<std::size_t>(advice.candidate.existing)].definition;
    }
    project::IndexDefinition out;
    out.name = advice.name;
    out.key = advice.candidate.key();
    out.partial = advice.candidate.partial;
    out.sparse = advice.candidate.sparse;
    return out;
}

std::vector<replan::IndexChange> changes_of(const Advice& advice) {
    std::vector<replan::IndexChange> out;
    for (const IndexAdvice& index : advice.indexes) {
        const auto sample = advice.samples.find(index.collection);
        if (index.what == IndexAdvice::What::Keep || sample == advice.samples.end()) {
            continue;
        }
        out.push_back({index.collection,
                       definition_of(index, sample->second),
                       index.what == IndexAdvice::What::Drop});
    }
    return out;
}

// An instance made of a shape has its filter as every operation has it; an aggregate has none.
bson::Document without_filter(bson::View aggregate) {
    bson::Builder out;
    for (const bson::Element& field : aggregate) {
        if (field.name != "query") {
            out.append(field.name, field.value);
        }
    }
    return out.finish();
}

// The query's commands as a server explains them; where only its shape is known, with values of the
// sample.
replan::PlanQuery plan_query(const QueryAdvice& query,
                             const CollectionSample& sample,
                             const ProofOptions& options) {
    replan::PlanQuery out;
    out.label = query.asked.label;
    out.collection = query.asked.shape.collection;
    out.calls_a_minute = query.asked.calls_a_minute;
    const std::vector<bson::Document> instances =
        query.asked.instances.empty()
            ? make_instances(query.asked.shape, sample, options.calls_max, options.seed)
            : query.asked.instances;
    for (const bson::Document& instance : instances) {
        auto command = replan::explainable_command(out.collection, instance);
        if (command && query.asked.shape.operation == "aggregate") {
            command = without_filter(*command);
        }
        if (command) {
            out.commands.push_back(*std::move(command));
        }
    }
    return out;
}

std::vector<replan::PlanQuery> plan_queries(const Advice& advice, const ProofOptions& options) {
    std::vector<replan::PlanQuery> out;
    for (const QueryAdvice& query : advice.queries) {
        const auto sample = advice.samples.find(query.asked.shape.collection);
        if (sample != advice.samples.end() && sample->second.exists) {
            out.push_back(plan_query(query, sample->second, options));
        }
    }
    return out;
}

Status load_samples(replan::Scratch& scratch,
                    const std::string& database,
                    const Advice& advice,
                    Interrupt& interrupt,
                    const ProofProgress& progress) {
    for (const auto& [name, sample] : advice.samples) {
        PLUMB_CHECK(interrupt.check_now());
        progress("loading " + name, 0, static_cast<std::int64_t>(sample.rows.size()));
        std::vector<project::IndexDefinition> indexes;
        for (const ExistingIndex& index : sample.indexes) {
            indexes.push_back(index.definition);
        }
        PLUMB_CHECK(scratch.load(database, name, sample.rows, indexes));
    }
    return {};
}

// The names of the indexes that a forecast means: "{ a: 1 } | { b: 1 }" → {"a_1", "b_1"}.
std::vector<std::string> names_meant(const QueryAdvice& query, const Advice& advice) {
    std::vector<std::string> out;
    const std::string& text = query.index_after;
    std::size_t start = 0;
    while (start <= text.size() && text != "scan") {
        const std::size_t end = std::min(text.find(" | ", start), text.size());
        const std::string part = text.substr(start, end - start);
        const auto index = std::ranges::find_if(advice.indexes, [&](const IndexAdvice& each) {
            return each.collection == query.asked.shape.collection &&
                   each.what != IndexAdvice::What::Drop && each.candidate.text() == part;
        });
        out.push_back(index == advice.indexes.end() ? std::string{"_id_"} : index->name);
        start = end + 3;
    }
    return out;
}

std::string joined(const std::vector<std::string>& names) {
    std::string out;
    for (const std::string& name : names) {
        out += (out.empty() ? "" : " + ") + name;
    }
    return out.empty() ? std::string{"scan"} : out;
}

std::set<std::string> split(const std::string& names) {
    std::set<std::string> out;
    std::size_t start = 0;
    while (start <= names.size()) {
        const std::size_t end = std::min(names.find(" + ", start), names.size());
        out.insert(names.substr(start, end - start));
        start = end + 3;
    }
    return out;
}

class Prover {
  public:
    Prover(replan::Scratch& scratch,
           const std::string& database,
           const Advice& advice,
           const ProofOptions& options,
           Interrupt& interrupt,
           const ProofProgress& progress)
        : scratch_(scratch),
          database_(database),
          advice_(advice),
          options_(options),
          interrupt_(interrupt),
          progress_(progress),
          queries_(plan_queries(advice, options)) {}

    Result<Proof> run() {
        Proof out;
        out.kind = options_.kind;
        PLUMB_TRY(before, look("before the change: "));
        PLUMB_TRY(outcomes,
                  replan::apply(scratch_.client(), database_, changes_of(advice_), interrupt_));
        PLUMB_TRY(after, look("after it: "));
        out.changes = replan::compare(before, after);
        fill_indexes(outcomes, out);
        fill_queries(before, after, out);
        PLUMB_CHECK(ask_as_meant(out));
        return out;
    }

  private:
    Result<replan::PlanBook> look(const std::string& when) {
        replan::SnapshotOptions options;
        options.calls_max = options_.calls_max;
        std::int64_t done = 0;
        options.on_query = [&](const std::string& label) {
            progress_(when + label, done++, static_cast<std::int64_t>(queries_.size()));
        };
        return replan::snapshot(scratch_.client(), database_, queries_, options, interrupt_);
    }

    void fill_indexes(const std::vector<replan::IndexOutcome>& outcomes, Proof& out) const {
        for (const IndexAdvice& index : advice_.indexes) {
            ProvenIndex proven;
            proven.what = index.what;
            proven.collection = index.collection;
            proven.name = index.name;
            proven.key = index.candidate.text();
            proven.bytes_expected = index.candidate.bytes;
            const auto outcome = std::ranges::find_if(outcomes, [&](const auto& each) {
                return each.change.collection == index.collection &&
                       each.change.index.name == index.name;
            });
            if (outcome != outcomes.end()) {
                proven.error = outcome->error;
                proven.bytes = static_cast<double>(outcome->bytes);
                proven.build_ms = outcome->change.drop ? -1 : outcome->ms;
            }
            out.indexes.push_back(std::move(proven));
        }
    }

    void fill_queries(const replan::PlanBook& before,
                      const replan::PlanBook& after,
                      Proof& out) const {
        for (const QueryAdvice& query : advice_.queries) {
            const replan::QueryPlan* earlier = before.find(query.asked.label);
            const replan::QueryPlan* later = after.find(query.asked.label);
            if (earlier == nullptr || later == nullptr ||
                (later->calls == 0 && later->error.empty())) {
                continue;
            }
            ProvenQuery proven;
            proven.label = query.asked.label;
            proven.collection = query.asked.shape.collection;
            proven.expected_before = query.before.keys + query.before.docs;
            proven.expected_after = query.after.keys + query.after.docs;
            proven.index_meant = joined(names_meant(query, advice_));
            proven.before = *earlier;
            proven.after = *later;
            out.queries.push_back(std::move(proven));
        }
    }

    // What a query would have examined with the index it was meant to take, where it took another.
    Status ask_as_meant(Proof& out) {
        for (ProvenQuery& query : out.queries) {
            const auto asked = std::ranges::find(queries_, query.label, &replan::PlanQuery::label);
            const bool one =
                query.index_meant != "scan" && query.index_meant.find(" + ") == std::string::npos;
            if (query.as_meant() || !one || asked == queries_.end()) {
                continue;
            }
            replan::PlanQuery hinted = *asked;
            std::erase_if(hinted.commands,
                          [](const bson::Document& each) { return !replan::only_reads(each); });
            for (bson::Document& command : hinted.commands) {
                bson::Builder with_hint;
                with_hint.append_all(command);
                with_hint.append("hint", query.index_meant);
                command = with_hint.finish();
            }
            replan::SnapshotOptions options;
            options.calls_max = options_.calls_max;
            options.runs = 0;
            PLUMB_TRY(
                book,
                replan::snapshot(scratch_.client(), database_, {hinted}, options, interrupt_));
            if (book.queries[0].calls > 0 && book.queries[0].error.empty()) {
                query.examined_as_meant = book.queries[0].examined();
            }
        }
        return {};
    }

    replan::Scratch& scratch_;
    const std::string& database_;
    const Advice& advice_;
    const ProofOptions& options_;
    Interrupt& interrupt_;
    const ProofProgress& progress_;
    std::vector<replan::PlanQuery> queries_;
};

}  // namespace

bool ProvenQuery::as_meant() const {
    return after.calls == 0 || split(after.winner) == split(index_meant);
}

Result<Proof> prove(client::Client& client,
                    const std::string& database,
                    const Advice& advice,
                    const ProofOptions& options,
                    Interrupt& interrupt,
                    const ProofProgress& progress) {
    PLUMB_TRY(scratch, replan::Scratch::start(options.scratch));
    if (options.kind == ProofKind::Copy) {
        PLUMB_CHECK(scratch->copy_from(client, database, interrupt, progress));
    } else {
        PLUMB_CHECK(load_samples(*scratch, database, advice, interrupt, progress));
    }
    return Prover(*scratch, database, advice, options, interrupt, progress).run();
}

}  // namespace plumb::advise
