// SPDX-License-Identifier: GPL-3.0-or-later
// TLS 1.2 and 1.3 by OpenSSL: certificates read once, one stream a connection.
//
//   PLUMB_TRY(tls, TlsContext::load({.mode = TlsMode::Require, .certificate_file = "server.pem"}));
//   PLUMB_TRY(stream, tls->accept(socket));     // the handshake
//
// Threads  a context from any thread; a stream as Stream.
#pragma once

#include "base/result.h"
#include "engine/wire/stream.h"

#include <cstdint>
#include <memory>
#include <string>

namespace plumb::wire {

enum class TlsMode : std::uint8_t {
    Disabled,
    Allow,    // plain and encrypted clients on one port
    Require,  // a plain client is turned away
};

struct TlsOptions {
    TlsMode mode = TlsMode::Disabled;
    std::string certificate_file;  // PEM, with the chain; may hold the key as well
    std::string key_file;          // PEM; empty: the certificate's file
    std::string ca_file;           // whom clients' certificates are signed by; empty: not asked for
    bool client_certificate_optional = false;
};

class TlsContext {
  public:
    // errors  UsageError naming the file and what is wrong with it
    [[nodiscard]] static Result<std::shared_ptr<const TlsContext>> load(const TlsOptions& options);
    virtual ~TlsContext() = default;

    // The handshake with a client that has begun to speak; in mode Allow a plain stream for one
    // that speaks no TLS.
    //   socket  blocking; outlives the stream
    //   errors  ProtocolError: the client speaks no TLS, or why the handshake failed
    [[nodiscard]] virtual Result<std::unique_ptr<Stream>> accept(const Socket& socket) const = 0;
};

}  // namespace plumb::wire
