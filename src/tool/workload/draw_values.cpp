// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/compare.h"
#include "bson/path.h"
#include "tool/workload/day.h"
#include "tool/workload/draw_internal.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>

namespace plumb::workload {
namespace {

constexpr std::int64_t kDayMs = 86'400'000;
constexpr std::size_t kDayCharacters = 10;

// What the rows hold in the field, elements of arrays on their own, sorted.
std::vector<bson::Value> values_of(const std::vector<bson::Document>& rows,
                                   std::string_view field) {
    std::vector<bson::Value> out;
    for (const bson::Document& row : rows) {
        const bson::ValueView value = bson::find_plain(row, field);
        if (value.type() == bson::Type::Array) {
            for (const bson::Element& element : value.as_container()) {
                out.emplace_back(element.value);
            }
        } else if (!value.nullish()) {
            out.emplace_back(value);
        }
    }
    std::ranges::sort(out, [](const bson::Value& a, const bson::Value& b) {
        return bson::compare(a.view(), b.view()) < 0;
    });
    return out;
}

// The value `days` later: of dates, and of texts that begin with a day. Missing for anything else.
bson::Value later(bson::ValueView value, std::int32_t days) {
    if (value.type() == bson::Type::Date) {
        return bson::Value{bson::Date{value.as_date().ms + days * kDayMs}};
    }
    if (value.type() == bson::Type::String && value.as_string().size() >= kDayCharacters &&
        is_day(value.as_string().substr(0, kDayCharacters))) {
        const std::string text = day_after(value.as_string().substr(0, kDayCharacters), days) +
                                 std::string{value.as_string().substr(kDayCharacters)};
        return bson::Value{std::string_view{text}};
    }
    return {};
}

std::string quoted(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (std::string_view{"\\^$.|?*+()[]{}/"}.find(c) != std::string_view::npos) {
            out += '\\';
        }
        out += c;
    }
    return out;
}

// The first `characters` code points of UTF-8.
std::string_view first_of(std::string_view text, std::int32_t characters) {
    std::size_t end = 0;
    for (std::int32_t taken = 0; taken < characters && end < text.size(); ++taken) {
        ++end;
        while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) {
            ++end;
        }
    }
    return text.substr(0, end);
}

}  // namespace

bson::Value draw_end(const Parameter& parameter,
                     bool low,
                     const std::vector<bson::Document>& rows,
                     Random random) {
    const std::vector<bson::Value> values = values_of(rows, parameter.fields.front());
    if (values.empty()) {
        return bson::Value::null();
    }
    if (parameter.days > 0) {
        const bson::Value& begin = values[random.below(values.size())];
        const bson::Value end = later(begin.view(), parameter.days);
        if (!end.missing()) {
            return low ? begin : end;
        }
    }
    const double share = parameter.share > 0 ? parameter.share : 0.05;
    const auto width = std::clamp<std::size_t>(
        static_cast<std::size_t>(std::ceil(share * static_cast<double>(values.size()))),
        1,
        values.size());
    const std::size_t begin = random.below(values.size() - width + 1);
    return values[low ? begin : begin + width - 1];
}

bson::ValueView draw_value(bson::View row, std::string_view path, bool elements, Random& random) {
    if (!elements) {
        return bson::find_plain(row, path);
    }
    bson::ValueView at = row.as_value();
    while (true) {
        const std::size_t end = std::min(path.find('.'), path.size());
        const std::string_view name = path.substr(0, end);
        if (at.type() == bson::Type::Array) {
            const bson::View array = at.as_container();
            const bool by_position =
                !name.empty() && name.find_first_not_of("0123456789") == std::string_view::npos;
            if (!by_position) {
                const auto count = static_cast<std::uint64_t>(array.count());
                at = count == 0 ? bson::ValueView{}
                                : array.find(std::to_string(random.below(count)));
                if (path.empty() || at.missing()) {
                    return at;
                }
                continue;
            }
            at = array.find(name);
        } else if (path.empty()) {
            return at;
        } else if (at.type() == bson::Type::Document) {
            at = at.as_document().find(name);
        } else {
            return {};
        }
        path.remove_prefix(std::min(end + 1, path.size()));
    }
}

bson::Value draw_prefix(const Parameter& parameter,
                        const std::vector<bson::Document>& rows,
                        Random random) {
    const std::vector<bson::Value> values = values_of(rows, parameter.fields.front());
    std::string text = parameter.anchored ? "^" : "";
    const bson::ValueView drawn =
        values.empty() ? bson::ValueView{} : values[random.below(values.size())].view();
    text += drawn.type() == bson::Type::String
                ? quoted(first_of(drawn.as_string(), parameter.length))
                : "\\x00";
    return bson::Value{std::string_view{text}};
}

}  // namespace plumb::workload
