// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/clock.h"
#include "base/fault_points.h"
#include "bench/query/orders.h"
#include "bench/query/pipeline_bench.h"
#include "engine/exec/aggregate.h"
#include "engine/exec/plan_cache.h"
#include "engine/exec/write.h"
#include "engine/storage/engine.h"

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <memory>

namespace plumb::bench {
namespace {

constexpr std::uint32_t kOrders = 400;

constexpr const char* kLookup =
    R"([{{"$lookup": {{"from": "{}", "localField": "user_id", "foreignField": "id", "as": "user"}}}}])";
constexpr const char* kLookupPipeline = R"([{{"$lookup": {{"from": "{}", "let": {{"u": "$user_id"}},
    "pipeline": [{{"$match": {{"$expr": {{"$eq": ["$id", "$$u"]}}}}}}, {{"$project": {{"name": 1}}}}],
    "as": "user"}}}}])";

// shop.orders, shop.users with an index on id, and shop.people: the same without.
class Shop {
  public:
    Shop() {
        std::string name = (std::filesystem::temp_directory_path() / "query-bench-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) {
            end_with(fail(ErrorCode::IoError, "no temporary directory"));
        }
        directory_ = name;
        engine_ = must(storage::Engine::open(
            {.directory = directory_},
            [](bson::View) -> Result<std::unique_ptr<storage::Predicate>> {
                return fail(ErrorCode::BadValue, "no partial indexes here");
            },
            clock_,
            faults_));
        insert("shop.orders", orders(kOrders));
        std::vector<bson::Document> users;
        for (std::uint32_t number = 0; number < kUsers; ++number) {
            users.push_back(user(number));
        }
        insert("shop.users", users);
        insert("shop.people", users);
        storage::IndexSpec index;
        index.name = "id_1";
        bson::Builder key;
        key.append("id", 1);
        index.key = key.finish();
        Interrupt interrupt{clock_};
        check(engine_->build_indexes("shop.users", {index}, {}, interrupt));
    }
    Shop(const Shop&) = delete;
    Shop& operator=(const Shop&) = delete;
    ~Shop() {
        engine_.reset();
        std::error_code ignored;
        std::filesystem::remove_all(directory_, ignored);
    }

    void run(const std::vector<bson::Document>& stages) {
        Interrupt interrupt{clock_};
        exec::Operation operation = operation_of(interrupt);
        exec::AggregateRequest request;
        request.ns = "shop.orders";
        request.pipeline = stages;
        const auto cursor = must(exec::open_aggregate(operation, std::move(request)));
        while (const auto document = must(cursor->next())) {
            benchmark::DoNotOptimize(document->raw().data());
        }
    }

  private:
    static void check(const Status& status) {
        if (!status.ok()) {
            end_with(status.error());
        }
    }
    exec::Operation operation_of(Interrupt& interrupt) {
        return exec::Operation{.engine = *engine_,
                               .plan_cache = plan_cache_,
                               .clock = clock_,
                               .interrupt = interrupt,
                               .expressions = {},
                               .statistics = {}};
    }
    void insert(const char* ns, const std::vector<bson::Document>& documents) {
        Interrupt interrupt{clock_};
        exec::Operation operation = operation_of(interrupt);
        exec::InsertRequest request;
        request.ns = ns;
        request.documents.assign(documents.begin(), documents.end());
        static_cast<void>(must(exec::insert_documents(operation, request)));
    }

    SystemClock clock_;
    FaultPoints faults_;
    std::filesystem::path directory_;
    std::unique_ptr<storage::Engine> engine_;
    exec::PlanCache plan_cache_;
};

// Made at the first benchmark that runs, gone at the end of the program.
Shop& shop() {
    static Shop the_shop;
    return the_shop;
}

void run_once(benchmark::State& state, const char* form, const char* from) {
    const auto stages = stages_of(fmt::format(fmt::runtime(form), from));
    for (auto _ : state) {
        shop().run(stages);
    }
    state.SetItemsProcessed(state.iterations() * std::int64_t{kOrders});
}

// A pipeline for each order, as an application without $lookup would ask.
void run_each(benchmark::State& state, const char* form, const char* from) {
    auto stages = stages_of(fmt::format(fmt::runtime(form), from));
    stages.insert(stages.begin(), bson::Document{});
    for (auto _ : state) {
        for (std::uint32_t number = 0; number < kOrders; ++number) {
            bson::Builder match;
            match.begin_document("$match").append("_id", static_cast<std::int64_t>(number)).end();
            stages.front() = match.finish();
            shop().run(stages);
        }
    }
    state.SetItemsProcessed(state.iterations() * std::int64_t{kOrders});
}

void register_lookup(const char* name, const char* form, const char* from) {
    const std::string text = name;
    benchmark::RegisterBenchmark((text + "/once").c_str(), run_once, form, from);
    benchmark::RegisterBenchmark((text + "/each").c_str(), run_each, form, from);
}

}  // namespace

void register_lookups() {
    register_lookup("lookup.index", kLookup, "users");
    register_lookup("lookup.table", kLookup, "people");
    register_lookup("lookup.pipeline", kLookupPipeline, "users");
}

}  // namespace plumb::bench
