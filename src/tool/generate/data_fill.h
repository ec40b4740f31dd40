// SPDX-License-Identifier: GPL-3.0-or-later
// Writes what data.yaml describes into a database.
//
//   PLUMB_TRY(summary, fill_data(request, client, interrupt, on_progress));
//
// Memory   one batch of documents.
// Threads  one thread.
#pragma once

#include "base/interrupt.h"
#include "base/result.h"
#include "client/client.h"
#include "tool/generate/data_file.h"
#include "tool/generate/fill.h"

#include <string>

namespace plumb::generate {

struct DataRequest {
    const DataFile& data;
    DataSize size;
    std::string database;
    bool drop = false;  // drop these collections first, instead of refusing
};

// errors  RefusedForSafety if a collection holds documents and drop is false; Interrupted, saying
//         what was written; what the server says
[[nodiscard]] Result<FillSummary> fill_data(const DataRequest& request,
                                            client::Client& client,
                                            Interrupt& interrupt,
                                            const OnProgress& on_progress);

}  // namespace plumb::generate
