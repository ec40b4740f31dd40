// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/advise/advice.h"

#include "bson/builder.h"
#include "bson/number.h"
#include "tool/advise/findings.h"
#include "tool/advise/lookup_queries.h"
#include "tool/advise/study_report.h"

#include <algorithm>
#include <deque>

namespace plumb::advise {
namespace {

// Instances that all queries may have together; a query has at least the least number.
constexpr std::size_t kInstancesInAll = 40'000;
constexpr std::size_t kInstancesLeast = 4;
// An index that takes off less than this share of the workload's cost is not worth its name.
constexpr double kGainOfWorkload = 0.0002;

double number_at(bson::View document, std::initializer_list<std::string_view> path) {
    bson::ValueView value = document.as_value();
    for (const std::string_view name : path) {
        if (value.type() != bson::Type::Document) {
            return 0;
        }
        value = value.as_document().find(name);
    }
    return value.is_number() ? bson::to_double(value) : 0;
}

// How much of its data the server can hold. One that does not say is taken to hold all.
MemoryState read_memory(client::Client& client, const std::string& database) {
    MemoryState out;
    const auto status = client.command("admin", bson::Builder{}.append("serverStatus", 1).finish());
    const auto sizes = client.command(database, bson::Builder{}.append("dbStats", 1).finish());
    if (status.ok() && sizes.ok()) {
        out.cache_bytes = number_at(*status, {"wiredTiger", "cache", "maximum bytes configured"});
        out.data_bytes = number_at(*sizes, {"dataSize"}) + number_at(*sizes, {"indexSize"});
    }
    return out;
}

class Advising {
  public:
    Advising(client::Client& client,
             const std::string& database,
             const AdviceOptions& options,
             Interrupt& interrupt)
        : client_(client), database_(database), options_(options), interrupt_(interrupt) {}

    Result<Advice> run(const std::vector<AskedQuery>& asked) {
        memory_ = read_memory(client_, database_);
        instances_ = std::clamp(kInstancesInAll / asked.size(),
                                std::min(kInstancesLeast, options_.instances),
                                options_.instances);
        for (const AskedQuery& query : asked) {
            PLUMB_CHECK(add(query));
        }
        PLUMB_CHECK(add_lookups());
        select();
        PLUMB_CHECK(report());
        return std::move(out_);
    }

  private:
    // Null for a collection that does not exist.
    Result<CollectionStudy*> study_of(const std::string& collection) {
        if (const auto known = by_name_.find(collection); known != by_name_.end()) {
            return known->second;
        }
        if (options_.on_collection) {
            options_.on_collection(collection);
        }
        PLUMB_TRY(sample, draw_sample(client_, database_, collection, options_.sample, interrupt_));
        const CollectionSample& kept =
            out_.samples.emplace(collection, std::move(sample)).first->second;
        CollectionStudy* study = nullptr;
        if (kept.exists) {
            studies_.push_back(std::make_unique<CollectionStudy>(kept, options_, memory_));
            study = studies_.back().get();
        }
        by_name_.emplace(collection, study);
        return study;
    }

    Status add(const AskedQuery& query) {
        PLUMB_CHECK(interrupt_.check());
        PLUMB_TRY(study, study_of(query.shape.collection));
        return study != nullptr ? study->add(query, instances_) : Status{};
    }

    Status add_lookups() {
        std::vector<AskedQuery> found;
        for (const auto& study : studies_) {
            for (std::size_t at = 0; at < study->models().size(); ++at) {
                const QueryModel& model = study->models()[at];
                if (model.shape.operation != "aggregate") {
                    continue;
                }
                for (AskedQuery& inner : lookup_queries(*study->asked()[at], model, *study)) {
                    found.push_back(std::move(inner));
                }
            }
        }
        for (AskedQuery& inner : found) {
            inner_.push_back(std::move(inner));
            PLUMB_CHECK(add(inner_.back()));
        }
        return {};
    }

    void select() {
        std::ranges::sort(studies_, {}, [](const auto& study) { return study->sample().name; });
        std::vector<std::vector<Selection>> curves;
        for (const auto& study : studies_) {
            if (options_.on_collection) {
                options_.on_collection(study->sample().name);
            }
            study->prepare();
            out_.cost_before_us += study->cost_before();
        }
        const double least =
            options_.limits.gain_min > 0 ? kGainOfWorkload * out_.cost_before_us : 0;
        for (const auto& study : studies_) {
            study->select(least, options_.total_max.has_value());
            curves.push_back(study->curve());
        }
        if (options_.total_max) {
            const std::vector<std::size_t> given = share_out(curves, *options_.total_max);
            for (std::size_t at = 0; at < studies_.size(); ++at) {
                studies_[at]->take(given[at]);
            }
        }
    }

    Status report() {
        for (const auto& study : studies_) {
            out_.cost_after_us += study->selection().cost_after;
            out_.writes_us += study->table().writes;
        }
        for (const auto& study : studies_) {
            append_study(*study, out_.cost_before_us, out_);
            find_in_collection({study->sample(), study->models(), out_}, out_.findings);
        }
        std::ranges::stable_sort(out_.indexes, [](const IndexAdvice& a, const IndexAdvice& b) {
            return a.gain_us > b.gain_us;
        });
        if (options_.against) {
            out_.comparison = compare_with(*options_.against, options_.against_priority, studies_);
        }
        if (!options_.explain.empty()) {
            PLUMB_TRY(explanation, explain_query(options_.explain, studies_));
            out_.explanation = std::move(explanation);
        }
        return {};
    }

    client::Client& client_;
    const std::string& database_;
    const AdviceOptions& options_;
    Interrupt& interrupt_;
    MemoryState memory_;
    std::size_t instances_ = 0;
    Advice out_;
    std::deque<AskedQuery> inner_;  // studies point to them
    Studies studies_;
    std::map<std::string, CollectionStudy*> by_name_;
};

}  // namespace

Result<Advice> advise(client::Client& client,
                      const std::string& database,
                      const std::vector<AskedQuery>& asked,
                      const AdviceOptions& options,
                      Interrupt& interrupt) {
    if (asked.empty()) {
        return fail(ErrorCode::BadValue, "no query is asked: there is nothing to advise on");
    }
    return Advising{client, database, options, interrupt}.run(asked);
}

}  // namespace plumb::advise
