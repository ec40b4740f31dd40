// SPDX-License-Identifier: GPL-3.0-or-later
// Index keys: the indexed fields of a document as one byte string that sorts with memcmp as MongoDB
// sorts values, so that WiredTiger needs to know nothing of BSON.
//
//   KeyPattern pattern = *KeyPattern::parse(*from_json("{user_id: 1, delivery_date: -1}"));
//   KeyString key;
//   key.append(value, Order::Ascending);
//
// Format   docs/formats/index_key.md, version 1. On disk: tags are never renumbered. Each field's
//          first byte lies in 0x01 … 0xFE in either order, so a prefix of whole fields followed
//          by nothing sorts before, and followed by 0xFF after, all keys that begin with it.
// Source   spec 02 "Index keys"
// Threads  value types; const functions may run at once.
#pragma once

#include "base/result.h"
#include "bson/builder.h"
#include "bson/document.h"
#include "bson/path.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace plumb::bson {

enum class Order : std::uint8_t { Ascending, Descending };

// A parsed key pattern.
struct KeyField {
    Path path;
    Order order = Order::Ascending;
    bool hashed = false;
};

class KeyPattern {
  public:
    KeyPattern() = default;
    // errors  CannotCreateIndex (67) for what MongoDB refuses: empty, 0, NaN, unknown plugin names
    // …
    [[nodiscard]] static Result<KeyPattern> parse(View key);
    [[nodiscard]] const std::vector<KeyField>& fields() const { return fields_; }

  private:
    std::vector<KeyField> fields_;
};

// A key under construction: memcmp-ordered bytes, and beside them the type bits that tell apart
// what sorts as equal (1 and 1.0, "a" and Symbol("a"), -0.0, decimal exponents).
class KeyString {
  public:
    // Appends one field. A Missing value is indexed as null by the caller's choice, not here.
    void append(ValueView value, Order order);
    // For intervals: appends 0xFF, "after every key that begins like this".
    void append_after();

    [[nodiscard]] std::string_view bytes() const { return bytes_; }
    [[nodiscard]] std::string_view type_bits() const { return type_bits_; }
    void clear();

  private:
    std::string bytes_;
    std::string type_bits_;
    std::uint32_t defaults_ = 0;  // values since the last type bit that need none
};

// The values of a key, in order, appended to the builder as fields named by `names` (all named ""
// if it is empty). A hashed field decodes to its hash, an Int64.
//   errors  DataVersionMismatch if the bytes are no key of this version; `out` is of no use then
[[nodiscard]] Status decode_key(std::string_view key,
                                std::string_view type_bits,
                                const KeyPattern& pattern,
                                const std::vector<std::string>& names,
                                Builder& out);

// One key of a document.
struct MadeKey {
    std::string bytes;
    std::string type_bits;
    // By the bytes alone: keys that differ in type bits only are one key.
    auto operator<=>(const MadeKey& other) const { return bytes <=> other.bytes; }
    bool operator==(const MadeKey& other) const { return bytes == other.bytes; }
};

// All keys of a document for one index.
struct MadeKeys {
    std::vector<MadeKey> keys;  // sorted, without duplicates
    // Per field of the pattern: which components of its path were arrays here; see IndexState.
    std::vector<std::vector<std::uint32_t>> multikey_paths;
    bool multikey = false;  // an array stood on some path (also if it made one key or none)

    void clear();
};

// Makes keys. A hashed field holds the hash of its value instead (bson/hashed_index.h), so only
// equality can be looked up, and what is found must be compared again.
class KeyMaker {
  public:
    KeyMaker(KeyPattern pattern, bool sparse);

    // All keys of `document`, into `out` (reused). An empty array is indexed as undefined, a
    // missing field as null; a sparse index gives no key if all fields are missing.
    //   errors  CannotIndexParallelArrays (171) if two paths meet different arrays; 16746 if a
    //           numeric component names both a position and a field of an element; 16766 for an
    //           array under a hashed field
    [[nodiscard]] Status make(View document, MadeKeys& out) const;

    [[nodiscard]] const KeyPattern& pattern() const { return pattern_; }

  private:
    [[nodiscard]] bool make_plain(View document, MadeKeys& out) const;

    KeyPattern pattern_;
    bool sparse_;
};

}  // namespace plumb::bson
