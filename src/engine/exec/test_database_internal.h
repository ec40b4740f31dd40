// SPDX-License-Identifier: GPL-3.0-or-later
// For the tests of this folder: an engine on a directory that disappears, and operations on it.
//
// Threads  operation() makes one for each thread; the rest one thread.
#pragma once

#include "base/clock.h"
#include "base/fault_points.h"
#include "bson/json.h"
#include "engine/exec/operation.h"
#include "engine/exec/plan_cache.h"
#include "engine/query/matcher.h"
#include "engine/storage/engine.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace plumb::exec::testing {

inline bson::Document json(std::string_view text) {
    Result<bson::Document> document = bson::from_json(text);
    EXPECT_TRUE(document.ok()) << text;
    return document.ok() ? *std::move(document) : bson::Document{};
}

class FilterPredicate final : public storage::Predicate {
  public:
    explicit FilterPredicate(query::Matcher matcher) : matcher_(std::move(matcher)) {}
    [[nodiscard]] bool accepts(bson::View document) const override {
        return matcher_.matches(document);
    }

  private:
    query::Matcher matcher_;
};

inline Result<std::unique_ptr<storage::Predicate>> make_predicate(bson::View filter) {
    PLUMB_TRY(matcher, query::Matcher::parse(filter));
    return std::unique_ptr<storage::Predicate>{
        std::make_unique<FilterPredicate>(std::move(matcher))};
}

class Database {
  public:
    Database() {
        std::string name = (std::filesystem::temp_directory_path() / "plumb-exec-XXXXXX").string();
        EXPECT_NE(::mkdtemp(name.data()), nullptr);
        directory_ = name;
        Result<std::unique_ptr<storage::Engine>> engine =
            storage::Engine::open({.directory = directory_}, make_predicate, clock_, faults_);
        EXPECT_TRUE(engine.ok()) << (engine.ok() ? "" : engine.error().message());
        engine_ = *std::move(engine);
    }
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;
    ~Database() {
        engine_.reset();
        std::error_code ignored;
        std::filesystem::remove_all(directory_, ignored);
    }

    [[nodiscard]] storage::Engine& engine() { return *engine_; }
    [[nodiscard]] PlanCache& plan_cache() { return plan_cache_; }
    [[nodiscard]] const Clock& clock() const { return clock_; }
    [[nodiscard]] Operation operation(Interrupt& interrupt) {
        return Operation{.engine = *engine_,
                         .plan_cache = plan_cache_,
                         .clock = clock_,
                         .interrupt = interrupt,
                         .expressions = {},
                         .statistics = {}};
    }

    void create_index(std::string_view ns, bson::View listed);

  private:
    SystemClock clock_;
    FaultPoints faults_;
    std::filesystem::path directory_;
    std::unique_ptr<storage::Engine> engine_;
    PlanCache plan_cache_;
};

// {key: {a: 1}, name: "a_1", unique: true …} as createIndexes takes it.
inline storage::IndexSpec spec_of(bson::View listed) {
    storage::IndexSpec spec;
    spec.name = listed.find("name").as_string();
    spec.key = bson::Document{listed.find("key").as_document()};
    for (const bson::Element& field : spec.key) {
        if (field.value.type() == bson::Type::String) {
            spec.kind = storage::IndexKind::Hashed;
        }
    }
    const auto flag = [&](std::string_view name) {
        return listed.has(name) && listed.find(name).as_bool();
    };
    spec.unique = flag("unique");
    spec.sparse = flag("sparse");
    spec.hidden = flag("hidden");
    if (listed.has("partialFilterExpression")) {
        spec.partial = bson::Document{listed.find("partialFilterExpression").as_document()};
    }
    spec.listed = bson::Document{listed};
    return spec;
}

inline void Database::create_index(std::string_view ns, bson::View listed) {
    Interrupt interrupt{clock_};
    const Status status = engine_->build_indexes(ns, {spec_of(listed)}, {}, interrupt);
    EXPECT_TRUE(status.ok()) << (status.ok() ? "" : status.error().message());
}

}  // namespace plumb::exec::testing
