// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/cursor_owner.h"

#include "engine/commands/service_state.h"
#include "engine/commands/session_id.h"

#include <fmt/format.h>

#include <optional>
#include <string>

namespace plumb::commands {

namespace {

constexpr ErrorCode kOpenedWithoutSession{50736};
constexpr ErrorCode kNoSessionGiven{50737};
constexpr ErrorCode kOtherSession{50738};
constexpr ErrorCode kOpenedOutsideTransaction{50739};
constexpr ErrorCode kNoTransactionGiven{50740};
constexpr ErrorCode kOtherTransaction{50741};

Status check_session(std::int64_t id, const std::string& opened_by, const std::string& given) {
    if (opened_by == given) {
        return {};
    }
    if (opened_by.empty()) {
        return fail(kOpenedWithoutSession,
                    fmt::format("Cannot run getMore on cursor {}, which was not created in a "
                                "session, in session {}",
                                id,
                                session_id_text(given)));
    }
    if (given.empty()) {
        return fail(kNoSessionGiven,
                    fmt::format("Cannot run getMore on cursor {}, which was created in session {}, "
                                "without an lsid",
                                id,
                                session_id_text(opened_by)));
    }
    return fail(kOtherSession,
                fmt::format("Cannot run getMore on cursor {}, which was created in session {}, in "
                            "session {}",
                            id,
                            session_id_text(opened_by),
                            session_id_text(given)));
}

Status check_transaction(std::int64_t id,
                         std::optional<std::int64_t> opened_by,
                         std::optional<std::int64_t> given) {
    if (opened_by == given) {
        return {};
    }
    if (!opened_by) {
        return fail(kOpenedOutsideTransaction,
                    fmt::format("Cannot run getMore on cursor {}, which was not created in a "
                                "transaction, in transaction {}",
                                id,
                                *given));
    }
    if (!given) {
        return fail(kNoTransactionGiven,
                    fmt::format("Cannot run getMore on cursor {}, which was created in transaction "
                                "{}, without a txnNumber",
                                id,
                                *opened_by));
    }
    return fail(kOtherTransaction,
                fmt::format("Cannot run getMore on cursor {}, which was created in transaction {}, "
                            "in transaction {}",
                            id,
                            *opened_by,
                            *given));
}

}  // namespace

Status check_cursor_session(const CommandContext& context, std::int64_t id) {
    const auto owner = context.service.cursors.owner_of(id);
    if (!owner) {
        return {};
    }
    std::string given;
    if (!context.generic.session.empty()) {
        PLUMB_TRY(session, session_id(context.generic.session));
        given = std::move(session);
    }
    PLUMB_CHECK(check_session(id, owner->session, given));
    return check_transaction(id, owner->txn_number, context.generic.txn_number);
}

}  // namespace plumb::commands
