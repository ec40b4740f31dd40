// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/generate/fields.h"

#include "tool/generate/names.h"

#include <fmt/format.h>

#include <array>
#include <cctype>

namespace plumb::generate {
namespace {

constexpr std::uint64_t kPersonSalt = 0x706572736f6e;
constexpr std::uint64_t kAddressSalt = 0x61646472657373;
constexpr std::uint64_t kItemsSalt = 0x6974656d73;

// Of 100 orders, how many have one item, two, … eight.
constexpr std::array<std::uint64_t, 8> kItemShares{35, 25, 17, 10, 6, 4, 2, 1};

std::size_t draw_item_count(Random& random) {
    std::uint64_t draw = random.below(100);
    for (std::size_t count = 1; count < kItemShares.size(); ++count) {
        if (draw < kItemShares[count - 1]) {
            return count;
        }
        draw -= kItemShares[count - 1];
    }
    return kItemShares.size();
}

std::string lower(std::string_view text) {
    std::string out;
    for (const char letter : text) {
        out += static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
    }
    return out;
}

void put_big_endian(std::array<std::uint8_t, 12>& bytes, std::size_t at, std::uint64_t number) {
    for (std::size_t index = 0; index < 4; ++index) {
        bytes[at + index] = static_cast<std::uint8_t>(number >> (24 - 8 * index));
    }
}

}  // namespace

void Draft::append_ids(std::int64_t created_ms) {
    bson::ObjectId object_id;
    put_big_endian(object_id.bytes, 0, static_cast<std::uint64_t>(created_ms / 1000));
    const std::uint64_t origin =
        Random::stream(world.options().seed, 77 + static_cast<std::uint64_t>(collection)).next();
    put_big_endian(object_id.bytes, 4, origin);
    put_big_endian(object_id.bytes, 8, place);
    out.append("_id", object_id);
    out.append("id", world.id(collection, number));
}

void Draft::append_instant(std::string_view name, std::int64_t ms) {
    if (old_instants) {
        out.append(name, instant_text(ms));
    } else {
        out.append(name, bson::Date{ms});
    }
}

void Draft::append_times(std::int64_t created_ms, std::int64_t updated_ms) {
    append_instant("created_at", created_ms);
    append_instant("updated_at", updated_ms < created_ms ? created_ms : updated_ms);
}

void Draft::append_money(std::string_view name, std::int64_t paise) {
    out.append(name, static_cast<double>(paise) / 100.0);
}

Person person_of(const World& world, std::uint64_t user) {
    Random random = Random::stream(world.options().seed ^ kPersonSalt, user);
    const std::string_view first = pick_first_name(random);
    const std::string_view last = pick_last_name(random);
    return {fmt::format("{} {}", first, last),
            fmt::format("{}.{}{}@example.in", lower(first), lower(last), user)};
}

Address address_of(const World& world, std::uint64_t customer) {
    Random random = Random::stream(world.options().seed ^ kAddressSalt, customer);
    const AreaRow& area = pick_area(random);
    Address out;
    const std::uint64_t floor = 1 + random.below(12);
    const std::uint64_t door = 1 + random.below(12);
    const std::uint64_t house = 1 + random.below(200);
    out.line1 = fmt::format("Flat {}{:02}, {} {}", floor, door, house, pick_street(random));
    out.area = area.name;
    out.city = area.city;
    out.pincode = area.pincode;
    out.lat =
        static_cast<double>(area.lat_e4 + static_cast<std::int32_t>(random.below(200)) - 100) /
        10'000.0;
    out.lng =
        static_cast<double>(area.lng_e4 + static_cast<std::int32_t>(random.below(200)) - 100) /
        10'000.0;
    return out;
}

void append_address(bson::Builder& out, std::string_view name, const Address& address) {
    out.begin_document(name);
    out.append("line1", address.line1);
    out.append("area", address.area);
    out.append("city", address.city);
    out.append("pincode", std::to_string(address.pincode));
    out.begin_document("location");
    out.append("lat", address.lat);
    out.append("lng", address.lng);
    out.end();
    out.end();
}

std::int64_t append_items(bson::Builder& out, const World& world, const OrderFacts& order) {
    Random random = Random::stream(world.options().seed ^ kItemsSalt, order.number);
    const std::size_t count = draw_item_count(random);
    std::int64_t sum = 0;
    out.begin_array("items");
    for (std::size_t index = 0; index < count; ++index) {
        const std::uint64_t product = index == 0 && !order.single
                                          ? world.product_of(order.subscription)
                                          : world.pick_product(random);
        const ProductBrief& brief = world.product(product);
        const auto quantity = static_cast<std::int32_t>(1 + random.below(4));
        const std::int64_t total = brief.price_paise * quantity;
        sum += total;
        out.push_document();
        out.append("product_id", world.id(Collection::Products, product));
        out.append("product_name", brief.name);
        out.append("quantity", quantity);
        out.append("price", static_cast<double>(brief.price_paise) / 100.0);
        out.append("total", static_cast<double>(total) / 100.0);
        out.end();
    }
    out.end();
    return sum;
}

std::string_view status_text(OrderStatus status) {
    constexpr std::array<std::string_view, 4> kTexts{
        "pending", "confirmed", "delivered", "cancelled"};
    return kTexts[static_cast<std::size_t>(status)];
}

std::string_view status_text(SubscriptionStatus status) {
    constexpr std::array<std::string_view, 4> kTexts{"draft", "active", "paused", "stopped"};
    return kTexts[static_cast<std::size_t>(status)];
}

}  // namespace plumb::generate
