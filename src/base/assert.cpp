// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/assert.h"

#include <cstdio>
#include <cstdlib>

namespace plumb {

void assertion_failed(const char* condition, const char* file, int line) {
    std::fprintf(stderr, "plumbline: assertion failed: %s at %s:%d\n", condition, file, line);
    std::abort();
}

}  // namespace plumb
