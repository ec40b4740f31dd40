// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/migrate/rolling/shell_command.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <thread>

namespace plumb::migrate {
namespace {

constexpr std::chrono::milliseconds kLookEvery{20};

Result<pid_t> spawn(const std::string& command) {
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t none;
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(&attributes,
                             static_cast<short>(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP));
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&files, STDERR_FILENO, STDOUT_FILENO);
    std::string shell = "/bin/sh";
    std::string option = "-c";
    std::string text = command;
    const std::array<char*, 4> arguments{shell.data(), option.data(), text.data(), nullptr};
    pid_t child = -1;
    const int failed =
        posix_spawn(&child, shell.c_str(), &files, &attributes, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attributes);
    if (failed != 0) {
        return fail(ErrorCode::IoError,
                    fmt::format("cannot run `{}`: {}", command, std::strerror(failed)));
    }
    return child;
}

}  // namespace

Status run_shell(const std::string& command, std::chrono::seconds limit, const Clock& clock) {
    PLUMB_TRY(child, spawn(command));
    const auto until = clock.monotonic() + limit;
    int status = 0;
    for (;;) {
        const pid_t ended = waitpid(child, &status, WNOHANG);
        if (ended == child) {
            break;
        }
        if (ended < 0 && errno != EINTR) {
            return fail(ErrorCode::IoError, fmt::format("lost `{}`", command));
        }
        if (clock.monotonic() > until) {
            kill(-child, SIGKILL);
            waitpid(child, &status, 0);
            return fail(ErrorCode::OperationFailed,
                        fmt::format("`{}` had not ended after {} s", command, limit.count()));
        }
        std::this_thread::sleep_for(kLookEvery);
    }
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
        return {};
    }
    const std::string how = WIFEXITED(status) ? fmt::format("code {}", WEXITSTATUS(status))
                                              : fmt::format("signal {}", WTERMSIG(status));
    return fail(ErrorCode::OperationFailed, fmt::format("`{}` ended with {}", command, how));
}

}  // namespace plumb::migrate
