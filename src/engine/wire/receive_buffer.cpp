// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/wire/receive_buffer.h"

#include <algorithm>
#include <cstring>

namespace plumb::wire {

ReceiveBuffer::ReceiveBuffer()
    : memory_(std::make_unique_for_overwrite<char[]>(kFirstBytes)), capacity_(kFirstBytes) {}

void ReceiveBuffer::resize(std::size_t capacity) {
    auto larger = std::make_unique_for_overwrite<char[]>(capacity);
    std::memcpy(larger.get(), memory_.get() + begin_, end_ - begin_);
    memory_ = std::move(larger);
    capacity_ = capacity;
    end_ -= begin_;
    begin_ = 0;
}

std::span<char> ReceiveBuffer::room(std::size_t wanted) {
    const std::size_t held = end_ - begin_;
    if (begin_ > 0 && begin_ + wanted > capacity_) {
        std::memmove(memory_.get(), memory_.get() + begin_, held);
        begin_ = 0;
        end_ = held;
    }
    if (end_ == capacity_) {
        resize(std::min(capacity_ * 2, std::max(wanted, capacity_ + 1)));
    }
    return {memory_.get() + end_, capacity_ - end_};
}

void ReceiveBuffer::consume(std::size_t bytes) {
    begin_ += bytes;
    if (begin_ != end_) {
        return;
    }
    begin_ = 0;
    end_ = 0;
    if (capacity_ > kKeptBytesMax) {
        memory_ = std::make_unique_for_overwrite<char[]>(kFirstBytes);
        capacity_ = kFirstBytes;
    }
}

}  // namespace plumb::wire
