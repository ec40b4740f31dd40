// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/migrate/deployment/collection_state.h"

#include "bson/builder.h"
#include "tool/migrate/deployment/command_parts.h"

namespace plumb::migrate {

Result<std::optional<bson::Document>> collection_options(const Deployment& deployment,
                                                         std::string_view name) {
    PLUMB_TRY(collections, deployment.client.list_collections(deployment.database));
    for (const bson::Document& each : collections) {
        if (text_in(each, "name") == name) {
            return std::optional<bson::Document>{bson::Document{document_in(each, "options")}};
        }
    }
    return std::optional<bson::Document>{};
}

Problem collection_problem(std::string code, const std::string& collection, std::string text) {
    Problem out;
    out.code = std::move(code);
    out.collection = collection;
    out.text = std::move(text);
    return out;
}

bson::Document rename_command(const Deployment& deployment,
                              const std::string& from,
                              const std::string& to) {
    bson::Builder out;
    out.append("renameCollection", deployment.database + "." + from);
    out.append("to", deployment.database + "." + to);
    return out.finish();
}

Status rename_collection(const Deployment& deployment,
                         const std::string& from,
                         const std::string& to) {
    PLUMB_CHECK(deployment.client.command("admin", rename_command(deployment, from, to))
                    .context("renaming " + from + " to " + to));
    return {};
}

}  // namespace plumb::migrate
