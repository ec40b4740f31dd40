// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/migrate/data/pace.h"

#include "bson/json.h"

#include <gtest/gtest.h>

namespace plumb::migrate {
namespace {

std::optional<std::int64_t> lag_of(std::string_view status) {
    const auto document = bson::from_json(status);
    EXPECT_TRUE(document.ok());
    const auto lag = replication_lag(*document);
    return lag.has_value() ? std::optional<std::int64_t>{lag->count()} : std::nullopt;
}

TEST(Pace, LagIsThatOfTheSlowestSecondary) {
    EXPECT_EQ(lag_of(R"({"members": [
        {"state": 1, "optimeDate": {"$date": "2026-01-27T00:00:30Z"}},
        {"state": 2, "optimeDate": {"$date": "2026-01-27T00:00:29Z"}},
        {"state": 2, "optimeDate": {"$date": "2026-01-27T00:00:12Z"}},
        {"state": 7}]})"),
              18);
    EXPECT_EQ(lag_of(R"({"members": [
        {"state": 1, "optimeDate": {"$date": "2026-01-27T00:00:30Z"}},
        {"state": 2, "optimeDate": {"$date": "2026-01-27T00:00:31Z"}}]})"),
              0);
}

TEST(Pace, LagIsUnknownWithoutPrimaryOrSecondary) {
    EXPECT_EQ(lag_of("{}"), std::nullopt);
    EXPECT_EQ(lag_of(R"({"members": [
        {"state": 2, "optimeDate": {"$date": "2026-01-27T00:00:30Z"}}]})"),
              std::nullopt);
    EXPECT_EQ(lag_of(R"({"members": [
        {"state": 1, "optimeDate": {"$date": "2026-01-27T00:00:30Z"}}]})"),
              std::nullopt);
}

}  // namespace
}  // namespace plumb::migrate
