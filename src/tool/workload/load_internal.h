// SPDX-License-Identifier: GPL-3.0-or-later
// The parts of reading workload.yaml that have a file each.
#pragma once

#include "tool/workload/workload.h"

#include <string_view>

namespace plumb::workload {

// errors  ProjectFileInvalid at the place that is wrong
[[nodiscard]] Result<Parameter> read_parameter(const std::string& name,
                                               const project::YamlNode& node);

// `query`: the one that the promise stands in; null for a promise about the whole workload.
[[nodiscard]] Result<Promise> read_promise(const project::YamlNode& node, const Query* query);

}  // namespace plumb::workload
