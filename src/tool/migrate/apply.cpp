// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/migrate/disk.h"
#include "tool/migrate/index/index_plan.h"
#include "tool/migrate/ledger/strays.h"
#include "tool/migrate/operations/operations.h"
#include "tool/migrate/roll_back.h"
#include "tool/migrate/run.h"

#include <fmt/format.h>

#include <algorithm>

namespace plumb::migrate {
namespace {

Error edited(const project::MigrationFile& file, const Record& record) {
    std::string text = fmt::format(
        "{} was applied and its file changed since; undo the edit, or roll the migration back with "
        "`plumb migrate rollback {}` first. Applied (-) and now in the file (+):",
        file.path.string(),
        file.number());
    for (const std::string& line :
         definition_changes(record.definition.view(), file.canonical().view())) {
        text += "\n  " + line;
    }
    return fail(ErrorCode::ChecksumMismatch, std::move(text));
}

Status check_available(const project::MigrationFile& file) {
    for (const project::Operation& operation : file.up) {
        if (find_operation(operation.kind) == nullptr) {
            return project::fail_at(
                operation.position,
                fmt::format("operation {} is not available yet", operation.kind));
        }
    }
    return {};
}

// What people are told that runs: the kind, or the class of a native one.
const std::string& label_of(const project::Operation& operation) {
    const auto* native = std::get_if<project::Native>(&operation.body);
    return native == nullptr ? operation.kind : native->class_name;
}

// True if an operation before this one, of the same file, works on the same collection and is no
// index operation, or renames or makes it.
bool changes_earlier(const project::MigrationFile& file, std::size_t at) {
    const auto concerns = [&](const project::Operation& earlier) {
        if (earlier.kind == "native" || earlier.kind == "run") {
            return true;
        }
        const auto* renamed = std::get_if<project::RenameCollection>(&earlier.body);
        if (renamed != nullptr && renamed->to == file.up[at].collection) {
            return true;
        }
        return earlier.collection == file.up[at].collection && earlier.kind != "create_indexes";
    };
    return std::any_of(
        file.up.begin(), file.up.begin() + static_cast<std::ptrdiff_t>(at), concerns);
}

// A filter of the file's author may look for what an earlier operation makes, and nothing is made
// in a preview. The other operations look for the fields that they name.
void tell_uncounted(const Deployment& deployment, const project::Operation& operation) {
    if (operation.kind == "transform" || operation.kind == "delete") {
        deployment.tell(
            Note{fmt::format("an earlier operation changes {} first: how many documents the {} "
                             "would change then is not known, the number is for the database "
                             "as it is now",
                             operation.collection,
                             operation.kind)});
    }
}

// One run of apply() under its lock.
class Application {
  public:
    Application(const Deployment& deployment, Ledger& ledger, const project::MigrationFile& file)
        : deployment_(deployment), ledger_(ledger), file_(file) {
        outcome_.version = file.version;
        outcome_.name = file.name;
    }

    Result<Outcome> run(std::optional<Record> found) {
        const auto started = deployment_.clock.monotonic();
        PLUMB_CHECK(begin(std::move(found)));
        PLUMB_CHECK(refuse_problems());
        if (before_.has_value()) {
            PLUMB_TRY(satisfied, nothing_missing());
            outcome_.nothing_to_do = satisfied;
        }
        if (const Status worked = work(); !worked.ok()) {
            return undo(worked.error());
        }
        const auto took = deployment_.clock.monotonic() - started;
        outcome_.ms = std::chrono::duration_cast<std::chrono::milliseconds>(took).count();
        outcome_.state = State::Applied;
        return outcome_;
    }

  private:
    // Where the ledger left off: what a dead run left is claimed or taken back first.
    Status begin(std::optional<Record> found) {
        if (!found.has_value() || found->state == State::RolledBack) {
            record_ = new_record(file_);
            return {};
        }
        const bool same = found->checksum == file_.checksum();
        switch (found->state) {
            case State::Applied:
                if (!same) {
                    return edited(file_, *found);
                }
                before_ = *found;
                record_ = std::move(*found);
                return {};
            case State::Applying:
                if (same) {
                    return claim(std::move(*found));
                }
                return finish_rollback(std::move(*found));
            case State::RollingBack:
            case State::Failed:
                return finish_rollback(std::move(*found));
            case State::RolledBack:
                break;
        }
        return {};
    }

