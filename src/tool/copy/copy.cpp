// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/copy/copy.h"

#include "tool/copy/load.h"
#include "tool/copy/marker.h"
#include "tool/copy/verify.h"

#include <fmt/format.h>

#include <algorithm>

namespace plumb::copy {
namespace {

Status check_not_itself(const Job& job,
                        const std::vector<Definition>& wanted,
                        const std::vector<Definition>& there) {
    for (const Definition& each : there) {
        const bool is_itself = std::any_of(wanted.begin(), wanted.end(), [&each](const auto& one) {
            return !one.uuid.view().missing() && one.uuid.view().identical(each.uuid.view());
        });
        if (is_itself) {
            return fail(ErrorCode::RefusedForSafety,
                        fmt::format("{} in {} is the database that is to be copied",
                                    job.target_database,
                                    job.target.redacted_url()));
        }
    }
    return {};
}

// Before anything is written: nothing of somebody else's may be mixed with the copy.
Status check_target(const Job& job,
                    const std::vector<Definition>& wanted,
                    const Marker& marker,
                    bool into_nonempty) {
    PLUMB_TRY(there, read_definitions(job.target, job.target_database));
    PLUMB_CHECK(check_not_itself(job, wanted, there));
    for (const Definition& each : there) {
        const bool ours = marker.has_begun(each.name);
        const bool clashes = std::any_of(wanted.begin(), wanted.end(), [&each](const auto& one) {
            return one.name == each.name;
        });
        if (ours || (!clashes && (into_nonempty || marker.found()))) {
            continue;
        }
        return fail(ErrorCode::RefusedForSafety,
                    fmt::format("{} has {} {}.{} already; {}",
                                job.target.redacted_url(),
                                each.is_view ? "a view" : "a collection",
                                job.target_database,
                                each.name,
                                clashes ? "drop it, or copy into another database (--to-db)"
                                        : "copy into an empty database (--to-db), or add "
                                          "--into-nonempty to leave it alone"));
    }
    return {};
}

Status copy_all(const Job& job,
                const std::vector<Definition>& definitions,
                Marker& marker,
                Report& report) {
    for (const Kind kind : {Kind::Collection, Kind::View}) {
        for (const Definition& definition : definitions) {
            if (definition.is_view != (kind == Kind::View)) {
                continue;
            }
            PLUMB_CHECK(job.interrupt.check_now());
            PLUMB_CHECK(marker.begin_collection(definition.name));
            Line line;
            line.name = definition.name;
            line.kind = kind;
            const std::string where = fmt::format("copying {}", definition.name);
            if (definition.is_view) {
                PLUMB_CHECK(load_view(job, definition).context(where));
            } else {
                PLUMB_CHECK(load_collection(job, definition, line).context(where));
                PLUMB_CHECK(verify_collection(job, definition, line).context(where));
            }
            report.lines.push_back(std::move(line));
        }
    }
    return {};
}

}  // namespace

Result<Report> run(client::Client& source,
                   client::Client& target,
                   const Options& options,
                   Interrupt& interrupt,
                   const Progress& progress) {
    const Job job{source,
                  target,
                  options.database,
                  options.target_database.empty() ? options.database : options.target_database,
                  interrupt,
                  progress};
    PLUMB_TRY(definitions, read_definitions(source, job.source_database));
    if (definitions.empty()) {
        return fail(
            ErrorCode::NamespaceNotFound,
            fmt::format("{} has no collection in {}", source.redacted_url(), job.source_database));
    }
    Marker marker(target, job.target_database);
    PLUMB_CHECK(marker.load());
    PLUMB_CHECK(check_target(job, definitions, marker, options.into_nonempty));
    Report report;
    report.resumed = marker.found();
    PLUMB_CHECK(marker.begin(source.redacted_url()));
    PLUMB_CHECK(copy_all(job, definitions, marker, report));
    if (report.equal()) {
        PLUMB_CHECK(marker.finish());
    }
    return report;
}

}  // namespace plumb::copy
