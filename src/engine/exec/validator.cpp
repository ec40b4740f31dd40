// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/exec/validator.h"

namespace plumb::exec {
namespace {

bool says(const storage::CollectionState& collection,
          std::string_view option,
          std::string_view word) {
    const bson::ValueView value = collection.options.find(option);
    return value.type() == bson::Type::String && value.as_string() == word;
}

}  // namespace

Result<Validator> Validator::of(const storage::CollectionState& collection) {
    Validator out;
    const bson::ValueView filter = collection.options.find("validator");
    if (filter.type() != bson::Type::Document || filter.as_document().empty() ||
        says(collection, "validationLevel", "off") ||
        says(collection, "validationAction", "warn")) {
        return out;
    }
    PLUMB_TRY(matcher, query::Matcher::parse(filter.as_document()));
    out.matcher_.emplace(std::move(matcher));
    out.moderate_ = says(collection, "validationLevel", "moderate");
    return out;
}

Status Validator::check(bson::View document, std::optional<bson::View> before) const {
    if (!matcher_ || matcher_->matches(document)) {
        return {};
    }
    if (moderate_ && before && !matcher_->matches(*before)) {
        return {};
    }
    return fail(ErrorCode::DocumentValidationFailure, "Document failed validation");
}

}  // namespace plumb::exec
