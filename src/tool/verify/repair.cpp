// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/verify/repair.h"

#include "bson/builder.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace plumb::verify {
namespace {

using project::IndexChange;

const project::IndexDefinition* declared_index(const project::Strategy& strategy,
                                               const std::string& collection,
                                               const std::string& name) {
    const auto found = std::find_if(
        strategy.indexes.begin(), strategy.indexes.end(), [&](const project::StrategyIndex& each) {
            return each.collection == collection && each.index.name == name;
        });
    return found == strategy.indexes.end() ? nullptr : &found->index;
}

bool differs_only_in(const Line& line, std::string_view field) {
    return line.differences.size() == 1 && line.differences.front().field == field;
}

bson::Document ttl_setting(const std::string& name, std::int64_t seconds) {
    bson::Builder out;
    out.begin_document("index");
    out.append("name", name);
    out.append("expireAfterSeconds", seconds);
    out.end();
    return out.finish();
}

// What collMod can do in place; nothing where the index has to be built anew.
std::optional<IndexChange> change_in_place(const std::string& collection,
                                           const Line& line,
                                           const project::IndexDefinition& wanted) {
    if (differs_only_in(line, "hidden")) {
        IndexChange change{collection, project::UnhideIndex{line.name}, line.detail};
        if (wanted.hidden) {
            change.what = project::HideIndex{line.name};
        }
        return change;
    }
    // collMod changes the seconds of an index that expires already; it makes none expire.
    const bool expires = differs_only_in(line, "expire_after") &&
                         line.differences.front().found != "-" && wanted.expire_after.has_value();
    if (expires) {
        return IndexChange{collection,
                           project::SetOptions{ttl_setting(line.name, *wanted.expire_after)},
                           line.detail};
    }
    return {};
}

std::string inconsistency_advice(const std::string& collection, const Line& line) {
    return fmt::format(
        "{}.{} is not the same everywhere ({}). Build it on that member alone, taken out of the "
        "set (plumb migrate plan --rolling lists the steps), or drop and create it again through "
        "the primary or mongos",
        collection,
        line.name,
        line.detail);
}

std::string extra_advice(const std::string& collection, const Line& line) {
    return fmt::format(
        "{0}.{1} is not in the strategy and is left alone: declare it, ignore it (ignore: "
        "[{0}.{1}]), or drop it in a migration of yours",
        collection,
        line.name);
}

class Repairer {
  public:
    explicit Repairer(const project::Strategy& strategy) : strategy_(strategy) {}

    void collection(const CollectionReport& report) {
        project::CreateIndexes missing;
        for (const Line& line : report.lines) {
            const project::IndexDefinition* wanted =
                declared_index(strategy_, report.name, line.declared);
            if (wanted != nullptr && line.mark == Mark::Missing) {
                missing.indexes.push_back(*wanted);
            } else if (wanted != nullptr && line.mark == Mark::Different) {
                different(report.name, line, *wanted);
            } else {
                by_hand(report.name, line);
            }
        }
        if (!missing.indexes.empty()) {
            out_.changes.push_back({report.name, std::move(missing), "missing"});
        }
    }

    Repair take() { return std::move(out_); }

  private:
    void different(const std::string& collection,
                   const Line& line,
                   const project::IndexDefinition& wanted) {
        if (auto in_place = change_in_place(collection, line, wanted)) {
            out_.changes.push_back(*std::move(in_place));
            return;
        }
        project::CreateIndexes create;
        create.indexes.push_back(wanted);
        create.on_conflict = project::OnConflict::Replace;
        out_.changes.push_back({collection,
                                std::move(create),
                                fmt::format("replaces {}: {}", line.name, line.detail)});
    }

    void by_hand(const std::string& collection, const Line& line) {
        if (line.mark == Mark::Extra) {
            out_.by_hand.push_back(extra_advice(collection, line));
        } else if (line.mark == Mark::Inconsistent) {
            out_.by_hand.push_back(inconsistency_advice(collection, line));
        } else if (line.mark == Mark::Building) {
            out_.by_hand.push_back(
                fmt::format("{}.{} is being built: verify again later", collection, line.name));
        } else if (line.mark == Mark::Invalid) {
            out_.by_hand.push_back(
                fmt::format("{}.{} is broken: drop it and create it again", collection, line.name));
        }
    }

    const project::Strategy& strategy_;
    Repair out_;
};

}  // namespace

Repair repair_of(const project::Strategy& strategy, const Report& report) {
    Repairer repairer{strategy};
    for (const CollectionReport& collection : report.collections) {
        repairer.collection(collection);
    }
    return repairer.take();
}

}  // namespace plumb::verify
