// SPDX-License-Identifier: GPL-3.0-or-later
// Both ends read again and compared.
//
// Threads  one thread.
#pragma once

#include "tool/copy/load.h"

namespace plumb::copy {

// Fills in what both ends hold, and whether that is the same: documents, indexes, options. The
// source is not read again where `line` has its contents from the copy.
[[nodiscard]] Status verify_collection(const Job& job, const Definition& definition, Line& line);

}  // namespace plumb::copy
