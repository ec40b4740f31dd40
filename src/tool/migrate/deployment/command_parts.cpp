// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/migrate/deployment/command_parts.h"

namespace plumb::migrate {

std::string documents_text(std::int64_t count) {
    std::string digits = std::to_string(count);
    for (std::size_t at = digits.size(); at > 3; at -= 3) {
        digits.insert(at - 3, 1, ',');
    }
    return digits + (count == 1 ? " document" : " documents");
}

std::string text_in(bson::View document, std::string_view field) {
    const bson::ValueView value = document.find(field);
    return value.type() == bson::Type::String ? std::string{value.as_string()} : std::string{};
}

bson::View document_in(bson::View document, std::string_view field) {
    const bson::ValueView value = document.find(field);
    return value.type() == bson::Type::Document ? value.as_document() : bson::View{};
}

}  // namespace plumb::migrate
