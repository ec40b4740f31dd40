// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/capture/log_reader.h"

#include "tool/capture/log_line_internal.h"
#include "tool/capture/profile_reader.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>

namespace plumb::capture {
namespace {

std::filesystem::path samples() {
    return std::filesystem::path{__FILE__}.parent_path() / "../../../tests/conformance/samples";
}

struct Counts {
    std::int64_t calls = 0;
    std::int64_t batches = 0;
    std::int64_t docs_examined = 0;
    std::int64_t keys_examined = 0;
    auto operator<=>(const Counts&) const = default;
};

std::map<std::string, Counts> counts_of(const ShapeTable& table) {
    std::map<std::string, Counts> out;
    for (const ShapeStatistics& shape : table.shapes()) {
        out[shape.shape.text] = {
            shape.calls, shape.batches, shape.docs_examined, shape.keys_examined};
    }
    return out;
}

TEST(LogReader, the_log_and_the_profiler_of_one_run_give_the_same_shapes_and_counts) {
    ShapeTable from_log;
    const auto log = read_log(samples() / "mongod-4.2.log", from_log, {});
    ASSERT_TRUE(log.ok()) << log.error().message();
    ShapeTable from_profile;
    const auto profile = read_profile_export(samples() / "profile.jsonl", from_profile);
    ASSERT_TRUE(profile.ok());
    EXPECT_EQ(log->malformed, 0);
    EXPECT_EQ(profile->malformed, 0);
    EXPECT_GT(from_profile.shapes().size(), 20U);
    EXPECT_EQ(counts_of(from_log), counts_of(from_profile));
}

// One operation in the form of 4.4 and newer, and the same in the older form.
constexpr std::string_view kJson =
    R"x({"t":{"$date":"2026-11-24T02:06:02.032+00:00"},"s":"I","c":"COMMAND","id":51803,"ctx":"conn6","msg":"Slow query","attr":{"type":"command","ns":"shop.users","appName":"a \"b\"","command":{"find":"users","filter":{"id":"us}r\"1","n":{"$gt":5}},"limit":1,"singleBatch":true,"lsid":{"id":{"$uuid":"00000000-0000-4000-8000-000000000000"}},"$db":"shop"},"planSummary":"IXSCAN { id: 1 }","keysExamined":3,"docsExamined":2645,"hasSortStage":true,"cursorExhausted":true,"numYields":20,"nreturned":1,"queryHash":"6DAB46EC","reslen":260,"locks":{"Global":{"acquireCount":{"r":21}}},"storage":{},"protocol":"op_msg","durationMillis":17}})x";
constexpr std::string_view kText =
    R"x(2026-11-24T02:06:02.032+0000 I  COMMAND  [conn6] command shop.users appName: "a \"b\"" command: find { find: "users", filter: { id: "us}r\"1", n: { $gt: 5.0 } }, limit: 1, singleBatch: true, lsid: { id: UUID("00000000-0000-4000-8000-000000000000") }, $db: "shop" } planSummary: IXSCAN { id: 1 } keysExamined:3 docsExamined:2645 hasSortStage:1 cursorExhausted:1 numYields:20 nreturned:1 queryHash:6DAB46EC reslen:260 locks:{ Global: { acquireCount: { r: 21 } } } storage:{} protocol:op_msg 17ms)x";

void expect_the_operation(const ShapeTable& table) {
    ASSERT_EQ(table.shapes().size(), 1U);
    const ShapeStatistics& shape = table.shapes()[0];
    EXPECT_EQ(shape.shape.text, "find users {id: =, n: >} limit: 1");
    EXPECT_EQ(shape.shape.database, "shop");
    EXPECT_EQ(shape.calls, 1);
    EXPECT_EQ(shape.ms, 17);
    EXPECT_EQ(shape.keys_examined, 3);
    EXPECT_EQ(shape.docs_examined, 2645);
    EXPECT_EQ(shape.returned, 1);
    EXPECT_EQ(shape.reply_bytes, 260);
    EXPECT_EQ(shape.sorts_in_memory, 1);
    EXPECT_EQ(shape.plans.count("IXSCAN { id: 1 }"), 1U);
}

TEST(LogReader, reads_both_forms_alike) {
    for (const std::string_view line : {kJson, kText}) {
        ShapeTable table;
        LogLines lines{table, "shop"};
        lines.add(line);
        const LogSummary summary = lines.finish();
        EXPECT_EQ(summary.operations, 1);
        EXPECT_EQ(summary.first_ms, 1'795'485'962'032);
        expect_the_operation(table);
    }
}

