// SPDX-License-Identifier: GPL-3.0-or-later
// For the tests of this folder: a service on a data directory of its own, and commands as JSON.
//
// Threads  run() from any thread.
#pragma once

#include "base/fault_points.h"
#include "bson/builder.h"
#include "bson/json.h"
#include "bson/number.h"
#include "engine/commands/partial_filter.h"
#include "engine/commands/service.h"
#include "engine/storage/engine.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace plumb::commands {

class TestService {
  public:
    explicit TestService(std::string replica_set = "rs") : replica_set_(std::move(replica_set)) {
        std::string name =
            (std::filesystem::temp_directory_path() / "plumb-commands-XXXXXX").string();
        EXPECT_NE(::mkdtemp(name.data()), nullptr);
        directory_ = name;
        open();
    }
    TestService(const TestService&) = delete;
    TestService& operator=(const TestService&) = delete;
    ~TestService() {
        close();
        std::error_code ignored;
        std::filesystem::remove_all(directory_, ignored);
    }

    // As after a clean stop and a start.
    void reopen() {
        close();
        open();
    }

    bson::Document run(std::string_view command) {
        const auto parsed = bson::from_json(command);
        EXPECT_TRUE(parsed.ok()) << command;
        return parsed.ok() ? run(parsed->view()) : bson::Document{};
    }
    bson::Document run(bson::View command) {
        ClientState client;
        client.connection_id = 1;
        return service_->run(client, command);
    }

  private:
    void open() {
        storage::EngineOptions options;
        options.directory = directory_ / "data";
        auto engine =
            storage::Engine::open(std::move(options), partial_filter_factory(), clock_, faults_);
        ASSERT_TRUE(engine.ok()) << engine.error().message();
        engine_ = std::move(engine).value();
        ServiceOptions service;
        service.replica_set = replica_set_;
        service.replica_host = "127.0.0.1";
        service.port = 27017;
        service_ = Service::create(*engine_, clock_, std::move(service));
    }
    void close() {
        service_.reset();
        engine_.reset();
    }

    std::string replica_set_;
    std::filesystem::path directory_;
    SystemClock clock_;
    FaultPoints faults_;
    std::unique_ptr<storage::Engine> engine_;
    std::unique_ptr<Service> service_;
};

inline std::int64_t number_of(bson::View reply, std::string_view name) {
    const bson::ValueView value = reply.find(name);
    return value.is_number() ? bson::to_clamped_int64(value) : -1;
}
inline bool succeeded(bson::View reply) {
    return number_of(reply, "ok") == 1;
}
// The reply's error code; 0 of a success.
inline std::int64_t code_of(bson::View reply) {
    return succeeded(reply) ? 0 : number_of(reply, "code");
}
inline bool has_transient_label(bson::View reply) {
    const bson::ValueView labels = reply.find("errorLabels");
    return labels.type() == bson::Type::Array &&
           labels.as_array().at(0).type() == bson::Type::String &&
           labels.as_array().at(0).as_string() == "TransientTransactionError";
}

}  // namespace plumb::commands
