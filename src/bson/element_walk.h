// SPDX-License-Identifier: GPL-3.0-or-later
// The fast way through a document: for loops that run once a document and look for known names.
//
//   const FieldName status{"status"};                 // once a query
//   for (ElementWalk walk{document}; walk.more(); walk.step()) {
//       if (walk.is(status)) { use(walk.value()); }
//   }
//
// A name costs one or two loads of eight bytes instead of strlen() and memcmp(); a value is stepped
// over by a table of its type. bson::Iterator is the same walk where time does not matter.
//
//   requires (all): validated bytes
// Threads  value types.
#pragma once

#include "bson/document.h"

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace plumb::bson {

namespace walk_internal {

// How a value tells its size: `fixed` bytes, and those that its first word counts.
struct SizeRule {
    std::uint8_t fixed = 0;
    bool counted = false;
    bool scanned = false;  // a regular expression: two strings that end with zero
};

inline constexpr auto kSizeRules = [] {
    std::array<SizeRule, 256> out{};
    const auto set = [&out](Type type, SizeRule rule) {
        out[static_cast<std::uint8_t>(type)] = rule;
    };
    for (const Type type : {Type::Double, Type::Date, Type::Timestamp, Type::Int64}) {
        set(type, {.fixed = 8});
    }
    for (const Type type : {Type::String, Type::Code, Type::Symbol}) {
        set(type, {.fixed = 4, .counted = true});
    }
    for (const Type type : {Type::Document, Type::Array, Type::CodeWithScope}) {
        set(type, {.counted = true});
    }
    set(Type::Binary, {.fixed = 5, .counted = true});
    set(Type::DbPointer, {.fixed = 16, .counted = true});
    set(Type::ObjectId, {.fixed = 12});
    set(Type::Bool, {.fixed = 1});
    set(Type::Int32, {.fixed = 4});
    set(Type::Decimal128, {.fixed = 16});
    set(Type::Regex, {.scanned = true});
    return out;
}();

inline std::uint32_t size_of_value(Type type, const char* data) {
    const SizeRule rule = kSizeRules[static_cast<std::uint8_t>(type)];
    if (rule.counted) {
        std::uint32_t count = 0;
        std::memcpy(&count, data, sizeof count);
        return count + rule.fixed;
    }
    if (rule.scanned) {
        const std::size_t pattern = std::strlen(data) + 1;
        return static_cast<std::uint32_t>(pattern + std::strlen(data + pattern) + 1);
    }
    return rule.fixed;
}

inline constexpr std::size_t kWord = sizeof(std::uint64_t);

inline std::uint64_t load_word(const char* data) {
    std::uint64_t out = 0;
    std::memcpy(&out, data, sizeof out);
    return out;
}

// The first `bytes` bytes of a word, the rest zero. requires bytes < 8
inline std::uint64_t first_bytes(std::uint64_t word, std::size_t bytes) {
    return word & ((std::uint64_t{1} << (bytes * 8)) - 1);
}

// The first eight of so few bytes as a word, filled with zeros.
inline std::uint64_t word_of(std::string_view bytes) {
    if (bytes.size() >= kWord) {
        return load_word(bytes.data());
    }
    std::uint64_t out = 0;
    for (std::size_t i = bytes.size(); i > 0; --i) {
        out = out << 8 | static_cast<std::uint8_t>(bytes[i - 1]);
    }
    return out;
}

// A bit set in each byte that is zero, exact up to and including the lowest such byte.
inline std::uint64_t zero_bytes(std::uint64_t word) {
    return (word - 0x0101010101010101ULL) & ~word & 0x8080808080808080ULL;
}

}  // namespace walk_internal

// A field's name, ready to be compared. Points at the name it is made from.
class FieldName {
  public:
    explicit FieldName(std::string_view name) : name_(name) {
        using walk_internal::kWord;
        if (name.size() >= kWord) {
            first_ = walk_internal::load_word(name.data());
            second_ = walk_internal::word_of(name.substr(kWord));
        } else {
            first_ = walk_internal::word_of(name);
        }
    }
    [[nodiscard]] std::string_view name() const { return name_; }
    // The name's first eight bytes, and its next eight, filled with zeros.
    [[nodiscard]] std::uint64_t first() const { return first_; }
    [[nodiscard]] std::uint64_t second() const { return second_; }

  private:
    std::string_view name_;
    std::uint64_t first_ = 0;
    std::uint64_t second_ = 0;
};

static_assert(std::endian::native == std::endian::little, "words are compared as BSON stores them");

class ElementWalk {
  public:
    explicit ElementWalk(View document) : ElementWalk(document.raw()) {}

    [[nodiscard]] bool more() const { return *at_ != '\0'; }
    // requires (all that follow): more()
    void step() {
        const char* data = value_data();
        at_ = data + walk_internal::size_of_value(type(), data);
        read();
    }
    [[nodiscard]] Type type() const { return static_cast<Type>(*at_); }
    [[nodiscard]] std::string_view name() const { return {at_ + 1, length_}; }
    [[nodiscard]] bool is(const FieldName& wanted) const {
        constexpr std::size_t kWords = 2 * walk_internal::kWord;
        return first_ == wanted.first() && length_ == wanted.name().size() &&
               second_ == wanted.second() &&
               (length_ <= kWords ||
                std::memcmp(at_ + 1 + kWords, wanted.name().data() + kWords, length_ - kWords) ==
                    0);
    }
    [[nodiscard]] ValueView value() const {
        const char* data = value_data();
        return {type(), data, walk_internal::size_of_value(type(), data)};
    }
    // Where the element begins: its type. At the end, the document's last byte.
    [[nodiscard]] const char* position() const { return at_; }

  private:
    explicit ElementWalk(std::string_view document)
        : at_(document.data() + 4), end_(document.data() + document.size()) {
        read();
    }
    [[nodiscard]] const char* value_data() const { return at_ + 1 + length_ + 1; }

    // Finds the name's length and first words.
    void read() {
        using walk_internal::kWord;
        if (!more()) {
            return;
        }
        if (static_cast<std::size_t>(end_ - at_) <= 2 * kWord) {
            read_at_end();
            return;
        }
        first_ = walk_internal::load_word(at_ + 1);
        second_ = 0;
        if (const std::uint64_t zeros = walk_internal::zero_bytes(first_); zeros != 0) {
            length_ = static_cast<std::size_t>(std::countr_zero(zeros)) / 8;
            first_ = walk_internal::first_bytes(first_, length_);
            return;
        }
        second_ = walk_internal::load_word(at_ + 1 + kWord);
        if (const std::uint64_t zeros = walk_internal::zero_bytes(second_); zeros != 0) {
            const std::size_t more = static_cast<std::size_t>(std::countr_zero(zeros)) / 8;
            length_ = kWord + more;
            second_ = walk_internal::first_bytes(second_, more);
            return;
        }
        length_ = 2 * kWord + std::strlen(at_ + 1 + 2 * kWord);
    }
    // Where two words more would be outside of the document.
    void read_at_end() {
        length_ = std::strlen(at_ + 1);
        const FieldName here{name()};
        first_ = here.first();
        second_ = here.second();
    }

    const char* at_;
    const char* end_;
    std::size_t length_ = 0;
    std::uint64_t first_ = 0;
    std::uint64_t second_ = 0;
};

// The first field of this name; Missing if there is none.
inline ValueView find_field(View document, const FieldName& wanted) {
    for (ElementWalk walk{document}; walk.more(); walk.step()) {
        if (walk.is(wanted)) {
            return walk.value();
        }
    }
    return {};
}

}  // namespace plumb::bson
