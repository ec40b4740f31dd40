// SPDX-License-Identifier: GPL-3.0-or-later
// A collection's validator: what documents it lets in.
//
// Threads  const functions may run at once.
#pragma once

#include "base/result.h"
#include "bson/document.h"
#include "engine/query/matcher.h"
#include "engine/storage/collection_state.h"

#include <optional>

namespace plumb::exec {

class Validator {
  public:
    // From the collection's options: validator, validationLevel, validationAction.
    //   errors  the filter parser's, if the stored validator cannot be read
    [[nodiscard]] static Result<Validator> of(const storage::CollectionState& collection);

    // DocumentValidationFailure (121) if the document is refused. `before` is what it replaces:
    // validationLevel "moderate" lets a document that was invalid stay so.
    [[nodiscard]] Status check(bson::View document, std::optional<bson::View> before) const;

  private:
    std::optional<query::Matcher> matcher_;  // nothing: every document is let in
    bool moderate_ = false;
};

}  // namespace plumb::exec
