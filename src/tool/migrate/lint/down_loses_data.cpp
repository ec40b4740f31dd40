// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/migrate/lint/checks_internal.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace plumb::migrate::lint {
namespace {

// The first key of a command that takes data away.
bool destroys(bson::View command) {
    static constexpr std::array<std::string_view, 5> kNames{
        "delete", "drop", "dropDatabase", "findAndModify", "update"};
    return !command.empty() &&
           std::find(kNames.begin(), kNames.end(), command.front().name) != kNames.end();
}

// What the way back of an operation loses; nothing if it loses nothing.
struct Loss {
    std::string operator()(const project::CreateCollection& /*body*/) const {
        return "takes the collection away, with what was written into it";
    }
    std::string operator()(const project::AddField& body) const {
        return fmt::format("unsets {}, also where the application wrote it",
                           body.fields.front().field);
    }
    std::string operator()(const project::Transform& /*body*/) const {
        return "puts back the old documents' values, over what was written since";
    }
    std::string operator()(const project::RunCommand& body) const {
        return destroys(body.down)
                   ? fmt::format("runs {}, which takes data away", body.down.view().front().name)
                   : std::string{};
    }
    template <class Other>
    std::string operator()(const Other& /*body*/) const {
        return "";
    }
};

}  // namespace

FoundList check_down_loses_data(const Context& context) {
    std::vector<Found> out;
    for (const Step& step : context.steps) {
        std::string loss = std::visit(Loss{}, step.operation->body);
        if (!loss.empty()) {
            const std::string& collection = step.operation->collection;
            out.push_back({step.file,
                           step.operation->position,
                           collection,
                           "",
                           fmt::format("the way back of {} {}{}",
                                       step.operation->kind,
                                       collection.empty() ? "" : "on " + collection + " ",
                                       loss)});
        }
    }
    return out;
}

}  // namespace plumb::migrate::lint
