// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/migrate/ledger/lock_commands.h"

#include "bson/builder.h"
#include "bson/number.h"

namespace plumb::migrate {
namespace {

constexpr std::string_view kLockId = "migration";
constexpr std::int64_t kLeaseMs = std::chrono::milliseconds{kLease}.count();

void append_holder(bson::Builder& out, const Runner& runner, const std::string& tool) {
    out.begin_document("holder");
    out.append("host", runner.host);
    out.append("machine", runner.machine);
    out.append("process_id", runner.process_id);
    out.append("process_start", runner.process_start);
    out.append("run", runner.run);
    out.append("tool", tool);
    out.end();
}

void append_majority(bson::Builder& out) {
    out.begin_document("writeConcern");
    out.append("w", "majority");
    out.end();
}

// expires_at as a pipeline expression: the server's now and the lease.
void append_server_expiry(bson::Builder& out) {
    out.begin_document("expires_at");
    out.begin_array("$add");
    out.push("$$NOW");
    out.push(kLeaseMs);
    out.end();
    out.end();
}

void append_take_query(bson::Builder& out,
                       std::optional<std::int64_t> from_fence,
                       std::optional<std::int64_t> now_ms) {
    out.begin_document("query");
    out.append("_id", kLockId);
    if (from_fence.has_value()) {
        out.append("fence", *from_fence);
    } else if (now_ms.has_value()) {
        out.begin_document("expires_at");
        out.append("$lte", bson::Date{*now_ms});
        out.end();
    } else {
        out.begin_document("$expr");
        out.begin_array("$lte");
        out.push("$expires_at");
        out.push("$$NOW");
        out.end();
        out.end();
    }
    out.end();
}

std::string text_of(bson::View document, std::string_view field) {
    const bson::ValueView value = document.find(field);
    return value.type() == bson::Type::String ? std::string{value.as_string()} : std::string{};
}

std::int64_t number_of(bson::View document, std::string_view field) {
    const bson::ValueView value = document.find(field);
    if (value.type() == bson::Type::Date) {
        return value.as_date().ms;
    }
    return value.is_number() ? bson::to_clamped_int64(value) : 0;
}

// {update: _plumb_lock, updates: [{q: …, u: …}]}; `fill` writes q and u.
template <class Fill>
bson::Document update_command(bool upsert, const Fill& fill) {
    bson::Builder out;
    out.append("update", kLockCollection);
    out.begin_array("updates");
    out.push_document();
    fill(out);
    if (upsert) {
        out.append("upsert", true);
    }
    out.end();
    out.end();
    append_majority(out);
    return out.finish();
}

void append_fence_query(bson::Builder& out, std::optional<std::int64_t> fence) {
    out.begin_document("q");
    out.append("_id", kLockId);
    if (fence.has_value()) {
        out.append("fence", *fence);
    }
    out.end();
}

}  // namespace

bson::Document ensure_lock_command() {
    return update_command(true, [](bson::Builder& out) {
        append_fence_query(out, {});
        out.begin_document("u");
        out.begin_document("$setOnInsert");
        out.append("fence", std::int64_t{0});
        out.append_null("holder");
        out.append("expires_at", bson::Date{0});
        out.end();
        out.end();
    });
}

bson::Document take_lock_command(const Runner& runner,
                                 const std::string& tool,
                                 std::optional<std::int64_t> from_fence,
                                 std::optional<std::int64_t> now_ms) {
    bson::Builder out;
    out.append("findAndModify", kLockCollection);
    append_take_query(out, from_fence, now_ms);
    if (now_ms.has_value()) {
        out.begin_document("update");
        out.begin_document("$inc");
        out.append("fence", std::int64_t{1});
        out.end();
        out.begin_document("$set");
        append_holder(out, runner, tool);
        out.append("acquired_at", bson::Date{*now_ms});
        out.append("expires_at", bson::Date{*now_ms + kLeaseMs});
        out.end();
        out.end();
    } else {
        out.begin_array("update");
        out.push_document();
        out.begin_document("$set");
        out.begin_document("fence");
        out.begin_array("$add");
        out.push("$fence");
        out.push(std::int64_t{1});
        out.end();
        out.end();
        // $literal: a host name may begin with a dollar, which a pipeline would read as a field.
        out.begin_document("holder");
        bson::Builder holder;
        append_holder(holder, runner, tool);
        out.append("$literal", holder.finish().find("holder"));
        out.end();
        out.append("acquired_at", "$$NOW");
        append_server_expiry(out);
        out.end();
        out.end();
        out.end();
    }
    out.append("new", true);
    append_majority(out);
    return out.finish();
}

bson::Document renew_lock_command(std::int64_t fence, std::optional<std::int64_t> now_ms) {
    return update_command(false, [&](bson::Builder& out) {
        append_fence_query(out, fence);
        if (now_ms.has_value()) {
            out.begin_document("u");
            out.begin_document("$set");
            out.append("expires_at", bson::Date{*now_ms + kLeaseMs});
            out.end();
            out.end();
        } else {
            out.begin_array("u");
            out.push_document();
            out.begin_document("$set");
            append_server_expiry(out);
            out.end();
            out.end();
            out.end();
        }
    });
}

bson::Document release_lock_command(std::optional<std::int64_t> fence) {
    return update_command(false, [&](bson::Builder& out) {
        append_fence_query(out, fence);
        out.begin_document("u");
        out.begin_document("$set");
        out.append_null("holder");
        out.append("expires_at", bson::Date{0});
        out.end();
        // Whoever lost the lock this way finds a fence that is not his.
        out.begin_document("$inc");
        out.append("fence", std::int64_t{1});
        out.end();
        out.end();
    });
}

std::optional<Holder> holder_in(bson::View document) {
    const bson::ValueView holder = document.find("holder");
    if (holder.type() != bson::Type::Document) {
        return {};
    }
    const bson::View fields = holder.as_document();
    Holder out;
    out.runner.host = text_of(fields, "host");
    out.runner.machine = text_of(fields, "machine");
    out.runner.process_id = number_of(fields, "process_id");
    out.runner.process_start = number_of(fields, "process_start");
    out.runner.run = text_of(fields, "run");
    out.tool = text_of(fields, "tool");
    out.fence = number_of(document, "fence");
    out.acquired_ms = number_of(document, "acquired_at");
    out.expires_ms = number_of(document, "expires_at");
    return out;
}

}  // namespace plumb::migrate
