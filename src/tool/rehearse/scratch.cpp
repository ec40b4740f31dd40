// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/rehearse/scratch.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <csignal>
#include <fstream>
#include <string>

namespace plumb::rehearse {
namespace {

constexpr std::string_view kPrefix = "rehearsal-";

// The process that made this folder; 0 if the name is none of ours.
int maker_of(const std::filesystem::path& folder) {
    const std::string name = folder.filename().string();
    int process_id = 0;
    if (!name.starts_with(kPrefix)) {
        return 0;
    }
    const char* const end = name.data() + name.size();
    const auto [at, error] = std::from_chars(name.data() + kPrefix.size(), end, process_id);
    return error == std::errc{} && at == end ? process_id : 0;
}

void remove_left_behind(const std::filesystem::path& parent) {
    std::error_code failed;
    for (const auto& entry : std::filesystem::directory_iterator{parent, failed}) {
        const int process_id = maker_of(entry.path());
        if (process_id > 0 && ::kill(process_id, 0) != 0 && errno == ESRCH) {
            std::filesystem::remove_all(entry.path(), failed);
        }
    }
}

}  // namespace

Result<std::unique_ptr<Scratch>> Scratch::start(const std::filesystem::path& parent, Keep keep) {
    remove_left_behind(parent);
    auto scratch = std::make_unique<Scratch>();
    scratch->folder_ = parent / fmt::format("{}{}", kPrefix, ::getpid());
    scratch->keep_ = keep == Keep::Yes;
    std::error_code failed;
    std::filesystem::remove_all(scratch->folder_, failed);
    PLUMB_CHECK(scratch->open());
    return scratch;
}

Status Scratch::open() {
    client::EmbeddedOptions options;
    options.data_directory = folder_ / "data";
    PLUMB_TRY(server, client::EmbeddedServer::start(options));
    server_ = std::move(server);
    PLUMB_TRY(connected, connect());
    client_ = std::move(connected);
    return {};
}

Scratch::~Scratch() {
    client_.reset();
    server_.reset();
    if (!keep_ && !folder_.empty()) {
        std::error_code failed;
        std::filesystem::remove_all(folder_, failed);
    }
}

Result<std::unique_ptr<client::Client>> Scratch::connect() const {
    client::ConnectOptions options;
    options.url = server_->url();
    return client::Client::connect(options);
}

Status Scratch::restart() {
    client_.reset();
    server_.reset();
    return open();
}

std::int64_t Scratch::peak_memory_bytes() const {
    std::ifstream file{fmt::format("/proc/{}/status", server_->process_id())};
    constexpr std::string_view kField = "VmHWM:";
    for (std::string line; std::getline(file, line);) {
        if (!line.starts_with(kField)) {
            continue;
        }
        const auto digits = line.find_first_of("0123456789");
        std::int64_t kilobytes = 0;
        if (digits != std::string::npos) {
            std::from_chars(line.data() + digits, line.data() + line.size(), kilobytes);
        }
        return kilobytes * 1024;
    }
    return 0;
}

void Scratch::reset_peak() const {
    // "5" sets the peak to what is resident now: proc(5).
    std::ofstream file{fmt::format("/proc/{}/clear_refs", server_->process_id())};
    file << "5";
}

}  // namespace plumb::rehearse
