// SPDX-License-Identifier: GPL-3.0-or-later
// Writes BSON documents.
//
//   Builder reply;
//   reply.append("n", 1);
//   reply.begin_array("indexes");
//   reply.push("id_1");
//   reply.end();
//   Document done = reply.finish();
//
// Memory   one growing buffer; clear() keeps it for the next document.
// Threads  one thread.
#pragma once

#include "bson/document.h"
#include "bson/value.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace plumb::bson {

class Builder {
  public:
    Builder();

    // One field. In an array scope use push() instead.
    Builder& append(std::string_view name, double number);
    Builder& append(std::string_view name, std::int32_t number);
    Builder& append(std::string_view name, std::int64_t number);
    Builder& append(std::string_view name, bool flag);
    Builder& append(std::string_view name, std::string_view text);
    Builder& append(std::string_view name, const char* text) {
        return append(name, std::string_view{text});
    }
    Builder& append(std::string_view name, const std::string& text) {
        return append(name, std::string_view{text});
    }
    Builder& append(std::string_view name, Date date);
    Builder& append(std::string_view name, Timestamp timestamp);
    Builder& append(std::string_view name, Decimal128 decimal);
    Builder& append(std::string_view name, const ObjectId& id);
    Builder& append(std::string_view name, View document);
    Builder& append(std::string_view name, ArrayView array);
    Builder& append(std::string_view name, const Document& document) {
        return append(name, document.view());
    }
    Builder& append(std::string_view name, const Value& value) {
        return append(name, value.view());
    }
    // Any value; a Missing one appends nothing.
    Builder& append(std::string_view name, ValueView value);
    Builder& append_null(std::string_view name);
    Builder& append_binary(std::string_view name, BinaryView binary);
    Builder& append_regex(std::string_view name, RegexView regex);
    // Anything else by a pointer or integer of another width is a mistake, not a bool.
    template <class T>
    Builder& append(std::string_view name, T other) = delete;

    // All fields of `document`, in order.
    Builder& append_all(View document);
    // Bytes of whole elements as they stand in another document.
    Builder& append_raw(std::string_view elements);

    // Opens a sub-document or array; end() closes the innermost one.
    Builder& begin_document(std::string_view name);
    Builder& begin_array(std::string_view name);
    Builder& end();

    // The next element of the array that is open (innermost scope).
    template <class T>
    Builder& push(const T& value) {
        return append(next_index(), value);
    }
    Builder& push_null() { return append_null(next_index()); }
    Builder& push_document() { return begin_document(next_index()); }
    Builder& push_array() { return begin_array(next_index()); }

    // Bytes written so far, for size limits.
    [[nodiscard]] std::size_t byte_size() const { return bytes_.size(); }

    // Closes the document (all scopes must be closed) and hands it over; the builder starts anew.
    [[nodiscard]] Document finish();
    // Closes the document and shows it; valid until the next call. Follow with clear().
    [[nodiscard]] View finish_view();
    void clear();

    // Bytes of an array instead of a document: begin with push() at the outermost level, then this.
    [[nodiscard]] Value finish_array();

  private:
    struct Scope {
        std::size_t start;
        std::uint32_t next_index;
    };
    void header(Type type, std::string_view name);
    template <class T>
    void put(const T& number);
    std::string_view next_index();
    void close_scope(std::size_t start);

    std::string bytes_;
    std::vector<Scope> scopes_;
    char index_text_[12] = {};
};

}  // namespace plumb::bson
