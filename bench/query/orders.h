// SPDX-License-Identifier: GPL-3.0-or-later
// Orders for the benchmarks: the shape and size (926 bytes) of those of bench/anchor.
//
// Threads  pure functions.
#pragma once

#include "base/result.h"
#include "bson/document.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace plumb::bench {

// The order of this number: always the same one.
[[nodiscard]] bson::Document order(std::uint32_t number);
[[nodiscard]] std::vector<bson::Document> orders(std::uint32_t count);
// {_id: "usr_…", name}: the user whom orders of this number belong to.
[[nodiscard]] bson::Document user(std::uint32_t number);
inline constexpr std::uint32_t kUsers = 500;

// [{$match: …}, …] from Extended JSON. requires text that is an array of documents
[[nodiscard]] std::vector<bson::Document> stages_of(std::string_view array);

// The value, or the end of the program with its error: a benchmark of what fails says nothing.
template <class T>
[[nodiscard]] T must(Result<T> result);
[[noreturn]] void end_with(const Error& error);

template <class T>
T must(Result<T> result) {
    if (!result.ok()) {
        end_with(result.error());
    }
    return std::move(result).value();
}

}  // namespace plumb::bench
