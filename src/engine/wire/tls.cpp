// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/wire/tls.h"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <limits>
#include <string_view>

namespace plumb::wire {

namespace {

constexpr char kHandshakeRecord = 22;
constexpr char kMajorVersion = 3;
constexpr char kMinorVersionMax = 4;
constexpr std::size_t kOneRecordBytes = 16 * 1024;

// OpenSSL's words for the first thing that went wrong; forgets the others.
std::string openssl_error() {
    const unsigned long code = ERR_get_error();  // NOLINT(google-runtime-int): OpenSSL's type
    ERR_clear_error();
    if (code == 0) {
        return "the connection ended";
    }
    const char* reason = ERR_reason_error_string(code);
    return reason == nullptr ? fmt::format("OpenSSL error {:#x}", code) : std::string{reason};
}

struct FreeSsl {
    void operator()(SSL* ssl) const { SSL_free(ssl); }
};
struct FreeContext {
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
using SslPtr = std::unique_ptr<SSL, FreeSsl>;
using ContextPtr = std::unique_ptr<SSL_CTX, FreeContext>;

class TlsStream final : public Stream {
  public:
    explicit TlsStream(SslPtr ssl) : ssl_(std::move(ssl)) {}
    TlsStream(const TlsStream&) = delete;
    TlsStream& operator=(const TlsStream&) = delete;
    // Says good-bye, without waiting for the other side's.
    ~TlsStream() override {
        if (!failed_) {
            ERR_clear_error();
            static_cast<void>(SSL_shutdown(ssl_.get()));
        }
    }

    Result<std::size_t> read_some(char* to, std::size_t bytes_max) override {
        ERR_clear_error();
        std::size_t got = 0;
        if (SSL_read_ex(ssl_.get(), to, bytes_max, &got) == 1) {
            return got;
        }
        if (SSL_get_error(ssl_.get(), 0) == SSL_ERROR_ZERO_RETURN) {
            return std::size_t{0};
        }
        failed_ = true;
        return fail(ErrorCode::IoError, fmt::format("cannot read: {}", openssl_error()));
    }

    Status write_both(std::string_view first, std::string_view second) override {
        if (first.size() + second.size() <= kOneRecordBytes) {
            return write(fmt::format("{}{}", first, second));
        }
        PLUMB_CHECK(write(first));
        return write(second);
    }

  private:
    Status write(std::string_view bytes) {
        ERR_clear_error();
        std::size_t written = 0;
        if (bytes.empty() || SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &written) == 1) {
            return {};
        }
        failed_ = true;
        return fail(ErrorCode::IoError, fmt::format("cannot write: {}", openssl_error()));
    }

    SslPtr ssl_;
    bool failed_ = false;  // nothing more may be said on it
};

Error unusable(std::string_view what, const std::string& file) {
    return fail(ErrorCode::UsageError,
                fmt::format("the TLS {} {} cannot be used: {}", what, file, openssl_error()));
}

// No terminal is asked for a pass phrase: a daemon has none.
int no_pass_phrase(char*, int, int, void*) {
    return 0;
}

Status load_certificate(SSL_CTX* context, const TlsOptions& options) {
    const std::string& key_file =
        options.key_file.empty() ? options.certificate_file : options.key_file;
    SSL_CTX_set_default_passwd_cb(context, no_pass_phrase);
    if (SSL_CTX_use_certificate_chain_file(context, options.certificate_file.c_str()) != 1) {
        return unusable("certificate", options.certificate_file);
    }
    if (SSL_CTX_use_PrivateKey_file(context, key_file.c_str(), SSL_FILETYPE_PEM) != 1) {
        return unusable("key", key_file);
    }
    if (SSL_CTX_check_private_key(context) != 1) {
        return unusable("key", key_file);
    }
    return {};
}

Status load_authority(SSL_CTX* context, const TlsOptions& options) {
    if (options.ca_file.empty()) {
        return {};
    }
    if (SSL_CTX_load_verify_locations(context, options.ca_file.c_str(), nullptr) != 1) {
        return unusable("CA file", options.ca_file);
    }
    SSL_CTX_set_client_CA_list(context, SSL_load_client_CA_file(options.ca_file.c_str()));
    const int required = options.client_certificate_optional ? 0 : SSL_VERIFY_FAIL_IF_NO_PEER_CERT;
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | required, nullptr);
    return {};
}

// What a client begins with, left where it is.
enum class Greeting : std::uint8_t { None, Tls, Plain };

// A handshake begins with its record's type and version, 22 3 1: as a message's length that were
// more than any first message has.
Greeting greeting_of(const Socket& socket) {
    std::array<char, 3> first{};
    const ssize_t got =
        ::recv(socket.descriptor(), first.data(), first.size(), MSG_PEEK | MSG_WAITALL);
    if (got != static_cast<ssize_t>(first.size())) {
        return Greeting::None;
    }
    const bool handshake = first[0] == kHandshakeRecord && first[1] == kMajorVersion &&
                           first[2] > 0 && first[2] <= kMinorVersionMax;
    return handshake ? Greeting::Tls : Greeting::Plain;
}

class TlsContextImpl final : public TlsContext {
  public:
    TlsContextImpl(ContextPtr context, TlsMode mode) : context_(std::move(context)), mode_(mode) {}

    Result<std::unique_ptr<Stream>> accept(const Socket& socket) const override {
        const Greeting greeting = greeting_of(socket);
        if (greeting == Greeting::None) {
            return fail(ErrorCode::ProtocolError, "the client went before the TLS handshake");
        }
        if (greeting == Greeting::Plain) {
            if (mode_ == TlsMode::Allow) {
                return plain_stream(socket);
            }
            return fail(ErrorCode::ProtocolError,
                        "the client does not speak TLS, which this server requires; connect with "
                        "tls=true");
        }
        ERR_clear_error();
        SslPtr ssl{SSL_new(context_.get())};
        const bool ready = ssl != nullptr && SSL_set_fd(ssl.get(), socket.descriptor()) == 1;
        if (!ready || SSL_accept(ssl.get()) != 1) {
            return fail(ErrorCode::ProtocolError,
                        fmt::format("the TLS handshake failed: {}", openssl_error()));
        }
        return std::unique_ptr<Stream>{std::make_unique<TlsStream>(std::move(ssl))};
    }

  private:
    ContextPtr context_;
    TlsMode mode_;
};

}  // namespace

Result<std::shared_ptr<const TlsContext>> TlsContext::load(const TlsOptions& options) {
    ERR_clear_error();
    ContextPtr context{SSL_CTX_new(TLS_server_method())};
    if (context == nullptr) {
        return fail(ErrorCode::InternalError, openssl_error());
    }
    constexpr std::string_view kSessionContext = "plumbd";
    SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
    SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
    // A stream cut short is no danger: messages say their length.
    SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_IGNORE_UNEXPECTED_EOF);
    SSL_CTX_set_session_id_context(context.get(),
                                   reinterpret_cast<const unsigned char*>(kSessionContext.data()),
                                   static_cast<unsigned>(kSessionContext.size()));
    PLUMB_CHECK(load_certificate(context.get(), options));
    PLUMB_CHECK(load_authority(context.get(), options));
    return std::shared_ptr<const TlsContext>{
        std::make_shared<TlsContextImpl>(std::move(context), options.mode)};
}

}  // namespace plumb::wire
