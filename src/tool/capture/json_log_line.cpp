// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/capture/line_scan_internal.h"
#include "tool/capture/log_line_internal.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

namespace plumb::capture {
namespace {

constexpr std::string_view kSlow = R"("Slow query")";
constexpr std::string_view kMessage = R"("msg":)";
constexpr std::string_view kAttributes = R"("attr":)";
constexpr std::string_view kTime = R"("$date":)";
// Time, severity, component, id, context and message come first, and the server writes them short.
constexpr std::size_t kHeadBytesMax = 1024;

const char* past_spaces(const char* at, const char* end) {
    while (at < end && *at == ' ') {
        ++at;
    }
    return at;
}

std::string_view without_trailing_spaces(std::string_view text) {
    const std::size_t last = text.find_last_not_of(' ');
    return text.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

std::size_t find_fast(std::string_view text, std::string_view part) {
    const void* const at = ::memmem(text.data(), text.size(), part.data(), part.size());
    return at == nullptr ? std::string_view::npos
                         : static_cast<std::size_t>(static_cast<const char*>(at) - text.data());
}

// Where the message "Slow query" stands; npos if it is another message.
std::size_t find_message(std::string_view line) {
    const std::string_view head = line.substr(0, kHeadBytesMax);
    const std::size_t at = find_fast(head, kSlow);
    return at != std::string_view::npos &&
                   without_trailing_spaces(head.substr(0, at)).ends_with(kMessage)
               ? at
               : std::string_view::npos;
}

// What a line says beside the command, while it is read.
struct Attributes {
    std::string_view type;
    std::string_view command;
    std::string_view originating;
    std::uint64_t command_skeleton = 0;
    std::uint64_t originating_skeleton = 0;
    bool truncated = false;
};

std::int64_t whole_number(std::string_view text) {
    std::int64_t out = 0;
    std::from_chars(text.data(), text.data() + text.size(), out);
    return out;
}

std::string_view inside_quotes(std::string_view text) {
    return text.size() >= 2 ? text.substr(1, text.size() - 2) : std::string_view{};
}

// A whole number goes to a figure; the rest has a function.
using Figure = std::int64_t CallFigures::*;
using Take = void (*)(std::string_view value, Attributes& attributes, LogLine& out);

void take_sort(std::string_view value, Attributes&, LogLine& out) {
    out.figures.sorted_in_memory = value == "true";
}
void take_app_name(std::string_view value, Attributes&, LogLine& out) {
    out.app_name = inside_quotes(value);
}
void take_ns(std::string_view value, Attributes&, LogLine& out) {
    out.ns = inside_quotes(value);
}
void take_plan(std::string_view value, Attributes&, LogLine& out) {
    out.figures.plan_summary = inside_quotes(value);
}
void take_truncated(std::string_view, Attributes& attributes, LogLine&) {
    attributes.truncated = true;
}
void take_type(std::string_view value, Attributes& attributes, LogLine&) {
    attributes.type = inside_quotes(value);
}

struct Row {
    std::string_view name;
    Figure figure = nullptr;
    Take take = nullptr;
};

// clang-format off
constexpr auto kRows = std::to_array<Row>({
    {"appName",        nullptr,                     take_app_name},
    {"docsExamined",   &CallFigures::docs_examined, nullptr},
    {"durationMillis", &CallFigures::ms,            nullptr},
    {"hasSortStage",   nullptr,                     take_sort},
    {"keysExamined",   &CallFigures::keys_examined, nullptr},
    {"nMatched",       &CallFigures::returned,      nullptr},
    {"ndeleted",       &CallFigures::returned,      nullptr},
    {"ninserted",      &CallFigures::returned,      nullptr},
    {"nreturned",      &CallFigures::returned,      nullptr},
    {"ns",             nullptr,                     take_ns},
    {"planSummary",    nullptr,                     take_plan},
    {"reslen",         &CallFigures::reply_bytes,   nullptr},
    {"truncated",      nullptr,                     take_truncated},
    {"type",           nullptr,                     take_type},
});
// clang-format on
static_assert(std::ranges::is_sorted(kRows, {}, &Row::name));

const char* take_attribute(
    std::string_view key, const char* at, const char* end, Attributes& attributes, LogLine& out) {
    const bool is_command = key == "command";
    if (is_command || key == "originatingCommand") {
        Skeleton skeleton;
        const char* const after = scan_value(at, end, &skeleton);
        if (after == nullptr) {
            return nullptr;
        }
        const std::string_view text{at, static_cast<std::size_t>(after - at)};
        (is_command ? attributes.command : attributes.originating) = text;
        (is_command ? attributes.command_skeleton : attributes.originating_skeleton) =
            skeleton.value();
        return after;
    }
    const char* const after = scan_value(at, end, nullptr);
    if (after == nullptr) {
        return nullptr;
    }
    const auto row = std::ranges::lower_bound(kRows, key, {}, &Row::name);
    if (row != kRows.end() && row->name == key) {
        const std::string_view value{at, static_cast<std::size_t>(after - at)};
        if (row->figure != nullptr) {
            out.figures.*row->figure = whole_number(value);
        } else {
            row->take(value, attributes, out);
        }
    }
    return after;
}

bool read_attributes(const char* at, const char* end, Attributes& attributes, LogLine& out) {
    while (at < end && *at != '}') {
        if (*at == ',') {
            ++at;
        }
        at = past_spaces(at, end);
        if (at >= end || *at != '"') {
            return false;
        }
        const char* const after = scan_string(at, end);
        if (after == nullptr || after >= end || *after != ':') {
            return false;
        }
        const std::string_view key{at + 1, static_cast<std::size_t>(after - at - 2)};
        at = take_attribute(key, past_spaces(after + 1, end), end, attributes, out);
        if (at == nullptr) {
            return false;
        }
        at = past_spaces(at, end);
    }
    return at < end;
}

}  // namespace

LogLine read_json_line(std::string_view line) {
    LogLine out;
    const std::size_t slow = find_message(line);
    if (slow == std::string_view::npos) {
        out.kind = line.ends_with('}') ? LineKind::Other : LineKind::Malformed;
        return out;
    }
    const char* const end = line.data() + line.size();
    const std::size_t name = find_fast(line.substr(slow), kAttributes);
    const char* const open = name == std::string_view::npos
                                 ? end
                                 : past_spaces(line.data() + slow + name + kAttributes.size(), end);
    Attributes attributes;
    if (open == end || *open != '{' || !read_attributes(open + 1, end, attributes, out)) {
        out.kind = LineKind::Malformed;
        return out;
    }
    if (const std::size_t time = find_fast(line.substr(0, slow), kTime);
        time != std::string_view::npos) {
        const char* const quote = past_spaces(line.data() + time + kTime.size(), end);
        const auto from = static_cast<std::size_t>(quote - line.data());
        out.time_ms = parse_log_time(line.substr(std::min(from + 1, line.size()), 29));
    }
    out.figures.is_more = attributes.command.starts_with(R"({"getMore")") ||
                          attributes.command.starts_with(R"({ "getMore")");
    out.command = out.figures.is_more ? attributes.originating : attributes.command;
    out.skeleton =
        out.figures.is_more ? attributes.originating_skeleton : attributes.command_skeleton;
    out.kind = attributes.truncated  ? LineKind::Truncated
               : out.command.empty() ? LineKind::Other
                                     : LineKind::Operation;
    return out;
}

}  // namespace plumb::capture
