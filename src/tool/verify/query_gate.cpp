// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/verify/query_gate.h"

#include "bson/builder.h"
#include "bson/number.h"
#include "tool/verify/explain_scans.h"
#include "tool/verify/inner_queries.h"
#include "tool/workload/draw.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace plumb::verify {
namespace {

// Fields of a statement that explain does not take.
bool is_of_the_call(std::string_view field) {
    return field == "writeConcern" || field == "readConcern" || field.starts_with("$");
}

bson::Document explain_of(bson::View command) {
    bson::Builder inner;
    for (const auto& [name, value] : command) {
        if (!is_of_the_call(name)) {
            inner.append(name, value);
        }
    }
    bson::Builder out;
    out.append("explain", inner.finish());
    out.append("verbosity", "queryPlanner");
    return out.finish();
}

// An update or delete command holds several statements, and explain takes one.
std::vector<bson::Document> statements_of(bson::View command) {
    std::vector<bson::Document> out;
    for (const std::string_view list_name : {"updates", "deletes"}) {
        const bson::ValueView list = command.find(list_name);
        if (list.type() != bson::Type::Array) {
            continue;
        }
        for (const bson::Element& each : list.as_array()) {
            bson::Builder one;
            for (const auto& [name, value] : command) {
                if (name != list_name) {
                    one.append(name, value);
                }
            }
            one.begin_array(list_name).push(each.value).end();
            out.push_back(one.finish());
        }
    }
    if (out.empty()) {
        out.emplace_back(command);
    }
    return out;
}

class Gatekeeper {
  public:
    Gatekeeper(client::Client& client, std::string_view database, const GateOptions& options)
        : client_(client), database_(database), options_(options) {}

    GateRow check(const workload::Query& query, const std::vector<bson::Document>& commands) {
        GateRow row;
        row.id = query.id;
        row.title = query.title;
        for (const bson::Document& command : commands) {
            const std::string name{command.view().front().name};
            if (name == "insert") {
                continue;
            }
            for (const bson::Document& statement : statements_of(command)) {
                explain(statement, name, row);
            }
            for (const bson::Document& inner : inner_queries(command)) {
                explain(inner, "the inner side of its $lookup", row);
            }
        }
        judge(query, row);
        return row;
    }

  private:
    void explain(bson::View statement, const std::string& name, GateRow& row) {
        const auto reply = client_.command(database_, explain_of(statement));
        if (!reply.ok()) {
            row.reason = fmt::format("{}: {}", name, reply.error().message());
            row.mark = GateMark::Failed;
            return;
        }
        if (!has_plan(*reply)) {
            row.reason = fmt::format("{}: no plan in what explain answered", name);
            row.mark = GateMark::Failed;
            return;
        }
        for (const Scan& scan : scans_in(*reply)) {
            // A view's plan names what is below it; a reply without a name is of the statement's.
            const std::string collection = scan.collection.empty()
                                               ? std::string{statement.front().value.as_string()}
                                               : scan.collection;
            add({collection, scan.shard, documents_of(collection), name}, row);
        }
    }

    static void add(FoundScan scan, GateRow& row) {
        const bool known = std::any_of(row.scans.begin(), row.scans.end(), [&](const auto& each) {
            return each.collection == scan.collection && each.shard == scan.shard &&
                   each.statement == scan.statement;
        });
        if (!known) {
            row.scans.push_back(std::move(scan));
        }
    }

    void judge(const workload::Query& query, GateRow& row) const {
        const bool large =
            std::any_of(row.scans.begin(), row.scans.end(), [this](const FoundScan& scan) {
                return scan.documents >= options_.floor;
            });
        row.permission_unused = !query.scan_allowed.empty() && row.scans.empty();
        if (row.mark == GateMark::Failed || row.scans.empty()) {
            return;
        }
        if (!query.scan_allowed.empty()) {
            row.mark = GateMark::Allowed;
            row.reason = query.scan_allowed;
        } else {
            row.mark = large ? GateMark::Scans : GateMark::Small;
        }
    }

    // From the collection's own count. Where it cannot be had the collection counts as large.
    std::int64_t documents_of(const std::string& collection) {
        const auto known = documents_.find(collection);
        if (known != documents_.end()) {
            return known->second;
        }
        bson::Builder count;
        count.append("count", collection);
        const auto reply = client_.command(database_, count.finish());
        const std::int64_t documents = reply.ok() && reply->find("n").is_number()
                                           ? bson::to_clamped_int64(reply->find("n"))
                                           : options_.floor;
        documents_.emplace(collection, documents);
        return documents;
    }

    client::Client& client_;
    std::string_view database_;
    const GateOptions& options_;
    std::map<std::string, std::int64_t> documents_;
};

}  // namespace

std::string_view gate_mark_name(GateMark mark) {
    switch (mark) {
        case GateMark::NoScan:
            return "no_scan";
        case GateMark::Small:
            return "small";
        case GateMark::Allowed:
            return "allowed";
        case GateMark::Scans:
            return "scans";
        case GateMark::Failed:
            return "failed";
    }
    return "";
}

Result<Gate> check_queries(client::Client& client,
                           std::string_view database,
                           const workload::Workload& workload,
                           const GateOptions& options,
                           Interrupt& interrupt) {
    PLUMB_TRY(drawer, workload::prepare_drawer(client, database, workload, workload.seed));
    Gatekeeper keeper{client, database, options};
    Gate gate;
    gate.floor = options.floor;
    for (const workload::Query& query : workload.queries) {
        PLUMB_CHECK(interrupt.check_now());
        std::vector<bson::Document> commands;
        for (int draw = 0; draw < options.draws; ++draw) {
            PLUMB_TRY(drawn, drawer.commands(query, static_cast<std::uint64_t>(draw)));
            std::move(drawn.begin(), drawn.end(), std::back_inserter(commands));
        }
        gate.rows.push_back(keeper.check(query, commands));
        const GateMark mark = gate.rows.back().mark;
        gate.failed = gate.failed || mark == GateMark::Scans || mark == GateMark::Failed;
    }
    return gate;
}

bson::Document to_document(const Gate& gate) {
    bson::Builder out;
    out.begin_array("queries");
    for (const GateRow& row : gate.rows) {
        out.push_document();
        out.append("id", row.id);
        out.append("title", row.title);
        out.append("mark", gate_mark_name(row.mark));
        if (!row.reason.empty()) {
            out.append("reason", row.reason);
        }
        out.append("permission_unused", row.permission_unused);
        out.begin_array("scans");
        for (const FoundScan& scan : row.scans) {
            out.push_document();
            out.append("collection", scan.collection);
            if (!scan.shard.empty()) {
                out.append("shard", scan.shard);
            }
            out.append("documents", scan.documents);
            out.append("statement", scan.statement);
            out.end();
        }
        out.end();
        out.end();
    }
    out.end();
    out.append("floor", gate.floor);
    out.append("failed", gate.failed);
    return out.finish();
}

}  // namespace plumb::verify
