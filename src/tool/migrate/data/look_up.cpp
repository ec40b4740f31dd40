// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/migrate/data/look_up.h"

#include "bson/builder.h"
#include "bson/number.h"
#include "tool/migrate/data/step.h"

#include <fmt/format.h>

#include <set>

namespace plumb::migrate {

std::optional<std::string> join_key(const std::vector<bson::ValueView>& values) {
    std::string out;
    for (const bson::ValueView value : values) {
        if (value.nullish()) {
            return {};
        }
        const std::string text =
            value.is_number() ? fmt::format("n{}", bson::to_double(value))
                              : fmt::format("{}{}", static_cast<int>(value.type()), value.raw());
        out += fmt::format("{}:{}", text.size(), text);
    }
    return out;
}

void OneOf::add(bson::ValueView value) {
    if (!value.nullish()) {
        values.emplace_back(value);
    }
}

Status find_one_of(const Deployment& deployment,
                   const std::string& collection,
                   const std::vector<OneOf>& conditions,
                   const std::vector<std::string>& fields,
                   const client::Client::OnDocument& each) {
    bson::Builder filter;
    for (const OneOf& condition : conditions) {
        if (condition.values.empty()) {
            return {};
        }
        std::set<std::string> seen;
        filter.begin_document(condition.field).begin_array("$in");
        for (const bson::Value& value : condition.values) {
            if (seen.insert(join_key({value.view()}).value_or("")).second) {
                filter.push(value);
            }
        }
        filter.end().end();
    }
    client::FindOptions options;
    bson::Builder projection;
    for (const std::string& field : fields) {
        projection.append(field, 1);
    }
    options.projection = projection.finish();
    return deployment.client.find(deployment.database, collection, filter.finish(), options, each)
        .context("looking " + collection + " up");
}

bson::Document is_unset(const std::string& field) {
    bson::Builder out;
    out.append_null(field);
    return out.finish();
}

void set_in(Change& change,
            std::vector<bson::Document>& statements,
            bson::View document,
            const std::string& guard,
            const bson::Document& fields) {
    JournalEntry entry;
    entry.id = bson::Value{document.find("_id")};
    for (const bson::Element& each : fields) {
        remember_field(entry, document, each.name);
    }
    bson::Builder q;
    q.append("_id", document.find("_id"));
    q.append_all(is_unset(guard));
    const bson::Document u = document_of("$set", fields);
    statements.push_back(update_statement(q.finish(), u.view().as_value(), false));
    change.journal.push_back(std::move(entry));
}

}  // namespace plumb::migrate
