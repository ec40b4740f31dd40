// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/log_line.h"

#include "bson/builder.h"

#include <gtest/gtest.h>

namespace plumb::commands {
namespace {

TEST(LogLine, HasTheFormOfMongoDb) {
    bson::Builder attributes;
    attributes.append("remote", "127.0.0.1:5");
    const bson::Document attr = attributes.finish();
    LogLine line;
    line.time = std::chrono::milliseconds{1795485962032};
    line.component = "NETWORK";
    line.id = 22943;
    line.context = "listener";
    line.message = "Connection accepted";
    line.attributes = attr;
    std::string text = format_log_line(line);
    std::erase(text, ' ');
    EXPECT_EQ(text,
              R"({"t":{"$date":"2026-11-24T02:06:02.032+00:00"},"s":"I","c":"NETWORK","id":22943,)"
              R"("ctx":"listener","msg":"Connectionaccepted","attr":{"remote":"127.0.0.1:5"}})");
}

TEST(LogRing, KeepsTheLastLines) {
    LogRing ring;
    for (std::size_t number = 0; number < LogRing::kLinesMax + 5; ++number) {
        ring.add(std::to_string(number));
    }
    EXPECT_EQ(ring.lines().size(), LogRing::kLinesMax);
    EXPECT_EQ(ring.lines().front(), "5");
    EXPECT_EQ(ring.total(), static_cast<std::int64_t>(LogRing::kLinesMax) + 5);
}

}  // namespace
}  // namespace plumb::commands
