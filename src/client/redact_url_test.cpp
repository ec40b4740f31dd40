// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/client.h"

#include <gtest/gtest.h>

namespace plumb::client {
namespace {

struct Case {
    const char* url;
    const char* redacted;
};

TEST(RedactUrl, HidesThePasswordAndNothingElse) {
    const Case cases[] = {
        {"mongodb://127.0.0.1:27017", "mongodb://127.0.0.1:27017"},
        {"mongodb://ann@h/db", "mongodb://ann@h/db"},
        {"mongodb://ann:secret@h:1/db?w=1", "mongodb://ann:***@h:1/db?w=1"},
        {"mongodb+srv://ann:s%40c@h.example.net", "mongodb+srv://ann:***@h.example.net"},
        {"mongodb://ann:se@cret@h1,h2/db", "mongodb://ann:***@h1,h2/db"},
        {"mongodb://ann:se/cret@h1/db", "mongodb://ann:***@h1/db"},
        {"mongodb://ann:@h", "mongodb://ann:***@h"},
        {"mongodb://h/db?comment=a@b:c", "mongodb://h/db?comment=a@b:c"},
        {"not a url", "not a url"},
    };
    for (const Case& each : cases) {
        EXPECT_EQ(redact_url(each.url), each.redacted);
    }
}

TEST(Connect, RefusesWhatIsNoMongoDbUrl) {
    ConnectOptions options;
    options.url = "http://ann:secret@h";
    const auto client = Client::connect(options);
    ASSERT_FALSE(client.ok());
    EXPECT_EQ(client.error().code(), ErrorCode::UsageError);
    EXPECT_EQ(client.error().message().find("secret"), std::string::npos);
}

TEST(Connect, NamesTheUrlThatDoesNotAnswer) {
    ConnectOptions options;
    options.url = "mongodb://ann:secret@127.0.0.1:1";
    options.server_selection_timeout = std::chrono::milliseconds{200};
    const auto client = Client::connect(options);
    ASSERT_FALSE(client.ok());
    EXPECT_EQ(client.error().code(), ErrorCode::HostUnreachable);
    EXPECT_NE(client.error().message().find("ann:***@127.0.0.1:1"), std::string::npos);
}

}  // namespace
}  // namespace plumb::client
