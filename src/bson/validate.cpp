// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/validate.h"

#include <fmt/format.h>

#include <cstring>
#include <vector>

namespace plumb::bson {
namespace {

constexpr std::int32_t kDocumentBytesMin = 5;

// Walks one document without recursion: scopes_ holds where each open container ends.
class Validator {
  public:
    Validator(std::string_view bytes, int nesting_max)
        : bytes_(bytes), nesting_max_(static_cast<std::size_t>(nesting_max)) {}

    Result<View> run() {
        PLUMB_CHECK(open_container(bytes_.size()));
        while (!ends_.empty()) {
            PLUMB_CHECK(step());
        }
        return View{bytes_.substr(0, at_)};
    }

  private:
    [[nodiscard]] Error broken(std::string_view what) const {
        return fail(ErrorCode::InvalidBson, fmt::format("BSON: {} at byte {}", what, at_));
    }
    [[nodiscard]] std::size_t left() const { return ends_.back() - at_; }

    [[nodiscard]] std::int32_t length_word() const {
        std::int32_t out = 0;
        std::memcpy(&out, bytes_.data() + at_, sizeof out);
        return out;
    }

    // `limit`: where the surrounding container ends.
    Status open_container(std::size_t limit) {
        if (limit - at_ < static_cast<std::size_t>(kDocumentBytesMin)) {
            return broken("document cut short");
        }
        const std::int32_t length = length_word();
        if (length < kDocumentBytesMin || static_cast<std::size_t>(length) > limit - at_) {
            return broken("bad document length");
        }
        const std::size_t end = at_ + static_cast<std::size_t>(length);
        if (bytes_[end - 1] != '\0') {
            return broken("document without its end");
        }
        if (ends_.size() >= nesting_max_) {
            return fail(ErrorCode::Overflow,
                        fmt::format("BSON: more than {} levels of nesting", nesting_max_));
        }
        ends_.push_back(end - 1);
        at_ += 4;
        return {};
    }

    Status step() {
        if (at_ == ends_.back()) {
            ++at_;
            ends_.pop_back();
            if (!ends_.empty() && !scoped_ends_.empty() &&
                scoped_ends_.back().depth == ends_.size()) {
                const bool exact = scoped_ends_.back().end == at_;
                scoped_ends_.pop_back();
                return exact ? Status{} : Status{broken("code with scope of the wrong length")};
            }
            return {};
        }
        const auto tag = static_cast<std::uint8_t>(bytes_[at_]);
        if (!is_wire_type(tag)) {
            return broken(fmt::format("unknown type 0x{:02x}", tag));
        }
        ++at_;
        PLUMB_CHECK(skip_text());
        return value(static_cast<Type>(tag));
    }

    // A name or other zero-ended text.
    Status skip_text() {
        const void* zero = std::memchr(bytes_.data() + at_, '\0', left());
        if (zero == nullptr) {
            return broken("text without its end");
        }
        at_ = static_cast<std::size_t>(static_cast<const char*>(zero) - bytes_.data()) + 1;
        return {};
    }

    Status skip(std::size_t count) {
        if (count > left()) {
            return broken("value cut short");
        }
        at_ += count;
        return {};
    }

    Status skip_string() {
        if (left() < 5) {
            return broken("string cut short");
        }
        const std::int32_t length = length_word();
        if (length < 1 || static_cast<std::size_t>(length) > left() - 4) {
            return broken("bad string length");
        }
        at_ += 4 + static_cast<std::size_t>(length);
        return bytes_[at_ - 1] == '\0' ? Status{} : Status{broken("string without its end")};
    }

    Status skip_binary() {
        if (left() < 5) {
            return broken("binary cut short");
        }
        const std::int32_t length = length_word();
        if (length < 0 || static_cast<std::size_t>(length) > left() - 5) {
            return broken("bad binary length");
        }
        at_ += 5 + static_cast<std::size_t>(length);
        return {};
    }

    Status skip_bool() {
        if (left() < 1 || static_cast<std::uint8_t>(bytes_[at_]) > 1) {
            return broken("bad boolean");
        }
        ++at_;
        return {};
    }

    Status open_scoped_code() {
        if (left() < 14) {
            return broken("code with scope cut short");
        }
        const std::int32_t length = length_word();
        if (length < 14 || static_cast<std::size_t>(length) > left()) {
            return broken("bad length of code with scope");
        }
        scoped_ends_.push_back({at_ + static_cast<std::size_t>(length), ends_.size()});
        at_ += 4;
        PLUMB_CHECK(skip_string());
        return open_container(ends_.back());
    }

    Status value(Type type) {
        switch (type) {
            case Type::Double:
            case Type::Date:
            case Type::Timestamp:
            case Type::Int64:
                return skip(8);
            case Type::String:
            case Type::Code:
            case Type::Symbol:
                return skip_string();
            case Type::Document:
            case Type::Array:
                return open_container(ends_.back());
            case Type::Binary:
                return skip_binary();
            case Type::ObjectId:
                return skip(12);
            case Type::Bool:
                return skip_bool();
            case Type::Regex:
                PLUMB_CHECK(skip_text());
                return skip_text();
            case Type::DbPointer:
                PLUMB_CHECK(skip_string());
                return skip(12);
            case Type::CodeWithScope:
                return open_scoped_code();
            case Type::Int32:
                return skip(4);
            case Type::Decimal128:
                return skip(16);
            case Type::Missing:
            case Type::Undefined:
            case Type::Null:
            case Type::MaxKey:
            case Type::MinKey:
                return {};
        }
        return broken("unknown type");
    }

    struct ScopedEnd {
        std::size_t end;
        std::size_t depth;  // open containers around the code
    };
    std::string_view bytes_;
    std::size_t nesting_max_;
    std::size_t at_ = 0;
    std::vector<std::size_t> ends_;
    std::vector<ScopedEnd> scoped_ends_;
};

// Bytes that follow a UTF-8 lead byte; -1 if it is none.
int continuation_count(std::uint8_t lead) {
    if (lead < 0x80) {
        return 0;
    }
    if (lead >= 0xC2 && lead <= 0xDF) {
        return 1;
    }
    if ((lead & 0xF0) == 0xE0) {
        return 2;
    }
    return lead >= 0xF0 && lead <= 0xF4 ? 3 : -1;
}

// The first continuation byte excludes overlong forms, surrogates and what lies past U+10FFFF.
bool second_byte_fits(std::uint8_t lead, std::uint8_t second) {
    switch (lead) {
        case 0xE0:
            return second >= 0xA0;
        case 0xED:
            return second <= 0x9F;
        case 0xF0:
            return second >= 0x90;
        case 0xF4:
            return second <= 0x8F;
        default:
            return true;
    }
}

}  // namespace

Result<View> validate(std::string_view bytes, int nesting_max) {
    return Validator{bytes, nesting_max}.run();
}

bool is_utf8(std::string_view text) {
    std::size_t at = 0;
    while (at < text.size()) {
        const auto lead = static_cast<std::uint8_t>(text[at]);
        const int count = continuation_count(lead);
        if (count < 0 || at + static_cast<std::size_t>(count) >= text.size()) {
            return false;
        }
        for (int i = 1; i <= count; ++i) {
            const auto byte = static_cast<std::uint8_t>(text[at + static_cast<std::size_t>(i)]);
            if ((byte & 0xC0) != 0x80 || (i == 1 && !second_byte_fits(lead, byte))) {
                return false;
            }
        }
        at += static_cast<std::size_t>(count) + 1;
    }
    return true;
}

}  // namespace plumb::bson
