// SPDX-License-Identifier: GPL-3.0-or-later
// Looking documents of one collection up for a batch of another.
//
// Threads  one thread.
#pragma once

#include "base/result.h"
#include "bson/document.h"
#include "bson/value.h"
#include "client/client.h"
#include "tool/migrate/data/data_operation.h"

#include <optional>
#include <string>
#include <vector>

namespace plumb::migrate {

// Values that documents are joined by, as one text: equal for equal values, numbers of any type.
// Nothing if one of them is missing or null, which agrees with nothing.
[[nodiscard]] std::optional<std::string> join_key(const std::vector<bson::ValueView>& values);

// One condition of a look-up: a field and the values it may have.
struct OneOf {
    std::string field;
    std::vector<bson::Value> values;

    // Adds a value unless it is there; missing and null are left out.
    void add(bson::ValueView value);
};

// Calls `each` for the documents that satisfy all conditions; for none if a condition has no
// values.
[[nodiscard]] Status find_one_of(const Deployment& deployment,
                                 const std::string& collection,
                                 const std::vector<OneOf>& conditions,
                                 const std::vector<std::string>& fields,
                                 const client::Client::OnDocument& each);

// {field: null}: the field is missing or null.
[[nodiscard]] bson::Document is_unset(const std::string& field);

// Adds to `change` that the document gets these fields, if `guard` still is missing or null by
// then.
void set_in(Change& change,
            std::vector<bson::Document>& statements,
            bson::View document,
            const std::string& guard,
            const bson::Document& fields);

}  // namespace plumb::migrate
