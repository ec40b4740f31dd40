// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/json.h"
#include "bson/validate.h"
#include "tool/capture/log_line_internal.h"
#include "tool/capture/log_reader.h"
#include "tool/capture/shell_text_internal.h"
#include "tool/workload/app_name.h"

#include <algorithm>
#include <array>
#include <unordered_map>

namespace plumb::capture {
namespace {

constexpr double kMinuteMs = 60'000.0;

bool is_internal(std::string_view database) {
    constexpr auto kNames = std::to_array<std::string_view>({"admin", "config", "local"});
    return std::ranges::find(kNames, database) != kNames.end();
}

}  // namespace

struct LogLines::Impl {
    // What lines of one skeleton are: a shape of the table, or nothing that asks a collection.
    struct Known {
        static constexpr std::size_t kNone = static_cast<std::size_t>(-1);
        std::size_t shape = kNone;
        bool malformed = false;
    };

    Impl(ShapeTable& table_in, std::string database_in)
        : table(table_in), database(std::move(database_in)) {}

    bool wants(std::string_view name) const {
        return database.empty() ? !is_internal(name) : name == database;
    }

    Known look_at(const LogLine& line, bool is_json) {
        const auto document =
            is_json ? bson::from_json(line.command) : parse_shell_text(line.command);
        if (!document.ok()) {
            return {Known::kNone, true};
        }
        const std::size_t dot = line.ns.find('.');
        const std::string_view collection =
            dot == std::string_view::npos ? std::string_view{} : line.ns.substr(dot + 1);
        auto shape = shape_of(line.ns.substr(0, dot), *document, collection);
        if (!shape) {
            return {Known::kNone, false};
        }
        // A name that is no UTF-8 is damage: no server accepts one.
        if (!bson::is_utf8(shape->text) || !bson::is_utf8(shape->database)) {
            return {Known::kNone, true};
        }
        const std::size_t at = table.index_of(*std::move(shape));
        if (table.wants_values(at)) {
            table.observe(at, *document);
        }
        return {at, false};
    }

    // A few calls of each shape are parsed for the kinds of their values; the rest need not be.
    void look_closer(const LogLine& line, bool is_json, std::size_t shape) {
        const auto document =
            is_json ? bson::from_json(line.command) : parse_shell_text(line.command);
        if (document.ok()) {
            table.observe(shape, *document);
        }
    }

    const Known& known(const LogLine& line, bool is_json) {
        // Statements of writes do not name their collection, so the namespace counts too.
        const std::size_t key =
            line.skeleton ^ (std::hash<std::string_view>{}(line.ns) * 0x9E37'79B9'7F4A'7C15ULL);
        if (const auto found = skeletons.find(key); found != skeletons.end()) {
            if (found->second.shape != Known::kNone && table.wants_values(found->second.shape)) {
                look_closer(line, is_json, found->second.shape);
            }
            return found->second;
        }
        if (skeletons.size() >= kSkeletonsMax) {
            skeletons.clear();
        }
        return skeletons.emplace(key, look_at(line, is_json)).first->second;
    }

    void note_time(std::int64_t time_ms) {
        if (time_ms != 0) {
            summary.first_ms =
                summary.first_ms == 0 ? time_ms : std::min(summary.first_ms, time_ms);
            summary.last_ms = std::max(summary.last_ms, time_ms);
        }
    }

    ShapeTable& table;
    std::string database;
    LogSummary summary;
    std::unordered_map<std::size_t, Known> skeletons;
};

LogLines::LogLines(ShapeTable& table, std::string database)
    : impl_(std::make_unique<Impl>(table, std::move(database))) {}

LogLines::~LogLines() = default;

void LogLines::add(std::string_view line) {
    LogSummary& summary = impl_->summary;
    ++summary.lines;
    summary.bytes += static_cast<std::int64_t>(line.size()) + 1;
    if (line.ends_with('\r')) {
        line.remove_suffix(1);
    }
    if (line.empty()) {
        return;
    }
    const bool is_json = line.front() == '{';
    const LogLine read = is_json ? read_json_line(line) : read_text_line(line);
    switch (read.kind) {
        case LineKind::Other:
            return;
        case LineKind::Malformed:
            ++summary.malformed;
            return;
        case LineKind::Truncated:
            ++summary.truncated;
            return;
        case LineKind::Operation:
            break;
    }
    if (!impl_->wants(read.ns.substr(0, read.ns.find('.')))) {
        ++summary.ignored;
        return;
    }
    if (read.app_name == workload::kOwnAppName) {
        ++summary.own;
        return;
    }
    const Impl::Known& known = impl_->known(read, is_json);
    if (known.malformed) {
        ++summary.malformed;
    } else if (known.shape == Impl::Known::kNone) {
        ++summary.ignored;
    } else {
        ++summary.operations;
        impl_->note_time(read.time_ms);
        impl_->table.record(known.shape, read.figures);
    }
}

LogSummary LogLines::finish() {
    const LogSummary& summary = impl_->summary;
    const double minutes = static_cast<double>(summary.last_ms - summary.first_ms) / kMinuteMs;
    if (minutes > 0) {
        for (std::size_t at = 0; at < impl_->table.shapes().size(); ++at) {
            ShapeStatistics& shape = impl_->table.at(at);
            shape.calls_a_minute = static_cast<double>(shape.calls) / minutes;
        }
    }
    return summary;
}

}  // namespace plumb::capture
