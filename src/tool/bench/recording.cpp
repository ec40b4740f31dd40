// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/bench/recording.h"

#include "bson/builder.h"
#include "bson/json.h"
#include "bson/number.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <sstream>

namespace plumb::bench {
namespace {

constexpr std::int32_t kSchema = 1;

// Each struct lists its fields once; one visitor writes them, another reads them.
template <class T, class Visitor>
void visit(T& row, Visitor& field) requires std::is_same_v<std::remove_const_t<T>, Row> {
    field("id", row.id);
    field("collection", row.collection);
    field("title", row.title);
    field("used_by", row.used_by);
    field("frequency", row.frequency);
    field("critical", row.critical);
    field("writes", row.writes);
    field("samples", row.samples);
    field("first_ns", row.first_ns);
    field("p50_ns", row.p50_ns);
    field("p95_ns", row.p95_ns);
    field("p99_ns", row.p99_ns);
    field("max_ns", row.max_ns);
    field("mean_ns", row.mean_ns);
    field("ping_ns", row.ping_ns);
    field("documents", row.documents);
    field("bytes_received", row.bytes_received);
    field("kept_bytes", row.kept_bytes);
    field("server_cpu_ns", row.server_cpu_ns);
    field("keys_examined", row.keys_examined);
    field("docs_examined", row.docs_examined);
    field("counted", row.counted);
    field("plan", row.plan);
    field("indexes", row.indexes);
    field("collection_scan", row.collection_scan);
    field("sorts_in_memory", row.sorts_in_memory);
    field("looks_up", row.looks_up);
    field("lookup_from", row.lookup_from);
    field("lookup_field", row.lookup_field);
    field("inserts_only", row.inserts_only);
    field("commands", row.commands);
    field("error", row.error);
    field("kept_ns", row.kept_ns);
}

template <class T, class Visitor>
void visit(T& index, Visitor& field) requires std::is_same_v<std::remove_const_t<T>, IndexInfo> {
    field("name", index.name);
    field("key", index.key);
    field("first_field", index.first_field);
    field("bytes", index.bytes);
    field("uses", index.uses);
}

template <class T, class Visitor>
void visit(T& collection,
           Visitor& field) requires std::is_same_v<std::remove_const_t<T>, CollectionInfo> {
    field("name", collection.name);
    field("documents", collection.documents);
    field("data_bytes", collection.data_bytes);
    field("storage_bytes", collection.storage_bytes);
    field("indexes", collection.indexes);
}

template <class T, class Visitor>
void visit(T& environment,
           Visitor& field) requires std::is_same_v<std::remove_const_t<T>, Environment> {
    field("server", environment.server);
    field("url", environment.url);
    field("database", environment.database);
    field("machine", environment.machine);
    field("at", environment.at);
    field("seed", environment.seed);
    field("samples_wanted", environment.samples_wanted);
    field("time_limit_ms", environment.time_limit_ms);
    field("ping_ns", environment.ping_ns);
}

template <class T, class Visitor>
void visit(T& recording,
           Visitor& field) requires std::is_same_v<std::remove_const_t<T>, Recording> {
    field("environment", recording.environment);
    field("collections", recording.collections);
    field("rows", recording.rows);
}

template <class T>
bson::Document written(const T& value);

class Writer {
  public:
    void operator()(std::string_view name, const std::string& text) { out_.append(name, text); }
    void operator()(std::string_view name, double number) { out_.append(name, number); }
    void operator()(std::string_view name, bool flag) { out_.append(name, flag); }
    void operator()(std::string_view name, std::int64_t number) { out_.append(name, number); }
    void operator()(std::string_view name, std::uint64_t number) {
        out_.append(name, static_cast<std::int64_t>(number));
    }
    template <class T>
    void operator()(std::string_view name, const std::vector<T>& list) {
        out_.begin_array(name);
        for (const T& item : list) {
            if constexpr (std::is_same_v<T, std::string> || std::is_same_v<T, double>) {
                out_.push(item);
            } else {
                out_.push(written(item));
            }
        }
        out_.end();
    }
    void operator()(std::string_view name, const Environment& value) {
        out_.append(name, written(value));
    }
    [[nodiscard]] bson::Document finish() { return out_.finish(); }

  private:
    bson::Builder out_;
};

template <class T>
bson::Document written(const T& value) {
    Writer writer;
    visit(value, writer);
    return writer.finish();
}

// Takes what is there in the right type; a field of another type keeps its default and is
// remembered.
class Reader {
  public:
    Reader(bson::View from, std::string& wrong) : from_(from), wrong_(wrong) {}

