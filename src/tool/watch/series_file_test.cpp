// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/watch/series_file.h"

#include "bson/builder.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>
#include <unistd.h>

#include <fstream>
#include <iterator>

namespace plumb::watch {
namespace {

class Folder {
  public:
    Folder() {
        path_ = std::filesystem::temp_directory_path() /
                ("watch-test-" + std::to_string(::getpid()) + "-" + std::to_string(next_++));
        std::filesystem::remove_all(path_);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() { std::filesystem::remove_all(path_); }
    const std::filesystem::path& path() const { return path_; }

  private:
    inline static int next_ = 0;
    std::filesystem::path path_;
};

std::string bytes_of(const std::filesystem::path& file) {
    std::ifstream in{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

void write_bytes(const std::filesystem::path& file, std::string_view bytes) {
    std::ofstream{file, std::ios::binary | std::ios::trunc} << bytes;
}

bson::Document facts(int number) {
    bson::Builder out;
    out.append("number", number);
    return out.finish();
}

SeriesInfo info(std::size_t id) {
    return {static_cast<Kind>(id % 3), "name" + std::to_string(id), "m", std::to_string(id), "t"};
}

// What a series holds, for comparing.
struct Held {
    std::vector<Sample> samples;
    int sessions = 0;
};

SeriesVisitor into(Held& held) {
    return {.session = [&held](bson::View) -> Status {
                ++held.sessions;
                return {};
            },
            .sample = [&held](const Catalogue&, const Sample& sample) -> Status {
                held.samples.push_back(sample);
                return {};
            }};
}

// Trailing gaps are not kept: they say nothing.
Sample trimmed(Sample sample) {
    while (!sample.values.empty() && !sample.values.back()) {
        sample.values.pop_back();
    }
    return sample;
}

bool same(const Sample& a, const Sample& b) {
    return a.at_ms == b.at_ms && trimmed(a).values == trimmed(b).values;
}

Sample arbitrary_sample(std::int64_t at_ms, std::size_t series) {
    Sample sample{.at_ms = at_ms};
    for (std::size_t id = 0; id < series; ++id) {
        const int choice = *rc::gen::inRange(0, 6);
        if (choice == 0) {
            sample.set(id, *rc::gen::arbitrary<std::int64_t>());
        } else if (choice < 4) {
            sample.set(id, choice);
        }
    }
    return sample;
}

TEST(Crc, IsThatOfZip) {
    EXPECT_EQ(crc32("123456789"), 0xCBF43926U);
}

RC_GTEST_PROP(SeriesFile, GivesBackWhatWasWritten, ()) {
    Folder folder;
    std::vector<Sample> written;
    {
        auto writer = SeriesWriter::open(folder.path(), {});
        RC_ASSERT(writer.ok());
        RC_ASSERT((*writer)->append_session(facts(1)).ok());
        const int count = *rc::gen::inRange(1, 12);
        std::size_t series = 0;
        for (int number = 0; number < count; ++number) {
            series += static_cast<std::size_t>(*rc::gen::inRange(0, 4));
            for (std::size_t id = 0; id < series; ++id) {
                (*writer)->catalogue().id_of(info(id));
            }
            written.push_back(arbitrary_sample(*rc::gen::arbitrary<std::int64_t>(), series));
            RC_ASSERT((*writer)->append(written.back()).ok());
        }
    }
    Held held;
    const auto read = read_series(series_file(folder.path()), into(held));
    RC_ASSERT(read.ok());
    RC_ASSERT(read->bytes_dropped == 0);
    RC_ASSERT(held.samples.size() == written.size());
    for (std::size_t at = 0; at < written.size(); ++at) {
        RC_ASSERT(same(held.samples[at], written[at]));
    }
}

// One file for the tests below: three samples of twelve series.
std::string small_file(const Folder& folder, std::vector<Sample>& written) {
    auto writer = SeriesWriter::open(folder.path(), {});
    EXPECT_TRUE(writer.ok());
    EXPECT_TRUE((*writer)->append_session(facts(1)).ok());
    for (std::size_t id = 0; id < 12; ++id) {
        (*writer)->catalogue().id_of(info(id));
    }
    for (int number = 0; number < 3; ++number) {
        Sample sample{.at_ms = 1000 + 30 * number};
        for (std::size_t id = 0; id < 12; ++id) {
            sample.set(id, static_cast<std::int64_t>(id) * 1000 + number);
        }
        EXPECT_TRUE((*writer)->append(sample).ok());
        written.push_back(sample);
    }
    return bytes_of(series_file(folder.path()));
}

TEST(SeriesFile, CutAtAnyByteKeepsWhatCameBeforeAndGoesOn) {
    Folder folder;
    std::vector<Sample> written;
    const std::string whole = small_file(folder, written);
    for (std::size_t length = 0; length <= whole.size(); ++length) {
        write_bytes(series_file(folder.path()), whole.substr(0, length));
        Held held;
        std::size_t kept = 0;
        {
            auto writer = SeriesWriter::open(folder.path(), into(held));
            ASSERT_TRUE(writer.ok()) << length << ": " << writer.error().message();
            kept = held.samples.size();
            for (std::size_t at = 0; at < kept; ++at) {
                EXPECT_TRUE(same(held.samples[at], written[at])) << length;
            }
            (*writer)->catalogue().id_of({Kind::Gauge, "later", "", "", ""});
            Sample more{.at_ms = 9999};
            more.set((*writer)->catalogue().size() - 1, 7);
            ASSERT_TRUE((*writer)->append(more).ok()) << length;
        }
        Held again;
        const auto read = read_series(series_file(folder.path()), into(again));
        ASSERT_TRUE(read.ok()) << length << ": " << read.error().message();
        EXPECT_EQ(again.samples.size(), kept + 1) << length;
        EXPECT_EQ(read->bytes_dropped, 0) << length;
    }
}

TEST(SeriesFile, ZerosBehindTheEndAreACutRecord) {
    Folder folder;
    std::vector<Sample> written;
    const std::string whole = small_file(folder, written);
    write_bytes(series_file(folder.path()), whole + std::string(4096, '\0'));
    Held held;
    const auto read = read_series(series_file(folder.path()), into(held));
    ASSERT_TRUE(read.ok()) << read.error().message();
    EXPECT_EQ(held.samples.size(), written.size());
    EXPECT_EQ(read->bytes_dropped, 4096);
}

TEST(SeriesFile, DamageInTheMiddleIsAnErrorNamingThePlace) {
    Folder folder;
    std::vector<Sample> written;
    std::string bytes = small_file(folder, written);
    bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 0x20);
    write_bytes(series_file(folder.path()), bytes);
    const auto read = read_series(series_file(folder.path()), {});
    ASSERT_FALSE(read.ok());
    EXPECT_EQ(read.error().code(), ErrorCode::FailedToParse);
}

TEST(SeriesFile, AnyFlippedByteNeverGivesOtherSamples) {
    Folder folder;
    std::vector<Sample> written;
    const std::string whole = small_file(folder, written);
    for (std::size_t at = 0; at < whole.size(); ++at) {
        std::string bytes = whole;
        bytes[at] = static_cast<char>(bytes[at] ^ 0x55);
        write_bytes(series_file(folder.path()), bytes);
        Held held;
        const auto read = read_series(series_file(folder.path()), into(held));
        for (std::size_t each = 0; each < held.samples.size(); ++each) {
            EXPECT_TRUE(same(held.samples[each], written[each])) << at;
        }
    }
}

TEST(SeriesFile, HasOneWriter) {
    Folder folder;
    const auto first = SeriesWriter::open(folder.path(), {});
    ASSERT_TRUE(first.ok());
    const auto second = SeriesWriter::open(folder.path(), {});
    ASSERT_FALSE(second.ok());
    EXPECT_EQ(second.error().code(), ErrorCode::LockHeld);
    EXPECT_NE(second.error().message().find(std::to_string(::getpid())), std::string::npos);
}

TEST(SeriesFile, TwoDaysOfFortyIndexesAreAFewMegabytes) {
    Folder folder;
    auto writer = SeriesWriter::open(folder.path(), {});
    ASSERT_TRUE(writer.ok());
    constexpr std::size_t kIndexes = 40;
    constexpr std::size_t kStatus = 30;
    Catalogue& catalogue = (*writer)->catalogue();
    std::vector<std::int64_t> values(kIndexes * 3 + kStatus, 1'000'000);
    for (std::size_t id = 0; id < values.size(); ++id) {
        catalogue.id_of(info(id));
    }
    std::string records;
    DeltaState state;
    for (std::int64_t number = 0; number < 48 * 120; ++number) {
        Sample sample{.at_ms = number * 30'000};
        for (std::size_t id = 0; id < values.size(); ++id) {
            values[id] +=
                id % 3 == 0 ? static_cast<std::int64_t>((id * 37) % 2000) + number % 5 : 0;
            sample.set(id, values[id]);
        }
        records += encode_sample(sample, state);
    }
    EXPECT_LT(records.size(), std::size_t{3} * 1024 * 1024);
}

TEST(Record, RefusesWhatItDoesNotWrite) {
    for (const char* bytes : {"", "X", "N", "N\x09", "V", "V\x80", "S\x05"}) {
        DeltaState state;
        EXPECT_FALSE(decode_record(bytes, state).ok()) << bytes;
    }
}

RC_GTEST_PROP(Record, AnyBytesAreARecordOrAnError, (const std::string& bytes)) {
    DeltaState state;
    const auto record = decode_record("V" + bytes, state);
    RC_ASSERT((record.ok() || record.error().code() == ErrorCode::FailedToParse));
}

}  // namespace
}  // namespace plumb::watch
