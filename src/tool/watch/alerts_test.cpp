// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/watch/alerts.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

namespace plumb::watch {
namespace {

Baseline shop_baseline() {
    Baseline out;
    BaselineIndex used;
    used.collection = "orders";
    used.name = "user_id_1";
    used.used_by = {"Q5"};
    out.indexes.push_back(used);
    BaselineIndex fresh;
    fresh.collection = "users";
    fresh.name = "role_1";
    fresh.is_new = true;
    out.indexes.push_back(fresh);
    BaselineIndex unique = fresh;
    unique.name = "email_1";
    unique.unique = true;
    out.indexes.push_back(unique);
    out.shapes.push_back({.shape = "aaaa",
                          .query = "Q5",
                          .title = "order history",
                          .has_figures = true,
                          .docs_examined = 20,
                          .returned = 20,
                          .p95_ms = 2});
    out.docs_per_returned = 1;
    return out;
}

// Values by series: "name@subject", of member m; those that are left out are not in the sample.
using Values = std::map<std::string, std::int64_t>;

struct Case {
    const char* name;
    std::vector<Values> samples;
    std::vector<std::string> raised;  // "code subject", in all
    bool still_active = true;
};

Kind kind_of(std::string_view name) {
    if (name.starts_with("shape_")) {
        return Kind::Amount;
    }
    constexpr std::array<std::string_view, 6> kCounters{"index_uses",
                                                        "cache_app_evictions",
                                                        "docs_examined",
                                                        "docs_returned",
                                                        "read_ops",
                                                        "read_latency_us"};
    return std::find(kCounters.begin(), kCounters.end(), name) == kCounters.end() ? Kind::Gauge
                                                                                  : Kind::Counter;
}

Sample sample_of(const Values& values, Catalogue& catalogue, std::int64_t at_ms) {
    Sample out{.at_ms = at_ms};
    for (const auto& [key, value] : values) {
        const std::size_t at = key.find('@');
        const std::string name = key.substr(0, at);
        const std::string subject = at == std::string::npos ? "" : key.substr(at + 1);
        const std::string member = name.starts_with("drift") ? "" : "m";
        out.set(catalogue.id_of({kind_of(name), name, member, subject, ""}), value);
    }
    return out;
}

std::vector<Values> repeat(std::size_t times, Values values) {
    return std::vector<Values>(times, std::move(values));
}

std::vector<Values> operator+(std::vector<Values> a, const std::vector<Values>& b) {
    a.insert(a.end(), b.begin(), b.end());
    return a;
}

// `times` samples in which each counter grows by the same.
std::vector<Values> growing(std::size_t times, const Values& start, const Values& by) {
    std::vector<Values> out;
    Values now = start;
    for (std::size_t number = 0; number < times; ++number) {
        out.push_back(now);
        for (const auto& [key, amount] : by) {
            now[key] += amount;
        }
    }
    return out;
}

const Values kThere{{"up", 1}, {"indexes_read", 1}, {"index_bytes@orders.user_id_1", 100}};
const Values kDropped{{"up", 1}, {"indexes_read", 1}};
const Values kScan{{"shape_calls@aaaa", 4},
                   {"shape_ms@aaaa", 8},
                   {"shape_docs_examined@aaaa", 80'000},
                   {"shape_returned@aaaa", 80},
                   {"shape_scans@aaaa", 4}};
const Values kFine{{"shape_calls@aaaa", 4},
                   {"shape_ms@aaaa", 4},
                   {"shape_docs_examined@aaaa", 80},
                   {"shape_returned@aaaa", 80},
                   {"shape_scans@aaaa", 0}};
const Values kSlow{{"shape_calls@aaaa", 2},
                   {"shape_ms@aaaa", 80},
                   {"shape_docs_examined@aaaa", 40},
                   {"shape_returned@aaaa", 40},
                   {"shape_scans@aaaa", 0}};
const Values kNewSlow{{"shape_calls@bbbb", 2},
                      {"shape_ms@bbbb", 500},
                      {"shape_docs_examined@bbbb", 40},
                      {"shape_returned@bbbb", 40},
                      {"shape_scans@bbbb", 0}};

Values cache(std::int64_t used, std::int64_t dirty) {
    return {{"cache_bytes", used}, {"cache_dirty_bytes", dirty}, {"cache_max_bytes", 100}};
}

std::vector<Case> cases() {
    return {
        {"nothing wrong", repeat(30, kThere), {}},
        {"an index is dropped: in the very next sample",
         repeat(2, kThere) + repeat(1, kDropped),
         {"index_missing orders.user_id_1"}},
        {"an index comes back",
         repeat(1, kDropped) + repeat(1, kThere),
         {"index_missing orders.user_id_1"},
         false},
        {"a member that does not answer says nothing of indexes",
         repeat(1, kThere) + repeat(1, {{"up", 0}}),
         {}},
        {"one sample without an answer is no lost connection",
         repeat(1, kThere) + repeat(1, {{"up", 0}}) + repeat(1, kThere),
         {}},
        {"two are", repeat(2, {{"up", 0}}), {"connection_lost m"}},
        {"a scan where the baseline had an index", {kFine, kScan}, {"collection_scan aaaa"}},
        {"and it examines more, two samples long",
         {kFine, kScan, kScan},
         {"collection_scan aaaa", "examines_more aaaa"}},
        {"a shape that nobody calls any more keeps its alert",
         std::vector<Values>{kScan} + repeat(5, kThere),
         {"collection_scan aaaa"}},
        {"until it is forgotten",
         std::vector<Values>{kScan} + repeat(20, kThere),
         {"collection_scan aaaa"},
         false},
        {"three good samples clear it",
         std::vector<Values>{kScan} + repeat(3, kFine),
         {"collection_scan aaaa"},
         false},
        {"one slow sample is none", {kSlow, kFine}, {}},
        {"two are slower", {kSlow, kSlow}, {"slower aaaa"}},
        {"a new shape that is slow", {kNewSlow}, {"new_slow_shape bbbb"}},
        {"drift at once", {{{"drift_missing@users.email_1", 1}}}, {"drift users.email_1"}},
        {"drift that was repaired",
         {{{"drift_different@users.email_1", 1}}, {{"drift_different@users.email_1", 0}}},
         {"drift users.email_1"},
         false},
        {"an index too many", {{{"drift_extra@users.x_1", 1}}}, {"drift_extra users.x_1"}},
        {"a full cache for two samples", repeat(2, cache(96, 1)), {"cache_full m"}},
        {"for one", {cache(96, 1), cache(80, 1)}, {}},
        {"between the limits the alert stays",
         repeat(2, cache(96, 1)) + repeat(9, cache(92, 1)),
         {"cache_full m"}},
        {"below them it goes",
         repeat(2, cache(96, 1)) + repeat(3, cache(80, 1)),
         {"cache_full m"},
         false},
        {"a dirty cache", repeat(2, cache(50, 25)), {"cache_dirty m"}},
        {"queries evict pages",
         growing(3, {{"cache_app_evictions", 5}}, {{"cache_app_evictions", 30 * 50}}),
         {"cache_evictions m"}},
        {"lag of a quarter minute", repeat(2, {{"lag_ms", 15'000}}), {"replication_lag m"}},
        {"lag of two minutes",
         repeat(2, {{"lag_ms", 120'000}}),
         {"replication_lag m", "replication_stalled m"}},
        {"a restart",
         {{{"started_ms", 0}}, {{"started_ms", 50'000}}, {{"started_ms", 50'000}}},
         {"server_restarted m"},
         false},
        {"the server examines more",
         growing(2,
                 {{"docs_examined", 0}, {"docs_returned", 0}},
                 {{"docs_examined", 100}, {"docs_returned", 100}}) +
             growing(3,
                     {{"docs_examined", 10'000}, {"docs_returned", 200}},
                     {{"docs_examined", 90'000}, {"docs_returned", 100}}),
         {"server_examines_more m"}},
        {"reads become slower",
         growing(11,
                 {{"read_ops", 0}, {"read_latency_us", 0}},
                 {{"read_ops", 100}, {"read_latency_us", 20'000}}) +
             growing(4,
                     {{"read_ops", 1100}, {"read_latency_us", 300'000}},
                     {{"read_ops", 100}, {"read_latency_us", 100'000}}),
         {"reads_slower m"}},
        {"an index falls out of use while another is used",
         growing(21,
                 {{"index_uses@orders.user_id_1", 0}, {"index_uses@users.id_1", 0}},
                 {{"index_uses@orders.user_id_1", 5}, {"index_uses@users.id_1", 5}}) +
             growing(21,
                     {{"index_uses@orders.user_id_1", 105}, {"index_uses@users.id_1", 105}},
                     {{"index_uses@users.id_1", 5}}),
         {"index_not_used orders.user_id_1"}},
        {"the application rests",
         growing(21, {{"index_uses@orders.user_id_1", 0}}, {{"index_uses@orders.user_id_1", 5}}) +
             repeat(25, {{"index_uses@orders.user_id_1", 105}}),
         {}},
        {"a new index that nothing used",
         repeat(40, {{"index_uses@users.role_1", 0}, {"index_uses@users.email_1", 0}}),
         {"new_index_unused users.role_1"}},
    };
}

TEST(Alerts, FollowTheTable) {
    const Baseline baseline = shop_baseline();
    for (const Case& one : cases()) {
        SCOPED_TRACE(one.name);
        Catalogue catalogue;
        History history;
        Alerts alerts;
        std::vector<std::string> raised;
        std::int64_t at_ms = 1'000'000;
        for (const Values& values : one.samples) {
            history.feed(catalogue, sample_of(values, catalogue, at_ms));
            for (const AlertEvent& event : alerts.judge({history, baseline, 15 * 60'000})) {
                if (event.raised) {
                    raised.push_back(event.alert.code + " " + event.alert.subject);
                }
            }
            at_ms += 30'000;
        }
        EXPECT_EQ(raised, one.raised);
        for (const Alert& alert : alerts.raised()) {
            EXPECT_EQ(alert.active, one.still_active) << alert.code;
            EXPECT_FALSE(alert.evidence.empty());
            EXPECT_LE(alert.first_ms, alert.last_ms);
        }
    }
}

TEST(Rules, AreSortedAndComplete) {
    const auto all = rules();
    for (std::size_t at = 0; at < all.size(); ++at) {
        EXPECT_TRUE(at == 0 || all[at - 1].code < all[at].code) << all[at].code;
        EXPECT_FALSE(all[at].about.empty());
        EXPECT_FALSE(all[at].advice.empty());
        EXPECT_LE(all[at].clear_below, all[at].raise_at) << all[at].code;
    }
}

TEST(Rules, EachHasACase) {
    std::string in_table;
    for (const Case& one : cases()) {
        for (const std::string& raised : one.raised) {
            in_table += raised + "\n";
        }
    }
    for (const RuleRow& rule : rules()) {
        EXPECT_NE(in_table.find(std::string{rule.code} + " "), std::string::npos) << rule.code;
    }
}

TEST(Rules, AreInTheDocumentation) {
    std::ifstream in{std::filesystem::path{__FILE__}.parent_path() / "../../../docs/watch.md"};
    const std::string text{std::istreambuf_iterator<char>{in}, {}};
    for (const RuleRow& rule : rules()) {
        const std::string row = "| `" + std::string{rule.code} + "` | " +
                                std::string{severity_name(rule.severity)} + " |";
        EXPECT_NE(text.find(row), std::string::npos) << row;
    }
}

}  // namespace
}  // namespace plumb::watch
