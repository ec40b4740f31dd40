// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/query/pipeline_bench.h"

#include "bench/query/orders.h"
#include "engine/query/stage.h"

#include <benchmark/benchmark.h>

#include <array>
#include <string>

namespace plumb::bench {
namespace {

constexpr std::uint32_t kOrders = 4000;

struct Case {
    const char* name;
    const char* stages;
};

constexpr auto kCases = std::to_array<Case>({
    {"match.one-field", R"([{"$match": {"status": "pending"}}])"},
    {"match.month", R"([{"$match": {"delivery_date": {"$gte": "2025-03-01", "$lte": "2025-03-31"},
        "status": "delivered"}}])"},
    {"match.array", R"([{"$match": {"items": {"$elemMatch": {"quantity": {"$gt": 5}}}}}])"},
    {"match.expression", R"([{"$match": {"$expr": {"$gt": ["$total_amount", 450]}}}])"},
    {"project.inclusion", R"([{"$project": {"id": 1, "status": 1, "items.price": 1}}])"},
    {"project.computed", R"([{"$project": {"month": {"$substrBytes": ["$delivery_date", 0, 7]},
        "gross": {"$multiply": ["$total_amount", 1.18]}}}])"},
    {"group.by-day", R"([{"$group": {"_id": "$delivery_date", "n": {"$sum": 1},
        "amount": {"$sum": "$total_amount"}}}])"},
    {"group.by-two", R"([{"$group": {"_id": {"d": "$delivery_date", "s": "$status"},
        "n": {"$sum": 1}, "amount": {"$sum": "$total_amount"}}}])"},
    {"unwind.revenue", R"([{"$unwind": "$items"}, {"$group": {"_id": "$items.product_id",
        "r": {"$sum": {"$multiply": ["$items.quantity", "$items.price"]}}}}])"},
    {"sort.two-fields", R"([{"$sort": {"status": 1, "delivery_date": -1}}])"},
    {"sort.top-100", R"([{"$sort": {"delivery_date": -1}}, {"$limit": 100}])"},
});

// The orders one after the other; parses the pipeline again for each if it is asked to.
class OrderSource final : public query::DocumentSource {
  public:
    OrderSource(const std::vector<bson::Document>& orders,
                const std::vector<bson::Document>* parse_again)
        : orders_(orders), parse_again_(parse_again) {}

    Result<std::optional<bson::View>> next() override {
        if (given_ == orders_.size()) {
            return std::optional<bson::View>{};
        }
        if (parse_again_ != nullptr) {
            query::PipelineContext context;
            auto parsed = query::parse_pipeline(*parse_again_, context);
            benchmark::DoNotOptimize(parsed);
        }
        return std::optional{orders_[given_++].view()};
    }

  private:
    const std::vector<bson::Document>& orders_;
    const std::vector<bson::Document>* parse_again_;
    std::size_t given_ = 0;
};

const std::vector<bson::Document>& all_orders() {
    static const std::vector<bson::Document> kAll = orders(kOrders);
    return kAll;
}

void run(benchmark::State& state, const char* text, bool parse_each) {
    const std::vector<bson::Document> stages = stages_of(text);
    for (auto _ : state) {
        query::PipelineContext context;
        query::Pipeline pipeline = must(query::parse_pipeline(stages, context));
        OrderSource source{all_orders(), parse_each ? &stages : nullptr};
        query::DocumentSource& last = query::connect(pipeline, source);
        while (const auto document = must(last.next())) {
            benchmark::DoNotOptimize(document->raw().data());
        }
    }
    state.SetItemsProcessed(state.iterations() * std::int64_t{kOrders});
}

}  // namespace

void register_pipelines() {
    for (const Case& each : kCases) {
        const std::string name = each.name;
        benchmark::RegisterBenchmark((name + "/once").c_str(), run, each.stages, false);
        benchmark::RegisterBenchmark((name + "/each").c_str(), run, each.stages, true);
    }
}

}  // namespace plumb::bench
