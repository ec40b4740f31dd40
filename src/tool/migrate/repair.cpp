// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/migrate/repair.h"

#include "tool/migrate/index/index_plan.h"
#include "tool/migrate/ledger/ledger.h"
#include "tool/migrate/ledger/lock.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace plumb::migrate {
namespace {

bool is_half_way(const Record& record) {
    return record.state == State::Applying || record.state == State::RollingBack ||
           record.state == State::Failed;
}

std::string text_at(bson::View document, std::string_view field) {
    const bson::ValueView value = document.find(field);
    return value.type() == bson::Type::String ? std::string{value.as_string()} : std::string{};
}

// The reasons that the events of the last run give.
std::string cause_of(const Record& record) {
    std::string out;
    for (auto event = record.events.rbegin(); event != record.events.rend(); ++event) {
        const std::string name = text_at(*event, "event");
        if (name == "failed") {
            out = fmt::format("; taking it back failed: {}", text_at(*event, "detail"));
        } else if (name == "rolling_back") {
            return text_at(*event, "detail") + out;
        } else if (name == "applying" || name == "resumed") {
            break;
        }
    }
    return "no word of it: killed, or the machine went down" + out;
}

std::string_view name_of(OperationState state) {
    static constexpr std::array<std::string_view, 4> kNames{
        "not begun", "begun", "done", "rolled back"};
    return kNames.at(static_cast<std::size_t>(state));
}

// Which of the indexes are there, as "email_1 is there, role_1 is not".
std::string presence(const std::vector<project::IndexDefinition>& wanted,
                     const std::vector<project::IndexDefinition>& existing) {
    std::string out;
    for (const project::IndexDefinition& index : wanted) {
        const project::IndexDefinition* there = find_index(existing, index.name);
        const char* state = there == nullptr ? "is not there"
                            : project::differences(index, *there).empty()
                                ? "is there"
                                : "is there, but different";
        out += fmt::format("{}{} {}", out.empty() ? "" : ", ", index.name, state);
    }
    return out;
}

Result<Leftover> look_at(DatabaseFacts& facts, const OperationRecord& operation) {
    Leftover out;
    out.kind = operation.kind;
    out.collection = operation.collection;
    out.undone = operation.state == OperationState::RolledBack || operation.untouched();
    out.text = fmt::format("{}", name_of(operation.state));
    if (out.undone) {
        return out;
    }
    PLUMB_TRY(existing, facts.indexes(operation.collection));
    const auto add = [&out](std::string_view what, const std::string& text) {
        if (!text.empty()) {
            out.text += fmt::format("; {}{}", what, text);
        }
    };
    add("made by it: ", presence(operation.owned, *existing));
    add("it was about to make or drop: ", presence(operation.intended, *existing));
    add("it replaced: ", presence(operation.replaced, *existing));
    for (const HelperIndex& helper : operation.helpers) {
        PLUMB_TRY(there, facts.indexes(helper.collection));
        add("to be dropped: ",
            fmt::format("{}.{}", helper.collection, presence({helper.index}, *there)));
    }
    if (operation.batches > 0) {
        add("",
            fmt::format(
                "{} documents in {} batches were changed", operation.documents, operation.batches));
    }
    if (!operation.backup.empty()) {
        PLUMB_TRY(size, facts.size(operation.backup));
        add("", size.documents > 0 ? "old values are kept in " + operation.backup : "");
    }
    return out;
}

}  // namespace

bool Diagnosis::anything_left() const {
    return std::any_of(
        leftovers.begin(), leftovers.end(), [](const Leftover& each) { return !each.undone; });
}

Result<std::vector<Diagnosis>> diagnose(const Deployment& deployment) {
    DatabaseFacts facts{deployment};
    PLUMB_TRY(records, read_ledger(deployment));
    std::vector<Diagnosis> out;
    for (Record& record : records) {
        if (!is_half_way(record)) {
            continue;
        }
        Diagnosis diagnosis;
        diagnosis.cause = cause_of(record);
        for (const OperationRecord& operation : record.operations) {
            PLUMB_TRY(leftover, look_at(facts, operation));
            diagnosis.leftovers.push_back(std::move(leftover));
        }
        diagnosis.record = std::move(record);
        out.push_back(std::move(diagnosis));
    }
    return out;
}

Status accept_as(const Deployment& deployment, int version, State state) {
    const Runner runner = describe_this_process();
    PLUMB_TRY(lock, Lock::acquire(deployment, runner));
    Ledger ledger{deployment, *lock, runner};
    PLUMB_TRY(record, read_ledger(deployment, version));
    if (!record.has_value() || !is_half_way(*record)) {
        return fail(ErrorCode::UsageError,
                    fmt::format("migration {} is not half-way; there is nothing to settle",
                                project::version_text(version)));
    }
    record->state = state;
    record->finished_ms = deployment.clock.now().count();
    return ledger.write(*record,
                        state == State::Applied ? "marked_applied" : "marked_rolled_back",
                        "accepted as it is");
}

}  // namespace plumb::migrate