    Status claim(Record found) {
        deployment_.tell(Note{fmt::format(
            "an earlier run of migration {} did not end; going on where it was", file_.number())});
        PLUMB_CHECK(wait_for_strays(deployment_));
        for (OperationRecord& entry : found.operations) {
            const OperationHandler* handler = find_operation(entry.kind);
            if (handler != nullptr && entry.state == OperationState::Applying) {
                PLUMB_CHECK(handler->claim(deployment_, entry));
            }
        }
        record_ = std::move(found);
        outcome_.resumed = true;
        return {};
    }

    Status finish_rollback(Record found) {
        deployment_.tell(Note{fmt::format(
            "an earlier run of migration {} was being rolled back; finishing that first",
            file_.number())});
        Outcome undone;
        if (const Status back =
                roll_back(deployment_, ledger_, found, undone, "finishing an earlier rollback");
            !back.ok()) {
            return rollback_failed(deployment_, ledger_, found, "", back.error());
        }
        record_ = new_record(file_);
        outcome_.resumed = true;
        return {};
    }

    Status refuse_problems() {
        std::vector<Problem> problems;
        std::vector<const project::Operation*> to_do;
        for (std::size_t at = 0; at < file_.up.size(); ++at) {
            const project::Operation& operation = file_.up[at];
            if (is_over(at) || depends_on_earlier(at)) {
                continue;
            }
            to_do.push_back(&operation);
            PLUMB_TRY(found, find_operation(operation.kind)->check(deployment_, operation));
            problems.insert(problems.end(), found.begin(), found.end());
        }
        PLUMB_TRY(full, check_disk(deployment_, to_do));
        problems.insert(problems.end(), full.begin(), full.end());
        return refuse(problems);
    }

    // True if this operation is done for good: an earlier run did it, and it is none that is looked
    // at again.
    bool is_over(std::size_t at) const {
        return record_.operations.at(at).state == OperationState::Done &&
               find_operation(file_.up[at].kind)->once;
    }

    // True if what this operation finds is not there yet, or is what an earlier one of this file
    // changes first: then it is looked at when its turn comes.
    bool depends_on_earlier(std::size_t at) const { return changes_earlier(file_, at); }

    Result<bool> nothing_missing() {
        Deployment silent = deployment_;
        silent.listener = [](const Event&) {};
        Outcome would;
        for (std::size_t at = 0; at < file_.up.size(); ++at) {
            if (!is_over(at)) {
                PLUMB_CHECK(
                    find_operation(file_.up[at].kind)->preview(silent, file_.up[at], would));
            }
        }
        return would.changes_nothing();
    }

    Status work() {
        if (!outcome_.nothing_to_do) {
            record_.state = State::Applying;
            record_.started_ms = deployment_.clock.now().count();
            record_.finished_ms = 0;
            PLUMB_CHECK(ledger_.write(record_, outcome_.resumed ? "resumed" : "applying"));
        }
        for (std::size_t at = 0; at < file_.up.size(); ++at) {
            const project::Operation& operation = file_.up[at];
            if (is_over(at)) {
                continue;
            }
            deployment_.tell(
                OperationStarted{label_of(operation), operation.collection, Direction::Up});
            PLUMB_CHECK(deployment_.faults.hit(FaultPoint::MigrateBeforeOperation));
            PLUMB_CHECK(ledger_.check_lock());
            PLUMB_CHECK(deployment_.interrupt.check());
            const OperationHandler* handler = find_operation(operation.kind);
            if (depends_on_earlier(at)) {
                PLUMB_TRY(problems, handler->check(deployment_, operation));
                PLUMB_CHECK(refuse(problems));
            }
            OperationRun run{
                deployment_, ledger_, record_, record_.operations.at(at), outcome_, at};
            PLUMB_CHECK(handler->apply(run, operation));
            PLUMB_CHECK(deployment_.faults.hit(FaultPoint::MigrateAfterOperation));
        }
        if (outcome_.nothing_to_do) {
            return {};
        }
        PLUMB_CHECK(deployment_.interrupt.check());
        record_.state = State::Applied;
        record_.finished_ms = deployment_.clock.now().count();
        return ledger_.write(record_, "applied");
    }

