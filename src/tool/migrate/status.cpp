// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/migrate/status.h"

#include "tool/migrate/baseline.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

namespace plumb::migrate {
namespace {

bool is_unfinished(const Record& record) {
    return record.state == State::Applying || record.state == State::RollingBack ||
           record.state == State::Failed;
}

std::string problem_of(const VersionStatus& row, int highest_applied) {
    const bool applied = row.record != nullptr && row.record->state == State::Applied;
    if (row.record != nullptr && row.record->state == State::Failed) {
        return "taking it back failed; `plumb migrate repair` explains it";
    }
    if (row.record != nullptr && is_unfinished(*row.record)) {
        return "a run of it did not end; `plumb migrate repair` explains it";
    }
    // What another tool did has no file here and needs none.
    if (applied && row.file == nullptr && is_baseline(*row.record)) {
        return "";
    }
    if (applied && row.file == nullptr) {
        return "its file is gone; the ledger can still roll it back";
    }
    if (applied && row.record->checksum != row.file->checksum()) {
        return "its file was edited after it was applied";
    }
    if (!applied && row.file != nullptr && row.version < highest_applied) {
        return fmt::format("late: {} was applied already", project::version_text(highest_applied));
    }
    return "";
}

bool can_go_back(const Record& record) {
    return record.state != State::RolledBack && !is_baseline(record);
}

// `started_ms` is when it last did something forwards; a way back leaves it as it is.
bool is_later(const Record& a, const Record& b) {
    return std::tie(a.started_ms, a.version) > std::tie(b.started_ms, b.version);
}

std::vector<int> last_applied_first(std::vector<const Record*> records) {
    std::sort(records.begin(), records.end(), [](const Record* a, const Record* b) {
        return is_later(*a, *b);
    });
    std::vector<int> out;
    out.reserve(records.size());
    for (const Record* each : records) {
        out.push_back(each->version);
    }
    return out;
}

}  // namespace

std::vector<VersionStatus> compare(const std::vector<project::MigrationFile>& files,
                                   const std::vector<Record>& records) {
    std::map<int, VersionStatus> rows;
    int highest_applied = 0;
    for (const project::MigrationFile& file : files) {
        VersionStatus& row = rows[file.version];
        row.file = &file;
        row.name = file.name;
    }
    for (const Record& record : records) {
        VersionStatus& row = rows[record.version];
        row.record = &record;
        row.name = row.name.empty() ? record.name : row.name;
        if (record.state == State::Applied) {
            highest_applied = std::max(highest_applied, record.version);
        }
    }
    std::vector<VersionStatus> out;
    for (auto& [version, row] : rows) {
        row.version = version;
        row.state = row.record == nullptr ? "pending" : std::string{state_name(row.record->state)};
        row.baseline = row.record != nullptr && is_baseline(*row.record);
        row.problem = problem_of(row, highest_applied);
        out.push_back(row);
    }
    return out;
}

bool is_pending(const VersionStatus& status) {
    return status.file != nullptr &&
           (status.record == nullptr || status.record->state != State::Applied);
}

std::vector<const project::MigrationFile*> pending(const std::vector<VersionStatus>& statuses,
                                                   std::optional<int> to) {
    std::vector<const project::MigrationFile*> out;
    for (const VersionStatus& status : statuses) {
        if (is_pending(status) && (!to.has_value() || status.version <= *to)) {
            out.push_back(status.file);
        }
    }
    return out;
}

std::vector<int> to_revert(const std::vector<VersionStatus>& statuses,
                           DownTo how_far,
                           int version) {
    std::vector<const Record*> there;
    for (const VersionStatus& row : statuses) {
        const bool wanted = how_far != DownTo::Version || row.version > version;
        if (wanted && row.record != nullptr && can_go_back(*row.record)) {
            there.push_back(row.record);
        }
    }
    std::vector<int> out = last_applied_first(std::move(there));
    if (how_far == DownTo::Last && out.size() > 1) {
        out.resize(1);
    }
    return out;
}

std::vector<int> applied_after(const std::vector<Record>& records, int version) {
    std::vector<const Record*> there;
    const auto self = std::find_if(records.begin(), records.end(), [version](const Record& each) {
        return each.version == version;
    });
    for (const Record& each : records) {
        if (self != records.end() && can_go_back(each) && is_later(each, *self)) {
            there.push_back(&each);
        }
    }
    return last_applied_first(std::move(there));
}

}  // namespace plumb::migrate
