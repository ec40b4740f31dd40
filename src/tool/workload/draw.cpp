// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/workload/draw.h"

#include "bson/builder.h"
#include "bson/hash.h"
#include "tool/workload/day.h"
#include "tool/workload/draw_internal.h"

#include <fmt/format.h>

#include <chrono>

namespace plumb::workload {
namespace {

// How often a row is drawn again because a field is not there (it may be optional).
constexpr int kRedraws = 32;

std::int32_t draw_offset(Span span, Random& random) {
    const auto width = static_cast<std::uint64_t>(span.to - span.from) + 1;
    return span.from + static_cast<std::int32_t>(random.below(width));
}

std::string uuid_text(Random& random) {
    const std::uint64_t high = (random.next() & ~std::uint64_t{0xf000}) | 0x4000;
    const std::uint64_t low =
        (random.next() & ~(std::uint64_t{3} << 62)) | (std::uint64_t{1} << 63);
    return fmt::format("{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
                       high >> 32,
                       (high >> 16) & 0xffff,
                       high & 0xffff,
                       low >> 48,
                       low & 0xffff'ffff'ffff);
}

// A text of the same length that no document holds; anything else as it is.
bson::Value made_unknown(bson::ValueView value) {
    if (value.type() != bson::Type::String || value.as_string().empty()) {
        return bson::Value{value};
    }
    std::string text{value.as_string()};
    text.back() = '~';
    return bson::Value{std::string_view{text}};
}

bool has_all(bson::View row, const Parameter& parameter, Random random) {
    for (const std::string& field : parameter.fields) {
        if (draw_value(row, field, parameter.elements, random).nullish()) {
            return false;
        }
    }
    return true;
}

Result<bson::Value> month_member(const MonthText& month, std::string_view member) {
    if (member == "first") {
        return bson::Value{std::string_view{month.first}};
    }
    return bson::Value{std::string_view{member == "last" ? month.last : month.text}};
}

std::string today_of(const Workload& workload) {
    if (!workload.today.empty()) {
        return workload.today;
    }
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return day_of_ms(std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
}

}  // namespace

Drawer::Drawer(const Workload& workload, std::uint64_t seed, Pools rows, Pools copies)
    : workload_(&workload),
      seed_(seed),
      today_(today_of(workload)),
      rows_(std::move(rows)),
      copies_(std::move(copies)) {}

Result<std::vector<bson::Document>> Drawer::commands(const Query& query,
                                                     std::uint64_t index) const {
    const auto value = [&](const Placeholder& placeholder) {
        return value_of(placeholder, query, index);
    };
    std::vector<bson::Document> out;
    for (const bson::Document& pattern : query.commands) {
        PLUMB_TRY(command, substitute(pattern, value));
        out.push_back(std::move(command));
    }
    return out;
}

Result<bson::Value> Drawer::value_of(const Placeholder& placeholder,
                                     const Query& query,
                                     std::uint64_t index) const {
    const Parameter* parameter = workload_->parameter(placeholder.name);
    PLUMB_ASSERT(parameter != nullptr);
    const std::uint64_t stream =
        seed_ ^ bson::hash_bytes(query.id) ^ bson::hash_bytes(parameter->name, 1);
    Random random = Random::stream(stream, index);
    switch (parameter->source) {
        case Source::Sample:
            return from_row(*parameter, placeholder.member, random);
        case Source::OneOf:
            return parameter->values[random.below(parameter->values.size())];
        case Source::Day:
            return bson::Value{
                std::string_view{day_after(today_, draw_offset(parameter->span, random))}};
        case Source::Month:
            return month_member(month_after(today_, draw_offset(parameter->span, random)),
                                placeholder.member);
        case Source::Copy:
            return as_new(*parameter, random);
        case Source::Range:
        case Source::Prefix:
            return from_values(*parameter, placeholder.member, random);
    }
    return bson::Value::null();
}

Result<bson::Value> Drawer::from_row(const Parameter& parameter,
                                     std::string_view member,
                                     Random random) const {
    const auto pool = rows_.find(parameter.collection);
    if (pool == rows_.end() || pool->second.empty()) {
        return fail(ErrorCode::NamespaceNotFound,
                    fmt::format("collection {} holds no document to draw parameter \"{}\" from",
                                parameter.collection,
                                parameter.name));
    }
    const bool miss = random.chance(parameter.misses);
    const bson::Document* row = nullptr;
    for (int draw = 0; draw < kRedraws; ++draw) {
        row = &pool->second[random.below(pool->second.size())];
        if (has_all(*row, parameter, random)) {
            break;
        }
    }
    const bson::ValueView value = draw_value(*row, member, parameter.elements, random);
    if (value.missing()) {
        return bson::Value::null();
    }
    return miss ? made_unknown(value) : bson::Value{value};
}

Result<bson::Value> Drawer::from_values(const Parameter& parameter,
                                        std::string_view member,
                                        Random random) const {
    const auto pool = rows_.find(parameter.collection);
    if (pool == rows_.end() || pool->second.empty()) {
        return fail(ErrorCode::NamespaceNotFound,
                    fmt::format("collection {} holds no document to draw parameter \"{}\" from",
                                parameter.collection,
                                parameter.name));
    }
    return parameter.source == Source::Range
               ? draw_end(parameter, member == "low", pool->second, random)
               : draw_prefix(parameter, pool->second, random);
}

Result<bson::Value> Drawer::as_new(const Parameter& parameter, Random random) const {
    const auto pool = copies_.find(parameter.collection);
    if (pool == copies_.end() || pool->second.empty()) {
        return fail(ErrorCode::NamespaceNotFound,
                    fmt::format("collection {} holds no document to copy for parameter \"{}\"",
                                parameter.collection,
                                parameter.name));
    }
    const bson::Document& original = pool->second[random.below(pool->second.size())];
    bson::Builder out;
    out.append("_id", bson::generate_object_id());
    for (const bson::Element& field : original) {
        const auto fresh = std::find_if(
            parameter.fresh.begin(), parameter.fresh.end(), [&](const auto& candidate) {
                return candidate.first == field.name;
            });
        if (fresh == parameter.fresh.end()) {
            out.append(field.name, field.value);
        } else {
            out.append(field.name, fresh->second + uuid_text(random));
        }
    }
    return bson::Value{bson::Type::Document, out.finish().bytes()};
}

}  // namespace plumb::workload
