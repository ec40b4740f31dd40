// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/bench/ledger_facts.h"

#include "bson/number.h"
#include "tool/bench/utc.h"

#include <fmt/format.h>

#include <optional>
#include <string>

namespace plumb::bench {
namespace {

constexpr std::string_view kLedger = "_plumb_migrations";

std::string_view text_of(bson::View document, std::string_view name) {
    const bson::ValueView value = document.find(name);
    return value.type() == bson::Type::String ? value.as_string() : std::string_view{};
}

std::optional<std::int64_t> date_of(bson::View document, std::string_view name) {
    const bson::ValueView value = document.find(name);
    return value.type() == bson::Type::Date ? std::optional{value.as_date().ms} : std::nullopt;
}

// Calls `each` for the documents in an array field; for none if there is no such array.
template <class Each>
void for_documents(bson::View document, std::string_view name, Each each) {
    const bson::ValueView value = document.find(name);
    if (value.type() != bson::Type::Array) {
        return;
    }
    for (const bson::Element& item : value.as_array()) {
        if (item.value.type() == bson::Type::Document) {
            each(item.value.as_document());
        }
    }
}

void note_builds(bson::View operation, Recording& recording) {
    const bson::ValueView ms = operation.find("ms");
    if (!ms.is_number()) {
        return;
    }
    const std::string_view collection = text_of(operation, "collection");
    for_documents(operation, "owned", [&](bson::View owned) {
        for (CollectionInfo& info : recording.collections) {
            for (IndexInfo& index : info.indexes) {
                if (info.name == collection && index.name == text_of(owned, "name")) {
                    index.build_ms = bson::to_clamped_int64(ms);
                }
            }
        }
    });
}

// The last way back that came to its end, from its first event to its last.
std::optional<RollbackInfo> last_rollback(bson::View migration) {
    std::optional<std::int64_t> started;
    std::optional<RollbackInfo> out;
    for_documents(migration, "events", [&](bson::View event) {
        const auto at = date_of(event, "at");
        if (!at.has_value()) {
            return;
        }
        if (text_of(event, "event") == "rolling_back") {
            started = at;
        } else if (text_of(event, "event") == "rolled_back" && started.has_value()) {
            out = RollbackInfo{};
            out->ms = *at - *started;
            out->at = utc_text(*at);
            out->source = "the ledger";
        }
    });
    return out;
}

}  // namespace

void read_ledger(client::Client& client, std::string_view database, Recording& recording) {
    const auto note = [&recording](bson::View migration) -> Status {
        for_documents(
            migration, "operations", [&](bson::View one) { note_builds(one, recording); });
        if (auto rollback = last_rollback(migration)) {
            const bson::ValueView version = migration.find("_id");
            rollback->version = version.is_number()
                                    ? fmt::format("{:03}", bson::to_clamped_int64(version))
                                    : std::string{text_of(migration, "_id")};
            recording.rollbacks.push_back(*std::move(rollback));
        }
        return {};
    };
    static_cast<void>(client.find(database, kLedger, bson::View{}, {}, note));
}

}  // namespace plumb::bench
