// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/random.h"
#include "engine/storage/index_entry_internal.h"
#include "engine/storage/key_buffer_internal.h"
#include "engine/storage/key_merge_internal.h"
#include "engine/storage/run_file_internal.h"
#include "engine/storage/test_engine_internal.h"

#include <algorithm>

namespace plumb::storage {
namespace {

struct Added {
    std::string key_and_id;
    std::string type_bits;
    bool operator==(const Added&) const = default;
    bool operator<(const Added& other) const { return key_and_id < other.key_and_id; }
};

Added add_to(KeyBuffer& buffer, std::string_view key, std::int64_t id, std::string_view bits) {
    buffer.add(key, RecordId{id}, bits);
    Added added{std::string{key}, std::string{bits}};
    append_record_id(added.key_and_id, RecordId{id});
    return added;
}

std::vector<Added> contents(const KeyBuffer& buffer) {
    std::vector<Added> out;
    for (std::size_t at = 0; at < buffer.size(); ++at) {
        out.push_back(
            {std::string{buffer.at(at).key_and_id}, std::string{buffer.at(at).type_bits}});
    }
    return out;
}

// Keys of few letters and many lengths, with long common beginnings and many that are equal.
std::string random_key(Random& random) {
    std::string key = random.chance(0.5) ? "usr_0000-0000-" : "u";
    for (std::uint64_t length = random.below(20); length > 0; --length) {
        key.push_back(static_cast<char>(random.below(3)));
    }
    return key + '\x7F';
}

std::vector<Added> fill(KeyBuffer& buffer, std::uint64_t seed, std::int64_t count) {
    Random random{seed};
    std::vector<Added> added;
    for (std::int64_t id = 1; id <= count; ++id) {
        const std::string key = random_key(random);
        added.push_back(add_to(buffer, key, id, random.chance(0.2) ? "t" : ""));
    }
    std::sort(added.begin(), added.end());
    return added;
}

TEST(KeyBuffer, SortsByBytesThenRecordId) {
    for (const std::int64_t count : {0, 1, 2, 23, 24, 25, 1000, 20'000, 100'000}) {
        SCOPED_TRACE(count);
        KeyBuffer buffer;
        const std::vector<Added> expected = fill(buffer, 3, count);
        buffer.sort();
        EXPECT_EQ(contents(buffer), expected);
    }
}

TEST(KeyBuffer, SortsManyEqualKeysByRecordId) {
    KeyBuffer buffer;
    std::vector<Added> expected;
    for (std::int64_t id = 500; id > 0; --id) {
        expected.push_back(add_to(buffer, "same", id, ""));
    }
    std::sort(expected.begin(), expected.end());
    buffer.sort();
    EXPECT_EQ(contents(buffer), expected);
}

// Large ranges are parted by a pivot: sorted, reversed and repeated keys are its hard cases.
TEST(KeyBuffer, SortsLargeBuffersOfHardShapes) {
    constexpr std::int64_t kCount = 80'000;
    const auto key_of = [](int shape, std::int64_t at) -> std::string {
        switch (shape) {
            case 0:
                return std::to_string(1'000'000 + at);
            case 1:
                return std::to_string(1'000'000 - at);
            case 2:
                return "twelve bytes " + std::to_string(at % 3);
            default:
                return std::string(static_cast<std::size_t>(at % 20), 'k');
        }
    };
    for (const int shape : {0, 1, 2, 3}) {
        SCOPED_TRACE(shape);
        KeyBuffer buffer;
        std::vector<Added> expected;
        for (std::int64_t at = 0; at < kCount; ++at) {
            expected.push_back(add_to(buffer, key_of(shape, at), at + 1, ""));
        }
        std::sort(expected.begin(), expected.end());
        buffer.sort();
        EXPECT_EQ(contents(buffer), expected);
    }
}

TEST(KeyBuffer, StopsWhenToldTo) {
    KeyBuffer buffer;
    const std::vector<Added> expected = fill(buffer, 3, 1000);
    const std::atomic<bool> must_stop{true};
    buffer.sort(&must_stop);
    EXPECT_NE(contents(buffer), expected);
    buffer.sort();
    EXPECT_EQ(contents(buffer), expected);
}

TEST(KeyMerge, MergesRunsOfMemoryAndDiskWithTinyBuffers) {
    const TemporaryDirectory directory;
    auto file = RunFile::create(directory.path());
    ASSERT_TRUE(file.ok());
    EXPECT_TRUE(std::filesystem::is_empty(directory.path()));
    std::vector<KeySource> sources;
    std::vector<Added> expected;
    KeyBuffer in_memory;
    for (std::uint64_t seed = 0; seed < 5; ++seed) {
        KeyBuffer spilled;
        KeyBuffer& buffer = seed == 4 ? in_memory : spilled;
        // The second run is empty.
        const auto added = fill(buffer, seed, seed == 1 ? 0 : 700);
        expected.insert(expected.end(), added.begin(), added.end());
        buffer.sort();
        if (seed == 4) {
            sources.emplace_back(buffer);
        } else {
            const auto run = (*file)->write(buffer);
            ASSERT_TRUE(run.ok());
            sources.emplace_back(RunReader{(*file)->descriptor(), *run, 16});
        }
    }
    std::sort(expected.begin(), expected.end());
    auto merge = KeyMerge::open(std::move(sources));
    ASSERT_TRUE(merge.ok());
    std::vector<std::string> merged;
    for (;;) {
        const auto found = merge->next();
        ASSERT_TRUE(found.ok());
        if (!*found) {
            break;
        }
        merged.emplace_back(merge->key().key_and_id);
    }
    ASSERT_EQ(merged.size(), expected.size());
    for (std::size_t at = 0; at < merged.size(); ++at) {
        ASSERT_EQ(merged[at], expected[at].key_and_id);
    }
}

TEST(KeyMerge, OfNothingIsEmpty) {
    auto merge = KeyMerge::open({});
    ASSERT_TRUE(merge.ok());
    EXPECT_FALSE(*merge->next());
    EXPECT_FALSE(*merge->next());
}

}  // namespace
}  // namespace plumb::storage
