// SPDX-License-Identifier: GPL-3.0-or-later
// The corpus and some ten thousand mutations of it, without libFuzzer: the same run each time.
//
//   plumb_fuzz_replay CORPUS_FOLDER TARGET|all [MUTATIONS [SEED]]
//
// An input that fails is written to ./failed-TARGET before the process ends.
#include "mutate.h"
#include "target.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace {

using plumb::fuzz::Target;

constexpr unsigned kSecondsAnInput = 10;
constexpr std::size_t kMutations = 20000;

// What the signal handler may look at.
struct Running {
    const char* bytes = nullptr;
    std::size_t size = 0;
    char file[64] = "failed-";
};
Running
    g_running;  // NOLINT(cppcoreguidelines-avoid-non-const-global-variables): for a signal handler

void write_failed(int signal) {
    const int file = open(g_running.file, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (file >= 0) {
        static_cast<void>(!write(file, g_running.bytes, g_running.size));
        close(file);
    }
    const char text[] = "failed; the input is in ./failed-TARGET\n";
    static_cast<void>(!write(STDERR_FILENO, text, sizeof text - 1));
    std::signal(signal, SIG_DFL);
    std::raise(signal);
}

void run_one(const Target& target, const std::string& input) {
    g_running.bytes = input.data();
    g_running.size = input.size();
    alarm(kSecondsAnInput);
    target.run(input);
    alarm(0);
}

std::vector<std::string> read_corpus(const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> files;
    std::error_code failed;
    for (const auto& entry : std::filesystem::directory_iterator(folder, failed)) {
        files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    std::vector<std::string> out;
    for (const auto& file : files) {
        std::ifstream in(file, std::ios::binary);
        out.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
    }
    return out;
}

bool replay(const Target& target,
            const std::filesystem::path& corpus,
            std::size_t mutations,
            std::uint64_t seed) {
    const std::vector<std::string> inputs = read_corpus(corpus / target.name);
    if (inputs.empty()) {
        std::fprintf(stderr, "no corpus for %s\n", std::string(target.name).c_str());
        return false;
    }
    const std::string file = "failed-" + std::string(target.name);
    std::memcpy(g_running.file, file.c_str(), std::min(file.size() + 1, sizeof g_running.file));
    for (const std::string& input : inputs) {
        run_one(target, input);
    }
    plumb::fuzz::Mutator mutator(seed);
    for (std::size_t i = 0; i < mutations; ++i) {
        run_one(target, mutator.mutate(inputs));
    }
    std::printf("%-12s %zu inputs, %zu mutations, seed %llu\n",
                std::string(target.name).c_str(),
                inputs.size(),
                mutations,
                static_cast<unsigned long long>(seed));
    return true;
}

template <typename Number>
Number number_or(const std::vector<std::string_view>& arguments,
                 std::size_t index,
                 Number fallback) {
    if (index < arguments.size()) {
        const std::string_view text = arguments[index];
        std::from_chars(text.data(), text.data() + text.size(), fallback);
    }
    return fallback;
}

}  // namespace

int main(int argc, char** argv) {
    const std::vector<std::string_view> arguments(argv + 1, argv + argc);
    if (arguments.size() < 2) {
        std::fputs("plumb_fuzz_replay CORPUS_FOLDER TARGET|all [MUTATIONS [SEED]]\n", stderr);
        return 2;
    }
    for (const int signal : {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGALRM}) {
        std::signal(signal, write_failed);
    }
    const auto mutations = number_or(arguments, 2, kMutations);
    const auto seed = number_or(arguments, 3, std::uint64_t{1});
    std::setvbuf(stdout, nullptr, _IOLBF, 0);
    bool good = true;
    bool found = false;
    for (const Target& target : plumb::fuzz::targets()) {
        const bool wanted =
            arguments[1] == "all" ? target.name != "canary" : target.name == arguments[1];
        if (wanted) {
            found = true;
            good = replay(target, arguments[0], mutations, seed) && good;
        }
    }
    return good && found ? 0 : 1;
}
