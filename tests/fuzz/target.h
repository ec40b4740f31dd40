// SPDX-License-Identifier: GPL-3.0-or-later
// One parser of bytes from outside, as a fuzzer sees it: whatever the bytes, it gives a result or
// an Error. It fails by crashing, by a sanitizer's report, or by an oracle of its own (require).
//
//   const Target* target = find_target("json");
//   target->run(bytes);
//
// Threads  pure functions.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <span>
#include <string_view>

namespace plumb::fuzz {

struct Target {
    std::string_view name;  // also its folder under corpus/
    void (*run)(std::string_view bytes);
    std::string_view about;
};

// All targets by name. The last words of a failing one go to stderr.
[[nodiscard]] std::span<const Target> targets();
// Null for a name that is none.
[[nodiscard]] const Target* find_target(std::string_view name);

// An oracle: says what does not hold, and ends the process as a crash does.
inline void require(bool holds, const char* what) {
    if (!holds) {
        std::fprintf(stderr, "does not hold: %s\n", what);
        std::abort();
    }
}

void run_bson(std::string_view bytes);
void run_canary(std::string_view bytes);
void run_filter(std::string_view bytes);
void run_index_key(std::string_view bytes);
void run_json(std::string_view bytes);
void run_log_line(std::string_view bytes);
void run_message(std::string_view bytes);
void run_pipeline(std::string_view bytes);
void run_projection(std::string_view bytes);
void run_scram(std::string_view bytes);
void run_update(std::string_view bytes);
void run_yaml(std::string_view bytes);

}  // namespace plumb::fuzz
