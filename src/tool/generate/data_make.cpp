// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/hash.h"
#include "tool/generate/data_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

namespace plumb::generate {
namespace {

// Draws of a rank under Zipf's law are blocks of this many things.
constexpr std::uint64_t kRankThings = 1U << 20U;
constexpr int kRedraws = 20;
constexpr std::array<std::string_view, 16> kBegins = {
    "ba", "co", "de", "fi", "go", "hu", "ka", "lo", "me", "ni", "po", "ra", "su", "ti", "va", "zu"};
constexpr std::array<std::string_view, 16> kEnds = {
    "n", "r", "l", "s", "m", "t", "nd", "rk", "st", "lt", "x", "ng", "v", "p", "d", "k"};
constexpr std::uint64_t kTextVocabulary = 2000;

// The word of this number: syllables as digits, so that different numbers give different words.
std::string word(std::uint64_t number) {
    std::string out;
    do {
        out += kBegins[number % kBegins.size()];
        number /= kBegins.size();
        out += kEnds[number % kEnds.size()];
        number /= kEnds.size();
    } while (number > 0);
    return out;
}

// Both ends inclusive; with a skew the least of several draws.
std::int64_t drawn(double low, double high, int skew, Random& random) {
    const auto from = static_cast<std::int64_t>(std::ceil(low));
    const auto to = std::max(from, static_cast<std::int64_t>(std::floor(high)));
    const auto width = static_cast<std::uint64_t>(to - from) + 1;
    std::uint64_t least = random.below(width);
    for (int draw = 1; draw < skew; ++draw) {
        least = std::min(least, random.below(width));
    }
    return from + static_cast<std::int64_t>(least);
}

void append_whole(std::string_view name, std::int64_t number, bson::Builder& out) {
    if (number >= INT32_MIN && number <= INT32_MAX) {
        out.append(name, static_cast<std::int32_t>(number));
    } else {
        out.append(name, number);
    }
}

// A whole number of the last decimal, divided once: the same on every machine.
double drawn_double(const DataValue& value, Random& random) {
    double unit = 1;
    for (int decimal = 0; decimal < value.decimals; ++decimal) {
        unit *= 10;
    }
    return static_cast<double>(drawn(value.low * unit, value.high * unit, value.skew, random)) /
           unit;
}

const bson::Value& choice(const DataValue& value, Random& random) {
    std::uint64_t sum = 0;
    for (const std::uint64_t weight : value.weights) {
        sum += weight;
    }
    std::uint64_t at = random.below(sum);
    std::size_t index = 0;
    while (at >= value.weights[index]) {
        at -= value.weights[index];
        ++index;
    }
    return value.choices[index];
}

std::string some_words(const DataValue& value, Random& random) {
    std::string out;
    for (std::int64_t left = drawn(value.low, value.high, 1, random); left > 0; --left) {
        out += out.empty() ? "" : " ";
        out += word(random.below(kTextVocabulary));
    }
    return out;
}

void note_vocabularies(  // NOLINT(misc-no-recursion): as deep as the file, which is bounded
    const DataValue& value,
    std::set<std::uint64_t>& out) {
    if (value.made_by == MadeBy::Word && value.zipf) {
        out.insert(value.vocabulary);
    }
    for (const DataValue& element : value.element) {
        note_vocabularies(element, out);
    }
    for (const DataField& field : value.fields) {
        note_vocabularies(field.value, out);
    }
}

}  // namespace

DataMaker::DataMaker(const DataFile& data, const DataSize& size) : data_(data), size_(size) {
    std::set<std::uint64_t> ranked;
    for (const DataCollection& collection : data.collections) {
        const double wanted = collection.per_scale * static_cast<double>(size.scale);
        counts_.push_back(
            std::max(collection.at_least, static_cast<std::uint64_t>(std::llround(wanted))));
        ranked.insert(counts_.back());
        for (const DataField& field : collection.fields) {
            note_vocabularies(field.value, ranked);
        }
    }
    for (const std::uint64_t number : ranked) {
        ranks_.emplace(number, ZipfBlocks{number, std::max(number, kRankThings)});
    }
}

std::uint64_t DataMaker::drawn_rank(std::uint64_t of, bool zipf, Random& random) const {
    if (!zipf) {
        return random.below(of);
    }
    return ranks_.at(of).rank_of(random.below(std::max(of, kRankThings)));
}

std::string DataMaker::id_of(std::string_view collection,
                             std::string_view prefix,
                             std::uint64_t place) const {
    Random random = Random::stream(size_.seed ^ bson::hash_bytes(collection, 7), place);
    const std::uint64_t high = (random.next() & ~std::uint64_t{0xf000}) | 0x4000;
    const std::uint64_t low =
        (random.next() & ~(std::uint64_t{3} << 62)) | (std::uint64_t{1} << 63);
    return fmt::format("{}{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
                       prefix,
                       high >> 32,
                       (high >> 16) & 0xffff,
                       high & 0xffff,
                       low >> 48,
                       low & 0xffff'ffff'ffff);
}

std::string DataMaker::referred(const DataValue& value, Random& random) const {
    for (std::size_t index = 0; index < data_.collections.size(); ++index) {
        const DataCollection& collection = data_.collections[index];
        if (collection.name != value.text) {
            continue;
        }
        const auto id = std::ranges::find(collection.fields, "id", &DataField::name);
        return id_of(
            collection.name, id->value.text, drawn_rank(counts_[index], value.zipf, random));
    }
    return {};
}

void DataMaker::append_time(std::string_view name,
                            const DataValue& value,
                            const Where& where,
                            Random& random,
                            bson::Builder& out) const {
    if (value.made_by == MadeBy::Day) {
        out.append(name,
                   day_text(size_.today +
                            static_cast<std::int32_t>(drawn(value.low, value.high, 1, random))));
        return;
    }
    const std::int64_t low = instant_ms(size_.today, 0) + std::llround(value.low * kMsPerDay);
    const std::int64_t high = instant_ms(size_.today, 0) + std::llround(value.high * kMsPerDay);
    const auto width = static_cast<std::uint64_t>(high - low) + 1;
    if (!value.ascending) {
        out.append(name, bson::Date{low + static_cast<std::int64_t>(random.below(width))});
        return;
    }
    const std::uint64_t count = counts_[where.collection];
    const std::uint64_t step = std::max<std::uint64_t>(width / count, 1);
    const std::uint64_t begin =
        count > 1 ? std::min(where.place * step, width - 1) : std::uint64_t{0};
    out.append(name, bson::Date{low + static_cast<std::int64_t>(begin + random.below(step))});
}

void DataMaker::append_list(  // NOLINT(misc-no-recursion): as deep as the file, which is bounded
    std::string_view name,
    const DataValue& value,
    const Where& where,
    Random& random,
    bson::Builder& out) const {
    const auto count = static_cast<std::uint64_t>(drawn(
        static_cast<double>(value.count_low), static_cast<double>(value.count_high), 1, random));
    std::set<std::string> seen;
    out.begin_array(name);
    std::uint64_t written = 0;
    for (std::uint64_t at = 0; at < count; ++at) {
        for (int draw = 0; draw < (value.distinct ? kRedraws : 1); ++draw) {
            bson::Builder one;
            append_value("v", value.element.front(), where, random, one);
            const bson::Document made = one.finish();
            if (value.distinct && !seen.insert(std::string{made.view().raw()}).second) {
                continue;
            }
            out.append(std::to_string(written++), made.view().front().value);
            break;
        }
    }
    out.end();
}

void DataMaker::append_value(  // NOLINT(misc-no-recursion): as deep as the file, which is bounded
    std::string_view name,
    const DataValue& value,
    const Where& where,
    Random& random,
    bson::Builder& out) const {
    switch (value.made_by) {
        case MadeBy::Id:
            out.append(name,
                       id_of(data_.collections[where.collection].name, value.text, where.place));
            return;
        case MadeBy::OneOf:
            out.append(name, choice(value, random));
            return;
        case MadeBy::Ref:
            out.append(name, referred(value, random));
            return;
        case MadeBy::Date:
        case MadeBy::Day:
            append_time(name, value, where, random, out);
            return;
        case MadeBy::Int:
            append_whole(name, drawn(value.low, value.high, value.skew, random), out);
            return;
        case MadeBy::Double:
            out.append(name, drawn_double(value, random));
            return;
        case MadeBy::Bool:
            out.append(name, random.chance(value.chance));
            return;
        case MadeBy::Word:
            out.append(name, word(drawn_rank(value.vocabulary, value.zipf, random)));
            return;
        case MadeBy::Words:
            out.append(name, some_words(value, random));
            return;
        case MadeBy::List:
            append_list(name, value, where, random, out);
            return;
        case MadeBy::Fields:
            out.begin_document(name);
            for (const DataField& field : value.fields) {
                if (field.present >= 1 || random.chance(field.present)) {
                    append_value(field.name, field.value, where, random, out);
                }
            }
            out.end();
            return;
    }
}

bson::View DataMaker::make(std::size_t collection,
                           std::uint64_t place,
                           bson::Builder& builder) const {
    const DataCollection& spec = data_.collections[collection];
    builder.clear();
    Random random = Random::stream(size_.seed ^ bson::hash_bytes(spec.name), place);
    // An ObjectId as a driver would make it, but the same every time.
    std::array<unsigned char, 12> id{};
    for (std::size_t byte = 0; byte < id.size(); ++byte) {
        id[byte] = static_cast<unsigned char>(random.next());
    }
    builder.append("_id", bson::ObjectId{id});
    const Where where{collection, place};
    for (const DataField& field : spec.fields) {
        // A stream for each field: one more field leaves the others as they were.
        Random own = Random::stream(
            size_.seed ^ bson::hash_bytes(spec.name) ^ bson::hash_bytes(field.name, 3), place);
        if (field.present >= 1 || own.chance(field.present)) {
            append_value(field.name, field.value, where, own, builder);
        }
    }
    return builder.finish_view();
}

}  // namespace plumb::generate
