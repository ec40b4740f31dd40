// SPDX-License-Identifier: GPL-3.0-or-later
// Cold calls: the embedded engine is restarted before each.
#include "cli/bench_run.h"
#include "client/embedded_server.h"
#include "tool/bench/cold.h"

#include <fmt/format.h>

namespace plumb::cli {
namespace {

// The embedded engine, stopped and started again and again.
class Engine {
  public:
    explicit Engine(std::filesystem::path data) : data_(std::move(data)) {}

    Result<client::Client*> restart() {
        client_.reset();  // before the server, or it waits for the connection
        server_.reset();
        client::EmbeddedOptions embedded;
        embedded.data_directory = data_;
        PLUMB_TRY(server, client::EmbeddedServer::start(embedded));
        server_ = std::move(server);
        if (!server_->started_here()) {
            return fail(ErrorCode::UsageError,
                        fmt::format("--cold: the engine under {} was started by another program "
                                    "and cannot be restarted from here; end that program first",
                                    data_.string()));
        }
        PLUMB_TRY(connected, client::Client::connect({.url = server_->url()}));
        client_ = std::move(connected);
        return client_.get();
    }

  private:
    std::filesystem::path data_;
    std::unique_ptr<client::EmbeddedServer> server_;
    std::unique_ptr<client::Client> client_;  // after server_: closed before it stops
};

}  // namespace

Result<std::map<std::string, std::vector<double>>> record_cold(Context& context,
                                                               const workload::Workload& workload,
                                                               const BenchOptions& options) {
    if (!context.embedded()) {
        return fail(ErrorCode::UsageError,
                    fmt::format("--cold: the caches of {} cannot be emptied from here; restart "
                                "that server by hand and look at the first call of each query, "
                                "which every run records",
                                client::redact_url(context.options.url)));
    }
    if (context.server() != nullptr) {
        return fail(ErrorCode::UsageError, "--cold: the engine already runs within this command");
    }
    PLUMB_TRY(database, context.database());
    Console& console = context.console();
    console.note(fmt::format(
        "cold calls: the engine is restarted {} times for each query that reads; its cache is "
        "empty then, the operating system's cache of its files is not",
        options.cold));
    bench::ColdOptions cold;
    cold.times = options.cold;
    cold.only = options.only;
    cold.seed = options.seed < 0 ? workload.seed : static_cast<std::uint64_t>(options.seed);
    Engine engine{context.options.data};
    auto measured =
        bench::measure_cold([&engine] { return engine.restart(); },
                            database,
                            workload,
                            cold,
                            context.interrupt(),
                            [&console](std::string_view id, std::int64_t done, std::int64_t all) {
                                console.progress(fmt::format("cold {}", id), done, all);
                            });
    console.progress_done();
    return measured;
}

}  // namespace plumb::cli
