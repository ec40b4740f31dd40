// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/watch/notify.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstring>

namespace plumb::watch {
namespace {

constexpr int kPollMs = 10;

// What a program reads as its input. A file in memory: a pipe could end us with SIGPIPE.
Result<int> input_file(const std::string& input) {
    const int file = ::memfd_create("alert", MFD_CLOEXEC);
    if (file < 0 ||
        ::pwrite(file, input.data(), input.size(), 0) != static_cast<ssize_t>(input.size())) {
        if (file >= 0) {
            ::close(file);
        }
        return fail(ErrorCode::IoError, "no room for what a hook is to read");
    }
    return file;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> out;
    for (std::string& text : texts) {
        out.push_back(text.data());
    }
    out.push_back(nullptr);
    return out;
}

// Ours with `added` in place of variables of the same names.
std::vector<std::string> environment_with(const std::vector<std::string>& added) {
    std::vector<std::string> out = added;
    for (char** each = environ; *each != nullptr; ++each) {
        const std::string_view variable{*each};
        const std::string_view name = variable.substr(0, variable.find('=') + 1);
        if (std::none_of(added.begin(), added.end(), [name](const std::string& mine) {
                return mine.starts_with(name);
            })) {
            out.emplace_back(variable);
        }
    }
    // BSON texts may hold a NUL, an environment cannot.
    for (std::string& variable : out) {
        std::replace(variable.begin(), variable.end(), '\0', ' ');
    }
    return out;
}

Result<pid_t> spawn(std::vector<std::string> command,
                    std::vector<std::string> environment,
                    int input) {
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_adddup2(&files, input, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&files, STDERR_FILENO, STDOUT_FILENO);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    // Its own group, to end it with its children; our blocked signals are not its.
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
    posix_spawnattr_setpgroup(&attributes, 0);
    sigset_t none;
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&attributes, &none);
    pid_t child = -1;
    const int failed = ::posix_spawnp(&child,
                                      command.front().c_str(),
                                      &files,
                                      &attributes,
                                      pointers(command).data(),
                                      pointers(environment).data());
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
    if (failed != 0) {
        return fail(ErrorCode::IoError,
                    fmt::format("--on-alert {}: {}", command.front(), std::strerror(failed)));
    }
    return child;
}

}  // namespace

Status run_hook(const std::vector<std::string>& command,
                const std::vector<std::string>& environment,
                const std::string& input,
                std::chrono::milliseconds limit) {
    PLUMB_TRY(file, input_file(input));
    const auto child = spawn(command, environment_with(environment), file);
    ::close(file);
    if (!child.ok()) {
        return child.error();
    }
    int status = 0;
    for (std::int64_t waited = 0; ::waitpid(*child, &status, WNOHANG) == 0; waited += kPollMs) {
        if (waited >= limit.count()) {
            ::kill(-*child, SIGKILL);
            ::waitpid(*child, &status, 0);
            return fail(ErrorCode::IoError,
                        fmt::format("--on-alert {}: ended after {} s, its limit",
                                    command.front(),
                                    limit.count() / 1000));
        }
        ::poll(nullptr, 0, kPollMs);
    }
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        return fail(ErrorCode::IoError,
                    fmt::format("--on-alert {}: ended with {}",
                                command.front(),
                                WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status)));
    }
    return {};
}

}  // namespace plumb::watch
