// SPDX-License-Identifier: GPL-3.0-or-later
// What comes in as text: durations, commands, addresses; and what goes out as metrics.
#include "tool/watch/members.h"
#include "tool/watch/metrics.h"
#include "tool/watch/notify.h"
#include "tool/watch/time_text.h"
#include "tool/watch/webhook.h"

#include <gtest/gtest.h>

namespace plumb::watch {
namespace {

TEST(Spans, AreNumbersWithAUnit) {
    EXPECT_EQ(parse_span("500ms")->count(), 500);
    EXPECT_EQ(parse_span("30s")->count(), 30'000);
    EXPECT_EQ(parse_span("48h")->count(), 48 * 3'600'000);
    EXPECT_EQ(parse_span("7d")->count(), 7 * 86'400'000);
    for (const char* wrong :
         {"", "h", "48", "-1s", "0s", "1 h", "1hh", "99999999999999999999s", "400d"}) {
        const auto span = parse_span(wrong);
        ASSERT_FALSE(span.ok()) << wrong;
        EXPECT_EQ(span.error().code(), ErrorCode::UsageError);
    }
}

TEST(Words, ArePartedAsAShellDoesWithoutExpanding) {
    using Words = std::vector<std::string>;
    EXPECT_EQ(*split_words("page-me"), (Words{"page-me"}));
    EXPECT_EQ(*split_words("  a  b\tc "), (Words{"a", "b", "c"}));
    EXPECT_EQ(*split_words("a 'b c' \"d e\" f\\ g ''"), (Words{"a", "b c", "d e", "f g", ""}));
    EXPECT_EQ(*split_words("a $(rm) `x` ; > |"), (Words{"a", "$(rm)", "`x`", ";", ">", "|"}));
    EXPECT_FALSE(split_words("").ok());
    EXPECT_FALSE(split_words("a 'b").ok());
}

TEST(Hooks, GetTheAlertAndHaveALimit) {
    const std::vector<std::string> check{
        "/bin/sh",
        "-c",
        "read line && test \"$line\" = '{}' && test \"$PLUMB_ALERT_CODE\" = drift"};
    EXPECT_TRUE(run_hook(check, {"PLUMB_ALERT_CODE=drift"}, "{}\n", std::chrono::seconds{5}).ok());
    EXPECT_FALSE(run_hook(check, {"PLUMB_ALERT_CODE=other"}, "{}\n", std::chrono::seconds{5}).ok());
    const auto hangs = run_hook({"sleep", "60"}, {}, "", std::chrono::milliseconds{50});
    ASSERT_FALSE(hangs.ok());
    EXPECT_NE(hangs.error().message().find("limit"), std::string::npos);
    EXPECT_FALSE(run_hook({"/no/such/program"}, {}, "", std::chrono::seconds{1}).ok());
}

TEST(Addresses, AreTakenApart) {
    const auto address = parse_address("https://hooks.example.in:8443/a/b?c=d#e");
    ASSERT_TRUE(address.ok());
    EXPECT_TRUE(address->tls);
    EXPECT_EQ(address->host, "hooks.example.in");
    EXPECT_EQ(address->port, "8443");
    EXPECT_EQ(address->target, "/a/b?c=d");
    EXPECT_EQ(parse_address("http://[::1]:9/x")->host, "::1");
    EXPECT_EQ(parse_address("http://h")->port, "80");
    EXPECT_EQ(parse_address("http://h")->target, "/");
    for (const char* wrong : {"",
                              "ftp://h/",
                              "h/x",
                              "http://",
                              "http://u:p@h/",
                              "http://h/a b",
                              "http://h/a\r\nX: y"}) {
        EXPECT_FALSE(parse_address(wrong).ok()) << wrong;
    }
}

TEST(Members, AreAskedDirectlyAndNotForEver) {
    const Member member = member_of("mongodb://u:p@a:1,b:2/shop?replicaSet=rs&tls=true", "b:2");
    EXPECT_EQ(member.name, "b:2");
    EXPECT_EQ(member.url,
              "mongodb://u:p@b:2/shop?directConnection=true&tls=true&socketTimeoutMS=10000");
    EXPECT_EQ(given_member("mongodb://u:p@c:3").name, "c:3");
}

TEST(Metrics, FollowPrometheusTextFormat) {
    Observer observer;
    Catalogue catalogue;
    observer.begin({});
    Sample sample{.at_ms = 5000};
    sample.set(catalogue.id_of({Kind::Gauge, "up", "m", "", ""}), 1);
    sample.set(catalogue.id_of({Kind::Counter, "index_uses", "m", "a.\"b\"\\\n", ""}), 10);
    static_cast<void>(observer.feed(catalogue, sample));
    sample.at_ms = 6000;
    sample.set(1, 17);
    static_cast<void>(observer.feed(catalogue, sample));
    const std::string text = metrics_text(observer);
    EXPECT_NE(text.find("# TYPE plumbline_up gauge\nplumbline_up{member=\"m\"} 1\n"),
              std::string::npos)
        << text;
    EXPECT_NE(
        text.find("# TYPE plumbline_index_uses_total counter\n"
                  "plumbline_index_uses_total{member=\"m\",subject=\"a.\\\"b\\\"\\\\\\n\"} 7\n"),
        std::string::npos)
        << text;
}

}  // namespace
}  // namespace plumb::watch
