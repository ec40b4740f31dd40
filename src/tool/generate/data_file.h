// SPDX-License-Identifier: GPL-3.0-or-later
// data.yaml: which collections a project's try-out database has, and how their fields are
// distributed, so that `plumb generate` can fill it.
//
//   PLUMB_TRY(data, load_data_file(project.directory / "data.yaml"));
//   const DataMaker maker(data, {.scale = 20'000});
//   maker.make(collection, place, builder);            // a pure function of seed, scale and place
//
// Format   docs/formats/data.md, schema 1
// Threads  value types; const functions may run at once.
#pragma once

#include "base/random.h"
#include "base/result.h"
#include "bson/builder.h"
#include "project/yaml_document.h"
#include "tool/generate/calendar.h"
#include "tool/generate/zipf.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace plumb::generate {

// What a value is made by; the key that names it in the file.
enum class MadeBy : std::uint8_t {
    Id,      // id: art_          text, unique: the prefix and a UUID
    OneOf,   // one_of: {a: 9, b: 1} or [a, b]
    Ref,     // ref: authors.id   the id of another collection's document
    Date,    // date: [-730, 0]   instant, days from today
    Day,     // day: [-30, 0]     text YYYY-MM-DD
    Int,     // int: [0, 99]
    Double,  // double: [0, 1]
    Bool,    // bool: 0.3         true with this probability
    Word,    // word: 500         one of so many words
    Words,   // words: [4, 9]     so many words as one text
    List,    // list: VALUE       an array
    Fields,  // fields: {…}       a document
};

struct DataField;

struct DataValue {
    MadeBy made_by = MadeBy::Int;
    std::string text;                  // Id: the prefix; Ref: the collection
    std::vector<bson::Value> choices;  // OneOf
    std::vector<std::uint64_t> weights;
    double low = 0;  // Date, Day, Int, Double, Words: the ends, inclusive
    double high = 0;
    double chance = 0.5;           // Bool
    std::uint64_t vocabulary = 0;  // Word
    int decimals = 2;              // Double
    int skew = 1;                  // Int, Double: the least of so many draws
    bool zipf = false;             // Ref, Word: a few are had often
    bool ascending = false;        // Date: in the order of the documents
    bool distinct = false;         // List: no value twice
    std::uint64_t count_low = 0;   // List
    std::uint64_t count_high = 0;
    std::vector<DataValue> element;  // List: the one
    std::vector<DataField> fields;   // Fields
};

struct DataField {
    std::string name;
    double present = 1;  // the share of documents that have it
    DataValue value;
};

struct DataCollection {
    std::string name;
    double per_scale = 1;  // documents for each one of the scale
    std::uint64_t at_least = 1;
    std::vector<DataField> fields;
};

struct DataFile {
    std::string file;
    std::uint64_t seed = 1;
    std::int64_t scale = 10'000;  // where none is asked for
    std::string today;            // YYYY-MM-DD; empty: whoever generates says it
    std::vector<DataCollection> collections;
};

// errors  IoError; ProjectFileInvalid with the position
[[nodiscard]] Result<DataFile> load_data_file(const std::filesystem::path& path);
[[nodiscard]] Result<DataFile> parse_data_file(std::string_view text, std::string_view file);

struct DataSize {
    std::int64_t scale = 0;
    std::uint64_t seed = 1;
    Day today;
};

// Makes documents. `data` must outlive it.
class DataMaker {
  public:
    DataMaker(const DataFile& data, const DataSize& size);

    [[nodiscard]] std::uint64_t count(std::size_t collection) const { return counts_[collection]; }
    // The document at this place as a view into `builder`, valid until its next use.
    //   requires place < count(collection)
    [[nodiscard]] bson::View make(std::size_t collection,
                                  std::uint64_t place,
                                  bson::Builder& builder) const;

  private:
    struct Where {
        std::size_t collection = 0;
        std::uint64_t place = 0;
    };
    void append_value(std::string_view name,
                      const DataValue& value,
                      const Where& where,
                      Random& random,
                      bson::Builder& out) const;
    void append_list(std::string_view name,
                     const DataValue& value,
                     const Where& where,
                     Random& random,
                     bson::Builder& out) const;
    void append_time(std::string_view name,
                     const DataValue& value,
                     const Where& where,
                     Random& random,
                     bson::Builder& out) const;
    [[nodiscard]] std::string id_of(std::string_view collection,
                                    std::string_view prefix,
                                    std::uint64_t place) const;
    [[nodiscard]] std::string referred(const DataValue& value, Random& random) const;
    [[nodiscard]] std::uint64_t drawn_rank(std::uint64_t of, bool zipf, Random& random) const;

    const DataFile& data_;
    DataSize size_;
    std::vector<std::uint64_t> counts_;
    std::map<std::uint64_t, ZipfBlocks> ranks_;  // by how many there are
};

}  // namespace plumb::generate
