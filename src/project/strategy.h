// SPDX-License-Identifier: GPL-3.0-or-later
// strategy.yaml: the indexes an application wants, each with purpose, priority and promise.
//
//   indexes:
//     - collection: users
//       key: {email: 1}
//       unique: true
//       priority: 1
//       purpose: log-in
//       serves: [Q2]
//       promise: {what: log-in, before_ms: [100, 500], after_ms: [1, 5], factor: [50, 100]}
//   ignore: [users.debug_*]      # indexes that verify does not report as extra; * is any text
//
// Threads  value types.
#pragma once

#include "base/result.h"
#include "project/index_definition.h"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace plumb::project {

struct Range {
    double low = 0;
    double high = 0;
};

// What an index was expected to bring; to be measured, not believed.
struct Promise {
    std::string what;
    std::optional<Range> before_ms;
    std::optional<Range> after_ms;
    std::optional<Range> factor;
};

struct StrategyIndex {
    std::string collection;
    IndexDefinition index;
    int priority = 1;
    std::string owner;
    std::vector<std::string> serves;  // query ids of the workload
    std::optional<Promise> promise;
};

struct Strategy {
    std::string file;
    std::string title;
    std::vector<StrategyIndex> indexes;  // in the order of the file
    std::vector<std::string> ignore;     // "collection.name" patterns

    // True if a pattern of `ignore` fits "collection.index_name".
    [[nodiscard]] bool ignores(std::string_view collection, std::string_view index_name) const;
};

// errors  IoError; ProjectFileInvalid with the position, also for two indexes of one name
[[nodiscard]] Result<Strategy> load_strategy(const std::filesystem::path& file);
[[nodiscard]] Result<Strategy> read_strategy(const YamlNode& root);

// True if `text` fits `pattern`, in which * stands for any text.
[[nodiscard]] bool fits_pattern(std::string_view text, std::string_view pattern);

}  // namespace plumb::project
