// SPDX-License-Identifier: GPL-3.0-or-later
// Small improvements of a parsed pipeline that change no result: $sort learns of a $limit behind
// it, $lookup takes over the $unwind of its own output, $unwind writes only what is read behind it.
#pragma once

#include "engine/query/stage.h"

#include <memory>
#include <vector>

namespace plumb::query {

void shape_pipeline(std::vector<std::unique_ptr<Stage>>& stages);

}  // namespace plumb::query
