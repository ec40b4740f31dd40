// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/report/report.h"

#include "bson/json.h"
#include "tool/report/html.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stack>
#include <string>

namespace plumb::report {
namespace {

using testing::HasSubstr;
using testing::Not;

bench::Row row(const char* id, double p50, double docs) {
    bench::Row out;
    out.id = id;
    out.title = "users <by> \"id\" & more";
    out.collection = "users";
    out.frequency = 1;
    out.samples = 40;
    out.p50_ns = out.p95_ns = p50;
    out.kept_ns.assign(40, p50);
    out.counted = true;
    out.docs_examined = docs;
    out.documents = 1;
    out.bytes_received = 100;
    out.plan = docs > 100 ? "COLLSCAN" : "IXSCAN id_1 → FETCH";
    out.collection_scan = docs > 100;
    return out;
}

ReportInput sample() {
    constexpr std::string_view kWorkload = R"(schema: 1
queries:
  - {id: Q1, frequency: 1, command: {find: users}, promise: {factor: [50, 100]}}
  - {id: Q2, frequency: 1, command: {find: users}}
promises:
  - {name: network, kind: network, less_percent: [40, 60]}
)";
    ReportInput out;
    out.project = "Shop";
    out.before.environment.url = "mongodb://127.0.0.1:4242";
    out.after.environment = out.before.environment;
    out.before.rows = {row("Q1", 50e6, 20'000), row("Q2", 40e6, 20'000)};
    out.after.rows = {row("Q1", 0.4e6, 1), row("Q2", 40e6, 20'000)};
    out.before.collections = {{"users", 20'000, 1000, 1000, {{"_id_", "{}", "_id", 10, 0}}}};
    out.after.collections = {{"users",
                              20'000,
                              1000,
                              1000,
                              {{"_id_", "{}", "_id", 10, 0}, {"id_1", "{}", "id", 900, 7}}}};
    out.comparison = bench::compare(
        out.before, out.after, *workload::parse_workload(kWorkload, "workload.yaml"));
    out.history = {{"003", "add_indexes", "applied", "2026-01-27T05:00:00Z", 1200, "host"}};
    out.reproduce = {"plumb bench --before", "plumb migrate run 003"};
    return out;
}

TEST(Report, HtmlNeedsNothingFromOutside) {
    const std::string html = to_html(sample());
    // Addresses may be shown as text, never loaded.
    for (const char* loads : {"src=",
                              "href=",
                              "srcset=",
                              "@import",
                              "url(",
                              "<link",
                              "<script",
                              "http://",
                              "https://"}) {
        EXPECT_THAT(html, Not(HasSubstr(loads)));
    }
}

TEST(Report, HtmlEscapesWhatItShows) {
    const std::string html = to_html(sample());
    EXPECT_THAT(html, HasSubstr("users &lt;by&gt; &quot;id&quot; &amp; more"));
    EXPECT_THAT(html, Not(HasSubstr("<by>")));
}

// The tags of a page in their order, with a slash in front of those that close.
std::vector<std::string> tags_of(std::string_view html) {
    std::vector<std::string> out;
    for (std::size_t at = html.find('<'); at != std::string_view::npos;
         at = html.find('<', at + 1)) {
        const std::size_t end = html.find('>', at);
        const std::string_view tag = html.substr(at + 1, end - at - 1);
        if (!tag.starts_with('!') && !tag.ends_with('/')) {
            out.emplace_back(tag.substr(0, tag.find(' ')));
        }
    }
    return out;
}

TEST(Report, HtmlClosesWhatItOpens) {
    std::stack<std::string> open;
    for (const std::string& tag : tags_of(to_html(sample()))) {
        if (tag == "meta" || tag == "br") {
            continue;
        }
        if (tag.starts_with('/')) {
            ASSERT_FALSE(open.empty()) << tag;
            ASSERT_EQ("/" + open.top(), tag);
            open.pop();
        } else {
            open.push(tag);
        }
    }
    EXPECT_TRUE(open.empty());
}

TEST(Report, ShowsPlotPromisesIndexesHistoryAndHowToReproduce) {
    const std::string html = to_html(sample());
    for (const char* part : {"class=\"p\"",
                             "prefers-color-scheme:dark",
                             "@media print",
                             "exceeded",
                             "id_1",
                             "add_indexes",
                             "plumb migrate run 003",
                             "no difference"}) {
        EXPECT_THAT(html, HasSubstr(part));
    }
}

TEST(Report, SummaryHasFiveLinesAndNamesWhatStillScans) {
    const auto lines = summary_lines(sample());
    ASSERT_EQ(lines.size(), 5U);
    EXPECT_THAT(lines[1], HasSubstr("1 indexes were added"));
    EXPECT_THAT(lines[4], HasSubstr("Q2"));
    EXPECT_THAT(lines[4], Not(HasSubstr("Q1")));
}

TEST(Report, MarkdownAndJsonSayTheSame) {
    EXPECT_THAT(to_markdown(sample()), HasSubstr("| Q1 | users <by>"));
    const auto json = bson::from_json(to_json(sample()));
    ASSERT_TRUE(json.ok()) << json.error().message();
    EXPECT_EQ(json->find("summary").as_array().count(), 5U);
    EXPECT_EQ(json->find("history").as_array().count(), 1U);
}

TEST(Prose, KeepsNumbersWithTheirThousandsAndUnits) {
    EXPECT_EQ(prose("1 384 → 4 739 in 20 ms"), "1\u00a0384 → 4\u00a0739 in 20\u00a0ms");
    EXPECT_EQ(prose("of 30 samples, 3 < 4"), "of 30 samples, 3 &lt; 4");
}

TEST(Report, ShowsWhatOthersRecordedOnlyWhereTheyDid) {
    ReportInput input = sample();
    EXPECT_THAT(to_html(input), Not(HasSubstr("<h2>What writes cost</h2>")));
    EXPECT_THAT(to_html(input), Not(HasSubstr("<h2>Rehearsal</h2>")));
    input.extra.push_back({"Rehearsal", {"a <copy>"}, "up and down", {"migration"}, {{"003"}}});
    bench::WriteRow row{std::string{bench::kInsert}, "", {}, ""};
    row.levels = {{0, 480, 50e3, 60e3, 1e6, {}}, {1, 480, 55e3, 66e3, 1e6, {1.1, 1.05, 1.15}}};
    input.writes.emplace().collections = {
        {"users", 100, {{"id_1", R"({"id": 1})", 900, 12, ""}}, {row}}};
    const std::string html = to_html(input);
    for (const char* part : {"<h2>What writes cost</h2>", "1.10× (1.05–1.15)", "a &lt;copy&gt;"}) {
        EXPECT_THAT(html, HasSubstr(part));
    }
    EXPECT_THAT(to_markdown(input), HasSubstr("## Rehearsal\n\n- a <copy>\n"));
    const auto json = bson::from_json(to_json(input));
    ASSERT_TRUE(json.ok()) << json.error().message();
    EXPECT_EQ(json->find("sections").as_array().count(), 1U);
}

}  // namespace
}  // namespace plumb::report
