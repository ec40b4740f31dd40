// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/watch/webhook.h"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <fmt/format.h>

#include <memory>

namespace plumb::watch {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;
using TlsStream = beast::ssl_stream<beast::tcp_stream>;

constexpr std::size_t kAnswerBytesMax = std::size_t{64} * 1024;

// One request, step by step; each step begins the next, the first failure ends them.
class Post {
  public:
    Post(const WebAddress& address, const std::string& json, std::chrono::milliseconds limit)
        : address_(address), limit_(limit) {
        request_.version(11);
        request_.method(http::verb::post);
        request_.target(address.target);
        request_.set(http::field::host, address.host);
        request_.set(http::field::user_agent, "plumbline");
        request_.set(http::field::content_type, "application/json");
        request_.set(http::field::connection, "close");
        request_.body() = json;
        request_.prepare_payload();
        answer_.body_limit(kAnswerBytesMax);
    }

    // The answer's status, or why there is none.
    Result<unsigned> run() {
        tls_context_.set_default_verify_paths(failed_);
        tls_context_.set_verify_mode(asio::ssl::verify_peer);
        tls_ = std::make_unique<TlsStream>(io_, tls_context_);
        resolver_.async_resolve(
            address_.host, address_.port, [this](const auto& error, const auto& found) {
                next(error, "resolve", [this, &found] { connect(found); });
            });
        io_.run_for(limit_);
        if (!done_ && !failed_) {
            return fail(ErrorCode::NetworkTimeout,
                        fmt::format("no answer within {} s", limit_.count() / 1000));
        }
        if (failed_) {
            return fail(ErrorCode::HostUnreachable,
                        fmt::format("cannot {}: {}", step_, failed_.message()));
        }
        return answer_.get().result_int();
    }

  private:
    template <class Then>
    void next(const beast::error_code& error, const char* step, Then then) {
        step_ = step;
        failed_ = error;
        if (!error) {
            then();
        }
    }

    void connect(const tcp::resolver::results_type& found) {
        beast::get_lowest_layer(*tls_).async_connect(
            found, [this](const auto& error, const auto& /*endpoint*/) {
                next(error, "connect", [this] { address_.tls ? shake_hands() : write(plain()); });
            });
    }

    void shake_hands() {
        // What SSL_set_tlsext_host_name stands for, without its C cast.
        std::string name = address_.host;
        SSL_ctrl(tls_->native_handle(),
                 SSL_CTRL_SET_TLSEXT_HOSTNAME,
                 TLSEXT_NAMETYPE_host_name,
                 name.data());
        tls_->set_verify_callback(asio::ssl::host_name_verification{address_.host});
        tls_->async_handshake(asio::ssl::stream_base::client, [this](const auto& error) {
            next(error, "agree on TLS", [this] { write(*tls_); });
        });
    }

    template <class Stream>
    void write(Stream& stream) {
        http::async_write(stream, request_, [this, &stream](const auto& error, std::size_t) {
            next(error, "send", [this, &stream] { read(stream); });
        });
    }

    template <class Stream>
    void read(Stream& stream) {
        http::async_read(stream, buffer_, answer_, [this](const auto& error, std::size_t) {
            next(error, "read the answer", [this] { done_ = true; });
        });
    }

    beast::tcp_stream& plain() { return beast::get_lowest_layer(*tls_); }

    const WebAddress& address_;
    std::chrono::milliseconds limit_;
    asio::io_context io_;
    asio::ssl::context tls_context_{asio::ssl::context::tls_client};
    tcp::resolver resolver_{io_};
    std::unique_ptr<TlsStream> tls_;
    http::request<http::string_body> request_;
    http::response_parser<http::string_body> answer_;
    beast::flat_buffer buffer_{kAnswerBytesMax};
    beast::error_code failed_;
    const char* step_ = "begin";
    bool done_ = false;
};

// Asio throws where a TLS context or a socket cannot be made.
Result<unsigned> send(const WebAddress& address,
                      const std::string& json,
                      std::chrono::milliseconds limit) {
    try {
        return Post{address, json, limit}.run();
    } catch (const std::exception& error) {
        return fail(ErrorCode::HostUnreachable, error.what());
    }
}

}  // namespace

Result<WebAddress> parse_address(std::string_view url) {
    WebAddress out;
    const auto refuse = [url](std::string_view why) {
        return fail(ErrorCode::UsageError, fmt::format("--webhook {}: {}", url, why));
    };
    std::string_view rest = url;
    out.tls = rest.starts_with("https://");
    if (!out.tls && !rest.starts_with("http://")) {
        return refuse("wants an http:// or https:// address");
    }
    rest.remove_prefix(out.tls ? 8 : 7);
    const std::size_t end = std::min(rest.find_first_of("/?#"), rest.size());
    std::string_view host = rest.substr(0, end);
    rest = rest.substr(end, std::min(rest.find('#'), rest.size()) - end);
    out.target = rest.starts_with('/') ? std::string{rest} : fmt::format("/{}", rest);
    for (const char c : out.target) {
        if (static_cast<unsigned char>(c) <= ' ') {
            return refuse("has a blank or a control character in it");
        }
    }
    if (host.find('@') != std::string_view::npos) {
        return refuse("a login in the address is not taken");
    }
    const std::size_t bracket = host.find(']');
    const std::size_t colon = host.find(':', bracket == std::string_view::npos ? 0 : bracket);
    out.port = colon == std::string_view::npos ? std::string{out.tls ? "443" : "80"}
                                               : std::string{host.substr(colon + 1)};
    host = host.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']')) {
        host = host.substr(1, host.size() - 2);
    }
    out.host = host;
    if (out.host.empty() || out.port.empty()) {
        return refuse("names no host");
    }
    return out;
}

Status post_json(const std::string& url, const std::string& json, std::chrono::milliseconds limit) {
    PLUMB_TRY(address, parse_address(url));
    const std::string place = fmt::format(
        "--webhook {}://{}:{}", address.tls ? "https" : "http", address.host, address.port);
    PLUMB_TRY(status, send(address, json, limit).context(place));
    if (status < 200 || status > 299) {
        return fail(ErrorCode::OperationFailed, fmt::format("{}: answered {}", place, status));
    }
    return {};
}

}  // namespace plumb::watch
