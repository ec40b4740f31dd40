// SPDX-License-Identifier: GPL-3.0-or-later
// getParameter and setParameter: one table, a row a parameter.
#include "bson/number.h"
#include "engine/commands/command_functions.h"
#include "engine/commands/fields.h"
#include "engine/commands/generic_fields.h"
#include "engine/commands/service_state.h"
#include "engine/commands/session_registry.h"
#include "engine/exec/plan_cache.h"
#include "engine/exec/trial.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace plumb::commands {

namespace {

using Read = void (*)(const ServiceState& service, std::string_view name, bson::Builder& out);
using Write = Status (*)(ServiceState& service, bson::ValueView value);

struct ParameterRow {
    std::string_view name;
    Read read;
    Write write;  // null: cannot be changed
};

Result<std::int64_t> whole_number(bson::ValueView value, std::int64_t least) {
    const auto number = value.is_number() ? bson::to_exact_int64(value) : std::nullopt;
    if (!number || *number < least) {
        return fail(ErrorCode::BadValue,
                    fmt::format("expected a whole number of at least {}", least));
    }
    return *number;
}

void read_cursor_timeout(const ServiceState& service, std::string_view name, bson::Builder& out) {
    out.append(name, std::int64_t{service.cursors.idle_limit().count()});
}
Status write_cursor_timeout(ServiceState& service, bson::ValueView value) {
    PLUMB_TRY(limit, whole_number(value, 1));
    service.cursors.set_idle_limit(std::chrono::milliseconds{limit});
    return {};
}

void read_compatibility(const ServiceState&, std::string_view name, bson::Builder& out) {
    out.begin_document(name).append("version", "4.2").end();
}

void read_sort_bytes(const ServiceState&, std::string_view name, bson::Builder& out) {
    out.append(name, static_cast<std::int32_t>(kSortMemoryBytes));
}

void read_log_level(const ServiceState&, std::string_view name, bson::Builder& out) {
    out.append(name, 0);
}

void read_build_memory(const ServiceState& service, std::string_view name, bson::Builder& out) {
    out.append(name, static_cast<std::int32_t>(service.settings.index_build_megabytes.load()));
}
Status write_build_memory(ServiceState& service, bson::ValueView value) {
    PLUMB_TRY(megabytes, whole_number(value, 50));
    service.settings.index_build_megabytes = megabytes;
    return {};
}

void read_quiet(const ServiceState& service, std::string_view name, bson::Builder& out) {
    out.append(name, service.settings.quiet.load());
}
Status write_quiet(ServiceState& service, bson::ValueView value) {
    service.settings.quiet = bson::truthy(value);
    return {};
}

void read_ttl_enabled(const ServiceState& service, std::string_view name, bson::Builder& out) {
    out.append(name, service.settings.ttl_enabled.load());
}
Status write_ttl_enabled(ServiceState& service, bson::ValueView value) {
    service.settings.ttl_enabled = bson::truthy(value);
    return {};
}

void read_ttl_sleep(const ServiceState& service, std::string_view name, bson::Builder& out) {
    out.append(name, static_cast<std::int32_t>(service.settings.ttl_sleep_s.load()));
}
Status write_ttl_sleep(ServiceState& service, bson::ValueView value) {
    PLUMB_TRY(seconds, whole_number(value, 1));
    service.settings.ttl_sleep_s = seconds;
    return {};
}

void read_lifetime(const ServiceState& service, std::string_view name, bson::Builder& out) {
    out.append(name, static_cast<std::int32_t>(service.sessions->lifetime_limit().count()));
}
Status write_lifetime(ServiceState& service, bson::ValueView value) {
    PLUMB_TRY(seconds, whole_number(value, 1));
    service.sessions->set_lifetime_limit(std::chrono::seconds{seconds});
    return {};
}

// What is built in, and told because tools ask for it.
struct BuiltIn {
    std::string_view name;
    std::int32_t value;
};
constexpr auto kBuiltIns = std::to_array<BuiltIn>({
    {"clientCursorMonitorFrequencySecs", 4},
    {"internalQueryCacheSize", static_cast<std::int32_t>(exec::kPlanCacheEntriesMax)},
    {"internalQueryPlanEvaluationMaxResults", static_cast<std::int32_t>(exec::kTrialRowsMax)},
    {"internalQueryPlanEvaluationWorks", static_cast<std::int32_t>(exec::kTrialWorksMin)},
    {"journalCommitInterval", 100},
    {"localLogicalSessionTimeoutMinutes", 30},
});

void read_built_in(const ServiceState&, std::string_view name, bson::Builder& out) {
    for (const BuiltIn& each : kBuiltIns) {
        if (each.name == name) {
            out.append(name, each.value);
        }
    }
}

// clang-format off
constexpr auto kParameters = std::to_array<ParameterRow>({
    {"clientCursorMonitorFrequencySecs",      read_built_in,       nullptr},
    {"cursorTimeoutMillis",                    read_cursor_timeout, write_cursor_timeout},
    {"featureCompatibilityVersion",            read_compatibility,  nullptr},
    {"internalQueryCacheSize",                read_built_in,       nullptr},
    {"internalQueryExecMaxBlockingSortBytes",  read_sort_bytes,     nullptr},
    {"internalQueryPlanEvaluationMaxResults", read_built_in,       nullptr},
    {"internalQueryPlanEvaluationWorks",      read_built_in,       nullptr},
    {"journalCommitInterval",                 read_built_in,       nullptr},
    {"localLogicalSessionTimeoutMinutes",     read_built_in,       nullptr},
    {"logLevel",                               read_log_level,      nullptr},
    {"maxIndexBuildMemoryUsageMegabytes",      read_build_memory,   write_build_memory},
    {"quiet",                                  read_quiet,          write_quiet},
    {"transactionLifetimeLimitSeconds",        read_lifetime,       write_lifetime},
    {"ttlMonitorEnabled",                      read_ttl_enabled,    write_ttl_enabled},
    {"ttlMonitorSleepSecs",                    read_ttl_sleep,      write_ttl_sleep},
});
// clang-format on
static_assert(std::ranges::is_sorted(kParameters, {}, &ParameterRow::name));

const ParameterRow* find_parameter(std::string_view name) {
    const auto row = std::ranges::lower_bound(kParameters, name, {}, &ParameterRow::name);
    return row != kParameters.end() && row->name == name ? &*row : nullptr;
}

bool wants_all(bson::ValueView first) {
    if (first.type() == bson::Type::Document) {
        return bool_or(first.as_document(), "allParameters", false);
    }
    return first.type() == bson::Type::String && first.as_string() == "*";
}

}  // namespace

