// SPDX-License-Identifier: GPL-3.0-or-later
// Words that generated documents are made of, and the small texts built from them.
//
// Threads  pure functions.
#pragma once

#include "base/random.h"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace plumb::generate {

struct CategoryRow {
    std::string_view name;
    std::uint64_t share;  // of 100 products
    std::string_view unit;
    std::array<std::string_view, 6> things;
    std::int64_t price_low;  // rupees
    std::int64_t price_high;
};

[[nodiscard]] const CategoryRow& category_at(std::uint64_t percent);  // requires percent < 100

struct AreaRow {
    std::string_view name;
    std::string_view city;
    std::int32_t pincode;
    std::int32_t lat_e4;  // degrees × 10 000
    std::int32_t lng_e4;
};

[[nodiscard]] const AreaRow& pick_area(Random& random);
[[nodiscard]] std::string_view pick_first_name(Random& random);
[[nodiscard]] std::string_view pick_last_name(Random& random);
[[nodiscard]] std::string_view pick_street(Random& random);
[[nodiscard]] std::string_view pick_brand(Random& random);
[[nodiscard]] std::string_view pick_order_note(Random& random);

// Sentences of at least `bytes` bytes, ended at a word.
[[nodiscard]] std::string sentences(Random& random, std::size_t bytes);

// Indian mobile number of an entity: ten digits that begin with 6 to 9, none given twice.
// requires number < 4 000 000 000
[[nodiscard]] std::string phone_digits(std::uint64_t number);
// The same number as different people write it.
[[nodiscard]] std::string phone_written(std::string_view digits, std::uint64_t style);

}  // namespace plumb::generate
