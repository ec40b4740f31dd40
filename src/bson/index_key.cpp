// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/index_key.h"

#include "bson/index_key_internal.h"

#include <algorithm>
#include <cstring>

namespace plumb::bson {
namespace keys {
namespace {

void put_big_endian(Sink& sink, std::uint64_t number, int byte_count) {
    char bytes[8];
    for (int i = 0; i < byte_count; ++i) {
        const int shift = (byte_count - 1 - i) * 8;
        bytes[i] = static_cast<char>(static_cast<std::uint8_t>(number >> shift));
    }
    sink.bytes.append(bytes, static_cast<std::size_t>(byte_count));
}

// Bytes before the first 0x00 or 0x01, eight at a time.
std::size_t plain_length(std::string_view text) {
    constexpr std::uint64_t kLowBits = 0x0101010101010101;
    constexpr std::uint64_t kHighBits = 0x8080808080808080;
    std::size_t at = 0;
    for (; at + 8 <= text.size(); at += 8) {
        std::uint64_t chunk = 0;
        std::memcpy(&chunk, text.data() + at, sizeof chunk);
        chunk &= ~kLowBits;  // 0x00 and 0x01 are now the zero bytes
        if (((chunk - kLowBits) & ~chunk & kHighBits) != 0) {
            break;
        }
    }
    while (at < text.size() && static_cast<std::uint8_t>(text[at]) > kEscape) {
        ++at;
    }
    return at;
}

void put_text(Sink& sink, std::string_view text) {
    while (true) {
        const std::size_t plain = plain_length(text);
        sink.bytes.append(text.substr(0, plain));
        if (plain == text.size()) {
            break;
        }
        sink.put(kEscape);
        sink.put(text[plain] == '\0' ? kEscapedZero : kEscapedOne);
        text.remove_prefix(plain + 1);
    }
    sink.put(kEnd);
}

void put_length(Sink& sink, std::size_t length) {
    if (length < kLongLength) {
        sink.put(static_cast<std::uint8_t>(length));
        return;
    }
    sink.put(kLongLength);
    put_big_endian(sink, length, 4);
}

// Bytes that hold no 0x00.
void put_c_string(Sink& sink, std::string_view text) {
    sink.bytes.append(text);
    sink.put(kEnd);
}

void put_string(Sink& sink, ValueView value) {
    if (value.type() == Type::Symbol) {
        sink.note(TypeCode::Symbol);
    } else {
        sink.note_default();
    }
    sink.put(kString);
    put_text(sink, value.as_string());
}

// Before each field stands a byte of its class, so that the class decides before the name.
std::uint8_t class_byte(ValueView value) {
    return static_cast<std::uint8_t>(canonical_class(value.type()) + 2);
}

// NOLINTNEXTLINE(misc-no-recursion): bounded by kNestingParseMax, which validate() has checked
void put_fields(Sink& sink, View document) {
    for (const Element& element : document) {
        sink.put(class_byte(element.value));
        put_c_string(sink, element.name);
        encode_value(sink, element.value);
    }
    sink.put(kEnd);
}

// NOLINTNEXTLINE(misc-no-recursion): as above
void put_elements(Sink& sink, View array) {
    for (const Element& element : array) {
        encode_value(sink, element.value);
    }
    sink.put(kEnd);
}

void put_binary(Sink& sink, BinaryView binary) {
    sink.put(kBinary);
    put_length(sink, binary.bytes.size());
    sink.put(binary.subtype);
    sink.bytes.append(binary.bytes);
}

void put_db_pointer(Sink& sink, ValueView value) {
    const std::string_view ns = value.db_pointer_namespace();
    sink.put(kDbPointer);
    put_length(sink, ns.size());
    sink.bytes.append(ns);
    sink.bytes.append(value.raw().substr(value.raw().size() - sizeof(ObjectId)));
}

void put_signed(Sink& sink, std::uint8_t tag, std::int64_t number) {
    constexpr std::uint64_t kSignBit = 1ULL << 63U;
    sink.put(tag);
    put_big_endian(sink, static_cast<std::uint64_t>(number) ^ kSignBit, 8);
}

void put_timestamp(Sink& sink, Timestamp timestamp) {
    sink.put(kTimestamp);
    put_big_endian(sink, timestamp.seconds, 4);
    put_big_endian(sink, timestamp.increment, 4);
}

}  // namespace

void Sink::note(TypeCode code) {
    const std::uint32_t inline_skip = std::min(defaults, kSkipInline);
    note_byte(
        static_cast<std::uint8_t>((inline_skip << kSkipShift) | static_cast<std::uint8_t>(code)));
    if (inline_skip == kSkipInline) {
        std::uint32_t more = defaults - kSkipInline;
        while (more >= 0x80U) {
            note_byte(static_cast<std::uint8_t>(more | 0x80U));
            more >>= 7U;
        }
        note_byte(static_cast<std::uint8_t>(more));
    }
    defaults = 0;
}

// NOLINTNEXTLINE(misc-no-recursion): bounded by kNestingParseMax, which validate() has checked
void encode_value(Sink& sink, ValueView value) {
    switch (value.type()) {
        case Type::Double:
        case Type::Int32:
        case Type::Int64:
        case Type::Decimal128:
            encode_number(sink, value);
            break;
        case Type::String:
        case Type::Symbol:
            put_string(sink, value);
            break;
        case Type::Document:
            sink.put(kDocument);
            put_fields(sink, value.as_document());
            break;
        case Type::Array:
            sink.put(kArray);
            put_elements(sink, value.as_array());
            break;
        case Type::Binary:
            put_binary(sink, value.as_binary());
            break;
        case Type::Missing:
        case Type::Undefined:
            sink.put(kUndefined);
            break;
        case Type::ObjectId:
            sink.put(kObjectId);
            sink.bytes.append(value.raw());
            break;
        case Type::Bool:
            sink.put(value.as_bool() ? kTrue : kFalse);
            break;
        case Type::Date:
            put_signed(sink, kDate, value.as_date().ms);
            break;
        case Type::Null:
            sink.put(kNull);
            break;
        case Type::Regex:
            sink.put(kRegex);
            put_c_string(sink, value.as_regex().pattern);
            put_c_string(sink, value.as_regex().options);
            break;
        case Type::DbPointer:
            put_db_pointer(sink, value);
            break;
        case Type::Code:
            sink.put(kCode);
            put_text(sink, value.as_string());
            break;
        case Type::CodeWithScope:
            sink.put(kCodeWithScope);
            put_text(sink, value.scoped_code());
            put_fields(sink, value.code_scope());
            break;
        case Type::Timestamp:
            put_timestamp(sink, value.as_timestamp());
            break;
        case Type::MaxKey:
            sink.put(kMaxKey);
            break;
        case Type::MinKey:
            sink.put(kMinKey);
            break;
    }
}

void invert(std::string& bytes, std::size_t start) {
    for (std::size_t i = start; i < bytes.size(); ++i) {
        bytes[i] = static_cast<char>(~bytes[i]);
    }
}

}  // namespace keys

void KeyString::append(ValueView value, Order order) {
    const std::size_t start = bytes_.size();
    keys::Sink sink{bytes_, type_bits_, defaults_};
    keys::encode_value(sink, value);
    if (order == Order::Descending) {
        keys::invert(bytes_, start);
    }
}

void KeyString::append_after() {
    bytes_.push_back('\xFF');
}

void KeyString::clear() {
    bytes_.clear();
    type_bits_.clear();
    defaults_ = 0;
}

}  // namespace plumb::bson
