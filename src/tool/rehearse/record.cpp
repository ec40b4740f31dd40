// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/rehearse/record.h"

#include "bson/builder.h"
#include "bson/json.h"
#include "bson/number.h"
#include "tool/rehearse/record_fields_internal.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <sstream>

namespace plumb::rehearse {
namespace {

constexpr std::int32_t kSchema = 1;

template <class T>
bson::Document written(const T& value);

class Writer {
  public:
    void operator()(std::string_view name, const std::string& text) { out_.append(name, text); }
    void operator()(std::string_view name, double number) { out_.append(name, number); }
    void operator()(std::string_view name, bool flag) { out_.append(name, flag); }
    void operator()(std::string_view name, std::int64_t number) { out_.append(name, number); }
    void operator()(std::string_view name, Times times) {
        out_.append(name, times == Times::Target ? "target" : "engine");
    }
    template <class T>
    void operator()(std::string_view name, const std::vector<T>& list) {
        out_.begin_array(name);
        for (const T& item : list) {
            if constexpr (std::is_same_v<T, std::string>) {
                out_.push(item);
            } else {
                out_.push(written(item));
            }
        }
        out_.end();
    }
    template <class T>
    requires std::is_class_v<T>
    void operator()(std::string_view name, const T& value) { out_.append(name, written(value)); }
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
    void operator()(std::string_view name, Times& times) {
        if (const auto value = take(name, bson::Type::String); !value.missing()) {
            times = value.as_string() == "target" ? Times::Target : Times::Engine;
        }
    }
    template <class T>
    void operator()(std::string_view name, std::vector<T>& list) {
        const auto value = take(name, bson::Type::Array);
        if (value.missing()) {
            return;
        }
        for (const bson::Element& item : value.as_array()) {
            read_item(name, item.value, list.emplace_back());
        }
    }
    template <class T>
    requires std::is_class_v<T>
    void operator()(std::string_view name, T& value) {
        if (const auto found = take(name, bson::Type::Document); !found.missing()) {
            Reader inner{found.as_document(), wrong_};
            visit(value, inner);
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

double CollectionLine::share() const {
    return documents == 0
               ? 1.0
               : std::min(1.0, static_cast<double>(copied) / static_cast<double>(documents));
}

const CollectionLine* Rehearsal::collection(std::string_view name) const {
    const auto found = std::find_if(collections.begin(),
                                    collections.end(),
                                    [name](const CollectionLine& one) { return one.name == name; });
    return found == collections.end() ? nullptr : &*found;
}

bson::Document to_document(const Rehearsal& rehearsal) {
    bson::Builder out;
    out.append("schema", kSchema);
    out.append("ok", rehearsal.would_work());
    out.append("mode", rehearsal.sampled() ? "sample" : "full");
    out.append_all(written(rehearsal));
    if (rehearsal.target.has_value()) {
        out.append("target", *rehearsal.target);
    }
    return out.finish();
}

Result<Rehearsal> from_document(bson::View document) {
    const bson::ValueView schema = document.find("schema");
    if (!schema.is_number() || bson::to_double(schema) != kSchema) {
        return fail(ErrorCode::FailedToParse,
                    fmt::format("this is no rehearsal of schema {}", kSchema));
    }
    Rehearsal out;
    std::string wrong;
    Reader reader{document, wrong};
    visit(out, reader);
    if (!wrong.empty()) {
        return fail(
            ErrorCode::FailedToParse,
            fmt::format("the rehearsal's field \"{}\" is missing or of another type", wrong));
    }
    if (const bson::ValueView target = document.find("target");
        target.type() == bson::Type::Document) {
        out.target.emplace(target.as_document());
    }
    return out;
}

Status save(const Rehearsal& rehearsal, const std::filesystem::path& path) {
    std::error_code failed;
    std::filesystem::create_directories(path.parent_path(), failed);
    // A reader never meets half a file: it is written aside and moved into place.
    std::filesystem::path aside = path;
    aside += ".new";
    std::ofstream file{aside, std::ios::binary | std::ios::trunc};
    file << bson::to_json(to_document(rehearsal).view()) << '\n';
    file.close();
    if (file) {
        std::filesystem::rename(aside, path, failed);
    }
    if (!file || failed) {
        return fail(ErrorCode::IoError, fmt::format("cannot write {}", path.string()));
    }
    return {};
}

Result<Rehearsal> load(const std::filesystem::path& path) {
    std::ifstream file{path, std::ios::binary};
    if (!file) {
        return fail(ErrorCode::IoError, fmt::format("cannot read {}", path.string()));
    }
    std::ostringstream text;
    text << file.rdbuf();
    PLUMB_TRY(document, bson::from_json(text.str()).context(path.string()));
    return from_document(document).context(path.string());
}

}  // namespace plumb::rehearse
