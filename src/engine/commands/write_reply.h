// SPDX-License-Identifier: GPL-3.0-or-later
// What insert, update and delete have in common: statements one after the other, errors collected.
//
// Threads  one thread.
#pragma once

#include "base/result.h"
#include "bson/builder.h"
#include "bson/document.h"
#include "engine/commands/command.h"

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace plumb::commands {

// The statements of a write command, from its sequence or its array field `name`.
//   errors  40414 if neither is there; TypeMismatch; InvalidLength (16) for none or over 100 000;
//           InvalidNamespace (73) for system.profile
[[nodiscard]] Result<std::vector<bson::View>> write_statements(const CommandContext& context,
                                                               std::string_view name);

// The only statement of a write that is to be explained. errors: InvalidLength for another number
[[nodiscard]] Result<bson::View> single_statement(bson::View command, std::string_view name);

// arrayFilters: documents only. errors: TypeMismatch
[[nodiscard]] Result<std::vector<bson::Document>> parse_array_filters(bson::ValueView filters);

// Errors of single statements, as `writeErrors` lists them.
class WriteErrors {
  public:
    void add(std::size_t index, const Error& error);
    [[nodiscard]] bool empty() const { return count_ == 0; }
    // Appends `writeErrors` if there are any.
    void append_to(bson::Builder& reply);

  private:
    bson::Builder errors_;
    std::size_t count_ = 0;
};

// True for errors that end the command and are no statement's fault: killOp, maxTimeMS, shutdown;
// inside of a transaction also those after which the whole transaction is tried again.
[[nodiscard]] bool ends_command(const CommandContext& context, ErrorCode code);

// Whether statements after a failed one are not tried: in an ordered batch, and in a transaction,
// which the failed one has ended.
[[nodiscard]] bool stops_at_error(const CommandContext& context, bool ordered);

// Runs statements without waiting for the disk, and once for all of them at the end: a batch of
// j:true writes costs one log sync.
class DeferredSync {
  public:
    explicit DeferredSync(exec::Operation& operation);
    // Waits, if the write concern asked for it.
    [[nodiscard]] Status finish();

  private:
    exec::Operation& operation_;
    storage::Durability wanted_;
};

}  // namespace plumb::commands
