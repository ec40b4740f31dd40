// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/query/conformance_support.h"

#include "bson/builder.h"
#include "bson/compare.h"
#include "bson/json.h"
#include "bson/number.h"
#include "engine/query/matcher.h"
#include "engine/query/projection.h"
#include "engine/query/sort_key.h"
#include "engine/query/update.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>

namespace plumb::query::conformance {
namespace {

using bson::Builder;
using bson::Document;
using bson::Element;
using bson::Type;
using bson::ValueView;
using bson::View;

std::filesystem::path data_folder() {
    return std::filesystem::path{__FILE__}.parent_path() / "../../../tests/conformance";
}

std::vector<Document> documents_of(ValueView value) {
    std::vector<Document> out;
    if (value.type() == Type::Document) {
        out.emplace_back(value.as_document());
    } else if (value.type() == Type::Array) {
        for (const Element& element : value.as_array()) {
            out.emplace_back(element.value.as_document());
        }
    }
    return out;
}

std::string text_of(ValueView value) {
    return value.missing() ? std::string{} : std::string{value.as_string()};
}

Document failure(ErrorCode code) {
    Builder out;
    out.append("ok", 0).append("code", static_cast<std::int32_t>(code));
    return out.finish();
}

Document batch(const std::vector<Document>& documents) {
    Builder out;
    out.begin_document("cursor").begin_array("firstBatch");
    for (const Document& document : documents) {
        out.push(document);
    }
    out.end().append("open", false).end();
    return out.finish();
}

View document_or_empty(ValueView value) {
    return value.type() == Type::Document ? value.as_document() : View{};
}

struct Hit {
    View document;
    std::optional<std::uint32_t> position;
    std::string key;
};

Result<std::vector<Hit>> find_hits(const std::vector<Document>& documents,
                                   const Matcher& filter,
                                   View sort) {
    PLUMB_TRY(pattern, SortPattern::parse(sort));
    std::vector<Hit> hits;
    for (const Document& document : documents) {
        Hit hit{document.view(), {}, {}};
        PLUMB_TRY(matched, filter.check(hit.document, &hit.position));
        if (matched) {
            PLUMB_CHECK(pattern.make_key(hit.document, hit.key));
            hits.push_back(std::move(hit));
        }
    }
    std::stable_sort(
        hits.begin(), hits.end(), [](const Hit& a, const Hit& b) { return a.key < b.key; });
    return hits;
}

Result<std::vector<Document>> find(const std::vector<Document>& documents, View command) {
    PLUMB_TRY(filter, Matcher::parse(document_or_empty(command.find("filter"))));
    PLUMB_TRY(projection,
              Projection::parse(document_or_empty(command.find("projection")), &filter.root()));
    PLUMB_TRY(hits, find_hits(documents, filter, document_or_empty(command.find("sort"))));
    const auto number = [&command](std::string_view name) {
        const ValueView value = command.find(name);
        return value.missing() ? std::size_t{0}
                               : static_cast<std::size_t>(bson::to_clamped_int64(value));
    };
    const std::size_t limit = number("limit");
    std::vector<Document> out;
    for (std::size_t i = number("skip"); i < hits.size(); ++i) {
        if (limit != 0 && out.size() == limit) {
            break;
        }
        Builder shown;
        PLUMB_CHECK(projection.apply(hits[i].document, hits[i].position, shown));
        out.push_back(shown.finish());
    }
    return out;
}

struct UpdateTotals {
    std::int32_t matched = 0;
    std::int32_t modified = 0;
    Document upserted;
};

Status update_one(std::vector<Document>& documents, View statement, UpdateTotals& totals) {
    UpdateOptions options;
    options.multi = bson::truthy(statement.find("multi"));
    options.array_filters = documents_of(statement.find("arrayFilters"));
    PLUMB_TRY(filter, Matcher::parse(statement.find("q").as_document()));
    PLUMB_TRY(update, Update::parse(statement.find("u"), options));
    for (Document& document : documents) {
        std::optional<std::uint32_t> position;
        PLUMB_TRY(matched, filter.check(document, &position));
        if (!matched) {
            continue;
        }
        PLUMB_TRY(outcome, update.apply(document, position, ApplyTo::Existing));
        ++totals.matched;
        totals.modified += outcome.changed ? 1 : 0;
        document = std::move(outcome.document);
        if (!options.multi) {
            break;
        }
    }
    if (totals.matched == 0 && bson::truthy(statement.find("upsert"))) {
        PLUMB_TRY(added, update.apply_upsert(filter.root()));
        totals.matched = 1;
        totals.upserted = added;
        documents.push_back(std::move(added));
    }
    return {};
}

// What the command itself refuses before it looks at documents.
bool is_odd(ValueView number) {
    return !number.missing() && (!number.is_number() || bson::to_clamped_int64(number) < 0);
}

}  // namespace

std::vector<Group> read_groups(std::string_view file) {
    std::vector<Group> groups;
    std::ifstream in{data_folder() / (std::string{file} + ".jsonl")};
    EXPECT_TRUE(in.good()) << file;
    for (std::string line; std::getline(in, line);) {
        const auto parsed = bson::from_json(line);
        if (!parsed.ok()) {
            ADD_FAILURE() << file << ": " << parsed.error().message();
            continue;
        }
        Group group;
        group.name = text_of(parsed->find("name"));
        for (const Document& collection :
             documents_of(parsed->find("setup").as_document().find("collections"))) {
            group.documents = documents_of(collection.find("docs"));
        }
        for (const Document& step : documents_of(parsed->find("steps"))) {
            group.steps.push_back({text_of(step.find("id")),
                                   text_of(step.find("how")),
                                   documents_of(step.find("run")),
                                   documents_of(step.find("expect"))});
        }
        groups.push_back(std::move(group));
    }
    return groups;
}

bool can_run_find(View command) {
    static constexpr auto kKnown = std::to_array<std::string_view>(
        {"batchSize", "filter", "find", "limit", "projection", "skip", "sort"});
    const bool odd_number = is_odd(command.find("limit")) || is_odd(command.find("skip")) ||
                            is_odd(command.find("batchSize"));
    const bool natural = document_or_empty(command.find("sort")).has("$natural");
    const bool odd_filter = command.find("filter").type() != Type::Document;
    if (odd_number || natural || odd_filter) {
        return false;
    }
    for (const Element& element : command) {
        if (!std::binary_search(kKnown.begin(), kKnown.end(), element.name)) {
            return false;
        }
    }
    return true;
}

Document run_find(const std::vector<Document>& documents, View command) {
    const auto found = find(documents, command);
    return found.ok() ? batch(*found) : failure(found.error().code());
}

Document run_update(std::vector<Document>& documents, View command) {
    UpdateTotals totals;
    Builder out;
    const Document statement = documents_of(command.find("updates")).front();
    const Status done = update_one(documents, statement, totals);
    if (!done.ok()) {
        out.append("n", 0).append("nModified", 0);
        out.begin_array("writeErrors").push_document();
        out.append("index", 0).append("code", static_cast<std::int32_t>(done.error().code()));
        out.end().end();
        return out.finish();
    }
    out.append("n", totals.matched).append("nModified", totals.modified);
    if (!totals.upserted.empty()) {
        out.begin_array("upserted").push_document();
        out.append("index", 0).append("_id", totals.upserted.find("_id")).end().end();
    }
    return out.finish();
}

}  // namespace plumb::query::conformance
