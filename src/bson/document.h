// SPDX-License-Identifier: GPL-3.0-or-later
// A BSON document: View looks at bytes that somebody else keeps, Document owns them.
//
//   for (const Element& element : order) { use(element.name, element.value); }
//   ValueView pin = order.find("pin");         // Missing if there is none
//
// The bytes are well formed: those from outside have passed bson/validate.h first.
//
// Threads  value types.
#pragma once

#include "bson/value.h"

#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>

namespace plumb::bson {

// One field: its name and value, both in the document's bytes.
struct Element {
    std::string_view name;
    ValueView value;
};

// How many bytes the value at `data` takes, from its type. requires validated bytes
[[nodiscard]] std::uint32_t value_bytes(Type type, const char* data);

// Walks the fields of a document or the elements of an array, in their order.
class Iterator {
  public:
    using value_type = Element;
    using difference_type = std::ptrdiff_t;
    using iterator_category = std::input_iterator_tag;

    Iterator() = default;
    explicit Iterator(const char* at) : at_(at) { read(); }
    const Element& operator*() const { return element_; }
    const Element* operator->() const { return &element_; }
    Iterator& operator++() {
        at_ = element_.value.raw().data() + element_.value.raw().size();
        read();
        return *this;
    }
    void operator++(int) { ++*this; }
    bool operator==(const Iterator& other) const { return at_ == other.at_; }
    bool operator==(std::default_sentinel_t) const { return at_ == nullptr; }
    // Where the element's type byte stands: with the next one's, the bytes to copy an element.
    [[nodiscard]] const char* position() const { return at_; }

  private:
    void read();
    const char* at_ = nullptr;
    Element element_;
};

// A document in somebody else's bytes. Default: the empty document.
class View {
  public:
    View();
    // requires well-formed bytes, length word and end included
    explicit View(const char* data) : data_(data) {}
    explicit View(std::string_view bytes) : data_(bytes.data()) {}

    [[nodiscard]] Iterator begin() const { return Iterator{data_ + 4}; }
    [[nodiscard]] std::default_sentinel_t end() const { return {}; }
    [[nodiscard]] bool empty() const { return data_[4] == '\0'; }
    // Fields, counted by walking.
    [[nodiscard]] std::size_t count() const;
    [[nodiscard]] std::uint32_t byte_size() const;
    [[nodiscard]] std::string_view raw() const { return {data_, byte_size()}; }

    // The first field of this exact name (no dots); Missing if there is none.
    [[nodiscard]] ValueView find(std::string_view name) const;
    [[nodiscard]] bool has(std::string_view name) const { return !find(name).missing(); }
    // The first field; requires !empty()
    [[nodiscard]] Element front() const { return *begin(); }

    // This document as a value.
    [[nodiscard]] ValueView as_value() const { return {Type::Document, data_, byte_size()}; }

  private:
    const char* data_;
};

// An array in somebody else's bytes: the same walk, without meaning in the names.
class ArrayView : public View {
  public:
    using View::View;
    // Element number `index`, from 0; Missing if there are fewer.
    [[nodiscard]] ValueView at(std::size_t index) const;
    [[nodiscard]] ValueView as_value() const { return {Type::Array, raw().data(), byte_size()}; }
};

// A document that owns its bytes. Default: the empty document.
class Document {
  public:
    Document();
    explicit Document(View view) : bytes_(view.raw()) {}
    // requires well-formed bytes
    explicit Document(std::string bytes) : bytes_(std::move(bytes)) {}

    // Valid until this document changes, moves or ends.
    [[nodiscard]] View view() const { return View{std::string_view{bytes_}}; }
    operator View() const { return view(); }  // NOLINT: as std::string to string_view
    [[nodiscard]] const std::string& bytes() const { return bytes_; }
    [[nodiscard]] std::string&& take() && { return std::move(bytes_); }
    [[nodiscard]] ValueView find(std::string_view name) const { return view().find(name); }
    [[nodiscard]] bool has(std::string_view name) const { return view().has(name); }
    [[nodiscard]] bool empty() const { return view().empty(); }
    [[nodiscard]] Iterator begin() const { return view().begin(); }
    [[nodiscard]] std::default_sentinel_t end() const { return {}; }

  private:
    std::string bytes_;
};

}  // namespace plumb::bson
