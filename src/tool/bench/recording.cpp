// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/bench/recording.h"

#include "bson/builder.h"
#include "bson/number.h"
#include "tool/bench/field_visitors_internal.h"
#include "tool/bench/json_file.h"
#include "tool/bench/recording_fields_internal.h"

#include <fmt/format.h>

#include <algorithm>

namespace plumb::bench {
namespace {

constexpr std::int32_t kSchema = 2;

}  // namespace

const Row* Recording::row(std::string_view id) const {
    const auto found =
        std::find_if(rows.begin(), rows.end(), [id](const Row& row) { return row.id == id; });
    return found == rows.end() ? nullptr : &*found;
}

const CollectionInfo* Recording::collection(std::string_view name) const {
    const auto found = std::find_if(collections.begin(),
                                    collections.end(),
                                    [name](const CollectionInfo& one) { return one.name == name; });
    return found == collections.end() ? nullptr : &*found;
}

bson::Document to_document(const Recording& recording) {
    bson::Builder out;
    out.append("schema", kSchema);
    out.append_all(written(recording));
    return out.finish();
}

bson::Document to_document(const Mixed& mixed) {
    return written(mixed);
}

Result<Recording> from_document(bson::View document) {
    const bson::ValueView schema = document.find("schema");
    if (!schema.is_number() || bson::to_double(schema) != kSchema) {
        return fail(ErrorCode::FailedToParse,
                    fmt::format("this is no recording of schema {}", kSchema));
    }
    Recording out;
    PLUMB_CHECK(read_fields(document, out));
    return out;
}

Status save(const Recording& recording, const std::filesystem::path& path) {
    return save_document(to_document(recording), path);
}

Result<Recording> load(const std::filesystem::path& path) {
    PLUMB_TRY(document, load_document(path));
    return from_document(document).context(path.string());
}

}  // namespace plumb::bench
