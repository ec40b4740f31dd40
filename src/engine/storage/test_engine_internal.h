// SPDX-License-Identifier: GPL-3.0-or-later
// For the tests of this folder: a data directory that disappears, an engine on it, and short ways
// to say the usual things. Failures of helpers fail the test that calls them.
//
// Threads  one thread, but the engine's own functions.
#pragma once

#include "bson/builder.h"
#include "bson/compare.h"
#include "bson/index_key.h"
#include "bson/json.h"
#include "engine/storage/cursors.h"
#include "engine/storage/engine.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace plumb::storage {

inline bson::Document json(std::string_view text) {
    Result<bson::Document> document = bson::from_json(text);
    EXPECT_TRUE(document.ok()) << text << ": " << (document.ok() ? "" : document.error().message());
    return document.ok() ? *std::move(document) : bson::Document{};
}

// {name: value}: accepts documents whose field is equal.
class FieldEquals final : public Predicate {
  public:
    explicit FieldEquals(bson::View filter) : filter_(filter) {}
    [[nodiscard]] bool accepts(bson::View document) const override {
        for (const bson::Element& wanted : filter_) {
            const bson::ValueView value = document.find(wanted.name);
            if (value.missing() || !bson::equal(value, wanted.value)) {
                return false;
            }
        }
        return true;
    }

  private:
    bson::Document filter_;
};

inline Result<std::unique_ptr<Predicate>> field_equals(bson::View filter) {
    return std::unique_ptr<Predicate>{std::make_unique<FieldEquals>(filter)};
}

// A fresh directory under the system's temporary one, removed at the end.
class TemporaryDirectory {
  public:
    TemporaryDirectory() {
        std::string name =
            (std::filesystem::temp_directory_path() / "plumb-storage-XXXXXX").string();
        EXPECT_NE(::mkdtemp(name.data()), nullptr);
        path_ = name;
    }
    TemporaryDirectory(const TemporaryDirectory&) = delete;
    TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
    ~TemporaryDirectory() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
};

inline IndexSpec index_spec(std::string name, std::string_view key) {
    IndexSpec spec;
    spec.name = std::move(name);
    spec.key = json(key);
    bson::Builder listed;
    listed.append("v", 2);
    listed.append("key", spec.key);
    listed.append("name", spec.name);
    spec.listed = listed.finish();
    return spec;
}

inline IndexSpec unique_spec(std::string name, std::string_view key) {
    IndexSpec spec = index_spec(std::move(name), key);
    spec.unique = true;
    return spec;
}

class EngineTest : public ::testing::Test {
  protected:
    void SetUp() override { open(); }

    void open() {
        engine_.reset();
        Result<std::unique_ptr<Engine>> engine =
            Engine::open({directory_.path() / "data", 64LL * 1024 * 1024, std::chrono::seconds{60}},
                         field_equals,
                         clock_,
                         faults_);
        ASSERT_TRUE(engine.ok()) << engine.error().message();
        engine_ = *std::move(engine);
    }

    void create(std::string_view ns) {
        const auto created = engine_->create_collection(ns, bson::View{});
        ASSERT_TRUE(created.ok()) << created.error().message();
    }

    Status build(std::string_view ns, std::vector<IndexSpec> specs, BuildOptions options = {}) {
        Interrupt interrupt{clock_};
        return engine_->build_indexes(ns, std::move(specs), options, interrupt);
    }

    // Inserts in a transaction of its own.
    Result<RecordId> insert(std::string_view ns,
                            bson::View document,
                            Durability durability = Durability::Lazy) {
        const auto collection = engine_->collection(ns);
        EXPECT_TRUE(collection.has_value());
        PLUMB_TRY(transaction, engine_->begin(Access::Write));
        PLUMB_TRY(id, collection->insert(*transaction, document));
        PLUMB_CHECK(transaction->commit(durability));
        return id;
    }
    RecordId must_insert(std::string_view ns, std::string_view text) {
        const Result<RecordId> id = insert(ns, json(text));
        EXPECT_TRUE(id.ok()) << text << ": " << (id.ok() ? "" : id.error().message());
        return id.ok() ? *id : RecordId{};
    }

    Status update(std::string_view ns, RecordId id, std::string_view after) {
        const auto collection = engine_->collection(ns);
        PLUMB_TRY(transaction, engine_->begin(Access::Write));
        std::string before;
        PLUMB_TRY(found, collection->read(*transaction, id, before));
        EXPECT_TRUE(found);
        PLUMB_CHECK(collection->update(*transaction, id, bson::View{before}, json(after)));
        return transaction->commit();
    }

    Status remove(std::string_view ns, RecordId id) {
        const auto collection = engine_->collection(ns);
        PLUMB_TRY(transaction, engine_->begin(Access::Write));
        std::string before;
        PLUMB_TRY(found, collection->read(*transaction, id, before));
        EXPECT_TRUE(found);
        PLUMB_CHECK(collection->remove(*transaction, id, bson::View{before}));
        return transaction->commit();
    }

    // The record ids in the order of an index.
    std::vector<std::int64_t> ids_by_index(std::string_view ns,
                                           std::string_view index,
                                           Direction direction = Direction::Forward) {
        std::vector<std::int64_t> out;
        const auto collection = engine_->collection(ns);
        const auto state = collection->state().find_index(index);
        EXPECT_NE(state, nullptr);
        auto transaction = engine_->begin(Access::Read);
        auto cursor = IndexCursor::open(**transaction, *state, direction);
        EXPECT_TRUE(cursor.ok());
        for (;;) {
            auto entry = (*cursor)->next();
            EXPECT_TRUE(entry.ok());
            if (!entry.ok() || !entry->has_value()) {
                return out;
            }
            out.push_back((*entry)->id.number());
        }
    }

    std::vector<std::string> problems(std::string_view ns) {
        Interrupt interrupt{clock_};
        const auto lines = engine_->validate(ns, interrupt);
        EXPECT_TRUE(lines.ok()) << lines.error().message();
        return lines.ok() ? *lines : std::vector<std::string>{};
    }

    // Table files of the data directory, by the beginning of their names.
    [[nodiscard]] std::size_t files(std::string_view prefix) const {
        std::size_t count = 0;
        for (const auto& entry : std::filesystem::directory_iterator{directory_.path() / "data"}) {
            count += entry.path().filename().string().starts_with(prefix) ? 1U : 0U;
        }
        return count;
    }

    TemporaryDirectory directory_;
    SystemClock clock_;
    FaultPoints faults_;
    std::unique_ptr<Engine> engine_;
};

}  // namespace plumb::storage
