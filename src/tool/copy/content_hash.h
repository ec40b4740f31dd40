// SPDX-License-Identifier: GPL-3.0-or-later
// What a collection holds, as two numbers: how many documents, and a hash that does not depend on
// their order.
//
//   Contents contents;
//   contents.add(document);                       // each
//   contents == other; contents.hash_text();      // "3f9c…", 32 digits
//
// The hash is the sum, modulo 2^128, of the MD5 of each document's bytes: equal documents count as
// often as they are there. It finds what got lost or altered, not what somebody forged.
//
// Threads  a value type.
#pragma once

#include "bson/document.h"

#include <cstdint>
#include <string>

namespace plumb::copy {

struct Contents {
    std::int64_t documents = 0;
    std::int64_t bytes = 0;
    std::uint64_t high = 0;
    std::uint64_t low = 0;

    void add(bson::View document);
    [[nodiscard]] std::string hash_text() const;
    bool operator==(const Contents&) const = default;
};

}  // namespace plumb::copy
