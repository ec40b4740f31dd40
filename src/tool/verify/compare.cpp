// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/verify/verify.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace plumb::verify {
namespace {

using project::IndexDefinition;
using project::Strategy;
using project::StrategyIndex;

// Compares one collection.
class CollectionComparison {
  public:
    CollectionComparison(const Strategy& strategy,
                         const std::string& collection,
                         const std::vector<IndexDefinition>& found,
                         const Options& options)
        : strategy_(strategy), found_(found), options_(options) {
        report_.name = collection;
        report_.indexes = static_cast<int>(found.size());
        for (const StrategyIndex& each : strategy.indexes) {
            if (each.collection == collection) {
                declared_.push_back(&each);
            }
        }
    }

    CollectionReport run() {
        for (const StrategyIndex* declared : declared_) {
            match(*declared);
        }
        for (std::size_t at = 0; at < found_.size(); ++at) {
            const auto line = matched_.find(at);
            report_.lines.push_back(line == matched_.end() ? unmatched(found_[at]) : line->second);
            report_.lines.back().redundant = redundant_with(at);
        }
        report_.lines.insert(report_.lines.end(), missing_.begin(), missing_.end());
        return std::move(report_);
    }

  private:
    // Finds the index that is this declared one: by definition first, then by name or key.
    void match(const StrategyIndex& declared) {
        const bool checked = declared.priority <= options_.priority;
        if (const auto same = find(declared.index, true)) {
            const IndexDefinition& there = found_[*same];
            Line line = line_of(there, declared);
            if (!checked) {
                line.mark = Mark::Later;
                line.detail = fmt::format("priority {}", declared.priority);
            } else if (there.name != declared.index.name) {
                line.mark = Mark::Adopted;
                line.detail = fmt::format("declared as {}", declared.index.name);
            }
            matched_.emplace(*same, std::move(line));
            return;
        }
        if (!checked) {
            return;
        }
        if (const auto other = find(declared.index, false)) {
            Line line = line_of(found_[*other], declared);
            line.mark = Mark::Different;
            line.detail = project::describe(project::differences(declared.index, found_[*other]));
            matched_.emplace(*other, std::move(line));
            return;
        }
        Line line = line_of(declared.index, declared);
        line.mark = Mark::Missing;
        missing_.push_back(std::move(line));
    }

    std::optional<std::size_t> find(const IndexDefinition& wanted, bool same_definition) const {
        for (std::size_t at = 0; at < found_.size(); ++at) {
            const IndexDefinition& there = found_[at];
            const bool fits = same_definition ? project::differences(wanted, there).empty()
                                              : there.name == wanted.name ||
                                                    project::same_key(there.key, wanted.key);
            if (fits && matched_.find(at) == matched_.end() && there.name != "_id_") {
                return at;
            }
        }
        return {};
    }

    static Line line_of(const IndexDefinition& index, const StrategyIndex& declared) {
        Line line;
        line.name = index.name;
        line.key = index.key;
        line.unique = index.unique;
        line.purpose = declared.index.purpose;
        return line;
    }

    Line unmatched(const IndexDefinition& there) const {
        Line line;
        line.name = there.name;
        line.key = there.key;
        line.unique = there.unique;
        line.mark = Mark::Extra;
        if (there.name == "_id_") {
            line.mark = Mark::Builtin;
        } else if (strategy_.ignores(report_.name, there.name)) {
            line.mark = Mark::Ignored;
        }
        return line;
    }

    std::string redundant_with(std::size_t at) const {
        for (std::size_t other = 0; other < found_.size(); ++other) {
            if (other == at || !project::is_redundant(found_[at], found_[other])) {
                continue;
            }
            // Two that cover each other: only the later one is called redundant.
            if (project::is_redundant(found_[other], found_[at]) && other > at) {
                continue;
            }
            const bool whole = found_[at].key.view().count() == found_[other].key.view().count();
            return fmt::format("{} {}", whole ? "same as" : "prefix of", found_[other].name);
        }
        return "";
    }

    const Strategy& strategy_;
    const std::vector<IndexDefinition>& found_;
    const Options& options_;
    std::vector<const StrategyIndex*> declared_;
    std::map<std::size_t, Line> matched_;  // by place in found_
    std::vector<Line> missing_;
    CollectionReport report_;
};

// The strategy's collections of the checked priorities in its order, then all others.
std::vector<std::string> collections_in_order(const Strategy& strategy,
                                              const FoundIndexes& found,
                                              const Options& options) {
    std::vector<std::string> out;
    std::set<std::string> seen;
    for (const StrategyIndex& each : strategy.indexes) {
        if (each.priority <= options.priority && seen.insert(each.collection).second) {
            out.push_back(each.collection);
        }
    }
    for (const auto& [name, indexes] : found) {
        if (seen.insert(name).second) {
            out.push_back(name);
        }
    }
    return out;
}

}  // namespace

std::string_view mark_name(Mark mark) {
    switch (mark) {
        case Mark::Ok:
            return "ok";
        case Mark::Adopted:
            return "adopted";
        case Mark::Builtin:
            return "builtin";
        case Mark::Missing:
            return "missing";
        case Mark::Different:
            return "different";
        case Mark::Extra:
            return "extra";
        case Mark::Ignored:
            return "ignored";
        case Mark::Later:
            return "later";
    }
    return "";
}

bool is_drift(Mark mark) {
    return mark == Mark::Missing || mark == Mark::Different || mark == Mark::Extra;
}

Report compare(const Strategy& strategy, const FoundIndexes& found, const Options& options) {
    static const std::vector<IndexDefinition> kNone;
    Report report;
    const std::size_t declared_collections = collections_in_order(strategy, {}, options).size();
    std::size_t number = 0;
    for (const std::string& name : collections_in_order(strategy, found, options)) {
        const auto there = found.find(name);
        CollectionReport collection =
            CollectionComparison{
                strategy, name, there == found.end() ? kNone : there->second, options}
                .run();
        const bool declared = number++ < declared_collections;
        const bool has_others =
            std::any_of(collection.lines.begin(), collection.lines.end(), [](const Line& line) {
                return line.mark != Mark::Builtin;
            });
        if (!declared && !has_others) {
            continue;
        }
        for (const Line& line : collection.lines) {
            ++report.counts[line.mark];
            const bool counts = line.mark != Mark::Extra || options.extra_is_drift;
            report.drift = report.drift || (is_drift(line.mark) && counts);
        }
        report.collections.push_back(std::move(collection));
    }
    for (const StrategyIndex& each : strategy.indexes) {
        report.checked += each.priority <= options.priority ? 1 : 0;
    }
    return report;
}

}  // namespace plumb::verify
