// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/embedded_server.h"

#include "bson/json.h"
#include "bson/number.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <fstream>
#include <optional>
#include <sstream>
#include <thread>
#include <vector>

namespace plumb::client {
namespace {

constexpr std::chrono::milliseconds kLookEvery{10};
// Recovery of a large journal after a crash takes time; a daemon that lives is waited for.
constexpr std::chrono::minutes kStartLimit{10};
constexpr std::chrono::seconds kStopLimit{60};
// How long the daemon of a killed runner may take to let go of the data directory.
constexpr std::chrono::seconds kDirectoryWait{10};
constexpr std::size_t kLastWordsBytes = 600;

struct Announcement {
    int process_id = 0;
    int port = 0;
};

std::string read_file(const std::filesystem::path& path) {
    std::ifstream in{path, std::ios::binary};
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

// What plumbd left in its data directory; nothing if it is not there or half written.
std::optional<Announcement> read_announcement(const std::filesystem::path& data) {
    const std::string text = read_file(data / "plumbd.json");
    if (text.empty()) {
        return {};
    }
    const auto document = bson::from_json(text);
    if (!document.ok()) {
        return {};
    }
    const bson::ValueView pid = document->find("pid");
    const bson::ValueView port = document->find("port");
    if (!pid.is_number() || !port.is_number()) {
        return {};
    }
    return Announcement{.process_id = static_cast<int>(bson::to_clamped_int64(pid)),
                        .port = static_cast<int>(bson::to_clamped_int64(port))};
}

// True if the process lives and is a plumbd, not something else that got its number since.
bool is_living_plumbd(int process_id) {
    if (process_id <= 0 || ::kill(process_id, 0) != 0) {
        return false;
    }
    const std::string name = read_file(fmt::format("/proc/{}/comm", process_id));
    return name.starts_with("plumbd");
}

bool accepts_connections(int port) {
    const int probe = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const bool accepted =
        ::connect(probe, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    ::close(probe);
    return accepted;
}

// A daemon that serves this directory. One that is shutting down is waited for, and is none then.
std::optional<Announcement> find_running(const std::filesystem::path& data) {
    const auto give_up = std::chrono::steady_clock::now() + kDirectoryWait;
    while (std::chrono::steady_clock::now() < give_up) {
        const auto announced = read_announcement(data);
        if (!announced.has_value() || !is_living_plumbd(announced->process_id)) {
            return {};
        }
        if (accepts_connections(announced->port)) {
            return announced;
        }
        std::this_thread::sleep_for(kLookEvery);
    }
    return {};
}

std::string url_of(const Announcement& announcement) {
    return fmt::format("mongodb://127.0.0.1:{}", announcement.port);
}

Result<std::filesystem::path> find_program(const std::filesystem::path& given) {
    std::error_code failed;
    std::filesystem::path program = given;
    if (program.empty()) {
        const auto self = std::filesystem::read_symlink("/proc/self/exe", failed);
        program = self.parent_path() / "plumbd";
    }
    if (failed || ::access(program.c_str(), X_OK) != 0) {
        return fail(ErrorCode::ServerStartFailed,
                    fmt::format("the embedded engine {} is not there; build it, or name a MongoDB "
                                "with --url or MONGO_URL",
                                program.string()));
    }
    return program;
}

// Runs in the child, between fork and exec: only calls that are safe there.
[[noreturn]] void become_daemon(const std::vector<char*>& arguments, int log, pid_t parent) {
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    // A group of its own: Ctrl-C at the terminal is for the command, which still needs its engine.
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent) {
        _exit(1);
    }
    const int nothing = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    dup2(nothing, STDIN_FILENO);
    dup2(log, STDOUT_FILENO);
    dup2(log, STDERR_FILENO);
    execv(arguments.front(), arguments.data());
    _exit(127);
}

Result<int> spawn(const std::filesystem::path& program, const EmbeddedOptions& options) {
    const std::filesystem::path log_file = options.data_directory / "plumbd.log";
    const int log = ::open(log_file.c_str(), O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0600);
    if (log < 0) {
        return fail(ErrorCode::IoError, fmt::format("cannot write {}", log_file.string()));
    }
    std::vector<std::string> words{program.string(),
                                   "--data",
                                   options.data_directory.string(),
                                   "--port",
                                   "0",
                                   "--cache-bytes",
                                   fmt::format("{}", options.cache_bytes)};
    std::vector<char*> arguments;
    arguments.reserve(words.size() + 1);
    for (std::string& word : words) {
        arguments.push_back(word.data());
    }
    arguments.push_back(nullptr);
    const pid_t parent = getpid();
    const pid_t child = ::fork();
    if (child == 0) {
        become_daemon(arguments, log, parent);
    }
    ::close(log);
    if (child < 0) {
        return fail(ErrorCode::ServerStartFailed, "cannot fork a process for plumbd");
    }
    return static_cast<int>(child);
}

std::string last_words(const std::filesystem::path& data) {
    std::string words = read_file(data / "plumbd.log");
    if (words.size() > kLastWordsBytes) {
        words.erase(0, words.size() - kLastWordsBytes);
    }
    while (!words.empty() && words.back() == '\n') {
        words.pop_back();
    }
    return words;
}

// Waits for the child's announcement, or its end.
Result<Announcement> await(int child, const std::filesystem::path& data) {
    const auto deadline = std::chrono::steady_clock::now() + kStartLimit;
    while (std::chrono::steady_clock::now() < deadline) {
        const auto announced = read_announcement(data);
        if (announced.has_value() && announced->process_id == child) {
            return *announced;
        }
        int status = 0;
        if (::waitpid(child, &status, WNOHANG) == child) {
            return fail(
                ErrorCode::ServerStartFailed,
                fmt::format("plumbd on {} ended at once: {}", data.string(), last_words(data)));
        }
        std::this_thread::sleep_for(kLookEvery);
    }
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    return fail(ErrorCode::ServerStartFailed,
                fmt::format("plumbd on {} did not begin to listen", data.string()));
}

void stop(int child) {
    ::kill(child, SIGTERM);
    const auto deadline = std::chrono::steady_clock::now() + kStopLimit;
    while (std::chrono::steady_clock::now() < deadline) {
        if (::waitpid(child, nullptr, WNOHANG) != 0) {
            return;
        }
        std::this_thread::sleep_for(kLookEvery);
    }
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
}

}  // namespace

Result<std::unique_ptr<EmbeddedServer>> EmbeddedServer::start(const EmbeddedOptions& options) {
    std::error_code failed;
    std::filesystem::create_directories(options.data_directory, failed);
    if (failed) {
        return fail(ErrorCode::UsageError,
                    fmt::format("cannot make {}: {}; name another folder for the data",
                                options.data_directory.string(),
                                failed.message()));
    }
    auto server = std::make_unique<EmbeddedServer>();
    if (const auto running = find_running(options.data_directory)) {
        server->process_id_ = running->process_id;
        server->url_ = url_of(*running);
        return server;
    }
    PLUMB_TRY(program, find_program(options.program));
    const auto give_up = std::chrono::steady_clock::now() + kDirectoryWait;
    for (;;) {
        PLUMB_TRY(child, spawn(program, options));
        auto announced = await(child, options.data_directory);
        if (announced.ok()) {
            server->process_id_ = child;
            server->started_here_ = true;
            server->url_ = url_of(*announced);
            return server;
        }
        const bool in_use = last_words(options.data_directory).find("in use") != std::string::npos;
        if (!in_use || std::chrono::steady_clock::now() > give_up) {
            return std::move(announced).error();
        }
        std::this_thread::sleep_for(kLookEvery * 10);
    }
}

EmbeddedServer::~EmbeddedServer() {
    if (started_here_) {
        stop(process_id_);
    }
}

}  // namespace plumb::client
