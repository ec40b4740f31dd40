// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/watch/record_codec.h"

#include "bson/validate.h"

#include <array>

namespace plumb::watch {
namespace {

enum class Tag : char { Session = 'S', Series = 'N', Sample = 'V' };

// What a series' code in a sample says: these two are followed by how many more series say so too;
// anything else is the zigzag difference plus one.
constexpr std::uint64_t kAbsent = 0;
constexpr std::uint64_t kUnchanged = 1;

std::uint64_t zigzag(std::int64_t from, std::int64_t to) {
    const auto difference = static_cast<std::int64_t>(static_cast<std::uint64_t>(to) -
                                                      static_cast<std::uint64_t>(from));
    return (static_cast<std::uint64_t>(difference) << 1U) ^
           static_cast<std::uint64_t>(difference >> 63);
}

std::int64_t unzigzag(std::int64_t from, std::uint64_t code) {
    const std::uint64_t difference = (code >> 1U) ^ (~(code & 1U) + 1U);
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(from) + difference);
}

Error damaged(const char* what) {
    return fail(ErrorCode::FailedToParse, what);
}

void put_text(std::string& out, std::string_view text) {
    put_varint(out, text.size());
    out += text;
}

Result<std::string> take_text(std::string_view& bytes) {
    PLUMB_TRY(length, take_varint(bytes));
    if (length > bytes.size()) {
        return damaged("a text is longer than its record");
    }
    std::string text{bytes.substr(0, length)};
    bytes.remove_prefix(length);
    return text;
}

std::uint64_t code_of(const Sample& sample, const DeltaState& state, std::size_t id) {
    const auto value = sample.get(id);
    if (!value.has_value()) {
        return kAbsent;
    }
    const std::int64_t before = id < state.values.size() ? state.values[id] : 0;
    return zigzag(before, *value) + 1;  // kValueMax leaves room for the one
}

Result<Record> decode_session(std::string_view bytes) {
    PLUMB_CHECK(bson::validate(bytes));
    return Record{SessionRecord{bson::Document{std::string{bytes}}}};
}

Result<Record> decode_series(std::string_view bytes) {
    PLUMB_TRY(kind, take_varint(bytes));
    if (kind > static_cast<std::uint64_t>(Kind::Amount)) {
        return damaged("a series of an unknown kind");
    }
    SeriesInfo info;
    info.kind = static_cast<Kind>(kind);
    for (std::string* text : {&info.name, &info.member, &info.subject, &info.text}) {
        PLUMB_TRY(taken, take_text(bytes));
        *text = std::move(taken);
    }
    if (!bytes.empty()) {
        return damaged("a series with bytes behind its end");
    }
    return Record{std::move(info)};
}

Result<Record> decode_sample(std::string_view bytes, DeltaState& state) {
    PLUMB_TRY(at, take_varint(bytes));
    Sample sample;
    sample.at_ms = unzigzag(state.at_ms, at);
    std::size_t id = 0;
    while (!bytes.empty()) {
        PLUMB_TRY(code, take_varint(bytes));
        std::uint64_t repeats = 1;
        if (code == kAbsent || code == kUnchanged) {
            PLUMB_TRY(more, take_varint(bytes));
            repeats = more + 1;
        }
        if (repeats == 0 || repeats > kSeriesMax || id + repeats > kSeriesMax) {
            return damaged("a sample of more series than there can be");
        }
        if (code == kAbsent) {
            id += repeats;
            continue;
        }
        if (state.values.size() < id + repeats) {
            state.values.resize(id + repeats);
        }
        for (; repeats > 0; --repeats, ++id) {
            state.values[id] = unzigzag(state.values[id], code - 1);
            sample.set(id, state.values[id]);
        }
    }
    state.at_ms = sample.at_ms;
    return Record{std::move(sample)};
}

constexpr std::array<std::uint32_t, 256> make_crc_table() {
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t byte = 0; byte < table.size(); ++byte) {
        std::uint32_t value = byte;
        for (int bit = 0; bit < 8; ++bit) {
            value = (value & 1U) != 0 ? (value >> 1U) ^ 0xEDB88320U : value >> 1U;
        }
        table[byte] = value;
    }
    return table;
}

}  // namespace

void put_varint(std::string& out, std::uint64_t number) {
    for (; number >= 0x80; number >>= 7U) {
        out += static_cast<char>((number & 0x7FU) | 0x80U);
    }
    out += static_cast<char>(number);
}

Result<std::uint64_t> take_varint(std::string_view& bytes) {
    std::uint64_t number = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        if (bytes.empty()) {
            return damaged("a number is cut short");
        }
        const auto byte = static_cast<unsigned char>(bytes.front());
        bytes.remove_prefix(1);
        number |= static_cast<std::uint64_t>(byte & 0x7FU) << shift;
        if ((byte & 0x80U) == 0) {
            return number;
        }
    }
    return damaged("a number of more than 64 bits");
}

std::uint32_t crc32(std::string_view bytes) {
    static constexpr auto kTable = make_crc_table();
    std::uint32_t value = 0xFFFFFFFFU;
    for (const char byte : bytes) {
        value = kTable[(value ^ static_cast<unsigned char>(byte)) & 0xFFU] ^ (value >> 8U);
    }
    return value ^ 0xFFFFFFFFU;
}

std::string encode_session(bson::View facts) {
    std::string out{static_cast<char>(Tag::Session)};
    out += facts.raw();
    return out;
}

std::string encode_series(const SeriesInfo& info) {
    std::string out{static_cast<char>(Tag::Series)};
    put_varint(out, static_cast<std::uint64_t>(info.kind));
    for (const std::string* text : {&info.name, &info.member, &info.subject, &info.text}) {
        put_text(out, *text);
    }
    return out;
}

std::string encode_sample(const Sample& sample, DeltaState& state) {
    std::string out{static_cast<char>(Tag::Sample)};
    put_varint(out, zigzag(state.at_ms, sample.at_ms));
    for (std::size_t id = 0; id < sample.values.size();) {
        const std::uint64_t code = code_of(sample, state, id);
        std::size_t end = id + 1;
        if (code == kAbsent || code == kUnchanged) {
            while (end < sample.values.size() && code_of(sample, state, end) == code) {
                ++end;
            }
        }
        put_varint(out, code);
        if (code == kAbsent || code == kUnchanged) {
            put_varint(out, end - id - 1);
        }
        id = end;
    }
    state.at_ms = sample.at_ms;
    if (state.values.size() < sample.values.size()) {
        state.values.resize(sample.values.size());
    }
    for (std::size_t id = 0; id < sample.values.size(); ++id) {
        state.values[id] = sample.values[id].value_or(state.values[id]);
    }
    return out;
}

Result<Record> decode_record(std::string_view payload, DeltaState& state) {
    if (payload.empty()) {
        return damaged("an empty record");
    }
    const std::string_view rest = payload.substr(1);
    switch (static_cast<Tag>(payload.front())) {
        case Tag::Session:
            return decode_session(rest);
        case Tag::Series:
            return decode_series(rest);
        case Tag::Sample:
            return decode_sample(rest, state);
    }
    return damaged("a record of an unknown kind");
}

}  // namespace plumb::watch
