// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/index_facts/member_url.h"

#include <gtest/gtest.h>

namespace plumb::index_facts {
namespace {

TEST(MemberUrl, KeepsTheLoginAndNamesOneMember) {
    struct Case {
        const char* url;
        const char* member;
    };
    const Case cases[] = {
        {"mongodb://a", "mongodb://h:1/?directConnection=true"},
        {"mongodb://a:27017,b:27018", "mongodb://h:1/?directConnection=true"},
        {"mongodb://me:p%40w@a,b/shop?replicaSet=rs&authSource=admin",
         "mongodb://me:p%40w@h:1/shop?directConnection=true&authSource=admin"},
        {"mongodb://me:p@w@a/?readPreference=secondary&TLS=true",
         "mongodb://me:p@w@h:1/?directConnection=true&TLS=true"},
        {"mongodb+srv://me:pw@cluster.example.net/shop",
         "mongodb://me:pw@h:1/shop?directConnection=true&tls=true"},
        {"mongodb+srv://cluster.example.net/?tls=false",
         "mongodb://h:1/?directConnection=true&tls=false"},
        {"mongodb://a/?directConnection=true&&loadBalanced=true",
         "mongodb://h:1/?directConnection=true"},
    };
    for (const Case& each : cases) {
        EXPECT_EQ(member_url(each.url, "h:1"), each.member) << each.url;
    }
}

TEST(MemberUrl, TellsTheHosts) {
    EXPECT_EQ(hosts_of("mongodb://me:p@w@a:1,b:2/shop?x=y@z"), "a:1,b:2");
    EXPECT_EQ(hosts_of("mongodb://127.0.0.1:27017"), "127.0.0.1:27017");
}

}  // namespace
}  // namespace plumb::index_facts
