// SPDX-License-Identifier: GPL-3.0-or-later
// Result<T>: a T, or the Error that stands in its place. Status: Result<void>.
//
//   Result<int> parse_port(std::string_view text);
//   PLUMB_TRY(port, parse_port(text));        // declares `port`, or returns the error
//   PLUMB_CHECK(listen_on(port));             // for a Status: returns the error
//
// Threads  a value type.
#pragma once

#include "base/assert.h"
#include "base/error.h"

#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

namespace plumb {

template <class T>
class [[nodiscard]] Result {
  public:
    // Implicit on purpose: `return value;` and `return fail(…);` are what one wants to write.
    // NOLINTNEXTLINE(google-explicit-constructor)
    Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
    // NOLINTNEXTLINE(google-explicit-constructor)
    Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

    [[nodiscard]] bool ok() const { return state_.index() == 0; }
    explicit operator bool() const { return ok(); }

    // requires ok()
    [[nodiscard]] T& value() & {
        PLUMB_ASSERT(ok());
        return *std::get_if<0>(&state_);
    }
    [[nodiscard]] const T& value() const& {
        PLUMB_ASSERT(ok());
        return *std::get_if<0>(&state_);
    }
    [[nodiscard]] T&& value() && {
        PLUMB_ASSERT(ok());
        return std::move(*std::get_if<0>(&state_));
    }
    T* operator->() { return &value(); }
    const T* operator->() const { return &value(); }
    T& operator*() & { return value(); }
    const T& operator*() const& { return value(); }
    T&& operator*() && { return std::move(*this).value(); }

    // requires !ok()
    [[nodiscard]] const Error& error() const& {
        PLUMB_ASSERT(!ok());
        return *std::get_if<1>(&state_);
    }
    [[nodiscard]] Error&& error() && {
        PLUMB_ASSERT(!ok());
        return std::move(*std::get_if<1>(&state_));
    }

    // Says what was being done when it failed; does nothing to a success.
    [[nodiscard]] Result context(std::string_view what) && {
        if (!ok()) {
            return std::move(*this).error().context(what);
        }
        return std::move(*this);
    }

  private:
    std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
  public:
    Result() = default;
    // NOLINTNEXTLINE(google-explicit-constructor): as above
    Result(Error error) : error_(std::move(error)) {}

    [[nodiscard]] bool ok() const { return !error_.has_value(); }
    explicit operator bool() const { return ok(); }

    // requires !ok()
    [[nodiscard]] const Error& error() const& {
        PLUMB_ASSERT(!ok());
        return *error_;
    }
    [[nodiscard]] Error&& error() && {
        PLUMB_ASSERT(!ok());
        return std::move(*error_);
    }
    [[nodiscard]] Result context(std::string_view what) && {
        if (!ok()) {
            return std::move(*error_).context(what);
        }
        return {};
    }

  private:
    std::optional<Error> error_;
};

using Status = Result<void>;

}  // namespace plumb

#define PLUMB_CONCAT_INNER(a, b) a##b
#define PLUMB_CONCAT(a, b) PLUMB_CONCAT_INNER(a, b)

// Declares `name` with the value of `expression`, a Result<T>, or returns its error.
#define PLUMB_TRY(name, ...)                                   \
    auto PLUMB_CONCAT(name, _result) = (__VA_ARGS__);          \
    if (!PLUMB_CONCAT(name, _result).ok()) {                   \
        return std::move(PLUMB_CONCAT(name, _result)).error(); \
    }                                                          \
    auto&& name = *std::move(PLUMB_CONCAT(name, _result))

// Returns the error of `expression`, a Status (or a Result<T> whose value is not wanted).
#define PLUMB_CHECK(...)                                             \
    do {                                                             \
        if (auto plumb_status = (__VA_ARGS__); !plumb_status.ok()) { \
            return std::move(plumb_status).error();                  \
        }                                                            \
    } while (false)
