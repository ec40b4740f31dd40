// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/clock.h"
#include "base/fault_points.h"
#include "bson/builder.h"
#include "bson/json.h"
#include "tool/advise/finding/finding_internal.h"
#include "tool/migrate/index/duplicate_report.h"

#include <fmt/format.h>

#include <algorithm>

namespace plumb::advise {
namespace {

constexpr std::size_t kValuesShown = 3;
constexpr std::size_t kIdsShown = 3;

Result<migrate::DuplicateReport> duplicates(const FurtherContext& context,
                                            const project::IndexDefinition& index) {
    const SystemClock clock;
    FaultPoints faults;
    const migrate::Deployment deployment{context.look.client,
                                         {},
                                         context.look.database,
                                         "",
                                         clock,
                                         faults,
                                         context.look.interrupt,
                                         [](const migrate::Event&) {}};
    return migrate::report_duplicates(deployment, context.sample.name, index, {});
}

// "a@x.in": usr_3, usr_9; … of the values that several documents have.
std::string values_text(const migrate::DuplicateReport& report) {
    std::string out;
    for (std::size_t at = 0; at < std::min(report.listed.size(), kValuesShown); ++at) {
        const migrate::DuplicateGroup& group = report.listed[at];
        out += fmt::format("{}{}: {}", at == 0 ? "" : "; ", group.value, group.keep);
        for (std::size_t id = 0; id < std::min(group.remove.size(), kIdsShown); ++id) {
            out += ", " + group.remove[id];
        }
        if (group.remove.size() > kIdsShown) {
            out += fmt::format(" and {} more", group.remove.size() - kIdsShown);
        }
    }
    return report.values > static_cast<std::int64_t>(kValuesShown) ? out + "; …" : out;
}

std::string empties_text(const migrate::DuplicateReport& report) {
    std::string out;
    for (const migrate::EmptyValues& each : report.empty) {
        if (each.missing + each.null + each.empty_text > 0) {
            out += fmt::format("; {}: {} missing, {} null (one value to the server), {} \"\"",
                               each.field,
                               each.missing,
                               each.null,
                               each.empty_text);
        }
    }
    return out;
}

// The same index over those documents only that have a text in each field: what is missing, null
// or "" is then outside of it.
project::IndexDefinition over_texts(const project::IndexDefinition& index) {
    project::IndexDefinition out = index;
    bson::Builder filter;
    for (const bson::Element& field : index.key.view()) {
        filter.begin_document(field.name);
        filter.append("$gt", "");
        filter.end();
    }
    out.partial = filter.finish();
    out.sparse = false;
    return out;
}

// What would help: a partial index where only empty values collide, a repair where others do.
Result<std::string> remedy(const FurtherContext& context,
                           const project::IndexDefinition& index,
                           const migrate::DuplicateReport& report) {
    const std::string repair =
        fmt::format("plumb migrate duplicates {} {} lists all and writes the repair",
                    context.sample.name,
                    index.name);
    const bool empties = std::ranges::any_of(report.empty, [](const migrate::EmptyValues& each) {
        return each.missing + each.null + each.empty_text > 1;
    });
    if (!empties || index.partial) {
        return repair;
    }
    const project::IndexDefinition partial = over_texts(index);
    PLUMB_TRY(left, duplicates(context, partial));
    const std::string command =
        fmt::format("db.{}.createIndex({}, {{unique: true, partialFilterExpression: {}}})",
                    context.sample.name,
                    project::key_text(index.key),
                    bson::to_json(*partial.partial));
    return left.values == 0
               ? command + " holds as it is"
               : fmt::format("{}; then {} values are left: {}", command, left.values, repair);
}

Status judge(const FurtherContext& context,
             const project::IndexDefinition& index,
             std::vector<Finding>& out) {
    PLUMB_TRY(report, duplicates(context, index));
    if (report.values == 0) {
        return {};
    }
    PLUMB_TRY(fix, remedy(context, index, report));
    out.push_back({"unique_will_fail",
                   Severity::Problem,
                   context.sample.name,
                   index.name,
                   fmt::format("{} cannot be unique: {} values belong to {} documents of {}",
                               index.name,
                               report.values,
                               report.documents,
                               context.sample.name),
                   values_text(report) + empties_text(report),
                   std::move(fix)});
    return {};
}

}  // namespace

Status further_unique_will_fail(const FurtherContext& context, std::vector<Finding>& out) {
    for (const project::IndexDefinition& index : context.missing) {
        if (index.unique && context.sample.exists) {
            PLUMB_CHECK(context.look.interrupt.check_now());
            PLUMB_CHECK(judge(context, index, out));
        }
    }
    return {};
}

}  // namespace plumb::advise
