// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/rehearse/snapshot.h"

#include "bson/builder.h"
#include "bson/compare.h"
#include "bson/json.h"
#include "tool/copy/id_range.h"
#include "tool/copy/schema.h"

#include <fmt/format.h>

#include <utility>

namespace plumb::rehearse {
namespace {

constexpr std::int64_t kShowEvery = 1024;

bool is_text(bson::ValueView value, std::string_view text) {
    return value.type() == bson::Type::String && value.as_string() == text;
}

// Without what says nothing: after a validator was taken away servers keep an empty one and how
// strictly it is to be followed.
bson::Document telling(bson::View options) {
    const bson::ValueView validator = options.find("validator");
    const bool checks =
        validator.type() == bson::Type::Document && !validator.as_document().empty();
    bson::Builder out;
    for (const bson::Element& each : options) {
        const bool says_nothing =
            !checks && (each.name == "validator" ||
                        (each.name == "validationLevel" && is_text(each.value, "strict")) ||
                        (each.name == "validationAction" && is_text(each.value, "error")));
        if (!says_nothing) {
            out.append(each.name, each.value);
        }
    }
    return out.finish();
}

std::string difference_of_contents(const copy::Contents& wanted, const copy::Contents& found) {
    if (wanted.documents != found.documents) {
        return fmt::format("{} documents, not {}", found.documents, wanted.documents);
    }
    return fmt::format("{} documents, but not the same ones", found.documents);
}

void compare_one(const std::string& name,
                 const CollectionSnapshot& wanted,
                 const CollectionSnapshot& found,
                 std::vector<Changed>& out) {
    using What = Changed::What;
    if (bson::compare(wanted.options.view(), found.options.view()) != 0) {
        out.push_back({What::Options,
                       name,
                       fmt::format("options {}, not {}",
                                   bson::to_json(found.options.view()),
                                   bson::to_json(wanted.options.view()))});
    }
    if (auto text = copy::index_difference(wanted.indexes, found.indexes); !text.empty()) {
        out.push_back({What::Indexes, name, std::move(text)});
    }
    if (!(wanted.contents == found.contents)) {
        out.push_back(
            {What::Contents, name, difference_of_contents(wanted.contents, found.contents)});
    }
}

}  // namespace

bool is_own_collection(std::string_view name) {
    return name.starts_with("_plumb_") || name == "_plumbline_copy";
}

Result<Snapshot> take_snapshot(client::Client& client,
                               std::string_view database,
                               Interrupt& interrupt,
                               const copy::Progress& progress) {
    PLUMB_TRY(definitions, copy::read_definitions(client, database));
    Snapshot out;
    for (const copy::Definition& definition : definitions) {
        if (is_own_collection(definition.name)) {
            continue;
        }
        CollectionSnapshot& one = out[definition.name];
        one.is_view = definition.is_view;
        one.options = telling(definition.options);
        if (definition.is_view) {
            continue;
        }
        PLUMB_TRY(indexes, client.list_indexes(database, definition.name));
        one.indexes = std::move(indexes);
        const std::string label = fmt::format("hashing {}", definition.name);
        const auto add = [&](bson::View document) -> Status {
            one.contents.add(document);
            if (one.contents.documents % kShowEvery == 0) {
                progress(label, one.contents.documents, 0);
            }
            return interrupt.check();
        };
        PLUMB_CHECK(
            copy::read_range(client,
                             {std::string{database}, definition.name, {}, definition.capped},
                             interrupt,
                             add));
    }
    return out;
}

std::vector<Changed> compare(const Snapshot& wanted, const Snapshot& found) {
    std::vector<Changed> out;
    for (const auto& [name, one] : wanted) {
        const auto there = found.find(name);
        if (there == found.end()) {
            out.push_back({Changed::What::Collection, name, "the collection is gone"});
        } else {
            compare_one(name, one, there->second, out);
        }
    }
    for (const auto& [name, one] : found) {
        if (!wanted.contains(name)) {
            out.push_back({Changed::What::Collection, name, "the collection was not there before"});
        }
    }
    return out;
}

}  // namespace plumb::rehearse
