// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/migrate/lint/lint.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace plumb::migrate::lint {
namespace {

TEST(LintRows, AreSortedAndWhole) {
    const auto rows = lint_rows();
    EXPECT_TRUE(std::is_sorted(
        rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.code < b.code; }));
    for (const LintRow& row : rows) {
        EXPECT_NE(row.check, nullptr) << row.code;
        EXPECT_FALSE(row.about.empty() || row.reason.empty() || row.remedy.empty()) << row.code;
        EXPECT_EQ(find_lint(row.code), &row);
    }
    EXPECT_EQ(find_lint("NO_SUCH_CODE"), nullptr);
}

TEST(Lint, SkipsWhatItCannotLookAtAndSaysSo) {
    const std::vector<project::ScannedMigration> none;
    Context context{.scanned = none};
    ASSERT_TRUE(play_steps(context).ok());
    const auto report = run_lint(context);
    ASSERT_TRUE(report.ok());
    EXPECT_TRUE(report->findings.empty());
    EXPECT_FALSE(report->has_errors());
    const auto skipped =
        std::count_if(lint_rows().begin(), lint_rows().end(), [](const LintRow& row) {
            return row.needs != Needs::Files;
        });
    EXPECT_EQ(static_cast<std::ptrdiff_t>(report->skipped.size()), skipped);
}

}  // namespace
}  // namespace plumb::migrate::lint
