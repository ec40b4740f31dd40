// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/wire/stream.h"

namespace plumb::wire {

namespace {

class PlainStream final : public Stream {
  public:
    explicit PlainStream(const Socket& socket) : socket_(socket) {}
    Result<std::size_t> read_some(char* to, std::size_t bytes_max) override {
        return wire::read_some(socket_, to, bytes_max);
    }
    Status write_both(std::string_view first, std::string_view second) override {
        return wire::write_both(socket_, first, second);
    }

  private:
    const Socket& socket_;
};

}  // namespace

std::unique_ptr<Stream> plain_stream(const Socket& socket) {
    return std::make_unique<PlainStream>(socket);
}

}  // namespace plumb::wire
