// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/error.h"

#include <utility>

namespace plumb {

Error::Error(ErrorCode code, std::string message)
    : body_(std::make_unique<Body>(Body{code, std::move(message), {}})) {}

Error::Error(const Error& other) : body_(std::make_unique<Body>(*other.body_)) {}

Error& Error::operator=(const Error& other) {
    if (this != &other) {
        body_ = std::make_unique<Body>(*other.body_);
    }
    return *this;
}

Error Error::context(std::string_view what) && {
    body_->message.insert(0, ": ").insert(0, what);
    return std::move(*this);
}

Error Error::with_details(std::string bson_document) && {
    body_->details = std::move(bson_document);
    return std::move(*this);
}

Error fail(ErrorCode code, std::string message) {
    return Error{code, std::move(message)};
}

}  // namespace plumb
