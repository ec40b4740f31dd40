// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/wire/server.h"

#include "bson/builder.h"
#include "engine/wire/connection.h"
#include "engine/wire/socket.h"

#include <fmt/format.h>

#include <atomic>
#include <condition_variable>
#include <list>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>

namespace plumb::wire {

namespace {

// How long the acceptor rests when the system has no descriptor or memory left for a connection.
constexpr std::chrono::milliseconds kAcceptPause{50};

class ServerImpl final : public Server {
  public:
    ServerImpl(Listener listener,
               const ServerOptions& options,
               commands::Service& service,
               std::shared_ptr<const TlsContext> tls)
        : listener_(std::move(listener)),
          connections_max_(options.connections_max),
          service_(service),
          tls_(std::move(tls)),
          require_login_(options.require_login) {}
    ~ServerImpl() override { stop(std::chrono::milliseconds{0}); }
    ServerImpl(const ServerImpl&) = delete;
    ServerImpl& operator=(const ServerImpl&) = delete;

    Status begin() {
        PLUMB_TRY(watcher, Watcher::start([this](std::int64_t id) {
                      if (closing_) {
                          return;  // it is we who hang up
                      }
                      commands::ClientState gone;
                      gone.connection_id = id;
                      service_.client_gone(gone);
                  }));
        watcher_ = std::move(watcher);
        setup_.emplace(ConnectionSetup{service_, traffic_, *watcher_, tls_, require_login_});
        service_.set_network(listener_.port, [this] { return counters(); });
        acceptor_ = std::thread{[this] { accept_all(); }};
        return {};
    }

    std::uint16_t port() const override { return listener_.port; }

    commands::NetworkCounters counters() const override {
        const std::scoped_lock lock{mutex_};
        commands::NetworkCounters out;
        out.bytes_in = traffic_.bytes_in.load(std::memory_order_relaxed);
        out.bytes_out = traffic_.bytes_out.load(std::memory_order_relaxed);
        out.requests = traffic_.requests.load(std::memory_order_relaxed);
        out.connections_now = serving_;
        out.connections_available = connections_max_ - serving_;
        out.connections_created = created_;
        return out;
    }

    void stop(std::chrono::milliseconds grace) override {
        if (!acceptor_.joinable()) {
            return;
        }
        {
            const std::scoped_lock lock{mutex_};
            stopping_ = true;
        }
        changed_.notify_all();
        listener_.socket.shut_down();
        acceptor_.join();
        closing_ = true;
        std::unique_lock lock{mutex_};
        for (const Served& served : connections_) {
            served.connection->stop_reading();
        }
        const auto all_done = [this] { return serving_ == 0; };
        if (!changed_.wait_for(lock, grace, all_done)) {
            lock.unlock();
            service_.shut_down();
            lock.lock();
            for (const Served& served : connections_) {
                served.connection->cut();
            }
        }
        std::list<Served> ended = std::move(connections_);
        lock.unlock();
        for (Served& served : ended) {
            served.thread.join();
        }
    }

  private:
    struct Served {
        std::unique_ptr<Connection> connection;
        std::thread thread;
        bool done = false;
    };

    void accept_all() {
        while (true) {
            auto accepted = accept_from(listener_.socket);
            if (!accepted.ok()) {
                log(commands::Severity::Error, "Cannot accept", accepted.error().message());
                if (pause_or_stop()) {
                    return;
                }
                continue;
            }
            if (!*accepted) {
                return;
            }
            admit(std::move(**accepted));
        }
    }

    // True if the server is stopping.
    bool pause_or_stop() {
        std::unique_lock lock{mutex_};
        return changed_.wait_for(lock, kAcceptPause, [this] { return stopping_; });
    }

    void admit(Accepted accepted) {
        join_ended();
        std::unique_lock lock{mutex_};
        if (stopping_ || serving_ >= connections_max_) {
            lock.unlock();
            log(commands::Severity::Warning,
                "Connection refused because there are too many open connections",
                accepted.peer);
            return;
        }
        ++created_;
        ++serving_;
        commands::ClientState client;
        client.connection_id = created_;
        client.is_loopback = accepted.peer.starts_with("127.");
        client.remote_address = std::move(accepted.peer);
        Served& served = connections_.emplace_back();
        served.connection =
            std::make_unique<Connection>(std::move(accepted.socket), std::move(client), *setup_);
        try {
            served.thread = std::thread{[this, &served] { serve(served); }};
        } catch (const std::system_error& problem) {
            connections_.pop_back();
            --serving_;
            lock.unlock();
            log(commands::Severity::Error, "Connection refused: no thread for it", problem.what());
        }
    }

    void serve(Served& served) {
        served.connection->serve();
        {
            const std::scoped_lock lock{mutex_};
            served.done = true;
            --serving_;
        }
        changed_.notify_all();
    }

    // Threads cannot join themselves: the acceptor does it before it admits the next.
    void join_ended() {
        std::list<Served> ended;
        {
            const std::scoped_lock lock{mutex_};
            for (auto at = connections_.begin(); at != connections_.end();) {
                const auto here = at++;
                if (here->done) {
                    ended.splice(ended.end(), connections_, here);
                }
            }
        }
        for (Served& served : ended) {
            served.thread.join();
        }
    }

    void log(commands::Severity severity, std::string_view message, std::string_view detail) {
        bson::Builder attributes;
        attributes.append("detail", detail);
        service_.log(severity, "NETWORK", "listener", message, attributes.finish_view());
    }

    Listener listener_;
    int connections_max_;
    commands::Service& service_;
    std::shared_ptr<const TlsContext> tls_;
    bool require_login_;
    TrafficCounters traffic_;
    std::atomic<bool> closing_{false};
    std::unique_ptr<Watcher> watcher_;      // from begin() on
    std::optional<ConnectionSetup> setup_;  // likewise
    mutable std::mutex mutex_;              // guards what follows but the acceptor
    std::condition_variable changed_;
    std::list<Served> connections_;
    std::int64_t created_ = 0;
    int serving_ = 0;
    bool stopping_ = false;
    std::thread acceptor_;
};

}  // namespace

Result<std::unique_ptr<Server>> Server::start(const ServerOptions& options,
                                              commands::Service& service) {
    std::shared_ptr<const TlsContext> tls;
    if (options.tls.mode != TlsMode::Disabled) {
        PLUMB_TRY(loaded, TlsContext::load(options.tls));
        tls = std::move(loaded);
    }
    PLUMB_TRY(listener, listen_on(options.address, options.port));
    auto server =
        std::make_unique<ServerImpl>(std::move(listener), options, service, std::move(tls));
    PLUMB_CHECK(server->begin());
    return std::unique_ptr<Server>{std::move(server)};
}

}  // namespace plumb::wire
