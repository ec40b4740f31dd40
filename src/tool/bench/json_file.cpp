// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/bench/json_file.h"

#include "bson/json.h"

#include <fmt/format.h>

#include <fstream>
#include <sstream>

namespace plumb::bench {

Status save_document(bson::View document, const std::filesystem::path& path) {
    std::error_code failed;
    std::filesystem::create_directories(path.parent_path(), failed);
    std::filesystem::path aside = path;
    aside += ".new";
    std::ofstream file{aside, std::ios::binary | std::ios::trunc};
    file << bson::to_json(document) << '\n';
    file.close();
    if (file) {
        std::filesystem::rename(aside, path, failed);
    }
    if (!file || failed) {
        return fail(ErrorCode::IoError, fmt::format("cannot write {}", path.string()));
    }
    return {};
}

Result<bson::Document> load_document(const std::filesystem::path& path) {
    std::ifstream file{path, std::ios::binary};
    if (!file) {
        return fail(ErrorCode::IoError, fmt::format("cannot read {}", path.string()));
    }
    std::ostringstream text;
    text << file.rdbuf();
    return bson::from_json(text.str()).context(path.string());
}

}  // namespace plumb::bench
