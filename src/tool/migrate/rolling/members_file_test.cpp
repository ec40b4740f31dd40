// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/migrate/rolling/members_file.h"

#include <gtest/gtest.h>

namespace plumb::migrate {
namespace {

constexpr const char* kMember =
    "members:\n"
    "  - name: db1:27017\n"
    "    url: mongodb://db1:27017\n"
    "    standalone_url: mongodb://db1:37017\n"
    "    stop: systemctl stop mongod\n"
    "    start_standalone: systemctl start alone\n"
    "    start: systemctl start mongod\n";

TEST(MembersFile, StopsAStandaloneAsItStopsAMemberUnlessToldOtherwise) {
    const auto file = read_members_file(kMember, "members.yaml");
    ASSERT_TRUE(file.ok()) << file.error().message();
    EXPECT_EQ(file->wait, std::chrono::minutes{10});
    EXPECT_EQ(file->members.at(0).stop_standalone, "systemctl stop mongod");
    const auto other = read_members_file(
        std::string{"wait: 90s\n"} + kMember + "    stop_standalone: pkill alone\n", "m.yaml");
    ASSERT_TRUE(other.ok()) << other.error().message();
    EXPECT_EQ(other->wait, std::chrono::seconds{90});
    EXPECT_EQ(other->members.at(0).stop_standalone, "pkill alone");
}

TEST(MembersFile, RefusesWhatCannotBeMeant) {
    const std::string member = kMember;
    const std::string again = member.substr(member.find("  - name"));
    std::string same_port = member;
    same_port.replace(same_port.find("37017"), 5, "27017");
    std::string without_start = member;
    without_start.erase(without_start.find("    start:"));
    for (const std::string& text : {std::string{"members: []\n"},
                                    std::string{"wait: soon\n"} + member,
                                    member + again,
                                    member + "    begin: x\n",
                                    same_port,
                                    without_start}) {
        EXPECT_FALSE(read_members_file(text, "members.yaml").ok()) << text;
    }
}

}  // namespace
}  // namespace plumb::migrate
