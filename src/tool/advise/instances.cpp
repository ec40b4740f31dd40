// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/advise/instances.h"

#include "base/random.h"
#include "bson/builder.h"

#include <algorithm>

namespace plumb::advise {
namespace {

constexpr std::size_t kTries = 20;
constexpr std::size_t kFew = 3;
constexpr std::size_t kMany = 20;

// One instance: all of its values are those of one document, others where that has none. Which one
// depends on the seed and the instance's number alone, so that different shapes ask for the same
// values and share what is found out about them.
class Filler {
  public:
    Filler(Columns& columns, std::uint64_t seed, std::size_t instance) : columns_(columns) {
        Random random = Random::stream(seed, instance);
        const std::size_t rows = columns.sample().rows.size();
        for (std::size_t at = 0; at < kTries + kMany; ++at) {
            rows_.push_back(rows > 0 ? random.below(rows) : 0);
        }
        place_ = random.unit();
    }

    bson::Document filter(bson::View pattern) {
        bson::Builder out;
        append_filter(pattern, "", out);
        return out.finish();
    }

    bson::Document command(const capture::Shape& shape) {
        bson::Builder out;
        const bson::View pattern = shape.pattern;
        const bool statement = shape.operation == "update" || shape.operation == "delete";
        if (!statement) {
            out.append(shape.operation, shape.collection);
        }
        const std::string_view filter_name = statement                   ? "q"
                                             : shape.operation == "find" ? "filter"
                                                                         : "query";
        const bson::ValueView wanted = pattern.find("filter");
        out.append(filter_name,
                   wanted.type() == bson::Type::Document ? filter(wanted.as_document())
                                                         : bson::Document{});
        for (const std::string_view name : {"sort", "projection", "key", "multi", "upsert"}) {
            out.append(name, pattern.find(name));
        }
        append_limit(pattern.find("limit"), out);
        append_update(pattern.find("update"), shape.operation, out);
        if (const bson::ValueView pipeline = pattern.find("pipeline");
            pipeline.type() == bson::Type::Array) {
            append_pipeline(pipeline.as_container(), out);
        }
        return out.finish();
    }

  private:
    void append_filter(bson::View pattern, const std::string& prefix, bson::Builder& out) {
        for (const bson::Element& field : pattern) {
            const std::string path = prefix.empty()       ? std::string{field.name}
                                     : field.name.empty() ? prefix
                                                          : prefix + "." + std::string{field.name};
            if (field.name == "$or" || field.name == "$nor") {
                out.begin_array(field.name);
                for (const bson::Element& branch : field.value.as_container()) {
                    out.push(filter(branch.value.as_document()));
                }
                out.end();
            } else if (!field.name.starts_with('$')) {
                append_predicates(path, field.value, out);
            }
        }
    }

    void append_predicates(const std::string& path, bson::ValueView kinds, bson::Builder& out) {
        if (kinds.type() == bson::Type::Document) {
            // {elemMatch: {…}}: its fields are looked for through the array.
            append_filter(kinds.as_document().front().value.as_document(), path, out);
            return;
        }
        if (kinds.type() == bson::Type::String) {
            append_one(path, kinds.as_string(), out);
            return;
        }
        bool from = false;
        bool to = false;
        for (const bson::Element& kind : kinds.as_container()) {
            const bool text = kind.value.type() == bson::Type::String;
            from = from || (text && kind.value.as_string() == ">");
            to = to || (text && kind.value.as_string() == "<");
        }
        if (from || to) {
            append_range(path, from, to, out);
        } else {
            append_predicates(path, kinds.as_container().front().value, out);
        }
    }

    void append_one(const std::string& path, std::string_view kind, bson::Builder& out) {
        const bool negated = kind.starts_with("not ") && !kind.starts_with("not in");
        const std::string_view plain = negated ? kind.substr(4) : kind;
        if (plain == "=") {
            out.append(path, value_at(path));
        } else if (plain == "= null") {
            out.append_null(path);
        } else if (plain == ">" || plain == "<") {
            append_range(path, plain == ">", plain == "<", out);
        } else {
            out.begin_document(path);
            append_operator(path, plain, out);
            out.end();
        }
    }

    void append_operator(const std::string& path, std::string_view kind, bson::Builder& out) {
        if (kind == "in few" || kind == "in many" || kind == "all few" || kind == "all many") {
            append_list(kind.starts_with("in") ? "$in" : "$all", path, kind.ends_with("many"), out);
        } else if (kind == "not in few" || kind == "not in many") {
            append_list("$nin", path, kind.ends_with("many"), out);
        } else if (kind == "!=") {
            out.append("$ne", value_at(path));
        } else if (kind == "regex prefix" || kind == "regex") {
            const bson::Value value = value_at(path);
            const std::string text =
                value.type() == bson::Type::String ? std::string{value.view().as_string()} : "x";
            out.append(
                "$regex",
                kind == "regex" ? quoted(text.substr(0, 3)) : "^" + quoted(text.substr(0, 3)));
        } else {
            // exists, and all that no index narrows: its share is taken as all of what exists.
            out.append("$exists", kind != "missing");
        }
    }