std::string spaced(std::string_view json) {
    std::string out;
    bool quoted = false;
    for (std::size_t at = 0; at < json.size(); ++at) {
        out += json[at];
        if (json[at] == '\\') {
            out += json[++at];
        } else if (json[at] == '"') {
            quoted = !quoted;
        } else if (!quoted && (json[at] == ':' || json[at] == ',')) {
            out += ' ';
        }
    }
    return out;
}

TEST(LogReader, reads_json_with_blanks_between_its_parts) {
    ShapeTable table;
    LogLines lines{table, "shop"};
    lines.add(spaced(kJson));
    EXPECT_EQ(lines.finish().first_ms, 1'795'485'962'032);
    expect_the_operation(table);
}

// What the tool reads for itself is no workload; what it sends in the application's place is.
TEST(LogReader, leaves_out_the_tools_own_operations) {
    for (const std::string_view line : {kJson, kText}) {
        for (const bool own : {true, false}) {
            std::string text{line};
            const std::string escaped = R"(a \"b\")";
            text.replace(
                text.find(escaped), escaped.size(), own ? "plumbline" : "plumbline workload");
            ShapeTable table;
            LogLines lines{table, "shop"};
            lines.add(text);
            const LogSummary summary = lines.finish();
            EXPECT_EQ(summary.own, own ? 1 : 0);
            EXPECT_EQ(summary.operations, own ? 0 : 1);
        }
    }
}

// Cut anywhere, or with any byte changed: counted, never fatal.
TEST(LogReader, survives_every_cut_and_every_changed_byte) {
    ShapeTable table;
    LogLines lines{table, ""};
    std::int64_t given = 0;
    for (const std::string_view line : {kJson, kText}) {
        for (std::size_t at = 0; at < line.size(); ++at) {
            lines.add(line.substr(0, at));
            ++given;
            for (const char byte : {'"', '\\', '{', '}', ':', ' ', '\0', '\x80', '\xFF'}) {
                std::string changed{line};
                changed[at] = byte;
                lines.add(changed);
                ++given;
            }
        }
    }
    lines.add(kJson);
    const LogSummary summary = lines.finish();
    EXPECT_EQ(summary.lines, given + 1);
    EXPECT_GT(summary.malformed, 100);
    EXPECT_GT(summary.operations, 100);
    const auto counts = counts_of(table);
    EXPECT_TRUE(counts.contains("find users {id: =, n: >} limit: 1"));
}

// The cache of skeletons must not merge what differs in shape.
TEST(LogReader, tells_shapes_apart_that_differ_in_one_byte) {
    const auto line = [](std::string_view command) {
        return R"({"msg":"Slow query","attr":{"type":"command","ns":"s.o","command":)" +
               std::string{command} + R"(,"planSummary":"COLLSCAN","durationMillis":1}})";
    };
    ShapeTable table;
    LogLines lines{table, ""};
    for (const std::string_view command :
         {R"({"find":"o","filter":{"a":1}})",
          R"({"find":"o","filter":{"b":1}})",
          R"({"find":"o","filter":{"a":null}})",
          R"({"find":"o","filter":{"a":1},"limit":1})",
          R"({"find":"o","filter":{"a":1},"limit":7})",
          R"({"find":"o","filter":{"a":1},"sort":{"b":1}})",
          R"({"find":"o","filter":{"a":1},"sort":{"b":-1}})",
          R"({"find":"o","filter":{"a":{"$regex":"^x"}}})",
          R"({"find":"o","filter":{"a":{"$regex":"x"}}})",
          R"({"find":"o","filter":{"a":{"$exists":true}}})",
          R"({"find":"o","filter":{"a":{"$exists":false}}})",
          R"({"find":"o","filter":{"a":{"$in":[1,2]}}})",
          R"({"find":"o","filter":{"a":{"$in":[1,2,3,4,5,6,7,8,9,10,11]}}})",
          R"({"find":"o","filter":{"$expr":{"$eq":["$a","$b"]}}})",
          R"({"find":"o","filter":{"$expr":{"$eq":["$a","$c"]}}})"}) {
        lines.add(line(command));
        lines.add(line(command));
    }
    EXPECT_EQ(table.shapes().size(), 15U);
    for (const ShapeStatistics& shape : table.shapes()) {
        EXPECT_EQ(shape.calls, 2) << shape.shape.text;
    }
}

