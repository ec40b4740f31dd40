// SPDX-License-Identifier: GPL-3.0-or-later
// Errors as values: what failed, with a code a program can act on and a message a person can.
//
//   return fail(ErrorCode::BadValue, "$in needs an array");
//   return fail(ErrorCode{17044}, fmt::format("argument {} is no array", position));
//
// Threads  a value type, like std::string.
#pragma once

#include "base/error_codes.h"

#include <memory>
#include <string>
#include <string_view>

namespace plumb {

// A failure. One pointer wide, so that Result<T> stays small on paths that succeed.
class [[nodiscard]] Error {
  public:
    Error(ErrorCode code, std::string message);
    Error(const Error& other);
    Error& operator=(const Error& other);
    Error(Error&&) noexcept = default;
    Error& operator=(Error&&) noexcept = default;
    ~Error() = default;

    [[nodiscard]] ErrorCode code() const { return body_->code; }
    [[nodiscard]] const std::string& message() const { return body_->message; }

    // An encoded BSON document for machines (keyPattern, keyValue, file, line …); empty if none.
    [[nodiscard]] const std::string& details() const { return body_->details; }

    // The same error with `what` and a colon before its message: what was being done.
    [[nodiscard]] Error context(std::string_view what) &&;

    // The same error carrying `bson_document`, which replaces earlier details.
    [[nodiscard]] Error with_details(std::string bson_document) &&;

  private:
    struct Body {
        ErrorCode code;
        std::string message;
        std::string details;
    };
    std::unique_ptr<Body> body_;
};

// Shorthand for a return statement; converts to any Result<T>.
[[nodiscard]] Error fail(ErrorCode code, std::string message);

}  // namespace plumb
