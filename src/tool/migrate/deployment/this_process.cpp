// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/object_id.h"
#include "tool/migrate/deployment/deployment.h"

#include <unistd.h>

#include <array>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace plumb::migrate {
namespace {

std::string first_line(const std::filesystem::path& path) {
    std::ifstream in{path};
    std::string line;
    std::getline(in, line);
    return line;
}

std::string machine_identity() {
    std::error_code ignored;
    const auto names = std::filesystem::read_symlink("/proc/self/ns/pid", ignored);
    return first_line("/proc/sys/kernel/random/boot_id") + " " + names.string();
}

// Field 22 of /proc/PID/stat; the name in field 2 may hold spaces, so counting starts after it.
std::int64_t start_of(std::int64_t process_id) {
    std::string stat = first_line("/proc/" + std::to_string(process_id) + "/stat");
    const auto after_name = stat.rfind(')');
    if (after_name == std::string::npos) {
        return 0;
    }
    std::istringstream fields{stat.substr(after_name + 1)};
    std::string skipped;
    for (int field = 3; field < 22; ++field) {
        fields >> skipped;
    }
    std::int64_t start = 0;
    fields >> start;
    return start;
}

}  // namespace

Runner describe_this_process() {
    std::array<char, 256> host{};
    gethostname(host.data(), host.size() - 1);
    return {.host = host.data(),
            .machine = machine_identity(),
            .process_id = getpid(),
            .process_start = start_of(getpid()),
            .run = bson::generate_object_id().to_hex()};
}

bool is_known_dead(const Runner& runner) {
    if (runner.process_id <= 0 || runner.machine != machine_identity()) {
        return false;
    }
    if (::kill(static_cast<pid_t>(runner.process_id), 0) != 0 && errno == ESRCH) {
        return true;
    }
    const std::int64_t start = start_of(runner.process_id);
    return start != 0 && start != runner.process_start;
}

}  // namespace plumb::migrate
