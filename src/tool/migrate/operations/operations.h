// SPDX-License-Identifier: GPL-3.0-or-later
// The operations of a migration, forwards and back: one row a kind.
//
// Threads  pure data.
#pragma once

#include "base/result.h"
#include "project/migration_file.h"
#include "tool/migrate/data/step.h"
#include "tool/migrate/deployment/deployment.h"
#include "tool/migrate/deployment/problem.h"
#include "tool/migrate/ledger/ledger.h"

#include <string_view>

namespace plumb::migrate {

struct OperationHandler {
    std::string_view kind;
    // What would make it fail. Reads only.
    Result<std::vector<Problem>> (*check)(const Deployment&, const project::Operation&);
    // Does it: writes the intent to the ledger, works, writes the result.
    Status (*apply)(OperationRun&, const project::Operation&);
    // Undoes what `entry` owns or intended, whichever of it is really there.
    Status (*revert)(OperationRun&);
    // After a crash: makes what the dead run did `owned`, from the server's state.
    Status (*claim)(const Deployment&, OperationRecord& entry);
    // Tells the listener what would be sent, forwards and back. Reads only.
    Status (*preview)(const Deployment&, const project::Operation&, Outcome&);
    Status (*preview_revert)(const Deployment&, const OperationRecord& entry, Outcome&);
    // True: once done it is done, and running the migration again leaves it alone. False: what was
    // taken away by hand since is made again.
    bool once = true;
};

// The handler of a kind; null if this version has none.
[[nodiscard]] const OperationHandler* find_operation(std::string_view kind);

// The rows, each defined in the file of its name.
extern const OperationHandler kAddField;
extern const OperationHandler kCopyField;
extern const OperationHandler kCreateCollection;
extern const OperationHandler kCreateIndexes;
extern const OperationHandler kDelete;
extern const OperationHandler kDropCollection;
extern const OperationHandler kDropIndexes;
extern const OperationHandler kHideIndex;
extern const OperationHandler kLink;
extern const OperationHandler kNative;
extern const OperationHandler kRemoveField;
extern const OperationHandler kRenameCollection;
extern const OperationHandler kRenameField;
extern const OperationHandler kRun;
extern const OperationHandler kSetOptions;
extern const OperationHandler kSetValidator;
extern const OperationHandler kTransform;
extern const OperationHandler kUnhideIndex;

}  // namespace plumb::migrate
