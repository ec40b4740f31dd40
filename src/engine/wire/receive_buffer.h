// SPDX-License-Identifier: GPL-3.0-or-later
// The bytes that came from a client and are not used up: one buffer a connection, which grows as
// bytes really arrive (a length word alone allocates nothing) and shrinks after a large message.
//
//   while (buffer.filled().size() < kHeaderBytes) { … read into buffer.room(); buffer.added(n); }
//
// Threads  one thread.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

namespace plumb::wire {

class ReceiveBuffer {
  public:
    static constexpr std::size_t kFirstBytes = 16 * 1024;
    // A buffer that is larger than this is given back once its message is done.
    static constexpr std::size_t kKeptBytesMax = 1024 * 1024;

    ReceiveBuffer();

    // What has been received and not consumed.
    [[nodiscard]] std::string_view filled() const {
        return {memory_.get() + begin_, end_ - begin_};
    }
    // Where more can be received: at least one byte, moved or grown if the buffer is full.
    //   wanted  how many bytes filled() should hold in the end
    [[nodiscard]] std::span<char> room(std::size_t wanted);
    void added(std::size_t bytes) { end_ += bytes; }
    // Drops bytes from the front: views into them end.
    void consume(std::size_t bytes);

  private:
    void resize(std::size_t capacity);

    std::unique_ptr<char[]> memory_;
    std::size_t capacity_;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
};

}  // namespace plumb::wire
