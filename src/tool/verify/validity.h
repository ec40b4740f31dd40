// SPDX-License-Identifier: GPL-3.0-or-later
// Whether the server itself finds its indexes sound: its `validate`, which reads a whole collection
// and its indexes and holds writers up meanwhile. Only where it was asked for.
//
// Source   MongoDB manual, "validate"
// Threads  one thread.
#pragma once

#include "base/result.h"
#include "bson/document.h"
#include "client/client.h"

#include <string>
#include <string_view>
#include <vector>

namespace plumb::verify {

struct Validity {
    bool valid = true;
    std::string text;                  // "20000 documents, 4 indexes", or what is wrong
    std::vector<std::string> invalid;  // names of indexes that are not sound
};

// From a reply of validate.
[[nodiscard]] Validity validity_in(bson::View reply);

// errors  NamespaceNotFound, Unauthorized …
[[nodiscard]] Result<Validity> validate_collection(client::Client& client,
                                                   std::string_view database,
                                                   std::string_view collection);

}  // namespace plumb::verify
