// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/view_catalog.h"

#include "bson/builder.h"
#include "engine/commands/namespace_name.h"
#include "engine/exec/write.h"

#include <fmt/format.h>

namespace plumb::commands {

namespace {

std::string views_namespace(std::string_view ns) {
    return fmt::format("{}.system.views", database_of(ns));
}

bson::Document id_filter(std::string_view ns) {
    bson::Builder filter;
    filter.append("_id", ns);
    return filter.finish();
}

}  // namespace

Status record_view(CommandContext& context, std::string_view ns, bson::View options) {
    bson::Builder definition;
    definition.append("_id", ns);
    definition.append("viewOn", options.find("viewOn"));
    definition.append("pipeline", options.find("pipeline"));
    const bson::Document document = definition.finish();
    // Not an update: a replacement may not have the stages' dollar names, an insert may.
    PLUMB_CHECK(forget_view(context, ns));
    exec::InsertRequest request;
    request.ns = views_namespace(ns);
    request.documents = {document.view()};
    PLUMB_TRY(outcome, exec::insert_documents(context.operation, request));
    return outcome.error ? Status{*outcome.error} : Status{};
}

Status forget_view(CommandContext& context, std::string_view ns) {
    exec::DeleteRequest request;
    request.ns = views_namespace(ns);
    request.filter = id_filter(ns);
    request.only_one = true;
    PLUMB_CHECK(exec::delete_documents(context.operation, request));
    return {};
}

}  // namespace plumb::commands
