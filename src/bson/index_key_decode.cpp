// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/limits.h"
#include "bson/index_key.h"
#include "bson/index_key_decode_internal.h"

#include <fmt/format.h>

#include <string>

namespace plumb::bson {
namespace keys {

std::uint8_t KeyBytes::peek() {
    if (at_ == bytes_.size()) {
        failed_ = true;
        return 0;
    }
    return static_cast<std::uint8_t>(bytes_[at_]) ^ mask_;
}

std::uint8_t KeyBytes::take() {
    const std::uint8_t out = peek();
    at_ += failed_ ? 0U : 1U;
    return failed_ ? std::uint8_t{0} : out;
}

std::uint64_t KeyBytes::take_big_endian(int byte_count) {
    std::uint64_t out = 0;
    for (int i = 0; i < byte_count; ++i) {
        out = (out << 8U) | take();
    }
    return out;
}

void KeyBytes::take_into(std::string& out, std::size_t byte_count) {
    if (byte_count > bytes_.size() - at_) {
        failed_ = true;
        return;
    }
    for (const char byte : bytes_.substr(at_, byte_count)) {
        out.push_back(static_cast<char>(static_cast<std::uint8_t>(byte) ^ mask_));
    }
    at_ += byte_count;
}

void TypeBits::load_entry() {
    unloaded_ = false;
    if (at_ == bytes_.size()) {
        return;
    }
    const std::uint8_t head = take_byte();
    const unsigned code = head & ((1U << kSkipShift) - 1U);
    if (code > static_cast<unsigned>(TypeCode::Symbol)) {
        failed_ = true;
        return;
    }
    skip_ = head >> kSkipShift;
    unsigned shift = 0;
    std::uint8_t more = skip_ == kSkipInline ? 0x80U : 0U;
    while ((more & 0x80U) != 0 && shift < 32 && !failed_) {
        more = take_byte();
        skip_ += static_cast<std::uint32_t>(more & 0x7FU) << shift;
        shift += 7;
    }
    pending_ = static_cast<TypeCode>(code);
}

// An entry's payload follows it, so the entry after it is only read when the next value comes.
std::optional<TypeCode> TypeBits::next() {
    if (unloaded_) {
        load_entry();
    }
    if (!pending_) {
        return std::nullopt;
    }
    if (skip_ > 0) {
        --skip_;
        return std::nullopt;
    }
    const std::optional<TypeCode> out = pending_;
    pending_.reset();
    unloaded_ = true;
    return out;
}

std::uint8_t TypeBits::take_byte() {
    if (at_ == bytes_.size()) {
        failed_ = true;
        return 0;
    }
    return static_cast<std::uint8_t>(bytes_[at_++]);
}

namespace {

void put_u32(std::string& out, std::size_t number) {
    for (unsigned shift = 0; shift < 32; shift += 8) {
        out.push_back(static_cast<char>(static_cast<std::uint8_t>(number >> shift)));
    }
}

std::string wire_string(std::string_view text) {
    std::string out;
    out.reserve(text.size() + 5);
    put_u32(out, text.size() + 1);
    out.append(text).push_back('\0');
    return out;
}

class Decoder {
  public:
    Decoder(std::string_view key, std::string_view type_bits) : key_(key), types_(type_bits) {}

    bool field(Order order, std::string_view name, Builder& out) {
        if (order == Order::Descending) {
            key_.toggle_inverted();
        }
        const bool good = value(name, out, 0);
        if (order == Order::Descending) {
            key_.toggle_inverted();
        }
        return good && !key_.failed() && !types_.failed();
    }

    [[nodiscard]] bool finished() const { return key_.at_end() && types_.finished(); }

  private:
    bool value(std::string_view name, Builder& out, int depth);
    bool fields(Builder& out, int depth);
    bool elements(Builder& out, int depth);
    bool container(std::uint8_t tag, std::string_view name, Builder& out, int depth);
    bool scoped_code(std::string_view name, Builder& out, int depth);
    bool string(std::string_view name, Builder& out);
    void binary(std::string_view name, Builder& out);
    void object_id(std::string_view name, Builder& out);
    void date(std::string_view name, Builder& out);
    void timestamp(std::string_view name, Builder& out);
    void regex(std::string_view name, Builder& out);
    void db_pointer(std::string_view name, Builder& out);
    std::size_t length();
    std::string text();
    std::string c_string();

