// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/mongosh.h"

#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

extern char** environ;  // POSIX asks for this declaration

namespace plumb::cli {
namespace {

constexpr std::string_view kSchemeEnd = "://";
constexpr int kSignalExit = 128;

struct UrlParts {
    std::string_view scheme;  // "mongodb://"
    std::string_view user;    // without the password
    std::string_view hosts;
    std::string_view database;
    std::string_view options;
};

UrlParts split_url(std::string_view url) {
    UrlParts out;
    const auto scheme = url.find(kSchemeEnd);
    if (scheme == std::string_view::npos) {
        out.hosts = url;
        return out;
    }
    out.scheme = url.substr(0, scheme + kSchemeEnd.size());
    std::string_view rest = url.substr(out.scheme.size());
    if (const auto at = rest.substr(0, rest.find('?')).rfind('@'); at != std::string_view::npos) {
        out.user = rest.substr(0, std::min(at, rest.find(':')));
        rest.remove_prefix(at + 1);
    }
    if (const auto question = rest.find('?'); question != std::string_view::npos) {
        out.options = rest.substr(question + 1);
        rest = rest.substr(0, question);
    }
    const auto slash = rest.find('/');
    out.hosts = rest.substr(0, slash);
    out.database = slash == std::string_view::npos ? std::string_view{} : rest.substr(slash + 1);
    return out;
}

// The terminal's foreground group, given to the child and taken back: Ctrl-C is mongosh's then.
class Foreground {
  public:
    explicit Foreground(pid_t group) {
        if (isatty(STDIN_FILENO) == 0) {
            return;
        }
        // Taking the terminal back is a background process's write: it would stop us.
        previous_ = std::signal(SIGTTOU, SIG_IGN);
        taken_ = tcsetpgrp(STDIN_FILENO, group) == 0;
        kill(-group, SIGCONT);  // if it asked for the terminal before it had it
    }
    Foreground(const Foreground&) = delete;
    Foreground& operator=(const Foreground&) = delete;
    ~Foreground() {
        if (taken_) {
            tcsetpgrp(STDIN_FILENO, getpgrp());
            std::signal(SIGTTOU, previous_);
        }
    }

  private:
    bool taken_ = false;
    void (*previous_)(int) = SIG_DFL;
};

// Its own group only where there is a terminal to share; no signals blocked.
Result<pid_t> spawn(const std::string& url) {
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t none;
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&attributes, &none);
    const bool own_group = isatty(STDIN_FILENO) != 0;
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(
        &attributes,
        static_cast<short>(POSIX_SPAWN_SETSIGMASK | (own_group ? POSIX_SPAWN_SETPGROUP : 0)));
    std::string name = "mongosh";
    std::string argument = url;
    const std::array<char*, 3> arguments{name.data(), argument.data(), nullptr};
    pid_t child = -1;
    const int failed =
        posix_spawnp(&child, name.c_str(), nullptr, &attributes, arguments.data(), environ);
    posix_spawnattr_destroy(&attributes);
    if (failed == ENOENT) {
        return fail(ErrorCode::UsageError,
                    "mongosh is not on the PATH; install it (npm install -g mongosh), or connect "
                    "with any other client: plumb shell says where");
    }
    if (failed != 0) {
        return fail(ErrorCode::IoError,
                    fmt::format("cannot start mongosh: {}", std::strerror(failed)));
    }
    return child;
}

}  // namespace

std::string mongosh_url(std::string_view url, std::string_view database) {
    const UrlParts parts = split_url(url);
    std::string out{parts.scheme};
    if (!parts.user.empty()) {
        out.append(parts.user).append("@");
    }
    out.append(parts.hosts).append("/").append(database);
    std::string options{parts.options};
    // Whoever logs in does so at the url's database unless told otherwise.
    if (!parts.user.empty() && options.find("authSource=") == std::string::npos) {
        options.append(options.empty() ? "" : "&")
            .append("authSource=")
            .append(parts.database.empty() ? "admin" : parts.database);
    }
    if (!options.empty()) {
        out.append("?").append(options);
    }
    return out;
}

Result<int> run_mongosh(const std::string& url) {
    PLUMB_TRY(child, spawn(url));
    const Foreground foreground(child);
    int status = 0;
    while (waitpid(child, &status, 0) < 0) {
        if (errno != EINTR) {
            return fail(ErrorCode::IoError, fmt::format("lost mongosh: {}", std::strerror(errno)));
        }
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : kSignalExit + WTERMSIG(status);
}

}  // namespace plumb::cli
