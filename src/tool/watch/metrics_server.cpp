// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/watch/metrics.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <fmt/format.h>

#include <atomic>
#include <mutex>
#include <thread>

namespace plumb::watch {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;

constexpr std::chrono::milliseconds kPauseAfterError{100};

// The text of the latest sample; written by the watch, read by the server's thread.
struct Shared {
    std::mutex mutex;
    std::string text;
    std::atomic<int> connections{0};
};

// One connection: one request, one answer.
class Visit : public std::enable_shared_from_this<Visit> {
  public:
    Visit(tcp::socket socket, Shared& shared) : stream_(std::move(socket)), shared_(shared) {
        ++shared_.connections;
        request_.header_limit(kMetricsRequestBytesMax);
        request_.body_limit(kMetricsRequestBytesMax);
    }
    Visit(const Visit&) = delete;
    Visit& operator=(const Visit&) = delete;
    ~Visit() { --shared_.connections; }

    // Shared with the handlers of what is under way: whichever ends last ends the visit.
    void run() {
        // For the request as a whole, so that a byte now and then does not keep it alive.
        stream_.expires_after(kMetricsRequestTimeMax);
        http::async_read(
            stream_,
            buffer_,
            request_,
            [self = shared_from_this()](const auto& error, std::size_t) { self->answer(error); });
    }

  private:
    void answer(const beast::error_code& error) {
        if (error == http::error::end_of_stream || error == beast::error::timeout) {
            return;
        }
        response_.version(11);
        response_.keep_alive(false);
        response_.set(http::field::server, "plumbline");
        response_.set(http::field::content_type, "text/plain; version=0.0.4; charset=utf-8");
        fill(error);
        response_.prepare_payload();
        if (!error && request_.get().method() == http::verb::head) {
            response_.body().clear();
        }
        stream_.expires_after(kMetricsRequestTimeMax);
        http::async_write(
            stream_, response_, [self = shared_from_this()](const auto& /*error*/, std::size_t) {
                beast::error_code ignored;
                self->stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
            });
    }

    void fill(const beast::error_code& error) {
        if (error) {
            response_.result(http::status::bad_request);
            response_.body() = "this is no HTTP request\n";
            return;
        }
        const auto& request = request_.get();
        if (request.method() != http::verb::get && request.method() != http::verb::head) {
            response_.result(http::status::method_not_allowed);
            response_.set(http::field::allow, "GET, HEAD");
            response_.body() = "only GET\n";
            return;
        }
        const std::string_view target{request.target().data(), request.target().size()};
        if (target.substr(0, target.find('?')) != "/metrics") {
            response_.result(http::status::not_found);
            response_.body() = "only /metrics\n";
            return;
        }
        const std::lock_guard guard{shared_.mutex};
        response_.result(http::status::ok);
        response_.body() = shared_.text;
    }

    beast::tcp_stream stream_;
    Shared& shared_;
    beast::flat_buffer buffer_{2 * kMetricsRequestBytesMax};
    http::request_parser<http::string_body> request_;
    http::response<http::string_body> response_;
};

class Server final : public MetricsServer {
  public:
    ~Server() override {
        io_.stop();
        if (thread_.joinable()) {
            thread_.join();
        }
    }

    Status listen(std::uint16_t port) {
        beast::error_code failed;
        const tcp::endpoint endpoint{asio::ip::address_v4::loopback(), port};
        const auto ok = [&failed] { return !failed; };
        static_cast<void>(acceptor_.open(endpoint.protocol(), failed));
        if (ok()) {
            static_cast<void>(acceptor_.set_option(tcp::acceptor::reuse_address{true}, failed));
        }
        if (ok()) {
            static_cast<void>(acceptor_.bind(endpoint, failed));
        }
        if (ok()) {
            static_cast<void>(acceptor_.listen(kMetricsConnectionsMax, failed));
        }
        if (ok()) {
            port_ = acceptor_.local_endpoint(failed).port();
        }
        if (!ok()) {
            return fail(ErrorCode::AddressInUse,
                        fmt::format("--metrics {}: {}", port, failed.message()));
        }
        accept();
        thread_ = std::thread{[this] { serve(); }};
        return {};
    }

    void publish(std::string text) override {
        const std::lock_guard guard{shared_.mutex};
        shared_.text = std::move(text);
    }

    std::uint16_t port() const override { return port_; }

  private:
    void serve() {
        try {
            io_.run();
        } catch (const std::exception& error) {
            // Out of memory: the watch itself goes on without its metrics.
            publish(fmt::format("# stopped: {}\n", error.what()));
        }
    }

    void accept() {
        acceptor_.async_accept([this](const auto& error, tcp::socket socket) {
            // Too many, or none left of the process: the socket closes as it goes out of scope.
            if (!error && shared_.connections < kMetricsConnectionsMax) {
                std::make_shared<Visit>(std::move(socket), shared_)->run();
            }
            if (error) {
                // Out of descriptors, mostly: they come back in time.
                pause_.expires_after(kPauseAfterError);
                pause_.async_wait([this](const auto& stopped) { stopped ? void() : accept(); });
            } else {
                accept();
            }
        });
    }

    Shared shared_;  // before io_, whose visits look at it until they end
    asio::io_context io_;
    tcp::acceptor acceptor_{io_};
    asio::steady_timer pause_{io_};
    std::uint16_t port_ = 0;
    std::thread thread_;
};

}  // namespace

Result<std::unique_ptr<MetricsServer>> MetricsServer::start(std::uint16_t port) {
    auto server = std::make_unique<Server>();
    PLUMB_CHECK(server->listen(port));
    return std::unique_ptr<MetricsServer>{std::move(server)};
}

}  // namespace plumb::watch
