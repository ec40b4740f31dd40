// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/hashed_index.h"

#include "bson/document.h"
#include "bson/md5.h"
#include "bson/number.h"

#include <cstring>

namespace plumb::bson {
namespace {

constexpr std::int32_t kSeed = 0;
constexpr std::int32_t kEndOfDocument = 0;

template <class T>
void add_number(Md5& digest, T number) {
    char bytes[sizeof number];
    std::memcpy(bytes, &number, sizeof number);
    digest.add({bytes, sizeof bytes});
}

// The text with the 0x00 that follows it on the wire.
std::string_view with_end(std::string_view text) {
    return {text.data(), text.size() + 1};
}

void add_fields(Md5& digest, View document);

// The value of a field; a nested one is preceded by its name.
// NOLINTNEXTLINE(misc-no-recursion): bounded by kNestingParseMax, which validate() has checked
void add_value(Md5& digest, std::string_view name_with_end, ValueView value) {
    add_number(digest, static_cast<std::int32_t>(canonical_class(value.type())));
    digest.add(name_with_end);
    if (value.is_number()) {
        add_number(digest, to_clamped_int64(value));
        return;
    }
    if (value.type() == Type::Document || value.type() == Type::Array) {
        add_fields(digest, value.as_container());
    } else if (value.type() == Type::CodeWithScope) {
        digest.add(with_end(value.scoped_code()));
        add_fields(digest, value.code_scope());
    } else {
        digest.add(value.raw());
    }
}

// NOLINTNEXTLINE(misc-no-recursion): as above
void add_fields(Md5& digest, View document) {
    for (const Element& element : document) {
        add_value(digest, with_end(element.name), element.value);
    }
    add_number(digest, kEndOfDocument);
}

}  // namespace

std::int64_t hashed_index_value(ValueView value) {
    Md5 digest;
    add_number(digest, kSeed);
    add_value(digest, {}, value.missing() ? ValueView{Type::Null, nullptr, 0} : value);
    std::int64_t out = 0;
    std::memcpy(&out, digest.finish().data(), sizeof out);
    return out;
}

}  // namespace plumb::bson
