// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/query/stages/pipeline_shape.h"

#include "engine/query/stages/limit.h"
#include "engine/query/stages/lookup.h"
#include "engine/query/stages/sort.h"
#include "engine/query/stages/unwind.h"

#include <set>
#include <string>

namespace plumb::query {

namespace {

// How many documents are wanted of the stage before `at`: of $skip and $limit, their sum.
std::optional<std::int64_t> wanted_by(const std::vector<std::unique_ptr<Stage>>& stages,
                                      std::size_t at) {
    std::int64_t skipped = 0;
    for (; at < stages.size(); ++at) {
        if (const auto* skip = dynamic_cast<const SkipStage*>(stages[at].get())) {
            if (__builtin_add_overflow(skipped, skip->skip(), &skipped)) {
                return std::nullopt;
            }
            continue;
        }
        const auto* limit = dynamic_cast<const LimitStage*>(stages[at].get());
        std::int64_t wanted = 0;
        if (limit == nullptr || __builtin_add_overflow(skipped, limit->limit(), &wanted)) {
            return std::nullopt;
        }
        return wanted;
    }
    return std::nullopt;
}

// The top-level fields that the stages from `at` on read; nothing if it may be the whole document.
std::optional<std::vector<std::string>> read_behind(
    const std::vector<std::unique_ptr<Stage>>& stages, std::size_t at) {
    Dependencies dependencies;
    bool made_new = false;
    for (; at < stages.size() && !made_new; ++at) {
        made_new = stages[at]->add_dependencies(dependencies);
    }
    if (!made_new || dependencies.whole) {
        return std::nullopt;
    }
    std::set<std::string> names;
    for (const std::string& path : dependencies.paths) {
        names.insert(path.substr(0, path.find('.')));
    }
    return std::vector<std::string>{names.begin(), names.end()};
}

}  // namespace

void shape_pipeline(std::vector<std::unique_ptr<Stage>>& stages) {
    for (std::size_t at = 0; at < stages.size(); ++at) {
        if (auto* sort = dynamic_cast<SortStage*>(stages[at].get())) {
            if (const auto limit = wanted_by(stages, at + 1)) {
                sort->set_limit(*limit);
            }
        }
        auto* lookup = dynamic_cast<LookupStage*>(stages[at].get());
        const auto* unwind = at + 1 < stages.size()
                                 ? dynamic_cast<const UnwindStage*>(stages[at + 1].get())
                                 : nullptr;
        if (lookup != nullptr && unwind != nullptr && lookup->absorb(unwind->spec())) {
            stages.erase(stages.begin() + static_cast<std::ptrdiff_t>(at) + 1);
        }
        if (auto* unwinding = dynamic_cast<UnwindStage*>(stages[at].get())) {
            if (auto fields = read_behind(stages, at + 1)) {
                unwinding->show_only(std::move(*fields));
            }
        }
    }
}

}  // namespace plumb::query
