// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/value.h"

#include "bson/document.h"

namespace plumb::bson {
namespace {

template <class T>
T load_at(const char* data) {
    T out;
    std::memcpy(&out, data, sizeof out);
    return out;
}

template <class T>
std::string bytes_of(const T& number) {
    std::string out(sizeof number, '\0');
    std::memcpy(out.data(), &number, sizeof number);
    return out;
}

// A BSON string: length with the terminator, bytes, terminator.
std::string_view string_at(const char* data) {
    const auto length = load_at<std::int32_t>(data);
    return {data + 4, static_cast<std::size_t>(length) - 1};
}

}  // namespace

Timestamp ValueView::as_timestamp() const {
    PLUMB_ASSERT(type_ == Type::Timestamp);
    return {.seconds = load_at<std::uint32_t>(data_ + 4),
            .increment = load_at<std::uint32_t>(data_)};
}

Decimal128 ValueView::as_decimal() const {
    PLUMB_ASSERT(type_ == Type::Decimal128);
    return {load_at<std::uint64_t>(data_), load_at<std::uint64_t>(data_ + 8)};
}

ObjectId ValueView::as_object_id() const {
    return load<ObjectId>(Type::ObjectId);
}

std::string_view ValueView::as_string() const {
    PLUMB_ASSERT(type_ == Type::String || type_ == Type::Symbol || type_ == Type::Code);
    return string_at(data_);
}

BinaryView ValueView::as_binary() const {
    PLUMB_ASSERT(type_ == Type::Binary);
    return {static_cast<std::uint8_t>(data_[4]),
            {data_ + 5, static_cast<std::size_t>(load_at<std::int32_t>(data_))}};
}

RegexView ValueView::as_regex() const {
    PLUMB_ASSERT(type_ == Type::Regex);
    const std::string_view pattern{data_};
    return {pattern, std::string_view{data_ + pattern.size() + 1}};
}

View ValueView::as_document() const {
    PLUMB_ASSERT(type_ == Type::Document);
    return View{data_};
}

ArrayView ValueView::as_array() const {
    PLUMB_ASSERT(type_ == Type::Array);
    return ArrayView{data_};
}

View ValueView::as_container() const {
    PLUMB_ASSERT(type_ == Type::Document || type_ == Type::Array);
    return View{data_};
}

std::string_view ValueView::db_pointer_namespace() const {
    PLUMB_ASSERT(type_ == Type::DbPointer);
    return string_at(data_);
}

ObjectId ValueView::db_pointer_id() const {
    PLUMB_ASSERT(type_ == Type::DbPointer);
    return load_at<ObjectId>(data_ + bytes_ - sizeof(ObjectId));
}

std::string_view ValueView::scoped_code() const {
    PLUMB_ASSERT(type_ == Type::CodeWithScope);
    return string_at(data_ + 4);
}

View ValueView::code_scope() const {
    PLUMB_ASSERT(type_ == Type::CodeWithScope);
    return View{data_ + 8 + scoped_code().size() + 1};
}

Value::Value(double number) : bytes_(bytes_of(number)), type_(Type::Double) {}
Value::Value(std::int32_t number) : bytes_(bytes_of(number)), type_(Type::Int32) {}
Value::Value(std::int64_t number) : bytes_(bytes_of(number)), type_(Type::Int64) {}
Value::Value(bool flag) : bytes_(1, flag ? '\1' : '\0'), type_(Type::Bool) {}
Value::Value(Date date) : bytes_(bytes_of(date.ms)), type_(Type::Date) {}
Value::Value(Decimal128 decimal)
    : bytes_(bytes_of(decimal.low) + bytes_of(decimal.high)), type_(Type::Decimal128) {}
Value::Value(Timestamp timestamp)
    : bytes_(bytes_of(timestamp.increment) + bytes_of(timestamp.seconds)), type_(Type::Timestamp) {}
Value::Value(const ObjectId& id) : bytes_(bytes_of(id)), type_(Type::ObjectId) {}

Value::Value(std::string_view text) : type_(Type::String) {
    bytes_.reserve(text.size() + 5);
    bytes_ = bytes_of(static_cast<std::int32_t>(text.size() + 1));
    bytes_.append(text).push_back('\0');
}

}  // namespace plumb::bson
