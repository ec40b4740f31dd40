// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/query/update_internal.h"

#include <fmt/format.h>

#include <algorithm>

namespace plumb::query {
namespace {

using bson::Element;
using bson::Type;
using bson::ValueView;
using bson::View;

// One operator at one concrete path.
struct Job {
    const UpdateLeaf* leaf;
    UpdateSteps steps;
};

ValueView child_of(ValueView value, std::string_view step) {
    if (value.type() == Type::Document) {
        return value.as_document().find(step);
    }
    const std::int64_t position = value.type() == Type::Array ? array_position(step) : -1;
    return position < 0 ? ValueView{} : value.as_array().at(static_cast<std::size_t>(position));
}

// Turns a path with positional parts into the concrete paths it means in a document. All are found
// before anything is changed, so that array filters see the document as it was.
class Expansion {
  public:
    Expansion(const UpdateOperators& operators, const ApplyInput& input, std::vector<Job>& jobs)
        : operators_(operators), input_(input), jobs_(jobs) {}

    [[nodiscard]] Status expand(const UpdateLeaf& leaf, View document) {
        if (!leaf.path.is_dynamic()) {
            jobs_.push_back({&leaf, leaf.steps});
            return {};
        }
        leaf_ = &leaf;
        steps_.clear();
        return descend(0, document.as_value());
    }

  private:
    Status descend(std::size_t depth, ValueView value) {
        if (depth == leaf_->path.steps.size()) {
            jobs_.push_back({leaf_, steps_});
            return {};
        }
        const UpdateStep& step = leaf_->path.steps[depth];
        switch (step.kind) {
            case StepKind::Field:
                return take(depth, step.text, child_of(value, step.text));
            case StepKind::Matched: {
                if (!input_.position) {
                    return fail(ErrorCode::BadValue,
                                "the positional operator did not find the match needed from the "
                                "query");
                }
                const std::string position = std::to_string(*input_.position);
                return take(depth, position, child_of(value, position));
            }
            case StepKind::Every:
            case StepKind::Filtered:
                return descend_elements(depth, value);
        }
        return {};
    }

    Status take(std::size_t depth, std::string_view step, ValueView value) {
        steps_.emplace_back(step);
        PLUMB_CHECK(descend(depth + 1, value));
        steps_.pop_back();
        return {};
    }

    Status descend_elements(std::size_t depth, ValueView value) {
        if (value.type() != Type::Array) {
            return fail(
                ErrorCode::BadValue,
                fmt::format("the path '{}' must exist and be an array to apply array updates",
                            fmt::join(steps_, ".")));
        }
        const UpdateStep& step = leaf_->path.steps[depth];
        Status status;
        std::size_t index = 0;
        for (const Element& element : value.as_array()) {
            const bool wanted = step.kind == StepKind::Every ||
                                operators_.filters[step.filter].matches(element.value);
            if (wanted && status.ok()) {
                status = take(depth, std::to_string(index), element.value);
            }
            ++index;
        }
        return status;
    }

    const UpdateOperators& operators_;
    const ApplyInput& input_;
    std::vector<Job>& jobs_;
    const UpdateLeaf* leaf_ = nullptr;
    UpdateSteps steps_;
};

Status check_runtime_conflicts(const std::vector<Job>& jobs) {
    for (std::size_t i = 0; i + 1 < jobs.size(); ++i) {
        const UpdateSteps& a = jobs[i].steps;
        const UpdateSteps& b = jobs[i + 1].steps;
        if (a.size() <= b.size() && std::equal(a.begin(), a.end(), b.begin())) {
            return fail(ErrorCode::ConflictingUpdateOperators,
                        fmt::format("update created a conflict at '{}'", fmt::join(a, ".")));
        }
    }
    return {};
}

Result<std::vector<Job>> plan_jobs(const UpdateOperators& operators,
                                   View document,
                                   const ApplyInput& input) {
    std::vector<Job> jobs;
    Expansion expansion{operators, input, jobs};
    for (const UpdateLeaf& leaf : operators.leaves) {
        if (leaf.modifier->on_insert_only() && input.to != ApplyTo::NewByUpsert) {
            continue;
        }
        PLUMB_CHECK(expansion.expand(leaf, document));
    }
    if (operators.is_dynamic) {
        std::stable_sort(
            jobs.begin(), jobs.end(), [](const Job& a, const Job& b) { return a.steps < b.steps; });
        PLUMB_CHECK(check_runtime_conflicts(jobs));
    }
    return jobs;
}

Status apply_rename(const Job& job, UpdateTree& tree) {
    const UpdateSteps& source = job.leaf->source;
    UpdatePlace from = tree.locate(source);
    if (from.blocked) {
        return path_not_viable(from);
    }
    if (!from.exists()) {
        return {};
    }
    if (tree.passes_array(source)) {
        return fail(ErrorCode::BadValue,
                    fmt::format("the source field of $rename cannot be an array element: '{}'",
                                fmt::join(source, ".")));
    }
    if (tree.passes_array(job.steps)) {
        return fail(ErrorCode::BadValue,
                    fmt::format("the destination field of $rename cannot be an array element: '{}'",
                                fmt::join(job.steps, ".")));
    }
    const ValueView value = tree.value_at(from);
    UpdatePlace target = tree.locate(job.steps);
    PLUMB_CHECK(tree.set(target, value));
    tree.remove(tree.locate(source));
    return {};
}

Status apply_job(const Job& job, UpdateTree& tree, Arena& arena) {
    const Modifier& modifier = *job.leaf->modifier;
    if (!job.leaf->source.empty()) {
        return apply_rename(job, tree);
    }
    UpdatePlace place = tree.locate(job.steps);
    if (place.blocked) {
        return modifier.ignores_blocked_path() ? Status{} : Status{path_not_viable(place)};
    }
    if (!place.exists() && !modifier.creates()) {
        return {};
    }
    PLUMB_TRY(change, modifier.change({tree.value_at(place), arena}));
    switch (change.kind) {
        case Change::Kind::None:
            return {};
        case Change::Kind::Remove:
            tree.remove(place);
            return {};
        case Change::Kind::Set:
            break;
    }
    if (modifier.sets_user_value()) {
        PLUMB_CHECK(check_storable(change.value, static_cast<int>(job.steps.size())));
    }
    return tree.set(place, change.value);
}

}  // namespace

Result<bson::Document> apply_operators(const UpdateOperators& operators,
                                       View document,
                                       const ApplyInput& input) {
    PLUMB_TRY(jobs, plan_jobs(operators, document, input));
    Arena arena;
    UpdateTree tree{document, arena};
    for (const Job& job : jobs) {
        PLUMB_CHECK(apply_job(job, tree, arena));
    }
    return tree.finish();
}

}  // namespace plumb::query
