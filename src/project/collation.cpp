// SPDX-License-Identifier: GPL-3.0-or-later
#include "project/collation.h"

#include "bson/compare.h"
#include "bson/document.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace plumb::project {
namespace {

// What a field is where nobody wrote it; an empty text stands for false.
struct Default {
    std::string_view locale;  // empty: every other locale
    std::string_view field;
    std::string_view text;
    int number;
};

// Locales of their own first, then the rule.
constexpr auto kDefaults = std::to_array<Default>({
    {"da", "caseFirst", "upper", 0},
    {"fr_CA", "backwards", "true", 0},
    {"mt", "caseFirst", "upper", 0},
    {"th", "alternate", "shifted", 0},
    {"", "alternate", "non-ignorable", 0},
    {"", "backwards", "", 0},
    {"", "caseFirst", "off", 0},
    {"", "caseLevel", "", 0},
    {"", "maxVariable", "punct", 0},
    {"", "normalization", "", 0},
    {"", "numericOrdering", "", 0},
    {"", "strength", "", 3},
});

bson::Value default_of(std::string_view locale, std::string_view field) {
    const auto* const row = std::find_if(kDefaults.begin(), kDefaults.end(), [&](const auto& each) {
        return each.field == field && (each.locale.empty() || each.locale == locale);
    });
    if (row == kDefaults.end()) {
        return {};
    }
    if (row->number != 0) {
        return bson::Value{row->number};
    }
    if (row->text.empty() || row->text == "true") {
        return bson::Value{!row->text.empty()};
    }
    return bson::Value{row->text};
}

bool is_simple(bson::ValueView collation) {
    if (collation.type() != bson::Type::Document) {
        return true;
    }
    const bson::ValueView locale = collation.as_document().find("locale");
    return locale.type() == bson::Type::String && locale.as_string() == "simple";
}

std::string_view locale_of(bson::View collation) {
    const bson::ValueView locale = collation.find("locale");
    return locale.type() == bson::Type::String ? locale.as_string() : std::string_view{};
}

// True if every field of `a` is what `b` says or leaves to the locale.
bool agrees(bson::View a, bson::View b) {
    for (const auto& [field, value] : a) {
        if (field != "version" && !bson::equal(value, collation_field(b, field))) {
            return false;
        }
    }
    return true;
}

}  // namespace

bson::Value collation_field(bson::View collation, std::string_view field) {
    const bson::ValueView there = collation.find(field);
    return there.missing() ? default_of(locale_of(collation), field) : bson::Value{there};
}

bool same_collation(bson::ValueView a, bson::ValueView b) {
    if (is_simple(a) || is_simple(b)) {
        return is_simple(a) == is_simple(b);
    }
    return locale_of(a.as_document()) == locale_of(b.as_document()) &&
           agrees(a.as_document(), b.as_document()) && agrees(b.as_document(), a.as_document());
}

}  // namespace plumb::project
