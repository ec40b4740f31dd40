// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/bench/recording.h"

#include "bson/builder.h"
#include "bson/json.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace plumb::bench {
namespace {

Recording sample() {
    Recording out;
    out.environment.server = "MongoDB 4.2.0";
    out.environment.seed = 30;
    out.environment.ping_ns = 150'000;
    Row row;
    row.id = "Q1";
    row.title = "user by id";
    row.p50_ns = 12'345'678.5;
    row.kept_ns = {1.5, 2.5};
    row.indexes = {"id_1"};
    row.critical = true;
    out.rows.push_back(row);
    CollectionInfo users;
    users.name = "users";
    users.documents = 20'000;
    users.indexes.push_back({"id_1", R"({"id": 1})", "id", 1'500'000, 4});
    out.collections.push_back(users);
    return out;
}

class RecordingFile : public testing::Test {
  protected:
    RecordingFile()
        : folder_(std::filesystem::temp_directory_path() /
                  ("plumb_recording_" + std::to_string(::getpid()))) {}
    ~RecordingFile() override { std::filesystem::remove_all(folder_); }

    std::filesystem::path folder_;
};

TEST_F(RecordingFile, ComesBackAsItWasSaved) {
    const auto path = folder_ / "bench" / "before.json";
    ASSERT_TRUE(save(sample(), path).ok());
    const auto back = load(path);
    ASSERT_TRUE(back.ok()) << back.error().message();
    EXPECT_EQ(bson::to_json(to_document(*back).view()),
              bson::to_json(to_document(sample()).view()));
    EXPECT_DOUBLE_EQ(back->row("Q1")->p50_ns, 12'345'678.5);
    EXPECT_EQ(back->collection("users")->indexes.front().uses, 4);
    EXPECT_EQ(back->row("Q2"), nullptr);
}

TEST_F(RecordingFile, SaysWhatIsWrongWithAFile) {
    EXPECT_EQ(load(folder_ / "none.json").error().code(), ErrorCode::IoError);
    std::filesystem::create_directories(folder_);
    std::ofstream{folder_ / "bad.json"} << R"({"schema": 2, "environment": 7})";
    const auto bad = load(folder_ / "bad.json");
    ASSERT_FALSE(bad.ok());
    EXPECT_EQ(bad.error().code(), ErrorCode::FailedToParse);
    EXPECT_NE(bad.error().message().find("environment"), std::string::npos);
}

TEST(Recording, OfAnotherSchemaIsRefused) {
    bson::Builder other;
    other.append("schema", 9);
    EXPECT_FALSE(from_document(other.finish()).ok());
}

}  // namespace
}  // namespace plumb::bench
