// SPDX-License-Identifier: GPL-3.0-or-later
// What Linux says about this machine and this process.
//
// Source   proc(5), getrusage(2), uname(2)
// Threads  from any thread.
#pragma once

#include <cstdint>
#include <string>

namespace plumb::commands {

struct ProcessMemory {
    std::int64_t resident_bytes = 0;
    std::int64_t virtual_bytes = 0;
};
// Zeros if /proc cannot be read.
[[nodiscard]] ProcessMemory process_memory();

struct ProcessUsage {
    std::int64_t user_us = 0;
    std::int64_t system_us = 0;
    std::int64_t resident_max_kb = 0;
    std::int64_t input_blocks = 0;
    std::int64_t output_blocks = 0;
    std::int64_t page_reclaims = 0;
    std::int64_t page_faults = 0;
    std::int64_t switches_voluntary = 0;
    std::int64_t switches_involuntary = 0;
};
[[nodiscard]] ProcessUsage process_usage();

struct Machine {
    std::string system;        // "Debian GNU/Linux 12 (bookworm)"
    std::string kernel;        // "6.1.0-18-amd64"
    std::string architecture;  // "x86_64"
    std::int64_t memory_bytes = 0;
    std::int32_t cores = 0;
    std::int64_t page_bytes = 0;
};
[[nodiscard]] Machine machine();

}  // namespace plumb::commands
