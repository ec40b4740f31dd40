// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/migrate/index/unique_convert.h"

#include "bson/builder.h"
#include "tool/migrate/index/database_facts.h"
#include "tool/migrate/index/precheck.h"

#include <fmt/format.h>

namespace plumb::migrate {
namespace {

bson::Document change_index(const std::string& collection,
                            const std::string& index_name,
                            std::string_view option,
                            bool value) {
    bson::Builder out;
    out.append("collMod", collection);
    out.begin_document("index");
    out.append("name", index_name);
    out.append(option, value);
    out.end();
    return out.finish();
}

Status send(const Deployment& deployment, const bson::Document& command) {
    PLUMB_CHECK(deployment.client.command(deployment.database, command));
    return {};
}

}  // namespace

bool differs_in_unique_only(const IndexStep& step) {
    return step.what == IndexStep::What::Conflict && step.wanted.unique &&
           step.differences.size() == 1 && step.differences.front().field == "unique";
}

Result<bool> can_convert_to_unique(const Deployment& deployment, const IndexStep& step) {
    if (!differs_in_unique_only(step)) {
        return false;
    }
    DatabaseFacts facts{deployment};
    PLUMB_TRY(version, facts.version());
    return version.at_least(6, 0);
}

std::vector<bson::Document> convert_commands(const std::string& collection,
                                             const std::string& index_name) {
    return {change_index(collection, index_name, "prepareUnique", true),
            change_index(collection, index_name, "unique", true)};
}

Status convert_to_unique(const Deployment& deployment,
                         const std::string& collection,
                         const IndexStep& step) {
    const std::string& name = step.found_name;
    PLUMB_CHECK(send(deployment, change_index(collection, name, "prepareUnique", true)));
    const auto give_up = [&](Error error) -> Status {
        const Status back =
            send(deployment, change_index(collection, name, "prepareUnique", false));
        if (!back.ok()) {
            return std::move(error).context(fmt::format(
                "{}.{} still refuses duplicates: {}", collection, name, back.error().message()));
        }
        return error;
    };
    // From here on no new duplicate can come; what is found now is all there is.
    auto duplicates = find_duplicates(deployment, collection, step.wanted);
    if (!duplicates.ok()) {
        return give_up(std::move(duplicates).error());
    }
    if (!duplicates->empty()) {
        return give_up(fail(ErrorCode::DuplicateKey, duplicates->front().text));
    }
    if (Status made = send(deployment, change_index(collection, name, "unique", true));
        !made.ok()) {
        return give_up(made.error());
    }
    return {};
}

}  // namespace plumb::migrate
