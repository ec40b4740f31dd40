// SPDX-License-Identifier: GPL-3.0-or-later
// What every command of `plumb` gets: options, console, project, a connected client, Ctrl-C.
//
//   void setup_bench(CLI::App& app, Context& context) {
//       CLI::App* command = app.add_subcommand("bench", "run the workload and measure it");
//       command->footer("Example:\n  plumb bench --baseline");
//       command->add_option("--repeat", options->repeat, "…");
//       command->callback([&context, options] {
//           context.run([&context, options] { return run_bench(context, *options); });
//       });
//   }
//
// The callback only remembers the command; main runs it once the whole command line is understood.
//
// Threads  one thread, but for interrupt(), which a signal sets.
#pragma once

#include "base/clock.h"
#include "base/fault_points.h"
#include "base/interrupt.h"
#include "base/result.h"
#include "cli/console.h"
#include "cli/dotenv.h"
#include "client/client.h"
#include "client/embedded_server.h"
#include "project/project.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace plumb::cli {

// Options that stand before or after any command.
struct CommonOptions {
    std::string url;                                 // --url, else MONGO_URL, else the engine
    std::string database;                            // --db, else DB_NAME, the url's, the project's
    std::filesystem::path data = ".plumbline/data";  // --data: of the embedded engine
    std::filesystem::path project = ".";             // --project
    bool json = false;
    bool quiet = false;
    std::vector<std::string> faults;  // --fault (hidden, for tests)
};

// Environment variables, those of a .env file included; the real environment wins.
using Environment = EnvironmentMap;

class Context {
  public:
    explicit Context(Environment environment);
    Context(const Context&) = delete;
    Context& operator=(const Context&) = delete;
    ~Context() = default;

    CommonOptions options;

    // Applies options and environment; called by main once the command line is read.
    [[nodiscard]] Status prepare();

    [[nodiscard]] Console& console() { return console_; }
    [[nodiscard]] const Clock& clock() const { return clock_; }
    [[nodiscard]] Interrupt& interrupt() { return interrupt_; }
    [[nodiscard]] FaultPoints& faults() { return faults_; }

    // The project of --project, opened on first use.
    [[nodiscard]] Result<const project::Project*> project();

    // The connection, made on first use; without a url the embedded engine is started (or joined).
    // errors  HostUnreachable, AuthenticationFailed, ServerStartFailed …
    [[nodiscard]] Result<client::Client*> client();
    // One more connection to the same deployment, for another thread.
    [[nodiscard]] Result<std::unique_ptr<client::Client>> another_client();
    // The url in use, with its password: to connect with, never to print. Starts the engine.
    [[nodiscard]] Result<std::string> url();
    // True if the deployment is the engine under --data and not one named by a url.
    [[nodiscard]] bool embedded() const { return options.url.empty(); }
    // The embedded engine, once url() or client() started or joined it; null otherwise.
    [[nodiscard]] const client::EmbeddedServer* server() const { return server_.get(); }

    // The database to work on. errors: UsageError if nothing names one
    [[nodiscard]] Result<std::string> database();

    // Remembers what the chosen command does.
    using Action = std::function<Result<ExitCode>()>;
    void run(Action action) { action_ = std::move(action); }
    [[nodiscard]] const Action& action() const { return action_; }

  private:
    Environment environment_;
    SystemClock clock_;
    Console console_{clock_};
    Interrupt interrupt_{clock_};
    FaultPoints faults_;
    std::optional<project::Project> project_;
    std::unique_ptr<client::EmbeddedServer> server_;
    std::unique_ptr<client::Client> client_;  // after server_: closed before it stops
    Action action_;
};

}  // namespace plumb::cli
