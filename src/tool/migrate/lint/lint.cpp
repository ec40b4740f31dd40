// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/migrate/lint/lint.h"

#include "tool/migrate/lint/checks_internal.h"

#include <algorithm>
#include <array>
#include <tuple>

namespace plumb::migrate::lint {
namespace {

constexpr bool kAllowable = true;
constexpr bool kNever = false;

// clang-format off
constexpr auto kRows = std::to_array<LintRow>({
    {"BUILD_COST", Severity::Warning, Needs::Database, kAllowable,
     "a build that is expected to take longer than the budget",
     "a build reads the whole collection and shares cache and disk with the application all the "
     "while",
     "run it in a quiet window (--window), node by node (--rolling), or raise --budget",
     check_build_cost},
    {"CONFLICT", Severity::Error, Needs::Database, kAllowable,
     "an index with the same name or key and another definition is in the way",
     "createIndexes would be refused",
     "drop the old one first, give the new one another name, or write on_conflict: replace",
     check_conflict},
    {"DOWN_LOSES_DATA", Severity::Warning, Needs::Files, kAllowable,
     "a way back that loses data written since the migration",
     "the derived inverse knows the state before `up`, not what the application wrote afterwards",
     "export that data first, or allow it if nobody writes there", check_down_loses_data},
    {"DROPS_NEEDED_INDEX", Severity::Warning, Needs::Workload, kAllowable,
     "an index goes, or is hidden, that a query of the workload cannot do without",
     "no index that stays or is added begins with a field of that query: it would read everything",
     "create what serves the query in an earlier operation, or keep the index",
     check_drops_needed_index},
    {"DUPLICATE_NUMBER", Severity::Error, Needs::Files, kNever,
     "two migrations with one number",
     "which of them the ledger means would depend on the order of files",
     "rename one of the files and change its `version`", check_duplicate_number},
    {"EDITED_FILE", Severity::Error, Needs::Database, kNever,
     "a file that was changed after it was applied",
     "the database no longer is what the file says; nothing can be built on it",
     "undo the edit and write a new migration, or roll it back first", check_edited_file},
    {"FIELD_NOT_FOUND", Severity::Warning, Needs::Database, kAllowable,
     "an index on a field that no sampled document has",
     "a mistyped field gives an index full of nulls that no query uses",
     "check the spelling; if a later operation makes the field, put it before the index",
     check_field_not_found},
    {"INVALID_FILE", Severity::Error, Needs::Files, kNever,
     "a file that cannot be read as a migration",
     "nothing runs before every file is understood",
     "correct the place named", check_invalid_file},
    {"KEY_TOO_LONG", Severity::Warning, Needs::Database, kAllowable,
     "sampled documents whose index key is longer than 1024 bytes",
     "servers up to 4.0 refuse such documents; later ones keep the whole value in the index, "
     "which grows and slows down",
     "index a hash or a prefix of the value, or a shorter field", check_key_too_long},
    {"LATE_NUMBER", Severity::Warning, Needs::Database, kAllowable,
     "a file with a lower number than a migration that was applied already",
     "on databases that went on it runs after the later ones, on new ones before",
     "give it the next number", check_late_number},
    {"MISSING_PURPOSE", Severity::Warning, Needs::Files, kAllowable,
     "an index without a purpose",
     "in a year nobody dares to drop an index of which nobody knows what it is for",
     "write purpose: and the query it serves", check_missing_purpose},
    {"NAME_TOO_LONG", Severity::Warning, Needs::Files, kAllowable,
     "database.collection.$index longer than 127 bytes",
     "servers up to 4.0 refuse it, and some tools still do",
     "give the index a short name", check_name_too_long},
    {"NUMBER_GAP", Severity::Warning, Needs::Files, kAllowable,
     "a number is missing between two files",
     "a migration may be on a branch that was not merged, and would arrive late",
     "close the gap, or allow it in the file after it", check_number_gap},
    {"PARALLEL_ARRAYS", Severity::Error, Needs::Database, kAllowable,
     "a sampled document has arrays under two fields of one key",
     "the build would fail: a compound key holds one array at most",
     "leave one of the fields out, or make the index partial", check_parallel_arrays},
    {"PARTIAL_UNUSED", Severity::Warning, Needs::Workload, kAllowable,
     "a partial index whose filter no query of the workload implies",
     "the planner uses a partial index only for queries that ask for no document outside it",
     "add the filter's condition to the query, or widen the filter", check_partial_unused},
    {"REDUNDANT_EXISTING", Severity::Warning, Needs::Database, kAllowable,
     "an index whose work an existing one does",
     "it costs memory, disk and time at every write, and may flip plans between near-equal indexes",
     "leave it out", check_redundant_existing},
    {"REDUNDANT_NEW", Severity::Warning, Needs::Files, kAllowable,
     "an index whose work another new one does",
     "it costs memory, disk and time at every write, and may flip plans between near-equal indexes",
     "leave it out", check_redundant_new},
    {"SUPERSEDES_EXISTING", Severity::Warning, Needs::Database, kAllowable,
     "an existing index becomes redundant by a new one",
     "both are kept up to date from then on",
     "hide the old one in a later migration, watch, and drop it", check_supersedes_existing},
    {"TOO_MANY_INDEXES", Severity::Error, Needs::Database, kNever,
     "a collection would have more than 64 indexes",
     "the server refuses the 65th",
     "drop unused ones first (plumb verify lists them)", check_too_many_indexes},
    {"TTL_NOT_A_DATE", Severity::Warning, Needs::Database, kAllowable,
     "expire_after on a field that holds something else than dates",
     "documents without a date in the field never expire",
     "convert the field with a transform first", check_ttl_not_a_date},
    {"UNINDEXED_FILTER", Severity::Warning, Needs::Database, kAllowable,
     "a data operation whose filter no index serves",
     "it reads the whole collection, also when it is run again",
     "create the index in an earlier operation, or allow it", check_unindexed_filter},
    {"UNIQUE_DUPLICATES", Severity::Error, Needs::Scan, kNever,
     "a unique index over values that more than one document has",
     "the build would fail, on a large collection after hours",
     "see plumb migrate duplicates", check_unique_duplicates},
    {"UNIQUE_WITHOUT_SHARD_KEY", Severity::Error, Needs::Database, kNever,
     "a unique index on a sharded collection that does not begin with the shard key",
     "a shard knows its own documents only; the server refuses it",
     "begin the key with the shard key", check_unique_without_shard_key},
    {"UNKNOWN_ALLOW", Severity::Warning, Needs::Files, kAllowable,
     "`allow` names a code that does not exist",
     "what was meant to be allowed is not",
     "plumb migrate lint --codes lists the codes", check_unknown_allow},
    {"UNKNOWN_COLLECTION", Severity::Warning, Needs::Database, kAllowable,
     "an operation on a collection that is not there",
     "a mistyped name makes a new, empty collection with indexes",
     "check the spelling, or create the collection in an earlier operation",
     check_unknown_collection},
});
// clang-format on

// Why a check cannot run; empty if it can.
std::string why_skipped(const LintRow& row, const Context& context) {
    switch (row.needs) {
        case Needs::Files:
            return "";
        case Needs::Database:
            return context.facts == nullptr ? "no database is looked at" : "";
        case Needs::Scan:
            if (context.facts == nullptr) {
                return "no database is looked at";
            }
            return context.options.scans ? "" : "it reads whole collections";
        case Needs::Workload:
            return context.workload == nullptr ? "there is no workload.yaml" : "";
    }
    return "";
}

auto place_of(const Finding& finding) {
    const project::Position& at = finding.found.position;
    return std::make_tuple(
        at.file ? *at.file : std::string{}, at.line, at.column, finding.row->code);
}

}  // namespace

bool LintReport::has_errors() const {
    return std::any_of(findings.begin(), findings.end(), [](const Finding& each) {
        return each.row->severity == Severity::Error;
    });
}

std::span<const LintRow> lint_rows() {
    return kRows;
}

const LintRow* find_lint(std::string_view code) {
    const auto* row = std::lower_bound(
        kRows.begin(), kRows.end(), code, [](const LintRow& each, std::string_view wanted) {
            return each.code < wanted;
        });
    return row == kRows.end() || row->code != code ? nullptr : row;
}

Result<LintReport> run_lint(const Context& context) {
    LintReport out;
    for (const LintRow& row : kRows) {
        if (std::string why = why_skipped(row, context); !why.empty()) {
            out.skipped.push_back({&row, std::move(why)});
            continue;
        }
        if (context.facts != nullptr) {
            PLUMB_CHECK(context.facts->deployment().interrupt.check());
        }
        PLUMB_TRY(found, row.check(context));
        for (Found& each : found) {
            const bool allowed =
                row.can_be_allowed && each.file != nullptr && each.file->allows(row.code);
            (allowed ? out.allowed : out.findings).push_back({&row, std::move(each)});
        }
    }
    std::stable_sort(out.findings.begin(),
                     out.findings.end(),
                     [](const Finding& a, const Finding& b) { return place_of(a) < place_of(b); });
    return out;
}

}  // namespace plumb::migrate::lint