    static std::string quoted(std::string_view text) {
        std::string out;
        for (const char c : text) {
            const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                               (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 128;
            out += plain ? std::string{c} : std::string{'\\', c};
        }
        return out;
    }

    void append_list(std::string_view name,
                     const std::string& path,
                     bool many,
                     bson::Builder& out) {
        out.begin_array(name);
        for (std::size_t value = 0; value < (many ? kMany : kFew); ++value) {
            out.push(value_at(path, value));
        }
        out.end();
    }

    void append_range(const std::string& path, bool from, bool to, bson::Builder& out) {
        const std::vector<ColumnValue>& values = columns_.column(path).values;
        out.begin_document(path);
        if (values.empty()) {
            out.append("$exists", true);
        } else {
            const auto width = std::max<std::size_t>(
                1, static_cast<std::size_t>(kRangeShare * static_cast<double>(values.size())));
            // An open end asks for the newest, or the oldest, of a like share.
            const std::size_t begin = from && !to ? values.size() - width : low_end(path, width);
            const std::size_t end =
                to && !from ? width : std::min(begin + width, values.size() - 1);
            if (from) {
                out.append("$gte", values[std::min(begin, values.size() - 1)].value);
            }
            if (to) {
                out.append("$lt", values[std::min(end, values.size() - 1)].value);
            }
        }
        out.end();
    }

    // Where a range begins that holds the instance's document, somewhere in it.
    std::size_t low_end(const std::string& path, std::size_t width) {
        const Column& column = columns_.column(path);
        const std::size_t last = column.values.size() > width ? column.values.size() - width : 0;
        const std::uint32_t rank = column.ranks.empty() ? Column::kNowhere : column.ranks[rows_[0]];
        if (rank == Column::kNowhere) {
            return static_cast<std::size_t>(place_ * static_cast<double>(last));
        }
        const auto before = static_cast<std::size_t>(place_ * static_cast<double>(width));
        return std::min(last, rank > before ? rank - before : 0);
    }

    // The value of the instance's document; of the `other`th further one for a list.
    bson::Value value_at(const std::string& path, std::size_t other = 0) {
        const Column& column = columns_.column(path);
        for (std::size_t attempt = 0; attempt < kTries && !column.ranks.empty(); ++attempt) {
            const std::uint32_t rank = column.ranks[rows_[other + attempt]];
            if (rank != Column::kNowhere) {
                return bson::Value{column.values[rank].value};
            }
        }
        return bson::Value{"none of the sample has it"};
    }

    static void append_limit(bson::ValueView limit, bson::Builder& out) {
        if (limit.type() == bson::Type::String) {
            out.append("limit", limit.as_string() == "1" ? 1 : kPageDocuments);
        }
    }

    // The fields that it touches, with values of no meaning.
    static void append_update(bson::ValueView update,
                              std::string_view operation,
                              bson::Builder& out) {
        const std::string_view name = operation == "update" ? "u" : "update";
        if (update.type() == bson::Type::String) {
            out.begin_document(name).end();
            return;
        }
        if (update.type() != bson::Type::Document) {
            return;
        }
        out.begin_document(name);
        for (const bson::Element& change : update.as_document()) {
            out.begin_document(change.name);
            for (const bson::Element& field : change.value.as_container()) {
                out.append(field.value.as_string(), 1);
            }
            out.end();
        }
        out.end();
    }

    void append_pipeline(bson::View stages, bson::Builder& out) {
        out.begin_array("pipeline");
        for (const bson::Element& stage : stages) {
            const bson::Element only = stage.value.as_document().front();
            out.push_document();
            if (only.name == "$match" && only.value.type() == bson::Type::Document) {
                out.append("$match", filter(only.value.as_document()));
            } else if (only.name == "$limit" || only.name == "$skip") {
                out.append(only.name, kPageDocuments);
            } else {
                out.append(only.name, only.value);
            }
            out.end();
        }
        out.end();
    }

    Columns& columns_;
    std::vector<std::size_t> rows_;
    double place_ = 0;
};

}  // namespace

std::vector<bson::Document> make_instances(const capture::Shape& shape,
                                           Columns& columns,
                                           std::size_t count,
                                           std::uint64_t seed) {
    std::vector<bson::Document> out;
    for (std::size_t instance = 0; instance < count; ++instance) {
        out.push_back(Filler{columns, seed, instance}.command(shape));
    }
    return out;
}

std::vector<bson::Document> make_instances(const capture::Shape& shape,
                                           const CollectionSample& sample,
                                           std::size_t count,
                                           std::uint64_t seed) {
    Columns columns{sample};
    return make_instances(shape, columns, count, seed);
}

}  // namespace plumb::advise
