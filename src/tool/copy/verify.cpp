// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/copy/verify.h"

#include "bson/compare.h"
#include "tool/copy/id_range.h"

#include <fmt/format.h>

namespace plumb::copy {
namespace {

Result<Contents> contents_of(const Job& job,
                             client::Client& client,
                             const Range& range,
                             std::int64_t expected) {
    Contents out;
    const std::string label = fmt::format("{}: verifying", range.collection);
    PLUMB_CHECK(read_range(client, range, job.interrupt, [&](bson::View document) -> Status {
        out.add(document);
        job.progress(label, out.documents, expected);
        return {};
    }));
    return out;
}

bool same_options(const Definition& a, const Definition& b) {
    for (const bson::Element option : a.options) {
        // Servers round the size of a capped collection up.
        if (option.name != "size" &&
            bson::compare(option.value, b.options.find(option.name)) != 0) {
            return false;
        }
    }
    return true;
}

Result<std::string> schema_difference(const Job& job, const Definition& definition) {
    PLUMB_TRY(wanted, job.source.list_indexes(job.source_database, definition.name));
    PLUMB_TRY(there, job.target.list_indexes(job.target_database, definition.name));
    std::string difference = index_difference(wanted, there);
    if (!difference.empty()) {
        return difference;
    }
    PLUMB_TRY(definitions, read_definitions(job.target, job.target_database));
    for (const Definition& each : definitions) {
        if (each.name == definition.name) {
            return same_options(definition, each) ? std::string{} : "its options differ";
        }
    }
    return std::string{"it is not there"};
}

}  // namespace

Status verify_collection(const Job& job, const Definition& definition, Line& line) {
    if (line.source.documents == 0) {
        PLUMB_TRY(source,
                  contents_of(job,
                              job.source,
                              {job.source_database, definition.name, {}, definition.capped},
                              line.copied + line.continued));
        line.source = source;
    }
    PLUMB_TRY(target,
              contents_of(job,
                          job.target,
                          {job.target_database, definition.name, {}, definition.capped},
                          line.source.documents));
    line.target = target;
    PLUMB_TRY(difference, schema_difference(job, definition));
    if (!(line.source == line.target)) {
        difference =
            line.source.documents == line.target.documents
                ? std::string{"the contents differ"}
                : fmt::format("{} documents, not {}", line.target.documents, line.source.documents);
    }
    line.equal = difference.empty();
    line.difference = std::move(difference);
    return {};
}

}  // namespace plumb::copy
