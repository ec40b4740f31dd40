// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/migrate/native/people.h"

#include <algorithm>

namespace plumb::migrate {
namespace {

constexpr std::size_t kPhoneDigits = 10;

}  // namespace

std::string normal_phone(std::string_view text) {
    std::string digits;
    std::copy_if(text.begin(), text.end(), std::back_inserter(digits), [](char c) {
        return c >= '0' && c <= '9';
    });
    return digits.size() < kPhoneDigits ? std::string{}
                                        : digits.substr(digits.size() - kPhoneDigits);
}

std::string normal_email(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) {
        return {};
    }
    text = text.substr(first, text.find_last_not_of(" \t") - first + 1);
    const auto at = text.find('@');
    if (at == std::string_view::npos || at == 0 || at + 1 == text.size()) {
        return {};
    }
    std::string out{text};
    std::transform(out.begin(), out.end(), out.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return out;
}

}  // namespace plumb::migrate
