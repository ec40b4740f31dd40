// SPDX-License-Identifier: GPL-3.0-or-later
// link: forwards fields of the one matching document of another collection, back what was there.
#include "bson/builder.h"
#include "bson/path.h"
#include "tool/migrate/data/data_operation.h"
#include "tool/migrate/data/look_up.h"
#include "tool/migrate/data/step.h"
#include "tool/migrate/index/helper_index.h"
#include "tool/migrate/operations/operations.h"

#include <map>

namespace plumb::migrate {
namespace {

const project::Link& body_of(const project::Operation& operation) {
    return std::get<project::Link>(operation.body);
}

// What the other collection has for one combination of values.
struct Match {
    int count = 0;
    bson::Document set;  // of the first one
};

// Documents whose first set field is missing or null.
bson::Document filter_of(const project::Link& body) {
    return both(body.filter, is_unset(body.set.front().first));
}

bson::Document projection_of(const project::Link& body) {
    bson::Builder out;
    for (const auto* pairs : {&body.on, &body.set}) {
        for (const auto& [from, to] : *pairs) {
            out.append(from, 1);
        }
    }
    return out.finish();
}

std::optional<std::string> key_of(bson::View document, const project::Link& body, bool of_target) {
    std::vector<bson::ValueView> values;
    for (const auto& [from, to] : body.on) {
        values.push_back(bson::find_plain(document, of_target ? to : from));
    }
    return join_key(values);
}

bson::Document fields_to_set(bson::View target, const project::Link& body) {
    bson::Builder out;
    for (const auto& [from, to] : body.set) {
        out.append(from, bson::find_plain(target, to));
    }
    return out.finish();
}

Result<std::map<std::string, Match>> matches(const Deployment& deployment,
                                             const project::Link& body,
                                             const std::vector<bson::Document>& documents) {
    std::map<std::string, Match> out;
    std::vector<OneOf> conditions;
    std::vector<std::string> fields;
    for (const auto& [from, to] : body.on) {
        OneOf condition;
        condition.field = to;
        for (const bson::Document& document : documents) {
            condition.add(bson::find_plain(document, from));
        }
        conditions.push_back(std::move(condition));
        fields.push_back(to);
    }
    for (const auto& [from, to] : body.set) {
        fields.push_back(to);
    }
    for (const bson::Document& document : documents) {
        if (const auto key = key_of(document, body, false); key.has_value()) {
            out.try_emplace(*key);
        }
    }
    PLUMB_CHECK(
        find_one_of(deployment, body.to, conditions, fields, [&](bson::View target) -> Status {
            const auto key = key_of(target, body, true);
            const auto wanted = key.has_value() ? out.find(*key) : out.end();
            if (wanted != out.end() && wanted->second.count++ == 0) {
                wanted->second.set = fields_to_set(target, body);
            }
            return {};
        }));
    return out;
}

Result<Change> plan(const Deployment& deployment,
                    const project::Operation& operation,
                    const std::vector<bson::Document>& documents) {
    const project::Link& body = body_of(operation);
    PLUMB_TRY(found, matches(deployment, body, documents));
    Change out;
    std::vector<bson::Document> statements;
    for (const bson::Document& document : documents) {
        const auto key = key_of(document, body, false);
        const auto match = key.has_value() ? found.find(*key) : found.end();
        if (match == found.end() || match->second.count == 0) {
            continue;
        }
        if (match->second.count > 1) {
            out.left.emplace_back(document.find("_id"));
        } else if (!match->second.set.empty()) {
            set_in(out, statements, document, body.set.front().first, match->second.set);
        }
    }
    if (!statements.empty()) {
        out.command = update_command(operation.collection, statements, false);
    }
    return out;
}

Result<std::vector<Problem>> check(const Deployment& /*deployment*/,
                                   const project::Operation& /*operation*/) {
    return std::vector<Problem>{};
}

Status apply(OperationRun& run, const project::Operation& operation) {
    const project::Link& body = body_of(operation);
    Pass pass;
    pass.collection = operation.collection;
    pass.filter = filter_of(body);
    pass.projection = projection_of(body);
    pass.plan = [&](const std::vector<bson::Document>& documents) {
        return plan(run.deployment, operation, documents);
    };
    DataOperation data{document_of("to", body.to), {pass}, "linked to " + body.to + ":"};
    std::vector<std::string> fields;
    for (const auto& [from, to] : body.on) {
        fields.push_back(to);
    }
    data.helpers.push_back(helper_index(body.to, fields));
    return run_data(run, data);
}

Status revert(OperationRun& run) {
    return revert_data(run, back_as_it_was);
}

Status preview(const Deployment& deployment,
               const project::Operation& operation,
               Outcome& outcome) {
    const project::Link& body = body_of(operation);
    bson::Builder set;
    for (const auto& [from, to] : body.set) {
        set.append(from, body.to + "." + to);
    }
    const bson::Document u = document_of("$set", set.finish());
    return preview_update(
        deployment, operation.collection, filter_of(body), u.view().as_value(), outcome);
}

}  // namespace

const OperationHandler kLink{
    "link", check, apply, revert, claim_data, preview, preview_revert_data};

}  // namespace plumb::migrate
