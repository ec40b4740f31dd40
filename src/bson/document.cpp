// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/document.h"

#include "bson/element_walk.h"

#include <cstring>

namespace plumb::bson {
namespace {

constexpr char kEmptyDocument[5] = {5, 0, 0, 0, 0};

std::uint32_t load_u32(const char* data) {
    std::uint32_t out = 0;
    std::memcpy(&out, data, sizeof out);
    return out;
}

// Names are short, and array positions have one or two digits: a call of strlen() costs more.
std::size_t name_length(const char* name) {
    constexpr std::size_t kShort = 8;
    for (std::size_t i = 0; i < kShort; ++i) {
        if (name[i] == '\0') {
            return i;
        }
    }
    return kShort + std::strlen(name + kShort);
}

}  // namespace

std::uint32_t value_bytes(Type type, const char* data) {
    return walk_internal::size_of_value(type, data);
}

void Iterator::read() {
    const auto type = static_cast<Type>(*at_);
    if (type == Type::Missing) {
        at_ = nullptr;
        return;
    }
    const char* name = at_ + 1;
    const std::size_t length = name_length(name);
    const char* data = name + length + 1;
    element_ = {{name, length}, ValueView{type, data, walk_internal::size_of_value(type, data)}};
}

View::View() : data_(kEmptyDocument) {}

std::uint32_t View::byte_size() const {
    return load_u32(data_);
}

std::size_t View::count() const {
    std::size_t out = 0;
    for (Iterator it = begin(); it != end(); ++it) {
        ++out;
    }
    return out;
}

ValueView View::find(std::string_view name) const {
    return find_field(*this, FieldName{name});
}

ValueView ArrayView::at(std::size_t index) const {
    for (const Element& element : *this) {
        if (index-- == 0) {
            return element.value;
        }
    }
    return {};
}

Document::Document() : bytes_(kEmptyDocument, sizeof kEmptyDocument) {}

}  // namespace plumb::bson
