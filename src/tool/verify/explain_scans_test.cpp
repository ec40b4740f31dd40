// SPDX-License-Identifier: GPL-3.0-or-later
// The forms of tests/data/scans.yaml.
#include "tool/verify/explain_scans.h"

#include "project/yaml_document.h"

#include <gtest/gtest.h>

namespace plumb::verify {
namespace {

TEST(ExplainScans, ReadsEveryForm) {
    const auto root = project::load_yaml_file(PLUMB_TEST_DATA "/scans.yaml");
    ASSERT_TRUE(root.ok()) << root.error().message();
    for (const project::YamlNode& each : root->find("cases")->items()) {
        const std::string name = each.find("name")->text();
        const auto reply = each.find("explain")->as_bson_document();
        ASSERT_TRUE(reply.ok()) << name;
        std::vector<std::string> found;
        for (const Scan& scan : scans_in(*reply)) {
            found.push_back(scan.collection + (scan.shard.empty() ? "" : "@") + scan.shard);
        }
        EXPECT_EQ(found, *each.find("scans")->as_strings()) << name;
        EXPECT_EQ(has_plan(*reply), each.find("plan") == nullptr) << name;
    }
}

}  // namespace
}  // namespace plumb::verify
