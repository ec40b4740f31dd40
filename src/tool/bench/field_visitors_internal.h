// SPDX-License-Identifier: GPL-3.0-or-later
// Writes structs to BSON and reads them back by one list of their fields: a function
// `visit(value, visitor)` that calls `visitor("name", value.member)` for each.
//
//   const bson::Document document = written(recording);
//   PLUMB_CHECK(read_fields(document, recording));
//
// Threads  pure functions.
#pragma once

#include "base/result.h"
#include "bson/builder.h"
#include "bson/document.h"
#include "bson/number.h"

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace plumb::bench {

template <class T>
struct is_list : std::false_type {};
template <class T>
struct is_list<std::vector<T>> : std::true_type {};

class FieldWriter {
  public:
    template <class T>
    void operator()(std::string_view name, const T& value) {
        if constexpr (is_list<T>::value) {
            out_.begin_array(name);
            for (const auto& item : value) {
                push(item);
            }
            out_.end();
        } else if constexpr (std::is_same_v<T, std::uint64_t>) {
            out_.append(name, static_cast<std::int64_t>(value));
        } else if constexpr (std::is_arithmetic_v<T> || std::is_same_v<T, std::string>) {
            out_.append(name, value);
        } else {
            out_.append(name, inner(value));
        }
    }
    [[nodiscard]] bson::Document finish() { return out_.finish(); }

  private:
    template <class T>
    void push(const T& item) {
        if constexpr (std::is_arithmetic_v<T> || std::is_same_v<T, std::string>) {
            out_.push(item);
        } else {
            out_.push(inner(item));
        }
    }
    template <class T>
    static bson::Document inner(const T& value) {
        FieldWriter writer;
        visit(value, writer);
        return writer.finish();
    }

    bson::Builder out_;
};

// Takes what is there in the right type; a field that is missing or of another type keeps its
// default and is remembered.
class FieldReader {
  public:
    FieldReader(bson::View from, std::string& wrong) : from_(from), wrong_(wrong) {}

    template <class T>
    void operator()(std::string_view name, T& value) {
        take(name, from_.find(name), value);
    }

  private:
    template <class T>
    void take(std::string_view name, bson::ValueView found, T& value) {
        if constexpr (is_list<T>::value) {
            if (found.type() == bson::Type::Array) {
                for (const bson::Element& item : found.as_array()) {
                    take(name, item.value, value.emplace_back());
                }
                return;
            }
        } else if constexpr (std::is_same_v<T, std::string>) {
            if (found.type() == bson::Type::String) {
                value = found.as_string();
                return;
            }
        } else if constexpr (std::is_same_v<T, bool>) {
            if (found.type() == bson::Type::Bool) {
                value = found.as_bool();
                return;
            }
        } else if constexpr (std::is_same_v<T, double>) {
            if (found.is_number()) {
                value = bson::to_double(found);
                return;
            }
        } else if constexpr (std::is_integral_v<T>) {
            if (found.is_number()) {
                value = static_cast<T>(bson::to_clamped_int64(found));
                return;
            }
        } else if (found.type() == bson::Type::Document) {
            FieldReader inner{found.as_document(), wrong_};
            visit(value, inner);
            return;
        }
        if (wrong_.empty()) {
            wrong_ = name;
        }
    }

    bson::View from_;
    std::string& wrong_;
};

// Any struct with a visit() of its own.
template <class T>
[[nodiscard]] bson::Document written(const T& value) {
    FieldWriter writer;
    visit(value, writer);
    return writer.finish();
}

// errors  FailedToParse, naming the field that is missing or of another type
template <class T>
[[nodiscard]] Status read_fields(bson::View document, T& out) {
    std::string wrong;
    FieldReader reader{document, wrong};
    visit(out, reader);
    if (!wrong.empty()) {
        return fail(ErrorCode::FailedToParse,
                    "the field \"" + wrong + "\" is missing or of another type");
    }
    return {};
}

}  // namespace plumb::bench