TEST(LogReader, counts_and_skips_what_is_broken) {
    ShapeTable table;
    LogLines lines{table, ""};
    const std::string whole{kJson};
    for (const std::string_view line :
         {std::string_view{whole}.substr(0, 300),
          std::string_view{"{"},
          std::string_view{"no log at all"},
          std::string_view{kText}.substr(0, 150),
          std::string_view{""},
          std::string_view{
              R"({"t":{"$date":"x"},"s":"I","c":"NETWORK","msg":"hello","attr":{}})"}}) {
        lines.add(line);
    }
    const LogSummary summary = lines.finish();
    EXPECT_EQ(summary.lines, 6);
    EXPECT_EQ(summary.operations, 0);
    EXPECT_EQ(summary.malformed, 3);
    EXPECT_EQ(summary.truncated, 1);
    EXPECT_TRUE(table.shapes().empty());
}

TEST(LogReader, a_name_that_is_no_text_is_damage) {
    ShapeTable table;
    LogLines lines{table, ""};
    std::string damaged{kJson};
    const std::size_t at = damaged.find("users");
    ASSERT_NE(at, std::string::npos);
    for (std::size_t place = at; place != std::string::npos; place = damaged.find("users", place)) {
        damaged[place] = '\x93';
    }
    lines.add(damaged);
    EXPECT_EQ(lines.finish().malformed, 1);
    EXPECT_TRUE(table.shapes().empty());
}

TEST(LogReader, reads_gzip_and_lines_across_blocks) {
    const std::filesystem::path plain = std::filesystem::path{testing::TempDir()} / "capture.log";
    const std::filesystem::path packed = plain.string() + ".gz";
    std::string text;
    while (text.size() < 3U << 20U) {
        text += kJson;
        text += '\n';
    }
    const auto lines = static_cast<std::int64_t>(std::count(text.begin(), text.end(), '\n'));
    std::ofstream{plain} << text;
    gzFile file = gzopen(packed.c_str(), "wb1");
    ASSERT_NE(file, nullptr);
    ASSERT_EQ(gzwrite(file, text.data(), static_cast<unsigned>(text.size())),
              static_cast<int>(text.size()));
    gzclose(file);
    for (const auto& path : {plain, packed}) {
        ShapeTable table;
        const auto summary = read_log(path, table, {});
        ASSERT_TRUE(summary.ok()) << summary.error().message();
        EXPECT_EQ(summary->operations, lines);
        EXPECT_EQ(summary->malformed, 0);
        EXPECT_EQ(table.shapes()[0].calls, lines);
        std::filesystem::remove(path);
    }
}

TEST(LogReader, reads_what_a_damaged_gzip_still_has) {
    const std::filesystem::path packed = std::filesystem::path{testing::TempDir()} / "cut.log.gz";
    gzFile file = gzopen(packed.c_str(), "wb1");
    ASSERT_NE(file, nullptr);
    for (int line = 0; line < 5000; ++line) {
        const std::string text = std::string{kJson} + " \n" + std::to_string(line * 7919) + "\n";
        ASSERT_GT(gzwrite(file, text.data(), static_cast<unsigned>(text.size())), 0);
    }
    gzclose(file);
    const auto whole = std::filesystem::file_size(packed);
    std::filesystem::resize_file(packed, whole / 2);
    ShapeTable table;
    const auto cut = read_log(packed, table, {});
    ASSERT_TRUE(cut.ok()) << cut.error().message();
    EXPECT_GT(cut->operations, 1000);
    EXPECT_LT(cut->operations, 5000);
    EXPECT_NE(cut->broken_off.find("cut short"), std::string::npos);
    {
        std::fstream damaged{packed, std::ios::in | std::ios::out | std::ios::binary};
        damaged.seekp(static_cast<std::streamoff>(whole / 4));
        damaged << std::string(64, '\xEE');
    }
    const auto damaged = read_log(packed, table, {});
    ASSERT_TRUE(damaged.ok()) << damaged.error().message();
    EXPECT_FALSE(damaged->broken_off.empty());
    std::filesystem::remove(packed);
}

TEST(LogReader, names_a_file_that_is_not_there) {
    ShapeTable table;
    const auto summary = read_log("/nowhere/at/all.log", table, {});
    ASSERT_FALSE(summary.ok());
    EXPECT_NE(summary.error().message().find("/nowhere/at/all.log"), std::string::npos);
}

TEST(LogTime, reads_offsets) {
    EXPECT_EQ(parse_log_time("2026-11-24T02:06:02.032Z"), 1'795'485'962'032);
    EXPECT_EQ(parse_log_time("2026-11-24T07:36:02.032+05:30"), 1'795'485'962'032);
    EXPECT_EQ(parse_log_time("2026-11-24T07:36:02.032+0530"), 1'795'485'962'032);
    EXPECT_EQ(parse_log_time("yesterday"), 0);
}

}  // namespace
}  // namespace plumb::capture
