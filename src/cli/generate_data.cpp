// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/generate_data.h"

#include "tool/generate/data_fill.h"
#include "tool/workload/day.h"

#include <fmt/format.h>

#include <system_error>

namespace plumb::cli {
namespace {

std::string day_of_now(Context& context) {
    return workload::day_of_ms(context.clock().now().count());
}

}  // namespace

Result<std::optional<generate::FillSummary>> generate_data(Context& context,
                                                           const std::string& database,
                                                           const DataOptions& options) {
    using Filled = std::optional<generate::FillSummary>;
    auto project = context.project();
    if (!project.ok()) {
        if (project.error().code() == ErrorCode::ProjectNotFound) {
            return Filled{};
        }
        return std::move(project).error();
    }
    const std::filesystem::path file = (*project)->directory / "data.yaml";
    std::error_code unreadable;
    if (!std::filesystem::exists(file, unreadable)) {
        return Filled{};
    }
    PLUMB_TRY(data, generate::load_data_file(file));
    const std::string written = data.today.empty() ? day_of_now(context) : data.today;
    const std::string today = options.today.value_or(written);
    const auto day = generate::parse_day(today);
    if (!day) {
        return fail(ErrorCode::UsageError,
                    fmt::format("--today: \"{}\" is no day YYYY-MM-DD", today));
    }
    generate::DataSize size;
    size.scale = options.scale.value_or(data.scale);
    size.seed = options.seed ? static_cast<std::uint64_t>(*options.seed) : data.seed;
    size.today = *day;
    PLUMB_TRY(client, context.client());
    Console& console = context.console();
    auto filled = generate::fill_data({data, size, database, options.drop},
                                      *client,
                                      context.interrupt(),
                                      [&console](std::int64_t done, std::int64_t total) {
                                          console.progress("generating", done, total);
                                      });
    console.progress_done();
    PLUMB_CHECK(filled);
    return Filled{*std::move(filled)};
}

}  // namespace plumb::cli
