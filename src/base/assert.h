// SPDX-License-Identifier: GPL-3.0-or-later
// PLUMB_ASSERT: for what only our own mistake can break; on in release builds as well. Never for
// bytes from a socket, a file or a user: those give an Error.
#pragma once

namespace plumb {

// Prints the condition with its place to standard error and ends the process by SIGABRT.
[[noreturn]] void assertion_failed(const char* condition, const char* file, int line);

}  // namespace plumb

#define PLUMB_ASSERT(condition)                                        \
    do {                                                               \
        if (!(condition)) [[unlikely]] {                               \
            ::plumb::assertion_failed(#condition, __FILE__, __LINE__); \
        }                                                              \
    } while (false)