Status run_get_parameter(CommandContext& context, bson::Builder& reply) {
    const bool all = wants_all(context.command.front().value);
    bool any = false;
    for (const ParameterRow& row : kParameters) {
        if (all || context.command.has(row.name)) {
            row.read(context.service, row.name, reply);
            any = true;
        }
    }
    if (!any) {
        return fail(ErrorCode::InvalidOptions, "no option found to get");
    }
    return {};
}

Status run_set_parameter(CommandContext& context, bson::Builder& reply) {
    bool any = false;
    bson::Iterator at = context.command.begin();
    for (++at; at != std::default_sentinel; ++at) {
        if (is_generic_field(at->name)) {
            continue;
        }
        const ParameterRow* row = find_parameter(at->name);
        if (row == nullptr) {
            return fail(ErrorCode::InvalidOptions,
                        fmt::format("attempted to set unrecognized parameter [{}], use help:true "
                                    "to see options",
                                    at->name));
        }
        if (row->write == nullptr) {
            return fail(ErrorCode::IllegalOperation,
                        fmt::format("plumbd cannot change [{}] at runtime", at->name));
        }
        if (!any) {
            bson::Builder was;
            row->read(context.service, "was", was);
            reply.append_all(was.finish_view());
        }
        PLUMB_CHECK(row->write(context.service, at->value));
        any = true;
    }
    if (!any) {
        return fail(ErrorCode::InvalidOptions,
                    "no option found to set, use help:true to see options");
    }
    return {};
}

}  // namespace plumb::commands
