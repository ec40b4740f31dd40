// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/capture/line_scan_internal.h"
#include "tool/capture/log_line_internal.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace plumb::capture {
namespace {

std::int64_t whole_number(std::string_view text) {
    std::int64_t out = 0;
    std::from_chars(text.data(), text.data() + text.size(), out);
    return out;
}

using Figure = std::int64_t CallFigures::*;

struct Row {
    std::string_view name;
    Figure figure;
};

// clang-format off
constexpr auto kRows = std::to_array<Row>({
    {"docsExamined", &CallFigures::docs_examined},
    {"keysExamined", &CallFigures::keys_examined},
    {"nMatched",     &CallFigures::returned},
    {"ndeleted",     &CallFigures::returned},
    {"ninserted",    &CallFigures::returned},
    {"nreturned",    &CallFigures::returned},
    {"reslen",       &CallFigures::reply_bytes},
});
// clang-format on
static_assert(std::ranges::is_sorted(kRows, {}, &Row::name));

// What is left of a line, taken word by word.
class Rest {
  public:
    explicit Rest(std::string_view text) : text_(text) {}

    [[nodiscard]] std::string_view word() {
        skip_spaces();
        const std::size_t end = std::min(text_.find(' '), text_.size());
        const std::string_view out = text_.substr(0, end);
        text_.remove_prefix(end);
        return out;
    }
    // True, and past it, if the rest begins with `prefix`.
    [[nodiscard]] bool take(std::string_view prefix) {
        skip_spaces();
        if (!text_.starts_with(prefix)) {
            return false;
        }
        text_.remove_prefix(prefix.size());
        return true;
    }
    // A value in braces; empty if the line ends within it.
    [[nodiscard]] std::string_view value(Skeleton* skeleton) {
        skip_spaces();
        const char* const end = scan_value(text_.data(), text_.data() + text_.size(), skeleton);
        const std::string_view out =
            end == nullptr ? std::string_view{}
                           : text_.substr(0, static_cast<std::size_t>(end - text_.data()));
        text_.remove_prefix(out.size());
        return out;
    }
    // Everything up to `stop`, which stays; all of it if there is none.
    [[nodiscard]] std::string_view until(std::string_view stop) {
        skip_spaces();
        const std::size_t end = std::min(text_.find(stop), text_.size());
        const std::string_view out = text_.substr(0, end);
        text_.remove_prefix(end);
        return out;
    }
    [[nodiscard]] std::string_view left() const { return text_; }

  private:
    void skip_spaces() {
        text_.remove_prefix(std::min(text_.find_first_not_of(' '), text_.size()));
    }
    std::string_view text_;
};

bool is_operation(std::string_view word) {
    constexpr auto kWords = std::to_array<std::string_view>(
        {"command", "getmore", "insert", "query", "remove", "update"});
    return std::ranges::binary_search(kWords, word);
}

bool is_component(std::string_view word) {
    return word == "COMMAND" || word == "WRITE" || word == "QUERY";
}

// `keysExamined:0 docsExamined:4 … locks:{ … } 12ms`
void read_figures(Rest& rest, CallFigures& out) {
    for (std::string_view word = rest.word(); !word.empty(); word = rest.word()) {
        const std::size_t colon = word.find(':');
        if (colon == std::string_view::npos) {
            if (word.ends_with("ms")) {
                out.ms = whole_number(word);
            }
            continue;
        }
        const std::string_view name = word.substr(0, colon);
        if (name == "hasSortStage") {
            out.sorted_in_memory = true;
            continue;
        }
        if (name == "locks" || name == "storage") {
            break;  // the last figures; only protocol and duration follow
        }
        const auto row = std::ranges::lower_bound(kRows, name, {}, &Row::name);
        if (row != kRows.end() && row->name == name) {
            out.*row->figure = whole_number(word.substr(colon + 1));
        }
    }
    const std::string_view left = rest.left();
    if (const std::size_t space = left.rfind(' ');
        space != std::string_view::npos && left.ends_with("ms")) {
        out.ms = whole_number(left.substr(space + 1));
    }
}

LineKind read_operation(Rest& rest, LogLine& out) {
    if (rest.take("appName:")) {
        const std::string_view quoted = rest.value(nullptr);
        if (quoted.size() < 2) {
            return LineKind::Malformed;
        }
        out.app_name = quoted.substr(1, quoted.size() - 2);
    }
    if (!rest.take("command: ")) {
        return LineKind::Other;  // "insert shop.orders ninserted:1 …" of old servers
    }
    if (!rest.left().starts_with('{')) {
        out.figures.is_more = rest.word() == "getMore";
    }
    Skeleton skeleton;
    out.command = rest.value(&skeleton);
    if (out.command.empty()) {
        return LineKind::Truncated;
    }
    out.skeleton = skeleton.value();
    if (rest.take("originatingCommand: ")) {
        Skeleton originating;
        out.command = rest.value(&originating);
        out.skeleton = originating.value();
        if (out.command.empty()) {
            return LineKind::Truncated;
        }
    } else if (out.figures.is_more) {
        return LineKind::Other;
    }
    if (rest.take("planSummary: ")) {
        // It may name indexes, so that it has spaces of its own.
        out.figures.plan_summary = rest.until(" keysExamined:");
    }
    read_figures(rest, out.figures);
    return LineKind::Operation;
}

}  // namespace

LogLine read_text_line(std::string_view line) {
    LogLine out;
    Rest rest{line};
    const std::string_view time = rest.word();
    const std::string_view severity = rest.word();
    const std::string_view component = rest.word();
    if (severity.size() != 1 && !severity.starts_with('D')) {
        out.kind = LineKind::Malformed;
        return out;
    }
    if (!is_component(component)) {
        return out;
    }
    static_cast<void>(rest.word());  // [conn7]
    const std::string_view operation = rest.word();
    if (!is_operation(operation)) {
        return out;
    }
    out.ns = rest.word();
    out.time_ms = parse_log_time(time);
    out.kind = read_operation(rest, out);
    return out;
}

}  // namespace plumb::capture
