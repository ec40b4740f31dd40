// SPDX-License-Identifier: GPL-3.0-or-later
// `plumb advise --write`: the advised set as the project's next migration.
//
// Threads  one thread.
#pragma once

#include "cli/context.h"
#include "tool/advise/advice.h"

#include <string>

namespace CLI {
class App;
}

namespace plumb::cli {

struct WriteOptions {
    bool write = false;
    bool drops = false;
    std::string name = "advised_indexes";
};

void add_write_options(CLI::App& command, WriteOptions& options);

// Writes migrations/NNN_NAME.yaml, if there is anything to do and no file of the project says the
// same already.
//   errors  UsageError for a bad name; IoError; ProjectNotFound
[[nodiscard]] Status write_advised(Context& context,
                                   const WriteOptions& options,
                                   const advise::Advice& advice);

}  // namespace plumb::cli