    KeyBytes key_;
    TypeBits types_;
};

std::string Decoder::text() {
    std::string out;
    for (std::uint8_t byte = key_.take(); byte != kEnd; byte = key_.take()) {
        if (byte != kEscape) {
            out.push_back(static_cast<char>(byte));
            continue;
        }
        const std::uint8_t escaped = key_.take();
        if (escaped != kEscapedZero && escaped != kEscapedOne) {
            key_.fail();
        }
        out.push_back(escaped == kEscapedZero ? '\0' : '\1');
    }
    return out;
}

std::string Decoder::c_string() {
    std::string out;
    for (std::uint8_t byte = key_.take(); byte != kEnd; byte = key_.take()) {
        out.push_back(static_cast<char>(byte));
    }
    return out;
}

std::size_t Decoder::length() {
    const std::uint8_t first = key_.take();
    return first == kLongLength ? key_.take_big_endian(4) : first;
}

bool Decoder::string(std::string_view name, Builder& out) {
    const std::string decoded = text();
    const std::optional<TypeCode> code = types_.next();
    if (!code) {
        out.append(name, decoded);
        return true;
    }
    out.append(name, Value{Type::Symbol, wire_string(decoded)});
    return *code == TypeCode::Symbol;
}

void Decoder::binary(std::string_view name, Builder& out) {
    const std::size_t count = length();
    const std::uint8_t subtype = key_.take();
    std::string bytes;
    key_.take_into(bytes, count);
    out.append_binary(name, {subtype, bytes});
}

void Decoder::regex(std::string_view name, Builder& out) {
    const std::string pattern = c_string();
    const std::string options = c_string();
    out.append_regex(name, {pattern, options});
}

void Decoder::db_pointer(std::string_view name, Builder& out) {
    std::string ns;
    key_.take_into(ns, length());
    std::string bytes = wire_string(ns);
    key_.take_into(bytes, sizeof(ObjectId));
    out.append(name, Value{Type::DbPointer, std::move(bytes)});
}

// NOLINTNEXTLINE(misc-no-recursion): bounded by kNestingParseMax
bool Decoder::scoped_code(std::string_view name, Builder& out, int depth) {
    const std::string code = wire_string(text());
    Builder scope;
    if (!fields(scope, depth + 1)) {
        return false;
    }
    const std::string_view scope_bytes = scope.finish_view().raw();
    std::string bytes;
    put_u32(bytes, 4 + code.size() + scope_bytes.size());
    bytes.append(code).append(scope_bytes);
    out.append(name, Value{Type::CodeWithScope, std::move(bytes)});
    return true;
}

// NOLINTNEXTLINE(misc-no-recursion): bounded by kNestingParseMax
bool Decoder::fields(Builder& out, int depth) {
    if (depth > kNestingParseMax) {
        return false;
    }
    while (key_.take() != kEnd) {
        const std::string name = c_string();
        if (!value(name, out, depth)) {
            return false;
        }
    }
    return !key_.failed();
}

// NOLINTNEXTLINE(misc-no-recursion): bounded by kNestingParseMax
bool Decoder::elements(Builder& out, int depth) {
    if (depth > kNestingParseMax) {
        return false;
    }
    for (std::uint32_t index = 0; key_.peek() != kEnd; ++index) {
        if (!value(fmt::format_int{index}.c_str(), out, depth)) {
            return false;
        }
    }
    (void)key_.take();
    return !key_.failed();
}

void Decoder::object_id(std::string_view name, Builder& out) {
    ObjectId id;
    for (std::uint8_t& byte : id.bytes) {
        byte = key_.take();
    }
    out.append(name, id);
}

void Decoder::date(std::string_view name, Builder& out) {
    constexpr std::uint64_t kSignBit = 1ULL << 63U;
    out.append(name, Date{static_cast<std::int64_t>(key_.take_big_endian(8) ^ kSignBit)});
}

void Decoder::timestamp(std::string_view name, Builder& out) {
    const auto seconds = static_cast<std::uint32_t>(key_.take_big_endian(4));
    const auto increment = static_cast<std::uint32_t>(key_.take_big_endian(4));
    out.append(name, Timestamp{seconds, increment});
}

// NOLINTNEXTLINE(misc-no-recursion): bounded by kNestingParseMax
bool Decoder::container(std::uint8_t tag, std::string_view name, Builder& out, int depth) {
    bool good = false;
    if (tag == kArray) {
        out.begin_array(name);
        good = elements(out, depth + 1);
    } else {
        out.begin_document(name);
        good = fields(out, depth + 1);
    }
    out.end();
    return good;
}

// NOLINTNEXTLINE(misc-no-recursion): bounded by kNestingParseMax
bool Decoder::value(std::string_view name, Builder& out, int depth) {
    const std::uint8_t tag = key_.take();
    switch (tag) {
        case kMinKey:
            out.append(name, Value::min_key());
            break;
        case kUndefined:
            out.append(name, Value::undefined());
            break;
        case kNull:
            out.append_null(name);
            break;
        case kString:
            return string(name, out);
        case kDocument:
        case kArray:
            return container(tag, name, out, depth);
        case kBinary:
            binary(name, out);
            break;
        case kObjectId:
            object_id(name, out);
            break;
        case kFalse:
        case kTrue:
            out.append(name, tag == kTrue);
            break;
        case kDate:
            date(name, out);
            break;
        case kTimestamp:
            timestamp(name, out);
            break;
        case kRegex:
            regex(name, out);
            break;
        case kDbPointer:
            db_pointer(name, out);
            break;
        case kCode:
            out.append(name, Value{Type::Code, wire_string(text())});
            break;
        case kCodeWithScope:
            return scoped_code(name, out, depth);
        case kMaxKey:
            out.append(name, Value::max_key());
            break;
        default:
            return decode_number(tag, key_, types_, name, out);
    }
    return !key_.failed();
}

}  // namespace
}  // namespace keys

Status decode_key(std::string_view key,
                  std::string_view type_bits,
                  const KeyPattern& pattern,
                  const std::vector<std::string>& names,
                  Builder& out) {
    keys::Decoder decoder{key, type_bits};
    const std::vector<KeyField>& fields = pattern.fields();
    PLUMB_ASSERT(names.empty() || names.size() == fields.size());
    bool good = true;
    for (std::size_t i = 0; good && i < fields.size(); ++i) {
        const std::string_view name =
            names.empty() ? std::string_view{} : std::string_view{names[i]};
        good = decoder.field(fields[i].order, name, out);
    }
    if (!good || !decoder.finished()) {
        return fail(ErrorCode::DataVersionMismatch,
                    fmt::format("{} bytes are no key of this version of an index of {} fields",
                                key.size(),
                                fields.size()));
    }
    return {};
}

}  // namespace plumb::bson