    // Everything that this run did is taken back; what an earlier, finished run made stays.
    Error undo(const Error& cause) {
        if (cause.code() == ErrorCode::LockHeld || outcome_.nothing_to_do) {
            return cause;
        }
        deployment_.tell(
            Note{fmt::format("migration {} failed: {}", file_.number(), cause.message())});
        deployment_.tell(Note{"rolling back what this run did"});
        if (before_.has_value()) {
            forget_earlier_work();
        }
        Outcome undone;
        Status back = roll_back(deployment_, ledger_, record_, undone, cause.message());
        if (back.ok() && before_.has_value()) {
            record_.operations = before_->operations;
            record_.state = State::Applied;
            back = ledger_.write(record_, "applied", "as before the failed run");
        }
        if (!back.ok()) {
            return rollback_failed(deployment_, ledger_, record_, cause.message(), back.error());
        }
        return fail(ErrorCode::RolledBack,
                    fmt::format("migration {} failed and was rolled back: {}",
                                file_.number(),
                                cause.message()))
            .with_details(cause.details());
    }

    void forget_earlier_work() {
        for (std::size_t at = 0; at < record_.operations.size(); ++at) {
            OperationRecord& entry = record_.operations[at];
            const OperationRecord& earlier = before_->operations.at(at);
            if (earlier.state == OperationState::Done && find_operation(entry.kind)->once) {
                entry = OperationRecord{};
                entry.kind = earlier.kind;
                entry.collection = earlier.collection;
                continue;
            }
            std::erase_if(entry.owned, [&earlier](const project::IndexDefinition& each) {
                return find_index(earlier.owned, each.name) != nullptr;
            });
        }
    }

    const Deployment& deployment_;
    Ledger& ledger_;
    const project::MigrationFile& file_;
    Record record_;
    std::optional<Record> before_;  // the finished run that this one repeats
    Outcome outcome_;
};

}  // namespace

Result<Outcome> apply(const Deployment& deployment, const project::MigrationFile& file) {
    PLUMB_CHECK(check_available(file));
    deployment.tell(Started{file.number(), file.title, label_of(file.up.front()), Direction::Up});
    const Runner runner = describe_this_process();
    PLUMB_TRY(lock, Lock::acquire(deployment, runner));
    Ledger ledger{deployment, *lock, runner};
    PLUMB_TRY(found, read_ledger(deployment, file.version));
    return Application{deployment, ledger, file}.run(std::move(found));
}

Result<Outcome> preview_apply(const Deployment& deployment, const project::MigrationFile& file) {
    PLUMB_CHECK(check_available(file));
    deployment.tell(Started{file.number(), file.title, label_of(file.up.front()), Direction::Up});
    PLUMB_TRY(found, read_ledger(deployment, file.version));
    if (found.has_value() && found->state == State::Applied && found->checksum != file.checksum()) {
        return edited(file, *found);
    }
    if (found.has_value() && found->state != State::Applied && found->state != State::RolledBack) {
        deployment.tell(
            Note{fmt::format("an earlier run did not end (state {}); it would be "
                             "finished or taken back first",
                             state_name(found->state))});
    }
    Outcome outcome;
    outcome.version = file.version;
    outcome.name = file.name;
    std::vector<Problem> problems;
    for (std::size_t at = 0; at < file.up.size(); ++at) {
        const project::Operation& operation = file.up[at];
        const OperationHandler* handler = find_operation(operation.kind);
        if (found.has_value() && handler->once && at < found->operations.size() &&
            found->operations[at].state == OperationState::Done &&
            found->checksum == file.checksum()) {
            continue;
        }
        deployment.tell(OperationStarted{label_of(operation), operation.collection, Direction::Up});
        PLUMB_CHECK(handler->preview(deployment, operation, outcome));
        if (changes_earlier(file, at)) {
            tell_uncounted(deployment, operation);
            continue;
        }
        PLUMB_TRY(found_problems, handler->check(deployment, operation));
        problems.insert(problems.end(), found_problems.begin(), found_problems.end());
    }
    PLUMB_CHECK(refuse(problems));
    outcome.nothing_to_do = outcome.changes_nothing();
    return outcome;
}

}  // namespace plumb::migrate
