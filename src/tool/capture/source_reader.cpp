// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/capture/source_reader.h"

#include "tool/capture/source_calls_internal.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>
#include <system_error>

namespace plumb::capture {
namespace {

// Larger files are generated or bundled: nobody wrote their queries.
constexpr std::uintmax_t kSourceBytesMax = 4U << 20U;

bool is_skipped(const std::filesystem::path& folder) {
    constexpr auto kNames = std::to_array<std::string_view>(
        {"__pycache__", "build", "dist", "node_modules", "site-packages", "venv"});
    const std::string name = folder.filename().string();
    return (name.size() > 1 && name.front() == '.' && name != "..") ||
           std::ranges::binary_search(kNames, name);
}

bool is_source(const std::filesystem::path& file) {
    constexpr auto kEndings =
        std::to_array<std::string_view>({".cjs", ".js", ".jsx", ".mjs", ".py", ".ts", ".tsx"});
    return std::ranges::binary_search(kEndings, file.extension().string());
}

Status read_file(const std::filesystem::path& file,
                 const std::string& name,
                 const std::string& database,
                 ShapeTable& table,
                 SourceSummary& summary) {
    std::ifstream in{file};
    std::ostringstream text;
    text << in.rdbuf();
    if (!in) {
        return fail(ErrorCode::IoError, fmt::format("{}: cannot be read", file.string()));
    }
    read_source_text(text.str(), name, database, table, summary);
    return {};
}

Result<std::vector<std::filesystem::path>> source_files(const std::filesystem::path& folder) {
    std::error_code problem;
    std::vector<std::filesystem::path> out;
    if (std::filesystem::is_regular_file(folder, problem)) {
        out.push_back(folder);
        return out;
    }
    std::filesystem::recursive_directory_iterator at{folder, problem};
    while (!problem && at != std::filesystem::end(at)) {
        if (at->is_directory(problem) && is_skipped(at->path())) {
            at.disable_recursion_pending();
        } else if (at->is_regular_file(problem) && is_source(at->path()) &&
                   at->file_size(problem) <= kSourceBytesMax) {
            out.push_back(at->path());
        }
        at.increment(problem);
    }
    if (problem) {
        return fail(ErrorCode::IoError, fmt::format("{}: {}", folder.string(), problem.message()));
    }
    std::ranges::sort(out);
    return out;
}

}  // namespace

void read_source_text(std::string_view text,
                      const std::string& name,
                      const std::string& database,
                      ShapeTable& table,
                      SourceSummary& summary) {
    const Language language = name.ends_with(".py") ? Language::Python : Language::JavaScript;
    ++summary.files;
    for (const SourceCall& call : find_calls(tokenize(text, language), language)) {
        const std::string place = fmt::format("{}:{}", name, call.line);
        if (call.commands.empty()) {
            summary.unresolved.push_back(place);
            continue;
        }
        ++summary.calls;
        for (const bson::Document& command : call.commands) {
            for (Shape& shape : shapes_of(database, command)) {
                const std::size_t index = table.index_of(std::move(shape));
                table.record(index, {});
                table.at(index).places.push_back(place);
            }
        }
    }
}

Result<SourceSummary> read_source(const std::filesystem::path& folder,
                                  const std::string& database,
                                  ShapeTable& table) {
    PLUMB_TRY(files, source_files(folder));
    SourceSummary summary;
    for (const std::filesystem::path& file : files) {
        PLUMB_CHECK(read_file(file, file.lexically_normal().string(), database, table, summary));
    }
    return summary;
}

}  // namespace plumb::capture
