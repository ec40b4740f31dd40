// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/generate/data_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

namespace plumb::generate {
namespace {

using project::fail_at;
using project::YamlNode;

constexpr std::int64_t kSchema = 1;
constexpr std::int64_t kListMax = 1000;
constexpr std::int64_t kVocabularyMax = 1'000'000;
constexpr int kNestingMax = 8;

Result<DataValue> read_value(const YamlNode& node, int depth);
Result<std::vector<DataField>> read_fields(const YamlNode& node, int depth);

struct Pair {
    double low = 0;
    double high = 0;
};

// A number, or [low, high].
Result<Pair> read_pair(const YamlNode& node) {
    if (!node.is_sequence()) {
        PLUMB_TRY(number, node.as_double());
        return Pair{number, number};
    }
    if (node.items().size() != 2) {
        return fail_at(node.position(), "a number or [from, to] is needed here");
    }
    PLUMB_TRY(low, node.items()[0].as_double());
    PLUMB_TRY(high, node.items()[1].as_double());
    if (!(low <= high)) {
        return fail_at(node.position(), "from is greater than to");
    }
    return Pair{low, high};
}

Status read_numbers(const YamlNode&, const YamlNode& given, DataValue& out, int) {
    PLUMB_TRY(pair, read_pair(given));
    out.low = pair.low;
    out.high = pair.high;
    return {};
}

Status read_id(const YamlNode&, const YamlNode& given, DataValue& out, int) {
    PLUMB_TRY(prefix, given.as_string());
    out.text = prefix;
    return {};
}

Status read_choices(const YamlNode&, const YamlNode& given, DataValue& out, int) {
    for (const YamlNode& item : given.items()) {
        PLUMB_TRY(value, item.as_bson());
        out.choices.push_back(std::move(value));
        out.weights.push_back(1);
    }
    for (const auto& [name, weight] : given.members()) {
        PLUMB_TRY(number, weight.as_int());
        if (number < 1) {
            return fail_at(weight.position(), "a weight is a whole number above 0");
        }
        PLUMB_TRY(value, name.as_bson());
        out.choices.push_back(std::move(value));
        out.weights.push_back(static_cast<std::uint64_t>(number));
    }
    if (out.choices.empty()) {
        return fail_at(given.position(), "values are needed here: [a, b] or {a: 9, b: 1}");
    }
    return {};
}

// "authors.id"; that it is there and made by `id` is checked once all is read.
Status read_reference(const YamlNode&, const YamlNode& given, DataValue& out, int) {
    PLUMB_TRY(text, given.as_string());
    if (!text.ends_with(".id") || text.size() < 4) {
        return fail_at(given.position(), "a reference names another collection's id: authors.id");
    }
    out.text = text.substr(0, text.size() - 3);
    return {};
}

Status read_chance(const YamlNode&, const YamlNode& given, DataValue& out, int) {
    PLUMB_TRY(chance, given.as_double());
    if (!(chance >= 0 && chance <= 1)) {
        return fail_at(given.position(), "a probability lies between 0 and 1");
    }
    out.chance = chance;
    return {};
}

Status read_word(const YamlNode&, const YamlNode& given, DataValue& out, int) {
    PLUMB_TRY(words, given.as_int());
    if (words < 1 || words > kVocabularyMax) {
        return fail_at(given.position(), fmt::format("1 to {} words", kVocabularyMax));
    }
    out.vocabulary = static_cast<std::uint64_t>(words);
    return {};
}

Status read_list(const YamlNode& node, const YamlNode& given, DataValue& out, int depth) {
    PLUMB_TRY(element, read_value(given, depth + 1));
    out.element.push_back(std::move(element));
    PLUMB_TRY(count, node.at("count"));
    PLUMB_TRY(pair, read_pair(count));
    if (pair.low < 0 || pair.high > kListMax) {
        return fail_at(count.position(), fmt::format("an array has 0 to {} elements", kListMax));
    }
    out.count_low = static_cast<std::uint64_t>(pair.low);
    out.count_high = static_cast<std::uint64_t>(pair.high);
    return {};
}

Status read_document(const YamlNode&, const YamlNode& given, DataValue& out, int depth) {
    PLUMB_TRY(fields, read_fields(given, depth + 1));
    out.fields = std::move(fields);
    return {};
}

struct Row {
    std::string_view key;
    MadeBy made_by;
    Status (*read)(const YamlNode& node, const YamlNode& given, DataValue& out, int depth);
};

// clang-format off
constexpr auto kRows = std::to_array<Row>({
    {"bool",   MadeBy::Bool,   read_chance},
    {"date",   MadeBy::Date,   read_numbers},
    {"day",    MadeBy::Day,    read_numbers},
    {"double", MadeBy::Double, read_numbers},
    {"fields", MadeBy::Fields, read_document},
    {"id",     MadeBy::Id,     read_id},
    {"int",    MadeBy::Int,    read_numbers},
    {"list",   MadeBy::List,   read_list},
    {"one_of", MadeBy::OneOf,  read_choices},
    {"ref",    MadeBy::Ref,    read_reference},
    {"word",   MadeBy::Word,   read_word},
    {"words",  MadeBy::Words,  read_numbers},
});
// clang-format on
static_assert(std::ranges::is_sorted(kRows, {}, &Row::key));

Result<const Row*> row_of(const YamlNode& node) {
    const Row* found = nullptr;
    for (const Row& row : kRows) {
        if (node.find(row.key) == nullptr) {
            continue;
        }
        if (found != nullptr) {
            return fail_at(node.position(),
                           fmt::format("a value is made by {} or by {}", found->key, row.key));
        }
        found = &row;
    }
    if (found == nullptr) {
        std::string known;
        for (const Row& row : kRows) {
            known += known.empty() ? "" : ", ";
            known += row.key;
        }
        return fail_at(node.position(), fmt::format("a value is made by one of {}", known));
    }
    return found;
}

Status read_manners(const YamlNode& node, DataValue& out) {
    PLUMB_TRY(zipf, node.bool_or("zipf", false));
    PLUMB_TRY(ascending, node.bool_or("ascending", false));
    PLUMB_TRY(distinct, node.bool_or("distinct", false));
    PLUMB_TRY(decimals, node.int_or("decimals", 2));
    PLUMB_TRY(skew, node.int_or("skew", 1));
    constexpr std::int64_t kDecimalsMax = 9;
    constexpr std::int64_t kSkewMax = 16;
    if (decimals < 0 || decimals > kDecimalsMax || skew < 1 || skew > kSkewMax) {
        return fail_at(
            node.position(),
            fmt::format(
                "decimals lie between 0 and {}, skew between 1 and {}", kDecimalsMax, kSkewMax));
    }
    out.zipf = zipf;
    out.ascending = ascending;
    out.distinct = distinct;
    out.decimals = static_cast<int>(decimals);
    out.skew = static_cast<int>(skew);
    return {};
}

Result<DataValue> read_value(  // NOLINT(misc-no-recursion): bounded by kNestingMax
    const YamlNode& node,
    int depth) {
    if (depth > kNestingMax) {
        return fail_at(node.position(), fmt::format("more than {} levels", kNestingMax));
    }
    PLUMB_CHECK(node.only_keys({"ascending",
                                "bool",
                                "count",
                                "date",
                                "day",
                                "decimals",
                                "distinct",
                                "double",
                                "fields",
                                "id",
                                "int",
                                "list",
                                "one_of",
                                "present",
                                "ref",
                                "skew",
                                "word",
                                "words",
                                "zipf"}));
    PLUMB_TRY(row, row_of(node));
    DataValue out;
    out.made_by = row->made_by;
    PLUMB_CHECK(row->read(node, *node.find(row->key), out, depth));
    PLUMB_CHECK(read_manners(node, out));
    return out;
}

Result<std::vector<DataField>> read_fields(const YamlNode& node, int depth) {
    if (!node.is_map() || node.members().empty()) {
        return fail_at(node.position(), "fields are needed here: {name: {word: 100}}");
    }
    std::vector<DataField> out;
    for (const auto& [name, given] : node.members()) {
        DataField field;
        field.name = name.text();
        PLUMB_TRY(value, read_value(given, depth));
        PLUMB_TRY(present, given.double_or("present", 1));
        if (!(present >= 0 && present <= 1)) {
            return fail_at(given.position(), "present is a share between 0 and 1");
        }
        field.present = present;
        field.value = std::move(value);
        out.push_back(std::move(field));
    }
    return out;
}

Result<DataCollection> read_collection(const std::string& name, const YamlNode& node) {
    PLUMB_CHECK(node.only_keys({"per_scale", "at_least", "fields"}));
    DataCollection out;
    out.name = name;
    PLUMB_TRY(per_scale, node.double_or("per_scale", 1));
    PLUMB_TRY(at_least, node.int_or("at_least", 1));
    if (!(per_scale > 0 && per_scale <= 1000) || at_least < 1) {
        return fail_at(node.position(), "per_scale lies above 0 and up to 1000, at_least above 0");
    }
    out.per_scale = per_scale;
    out.at_least = static_cast<std::uint64_t>(at_least);
    PLUMB_TRY(fields_node, node.at("fields"));
    PLUMB_TRY(fields, read_fields(fields_node, 0));
    out.fields = std::move(fields);
    return out;
}

bool has_id(const DataFile& data, std::string_view collection) {
    for (const DataCollection& each : data.collections) {
        if (each.name == collection) {
            return std::ranges::any_of(each.fields, [](const DataField& field) {
                return field.name == "id" && field.value.made_by == MadeBy::Id;
            });
        }
    }
    return false;
}

Status check_references(  // NOLINT(misc-no-recursion): bounded by kNestingMax
    const DataFile& data,
    const DataValue& value,
    const YamlNode& at) {
    if (value.made_by == MadeBy::Ref && !has_id(data, value.text)) {
        return fail_at(at.position(),
                       fmt::format("no collection {} with a field id made by id", value.text));
    }
    for (const DataValue& element : value.element) {
        PLUMB_CHECK(check_references(data, element, at));
    }
    for (const DataField& field : value.fields) {
        PLUMB_CHECK(check_references(data, field.value, at));
    }
    return {};
}

Result<DataFile> read_data(const YamlNode& root, std::string_view file) {
    PLUMB_CHECK(root.only_keys({"schema", "about", "seed", "scale", "today", "collections"}));
    PLUMB_TRY(schema, root.at("schema"));
    PLUMB_TRY(version, schema.as_int());
    if (version != kSchema) {
        return fail_at(schema.position(),
                       fmt::format("schema {} is not known, only {}", version, kSchema));
    }
    DataFile out;
    out.file = file;
    PLUMB_TRY(seed, root.int_or("seed", 1));
    PLUMB_TRY(scale, root.int_or("scale", out.scale));
    PLUMB_TRY(today, root.string_or("today", ""));
    if (scale < 1 || (!today.empty() && !parse_day(today))) {
        return fail_at(root.position(), "scale is above 0, today a day YYYY-MM-DD");
    }
    out.seed = static_cast<std::uint64_t>(seed);
    out.scale = scale;
    out.today = today;
    PLUMB_TRY(collections, root.at("collections"));
    for (const auto& [name, node] : collections.members()) {
        PLUMB_TRY(collection, read_collection(name.text(), node));
        out.collections.push_back(std::move(collection));
    }
    if (out.collections.empty()) {
        return fail_at(collections.position(), "a map of at least one collection is needed here");
    }
    for (const DataCollection& collection : out.collections) {
        for (const DataField& field : collection.fields) {
            PLUMB_CHECK(check_references(out, field.value, *collections.find(collection.name)));
        }
    }
    return out;
}

}  // namespace

Result<DataFile> load_data_file(const std::filesystem::path& path) {
    PLUMB_TRY(root, project::load_yaml_file(path));
    return read_data(root, path.string());
}

Result<DataFile> parse_data_file(std::string_view text, std::string_view file) {
    PLUMB_TRY(root, project::parse_yaml(text, file));
    return read_data(root, file);
}

}  // namespace plumb::generate
