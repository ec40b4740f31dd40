// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/console.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace plumb::cli {
namespace {

constexpr std::chrono::milliseconds kRedrawEvery{100};
constexpr std::chrono::seconds kLineEvery{5};
constexpr int kBarCells = 24;

std::string_view escape_of(Colour colour) {
    switch (colour) {
        case Colour::Plain:
            return "";
        case Colour::Bold:
            return "\x1b[1m";
        case Colour::Dim:
            return "\x1b[2m";
        case Colour::Red:
            return "\x1b[31m";
        case Colour::Green:
            return "\x1b[32m";
        case Colour::Yellow:
            return "\x1b[33m";
    }
    return "";
}

std::string bar(std::int64_t done, std::int64_t total) {
    if (total <= 0) {
        return "";
    }
    const auto filled =
        static_cast<int>(std::clamp<std::int64_t>(done, 0, total) * kBarCells / total);
    std::string out = "[";
    for (int cell = 0; cell < kBarCells; ++cell) {
        out += cell < filled ? "█" : "·";
    }
    return out + "] ";
}

void write(std::FILE* stream, std::string_view text) {
    std::fwrite(text.data(), 1, text.size(), stream);
    std::fflush(stream);
}

}  // namespace

void Console::configure(const ConsoleOptions& options) {
    quiet_ = options.quiet;
    out_is_terminal_ = isatty(STDOUT_FILENO) == 1;
    err_is_terminal_ = isatty(STDERR_FILENO) == 1;
    colours_ = options.colours_allowed && out_is_terminal_;
}

void Console::out(std::string_view line) {
    raw(fmt::format("{}\n", line));
}

void Console::raw(std::string_view text) {
    const std::lock_guard lock{mutex_};
    wipe_locked();
    write(stdout, text);
}

void Console::err(std::string_view line) {
    const std::lock_guard lock{mutex_};
    wipe_locked();
    write(stderr, fmt::format("{}\n", line));
}

void Console::note(std::string_view line) {
    if (!quiet_) {
        err(line);
    }
}

std::string Console::coloured(Colour colour, std::string_view text) const {
    if (!colours_ || colour == Colour::Plain) {
        return std::string{text};
    }
    return fmt::format("{}{}\x1b[0m", escape_of(colour), text);
}

void Console::progress(std::string_view label, std::int64_t done, std::int64_t total) {
    if (quiet_) {
        return;
    }
    const std::lock_guard lock{mutex_};
    const std::chrono::nanoseconds now = clock_.monotonic();
    if (label != label_) {
        wipe_locked();
        label_ = label;
        first_done_ = done;
        started_ = now;
        shown_ = err_is_terminal_ ? now - kRedrawEvery : now;
    }
    const std::chrono::nanoseconds every =
        err_is_terminal_ ? std::chrono::nanoseconds{kRedrawEvery} : kLineEvery;
    if (now - shown_ < every) {
        return;
    }
    shown_ = now;
    const double seconds = std::chrono::duration<double>(now - started_).count();
    const double rate = seconds > 0 ? static_cast<double>(done - first_done_) / seconds : 0;
    const std::string line = progress_line(label, done, total, rate);
    if (err_is_terminal_) {
        write(stderr, fmt::format("\r\x1b[2K{}{}", bar(done, total), line));
        bar_shown_ = true;
    } else {
        write(stderr, line + "\n");
    }
}

void Console::progress_done() {
    const std::lock_guard lock{mutex_};
    wipe_locked();
    label_.clear();
}

void Console::wipe_locked() {
    if (bar_shown_) {
        write(stderr, "\r\x1b[2K");
        bar_shown_ = false;
    }
}

}  // namespace plumb::cli
