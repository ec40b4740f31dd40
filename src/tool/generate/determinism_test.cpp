// SPDX-License-Identifier: GPL-3.0-or-later
// The same seed gives the same bytes on every machine: hashes of the first thousand documents.
#include "bson/builder.h"
#include "bson/hash.h"
#include "bson/validate.h"
#include "tool/generate/documents.h"

#include <gtest/gtest.h>

#include <array>

namespace plumb::generate {
namespace {

std::uint64_t hash_of(const World& world, Collection collection) {
    bson::Builder builder;
    std::uint64_t hash = 0;
    for (std::uint64_t place = 0; place < 1000 && place < world.count(collection); ++place) {
        hash = bson::hash_bytes(make_document(world, collection, place, builder).raw(), hash);
    }
    return hash;
}

TEST(Generate, GivesTheSameBytesAsEver) {
    constexpr std::array<std::uint64_t, kCollections> kHashes{
        840349834039363006U,
        16785545339148858951U,
        12917231200449354390U,
        16866876349253892678U,
        446164357124967184U,
        4507949967437051043U,
        7648728230963105056U,
        9280914551782365802U,
        15178232829939470251U,
        154418720513969214U,
        5796589197550164372U,
        2484464652466537866U,
        3155413956237451876U,
        11697264767556361487U,
    };
    const World world{{.scale = 10'000, .seed = 1, .fault_rate = 0.002}};
    for (std::size_t index = 0; index < kCollections; ++index) {
        EXPECT_EQ(hash_of(world, static_cast<Collection>(index)), kHashes[index])
            << kSchema[index].name;
    }
}

TEST(Generate, GivesOtherBytesForAnotherSeed) {
    const World one{{.scale = 1000, .seed = 1}};
    const World two{{.scale = 1000, .seed = 2}};
    EXPECT_NE(hash_of(one, Collection::Orders), hash_of(two, Collection::Orders));
}

TEST(Generate, MakesWellFormedDocumentsAtTheSmallestScale) {
    const World world{{.scale = 100, .seed = 1, .fault_rate = 0.05}};
    bson::Builder builder;
    for (std::size_t index = 0; index < kCollections; ++index) {
        const auto collection = static_cast<Collection>(index);
        for (std::uint64_t place = 0; place < world.count(collection); ++place) {
            const bson::View made = make_document(world, collection, place, builder);
            EXPECT_TRUE(bson::validate(made.raw()).ok());
        }
    }
}

}  // namespace
}  // namespace plumb::generate
