// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/query/orders.h"

#include "base/random.h"
#include "bson/builder.h"
#include "bson/json.h"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>

namespace plumb::bench {
namespace {

constexpr std::size_t kAddressBytes = 330;
constexpr std::int32_t kItems = 3;

std::string user_id(std::uint32_t number) {
    return fmt::format("usr_{:08x}-0000-4000-8000-{:012x}", number * 40503U, number);
}

std::string day(std::uint64_t number) {
    return fmt::format("2025-{:02}-{:02}", number % 12 + 1, number / 12 % 28 + 1);
}

std::string_view status(std::uint64_t percent) {
    if (percent < 84) {
        return "delivered";
    }
    return percent < 90 ? "pending" : percent < 96 ? "cancelled" : "confirmed";
}

}  // namespace

bson::Document order(std::uint32_t number) {
    Random random{number};
    bson::Builder out;
    out.append("_id", static_cast<std::int64_t>(number));
    out.append("id", fmt::format("ord_{:08x}-0000-4000-8000-{:012x}", number * 97U, number));
    out.append("user_id", user_id(static_cast<std::uint32_t>(random.next() % kUsers)));
    out.append("status", status(random.next() % 100));
    out.append("delivery_date", day(random.next()));
    out.append("total_amount", static_cast<double>(random.next() % 5000) / 10);
    out.begin_array("items");
    for (std::int32_t item = 0; item < kItems; ++item) {
        out.push_document();
        out.append("product_id", "prd_00000000-0000-4000-8000-000000000001");
        out.append("quantity", item + 1);
        out.append("price", 12.5);
        out.end();
    }
    out.end();
    out.append("address", std::string(kAddressBytes, 'x'));
    out.append("billed", number % 3 == 0);
    return out.finish();
}

std::vector<bson::Document> orders(std::uint32_t count) {
    std::vector<bson::Document> out;
    for (std::uint32_t number = 0; number < count; ++number) {
        out.push_back(order(number));
    }
    return out;
}

bson::Document user(std::uint32_t number) {
    bson::Builder out;
    out.append("_id", static_cast<std::int32_t>(number));
    out.append("id", user_id(number));
    out.append("name", fmt::format("User {}", number));
    return out.finish();
}

std::vector<bson::Document> stages_of(std::string_view array) {
    const bson::Document wrapped = must(bson::from_json(fmt::format(R"({{"stages": {}}})", array)));
    std::vector<bson::Document> out;
    for (const bson::Element& stage : wrapped.find("stages").as_container()) {
        out.emplace_back(stage.value.as_document());
    }
    return out;
}

void end_with(const Error& error) {
    std::fputs(error.message().c_str(), stderr);
    std::fputs("\n", stderr);
    std::exit(1);
}

}  // namespace plumb::bench
