// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/signals.h"

#include <pthread.h>
#include <unistd.h>

#include <csignal>

namespace plumb::cli {
namespace {

constexpr int kSignalsUntilExit = 3;

sigset_t stopping_signals() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGHUP);
    return set;
}

}  // namespace

InterruptOnSignals::InterruptOnSignals(Interrupt& interrupt) {
    const sigset_t set = stopping_signals();
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    thread_ = std::thread{[this, &interrupt, set] {
        int taken = 0;
        for (;;) {
            int number = 0;
            sigwait(&set, &number);
            if (stop_.load()) {
                return;
            }
            interrupt.kill(ErrorCode::Interrupted);
            if (++taken == kSignalsUntilExit) {
                _exit(128 + number);
            }
        }
    }};
}

InterruptOnSignals::~InterruptOnSignals() {
    stop_.store(true);
    pthread_kill(thread_.native_handle(), SIGHUP);
    thread_.join();
}

}  // namespace plumb::cli
