// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/mongosh.h"

#include <gtest/gtest.h>

namespace plumb::cli {
namespace {

struct Case {
    std::string_view url;
    std::string_view expected;
};

TEST(MongoshUrl, NamesTheDatabaseAndNoPassword) {
    const Case cases[] = {
        {"mongodb://127.0.0.1:27017", "mongodb://127.0.0.1:27017/shop"},
        {"mongodb://a:1,b:2/other?replicaSet=r", "mongodb://a:1,b:2/shop?replicaSet=r"},
        {"mongodb://me:geheim@h", "mongodb://me@h/shop?authSource=admin"},
        {"mongodb://me:ge@heim@h/users", "mongodb://me@h/shop?authSource=users"},
        {"mongodb+srv://me:x@h/?authSource=y&tls=true",
         "mongodb+srv://me@h/shop?authSource=y&tls=true"},
        {"mongodb://me@h/shop", "mongodb://me@h/shop?authSource=shop"},
    };
    for (const Case& each : cases) {
        EXPECT_EQ(mongosh_url(each.url, "shop"), each.expected);
    }
}

}  // namespace
}  // namespace plumb::cli
