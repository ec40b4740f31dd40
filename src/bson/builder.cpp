// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/builder.h"

#include "base/assert.h"

#include <charconv>
#include <cstring>

namespace plumb::bson {

Builder::Builder() {
    clear();
}

void Builder::clear() {
    bytes_.assign(4, '\0');
    scopes_.assign(1, Scope{0, 0});
}

void Builder::header(Type type, std::string_view name) {
    bytes_.push_back(static_cast<char>(type));
    bytes_.append(name).push_back('\0');
}

template <class T>
void Builder::put(const T& number) {
    char bytes[sizeof number];
    std::memcpy(bytes, &number, sizeof number);
    bytes_.append(bytes, sizeof number);
}

std::string_view Builder::next_index() {
    const std::uint32_t index = scopes_.back().next_index++;
    const auto [end, problem] = std::to_chars(index_text_, index_text_ + sizeof index_text_, index);
    PLUMB_ASSERT(problem == std::errc{});
    return {index_text_, static_cast<std::size_t>(end - index_text_)};
}

Builder& Builder::append(std::string_view name, double number) {
    header(Type::Double, name);
    put(number);
    return *this;
}

Builder& Builder::append(std::string_view name, std::int32_t number) {
    header(Type::Int32, name);
    put(number);
    return *this;
}

Builder& Builder::append(std::string_view name, std::int64_t number) {
    header(Type::Int64, name);
    put(number);
    return *this;
}

Builder& Builder::append(std::string_view name, bool flag) {
    header(Type::Bool, name);
    bytes_.push_back(flag ? '\1' : '\0');
    return *this;
}

Builder& Builder::append(std::string_view name, std::string_view text) {
    header(Type::String, name);
    put(static_cast<std::int32_t>(text.size() + 1));
    bytes_.append(text).push_back('\0');
    return *this;
}

Builder& Builder::append(std::string_view name, Date date) {
    header(Type::Date, name);
    put(date.ms);
    return *this;
}

Builder& Builder::append(std::string_view name, Timestamp timestamp) {
    header(Type::Timestamp, name);
    put(timestamp.increment);
    put(timestamp.seconds);
    return *this;
}

Builder& Builder::append(std::string_view name, Decimal128 decimal) {
    header(Type::Decimal128, name);
    put(decimal.low);
    put(decimal.high);
    return *this;
}

Builder& Builder::append(std::string_view name, const ObjectId& id) {
    header(Type::ObjectId, name);
    put(id.bytes);
    return *this;
}

Builder& Builder::append(std::string_view name, View document) {
    return append(name, document.as_value());
}

Builder& Builder::append(std::string_view name, ArrayView array) {
    return append(name, array.as_value());
}

Builder& Builder::append(std::string_view name, ValueView value) {
    if (!value.missing()) {
        header(value.type(), name);
        bytes_.append(value.raw());
    }
    return *this;
}

Builder& Builder::append_null(std::string_view name) {
    header(Type::Null, name);
    return *this;
}

Builder& Builder::append_binary(std::string_view name, BinaryView binary) {
    header(Type::Binary, name);
    put(static_cast<std::int32_t>(binary.bytes.size()));
    bytes_.push_back(static_cast<char>(binary.subtype));
    bytes_.append(binary.bytes);
    return *this;
}

Builder& Builder::append_regex(std::string_view name, RegexView regex) {
    header(Type::Regex, name);
    bytes_.append(regex.pattern).push_back('\0');
    bytes_.append(regex.options).push_back('\0');
    return *this;
}

Builder& Builder::append_all(View document) {
    const std::string_view raw = document.raw();
    return append_raw(raw.substr(4, raw.size() - 5));
}

Builder& Builder::append_raw(std::string_view elements) {
    bytes_.append(elements);
    return *this;
}

Builder& Builder::begin_document(std::string_view name) {
    header(Type::Document, name);
    scopes_.push_back({bytes_.size(), 0});
    bytes_.append(4, '\0');
    return *this;
}

Builder& Builder::begin_array(std::string_view name) {
    header(Type::Array, name);
    scopes_.push_back({bytes_.size(), 0});
    bytes_.append(4, '\0');
    return *this;
}

void Builder::close_scope(std::size_t start) {
    bytes_.push_back('\0');
    const auto length = static_cast<std::int32_t>(bytes_.size() - start);
    std::memcpy(bytes_.data() + start, &length, sizeof length);
}

Builder& Builder::end() {
    PLUMB_ASSERT(scopes_.size() > 1);
    close_scope(scopes_.back().start);
    scopes_.pop_back();
    return *this;
}

View Builder::finish_view() {
    PLUMB_ASSERT(scopes_.size() == 1);
    close_scope(0);
    return View{std::string_view{bytes_}};
}

Document Builder::finish() {
    (void)finish_view();
    Document out{std::move(bytes_)};
    clear();
    return out;
}

Value Builder::finish_array() {
    (void)finish_view();
    Value out{Type::Array, std::move(bytes_)};
    clear();
    return out;
}

}  // namespace plumb::bson
