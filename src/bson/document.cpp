// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/document.h"

#include "base/assert.h"

#include <cstring>

namespace plumb::bson {
namespace {

constexpr char kEmptyDocument[5] = {5, 0, 0, 0, 0};

std::uint32_t load_u32(const char* data) {
    std::uint32_t out = 0;
    std::memcpy(&out, data, sizeof out);
    return out;
}

}  // namespace

std::uint32_t value_bytes(Type type, const char* data) {
    switch (type) {
        case Type::Double:
        case Type::Date:
        case Type::Timestamp:
        case Type::Int64:
            return 8;
        case Type::String:
        case Type::Code:
        case Type::Symbol:
            return 4 + load_u32(data);
        case Type::Document:
        case Type::Array:
        case Type::CodeWithScope:
            return load_u32(data);
        case Type::Binary:
            return 5 + load_u32(data);
        case Type::ObjectId:
            return 12;
        case Type::Bool:
            return 1;
        case Type::Regex: {
            const std::size_t pattern = std::strlen(data) + 1;
            return static_cast<std::uint32_t>(pattern + std::strlen(data + pattern) + 1);
        }
        case Type::DbPointer:
            return 4 + load_u32(data) + 12;
        case Type::Int32:
            return 4;
        case Type::Decimal128:
            return 16;
        case Type::Missing:
        case Type::Undefined:
        case Type::Null:
        case Type::MaxKey:
        case Type::MinKey:
            return 0;
    }
    assertion_failed("a BSON type", __FILE__, __LINE__);
}

void Iterator::read() {
    const auto type = static_cast<Type>(*at_);
    if (type == Type::Missing) {
        at_ = nullptr;
        return;
    }
    const std::string_view name{at_ + 1};
    const char* data = name.data() + name.size() + 1;
    element_ = {name, ValueView{type, data, value_bytes(type, data)}};
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
    for (const Element& element : *this) {
        if (element.name == name) {
            return element.value;
        }
    }
    return {};
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
