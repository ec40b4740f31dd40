// SPDX-License-Identifier: GPL-3.0-or-later
// Reads the migration ledger as a reader who need not understand all of it.
#include "bson/builder.h"
#include "bson/number.h"
#include "tool/report/report.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <chrono>

namespace plumb::report {
namespace {

constexpr std::string_view kLedger = "_plumb_migrations";

std::string text_of(bson::View document, std::string_view name) {
    const bson::ValueView value = document.find(name);
    return value.type() == bson::Type::String ? std::string{value.as_string()} : std::string{};
}

std::string time_of(bson::View document, std::string_view name) {
    const bson::ValueView value = document.find(name);
    if (value.type() != bson::Type::Date) {
        return {};
    }
    const std::time_t seconds = value.as_date().ms / 1000;
    return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(seconds));
}

}  // namespace

Result<std::vector<HistoryRow>> read_history(client::Client& client, std::string_view database) {
    std::vector<HistoryRow> out;
    client::FindOptions options;
    options.sort = bson::Builder{}.append("_id", 1).finish();
    PLUMB_CHECK(
        client.find(database, kLedger, bson::View{}, options, [&out](bson::View row) -> Status {
            HistoryRow one;
            const bson::ValueView version = row.find("_id");
            one.version = version.is_number()
                              ? fmt::format("{:03}", bson::to_clamped_int64(version))
                              : text_of(row, "_id");
            one.name = text_of(row, "name");
            one.state = text_of(row, "state");
            one.at = time_of(row, "started_at");
            one.host = text_of(row, "host");
            const bson::ValueView ms = row.find("ms");
            one.ms = ms.is_number() ? bson::to_clamped_int64(ms) : 0;
            out.push_back(std::move(one));
            return {};
        }));
    return out;
}

}  // namespace plumb::report