    void operator()(std::string_view name, std::string& text) {
        if (const auto value = take(name, bson::Type::String); !value.missing()) {
            text = value.as_string();
        }
    }
    void operator()(std::string_view name, bool& flag) {
        if (const auto value = take(name, bson::Type::Bool); !value.missing()) {
            flag = value.as_bool();
        }
    }
    void operator()(std::string_view name, double& number) {
        if (const auto value = take_number(name); !value.missing()) {
            number = bson::to_double(value);
        }
    }
    void operator()(std::string_view name, std::int64_t& number) {
        if (const auto value = take_number(name); !value.missing()) {
            number = bson::to_clamped_int64(value);
        }
    }
    void operator()(std::string_view name, std::uint64_t& number) {
        if (const auto value = take_number(name); !value.missing()) {
            number = static_cast<std::uint64_t>(bson::to_clamped_int64(value));
        }
    }
    template <class T>
    void operator()(std::string_view name, std::vector<T>& list) {
        const auto value = take(name, bson::Type::Array);
        if (value.missing()) {
            return;
        }
        const bson::ArrayView array = value.as_array();
        for (const bson::Element& item : array) {
            read_item(name, item.value, list.emplace_back());
        }
    }
    void operator()(std::string_view name, Environment& environment) {
        if (const auto value = take(name, bson::Type::Document); !value.missing()) {
            Reader inner{value.as_document(), wrong_};
            visit(environment, inner);
        }
    }

  private:
    bson::ValueView take(std::string_view name, bson::Type type) {
        const bson::ValueView value = from_.find(name);
        if (value.type() == type) {
            return value;
        }
        wrong_ = name;
        return {};
    }
    bson::ValueView take_number(std::string_view name) {
        const bson::ValueView value = from_.find(name);
        if (value.is_number()) {
            return value;
        }
        wrong_ = name;
        return {};
    }
    template <class T>
    void read_item(std::string_view name, bson::ValueView value, T& item) {
        if constexpr (std::is_same_v<T, std::string>) {
            if (value.type() == bson::Type::String) {
                item = value.as_string();
                return;
            }
        } else if constexpr (std::is_same_v<T, double>) {
            if (value.is_number()) {
                item = bson::to_double(value);
                return;
            }
        } else if (value.type() == bson::Type::Document) {
            Reader inner{value.as_document(), wrong_};
            visit(item, inner);
            return;
        }
        wrong_ = name;
    }

    bson::View from_;
    std::string& wrong_;
};

}  // namespace

const Row* Recording::row(std::string_view id) const {
    const auto found =
        std::find_if(rows.begin(), rows.end(), [id](const Row& row) { return row.id == id; });
    return found == rows.end() ? nullptr : &*found;
}

const CollectionInfo* Recording::collection(std::string_view name) const {
    const auto found = std::find_if(collections.begin(),
                                    collections.end(),
                                    [name](const CollectionInfo& one) { return one.name == name; });
    return found == collections.end() ? nullptr : &*found;
}

bson::Document to_document(const Recording& recording) {
    bson::Builder out;
    out.append("schema", kSchema);
    out.append_all(written(recording));
    return out.finish();
}

Result<Recording> from_document(bson::View document) {
    const bson::ValueView schema = document.find("schema");
    if (!schema.is_number() || bson::to_double(schema) != kSchema) {
        return fail(ErrorCode::FailedToParse,
                    fmt::format("this is no recording of schema {}", kSchema));
    }
    Recording out;
    std::string wrong;
    Reader reader{document, wrong};
    visit(out, reader);
    if (!wrong.empty()) {
        return fail(
            ErrorCode::FailedToParse,
            fmt::format("the recording's field \"{}\" is missing or of another type", wrong));
    }
    return out;
}

Status save(const Recording& recording, const std::filesystem::path& path) {
    std::error_code failed;
    std::filesystem::create_directories(path.parent_path(), failed);
    // A reader never meets half a file: it is written aside and moved into place.
    std::filesystem::path aside = path;
    aside += ".new";
    std::ofstream file{aside, std::ios::binary | std::ios::trunc};
    file << bson::to_json(to_document(recording).view()) << '\n';
    file.close();
    if (file) {
        std::filesystem::rename(aside, path, failed);
    }
    if (!file || failed) {
        return fail(ErrorCode::IoError, fmt::format("cannot write {}", path.string()));
    }
    return {};
}

Result<Recording> load(const std::filesystem::path& path) {
    std::ifstream file{path, std::ios::binary};
    if (!file) {
        return fail(ErrorCode::IoError, fmt::format("cannot read {}", path.string()));
    }
    std::ostringstream text;
    text << file.rdbuf();
    PLUMB_TRY(document, bson::from_json(text.str()).context(path.string()));
    return from_document(document).context(path.string());
}

}  // namespace plumb::bench
