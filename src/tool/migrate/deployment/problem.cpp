// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/migrate/deployment/problem.h"

#include "bson/builder.h"

namespace plumb::migrate {

Status refuse(const std::vector<Problem>& problems) {
    if (problems.empty()) {
        return {};
    }
    std::string text = "refused before anything was built:";
    bson::Builder details;
    details.begin_array("problems");
    for (const Problem& each : problems) {
        text += "\n  " + each.text;
        details.push_document();
        details.append("code", each.code);
        details.append("collection", each.collection);
        details.append("index", each.index);
        details.append_all(each.details);
        details.end();
    }
    details.end();
    return fail(ErrorCode::RefusedForSafety, std::move(text))
        .with_details(details.finish().bytes());
}

}  // namespace plumb::migrate
