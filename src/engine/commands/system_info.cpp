// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/system_info.h"

#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <fstream>
#include <string_view>

namespace plumb::commands {

namespace {

std::int64_t microseconds(const timeval& time) {
    return std::int64_t{time.tv_sec} * 1'000'000 + time.tv_usec;
}

std::string pretty_name() {
    constexpr std::string_view kPrefix = "PRETTY_NAME=\"";
    std::ifstream file{"/etc/os-release"};
    std::string line;
    while (std::getline(file, line)) {
        if (line.starts_with(kPrefix) && line.ends_with('"')) {
            return line.substr(kPrefix.size(), line.size() - kPrefix.size() - 1);
        }
    }
    return "Linux";
}

}  // namespace

ProcessMemory process_memory() {
    std::ifstream file{"/proc/self/statm"};
    std::int64_t pages = 0;
    std::int64_t resident = 0;
    if (!(file >> pages >> resident)) {
        return {};
    }
    const std::int64_t page_bytes = ::sysconf(_SC_PAGESIZE);
    return {resident * page_bytes, pages * page_bytes};
}

ProcessUsage process_usage() {
    rusage usage{};
    if (::getrusage(RUSAGE_SELF, &usage) != 0) {
        return {};
    }
    return {.user_us = microseconds(usage.ru_utime),
            .system_us = microseconds(usage.ru_stime),
            .resident_max_kb = usage.ru_maxrss,
            .input_blocks = usage.ru_inblock,
            .output_blocks = usage.ru_oublock,
            .page_reclaims = usage.ru_minflt,
            .page_faults = usage.ru_majflt,
            .switches_voluntary = usage.ru_nvcsw,
            .switches_involuntary = usage.ru_nivcsw};
}

Machine machine() {
    Machine out;
    utsname names{};
    if (::uname(&names) == 0) {
        out.kernel = names.release;
        out.architecture = names.machine;
    }
    out.system = pretty_name();
    out.page_bytes = ::sysconf(_SC_PAGESIZE);
    out.memory_bytes = ::sysconf(_SC_PHYS_PAGES) * out.page_bytes;
    out.cores = static_cast<std::int32_t>(::sysconf(_SC_NPROCESSORS_ONLN));
    return out;
}

}  // namespace plumb::commands
