// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/rehearse/size_model.h"

#include <gtest/gtest.h>

namespace plumb::rehearse {
namespace {

// An index whose file, new and repeated keys cost 9000, 36 and 5 bytes.
Observed part(double fresh, double repeated) {
    return {{{fresh}, repeated}, 9000 + 36 * fresh + 5 * repeated};
}

TEST(SizeModel, FindsWhatNewAndRepeatedKeysCost) {
    const std::vector<Observed> parts{
        part(8000, 12'000), part(5000, 5000), part(3200, 1800), part(2000, 500)};
    const SizeModel model = fit(parts, likely_model(40, 1));
    EXPECT_LT(model.error, 0.02);
    const Composition whole{{150'000}, 850'000};
    EXPECT_NEAR(model.bytes(whole) / (9000 + 36 * 150'000.0 + 5 * 850'000.0), 1, 0.06);
}

TEST(SizeModel, KeepsToWhatIsLikelyWhereNothingWasSeen) {
    const SizeModel likely = likely_model(40, 2);
    const SizeModel model = fit({}, likely);
    EXPECT_DOUBLE_EQ(model.repeated, likely.repeated);
    EXPECT_EQ(model.fresh, likely.fresh);
}

TEST(SizeModel, GivesNoNegativeCosts) {
    // Sizes that shrink with the entries, as noise may have it.
    const SizeModel model =
        fit({{{{1000}, 0}, 90'000}, {{{2000}, 0}, 60'000}}, likely_model(20, 1));
    EXPECT_GT(model.fresh.front(), 0);
    EXPECT_GT(model.repeated, 0);
}

TEST(Composition, CountsAllEntries) {
    EXPECT_EQ((Composition{{3, 4}, 5}).entries(), 12);
}

}  // namespace
}  // namespace plumb::rehearse
