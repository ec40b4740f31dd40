// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/advise/finding/near_match.h"

#include "bson/json.h"

#include <algorithm>
#include <numeric>
#include <string>

namespace plumb::advise {
namespace {

// Longer texts are no constants that somebody mistypes.
constexpr std::size_t kTextMax = 64;
// One letter in so many may be wrong.
constexpr std::size_t kLettersPerMistake = 4;

// Without case and blanks, "-" as "_": what people get wrong.
std::string folded(std::string_view text) {
    std::string out;
    for (const char letter : text) {
        if (letter == ' ' || letter == '\t') {
            continue;
        }
        const bool upper = letter >= 'A' && letter <= 'Z';
        out += letter == '-' ? '_' : upper ? static_cast<char>(letter - 'A' + 'a') : letter;
    }
    return out;
}

std::string plain_text(bson::ValueView value) {
    if (value.type() == bson::Type::String) {
        return std::string{value.as_string()};
    }
    const bool scalar = value.is_number() || value.type() == bson::Type::Bool;
    return scalar ? bson::to_json(value) : std::string{};
}

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i + 1;
        for (std::size_t j = 0; j < b.size(); ++j) {
            const std::size_t replaced = diagonal + (a[i] == b[j] ? 0U : 1U);
            diagonal = row[j + 1];
            row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
        }
    }
    return row.back();
}

const FieldValue* near_match(bson::ValueView wanted, const std::vector<FieldValue>& values) {
    const std::string text = folded(plain_text(wanted));
    if (text.empty() || text.size() > kTextMax) {
        return nullptr;
    }
    const FieldValue* best = nullptr;
    std::size_t least = text.size() / kLettersPerMistake + 1;
    for (const FieldValue& each : values) {
        const std::string other = folded(plain_text(each.value));
        if (other.empty() || other.size() > kTextMax) {
            continue;
        }
        const std::size_t distance = edit_distance(text, other);
        // Of numbers only the type may be wrong: 4 is not meant as 5.
        const bool number = wanted.is_number() || each.value.view().is_number();
        if (distance < least && (!number || distance == 0)) {
            least = distance;
            best = &each;
        }
    }
    return best;
}

}  // namespace plumb::advise
