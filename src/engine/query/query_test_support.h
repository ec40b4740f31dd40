// SPDX-License-Identifier: GPL-3.0-or-later
// Short ways to write documents in the tests of this folder.
#pragma once

#include "bson/document.h"
#include "bson/json.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace plumb::query {

// A document from Extended JSON; the empty one, and a failed test, if it is none.
[[nodiscard]] inline bson::Document doc(std::string_view json) {
    auto parsed = bson::from_json(json);
    EXPECT_TRUE(parsed.ok()) << json;
    return parsed.ok() ? std::move(parsed).value() : bson::Document{};
}

// The relaxed form, for comparing.
[[nodiscard]] inline std::string text(bson::View document) {
    return bson::to_json(document);
}

}  // namespace plumb::query
