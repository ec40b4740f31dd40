// SPDX-License-Identifier: GPL-3.0-or-later
// What a command's session fields mean for it: lsid, txnNumber, autocommit, startTransaction,
// readConcern. Entered before the command runs, left after it.
//
//   SessionScope session{context, row};
//   Status status = session.enter();
//   if (status.ok()) { status = row.run(context, reply); }
//   session.leave(outcome);
//
// Threads  as CommandContext.
#pragma once

#include "base/result.h"
#include "bson/document.h"
#include "engine/commands/command.h"

#include <memory>

namespace plumb::commands {

class SessionScope {
  public:
    SessionScope(CommandContext& context, const CommandRow& row);
    SessionScope(const SessionScope&) = delete;
    SessionScope& operator=(const SessionScope&) = delete;
    ~SessionScope();

    // Takes the session, if the command needs it for itself, and sets context.session and
    // context.operation.transaction.
    //   errors  OperationNotSupportedInTransaction (263), 50768 for a command that cannot be
    //           retried, NoSuchTransaction (251), TransactionTooOld (225), InvalidOptions (72) …
    [[nodiscard]] Status enter();

    // A statement that failed takes its transaction with it, and tells by errorLabels whether the
    // whole transaction can be tried again.
    void leave(Result<bson::Document>& outcome);

  private:
    CommandContext& context_;
    const CommandRow& row_;
    std::unique_ptr<SessionUse> use_;
};

// Ends a reply: writeConcernError where it is due, ok, and what append_replication() appends.
void append_end_of_reply(CommandContext& context, const CommandRow& row, bson::Builder& reply);
// $clusterTime and operationTime, which every reply of a replica set has, errors too.
void append_replication(const ServiceState& service, bson::Builder& reply);

// True for errors after which the same transaction, run again from the start, may work.
[[nodiscard]] bool is_transient_in_transaction(ErrorCode code);

}  // namespace plumb::commands
