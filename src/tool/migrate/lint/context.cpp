// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/migrate/lint/context.h"

#include "tool/migrate/index/index_plan.h"

#include <algorithm>
#include <map>
#include <set>

namespace plumb::migrate::lint {
namespace {

using Indexes = std::vector<project::IndexDefinition>;

// The database as the steps so far leave it.
class Play {
  public:
    explicit Play(DatabaseFacts* facts) : facts_(facts) {}

    Result<Indexes*> indexes(const std::string& collection) {
        auto found = indexes_.find(collection);
        if (found == indexes_.end()) {
            Indexes now;
            if (facts_ != nullptr) {
                PLUMB_TRY(there, facts_->indexes(collection));
                now = *there;
            }
            found = indexes_.emplace(collection, std::move(now)).first;
        }
        return &found->second;
    }

    bool is_new(const std::string& collection) const { return new_.contains(collection); }

    Status play(const project::Operation& operation) {
        PLUMB_TRY(now, indexes(operation.collection));
        if (const auto* create = std::get_if<project::CreateIndexes>(&operation.body)) {
            for (const IndexStep& step : plan_indexes(create->indexes, *now)) {
                if (step.what == IndexStep::What::Create) {
                    now->push_back(step.wanted);
                }
            }
        } else if (const auto* drop = std::get_if<project::DropIndexes>(&operation.body)) {
            for (const std::string& name : drop->names) {
                std::erase_if(*now, [&name](const auto& each) { return each.name == name; });
            }
        } else if (std::holds_alternative<project::DropCollection>(operation.body)) {
            now->clear();
            new_.erase(operation.collection);
        } else if (std::holds_alternative<project::CreateCollection>(operation.body)) {
            new_.insert(operation.collection);
        } else if (const auto* rename = std::get_if<project::RenameCollection>(&operation.body)) {
            Indexes moved = std::move(*now);
            now->clear();
            indexes_[rename->to] = std::move(moved);
            new_.insert(rename->to);
        }
        return {};
    }

  private:
    DatabaseFacts* facts_;
    std::map<std::string, Indexes> indexes_;
    std::set<std::string> new_;
};

}  // namespace

Found found_at(const Step& step, const project::IndexDefinition& index, std::string text) {
    return {step.file,
            index.position.value_or(step.operation->position),
            step.operation->collection,
            index.name,
            std::move(text)};
}

Status play_steps(Context& context) {
    Play play{context.facts};
    for (const project::MigrationFile* file : context.files) {
        for (const project::Operation& operation : file->up) {
            // run and native name no collection.
            if (operation.collection.empty()) {
                context.steps.push_back({file, &operation, {}, false});
                continue;
            }
            PLUMB_TRY(now, play.indexes(operation.collection));
            context.steps.push_back({file, &operation, *now, play.is_new(operation.collection)});
            PLUMB_CHECK(play.play(operation));
        }
    }
    return {};
}

std::vector<project::IndexDefinition> new_indexes(const Step& step) {
    const auto* create = std::get_if<project::CreateIndexes>(&step.operation->body);
    if (create == nullptr) {
        return {};
    }
    std::vector<project::IndexDefinition> out;
    for (const IndexStep& each : plan_indexes(create->indexes, step.before)) {
        if (each.what != IndexStep::What::Exists) {
            out.push_back(each.wanted);
        }
    }
    return out;
}

}  // namespace plumb::migrate::lint
