// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/watch/fields.h"

#include "bson/number.h"
#include "bson/path.h"

namespace plumb::watch {

bson::ValueView value_at(bson::View document, std::string_view path) {
    return bson::find_plain(document, path);
}

std::optional<std::int64_t> whole_at(bson::View document, std::string_view path) {
    const bson::ValueView value = value_at(document, path);
    if (value.type() == bson::Type::Date) {
        return value.as_date().ms;
    }
    return value.is_number() ? std::optional{bson::to_clamped_int64(value)} : std::nullopt;
}

double number_at(bson::View document, std::string_view path, double fallback) {
    const bson::ValueView value = value_at(document, path);
    return value.is_number() ? bson::to_double(value) : fallback;
}

std::string text_at(bson::View document, std::string_view path) {
    const bson::ValueView value = value_at(document, path);
    return value.type() == bson::Type::String ? std::string{value.as_string()} : std::string{};
}

bool flag_at(bson::View document, std::string_view path) {
    const bson::ValueView value = value_at(document, path);
    return value.type() == bson::Type::Bool && value.as_bool();
}

bson::View document_at(bson::View document, std::string_view path) {
    const bson::ValueView value = value_at(document, path);
    return value.type() == bson::Type::Document ? value.as_document() : bson::View{};
}

bson::ArrayView array_at(bson::View document, std::string_view path) {
    const bson::ValueView value = value_at(document, path);
    return value.type() == bson::Type::Array ? value.as_array() : bson::ArrayView{};
}

}  // namespace plumb::watch
