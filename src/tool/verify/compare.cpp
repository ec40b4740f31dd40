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

std::set<std::string, std::less<>> fields_of(bson::View key) {
    std::set<std::string, std::less<>> out;
    for (const bson::Element& field : key) {
        out.emplace(field.name);
    }
    return out;
}

bool same_order(bson::View a, bson::View b) {
    std::vector<std::string_view> left;
    std::vector<std::string_view> right;
    for (const bson::Element& field : a) {
        left.push_back(field.name);
    }
    for (const bson::Element& field : b) {
        right.push_back(field.name);
    }
    return left == right;
}

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
                open_.push_back(&each);
            }
        }
    }

    CollectionReport run() {
        const auto is_same = [](const IndexDefinition& wanted, const IndexDefinition& there) {
            return project::differences(wanted, there).empty();
        };
        const auto has_name = [](const IndexDefinition& wanted, const IndexDefinition& there) {
            return there.name == wanted.name;
        };
        const auto has_key = [](const IndexDefinition& wanted, const IndexDefinition& there) {
            return project::same_key(there.key, wanted.key);
        };
        // The surest first, so that none takes away what is exactly another's.
        match([&](const IndexDefinition& wanted, const IndexDefinition& there) {
            return has_name(wanted, there) && is_same(wanted, there);
        });
        match(is_same);
        match(has_name);
        match(has_key);
        for (const StrategyIndex* declared : open_) {
            add_missing(*declared);
        }
        for (std::size_t at = 0; at < found_.size(); ++at) {
            const auto line = matched_.find(at);
            report_.lines.push_back(line == matched_.end() ? unmatched(at) : line->second);
        }
        note_redundant();
        report_.lines.insert(report_.lines.end(), missing_.begin(), missing_.end());
        return std::move(report_);
    }

  private:
    // Gives each open declaration the first free index that fits.
    template <class Fits>
    void match(const Fits& fits) {
        std::vector<const StrategyIndex*> left;
        for (const StrategyIndex* declared : open_) {
            std::size_t at = 0;
            while (at < found_.size() && (found_[at].name == "_id_" || matched_.contains(at) ||
                                          !fits(declared->index, found_[at]))) {
                ++at;
            }
            if (at == found_.size()) {
                left.push_back(declared);
            } else {
                matched_.emplace(at, matched_line(*declared, found_[at]));
            }
        }
        open_ = std::move(left);
    }

    [[nodiscard]] Line matched_line(const StrategyIndex& declared,
                                    const IndexDefinition& there) const {
        Line line = line_of(there, declared);
        std::vector<project::Difference> differences = project::differences(declared.index, there);
        if (declared.priority > options_.priority) {
            line.mark = Mark::Later;
            line.detail = fmt::format("priority {}", declared.priority);
        } else if (!differences.empty()) {
            line.mark = Mark::Different;
            line.detail = project::describe(differences);
            line.differences = std::move(differences);
        } else if (there.name != declared.index.name) {
            line.mark = Mark::Adopted;
            line.detail = fmt::format("declared as {}", declared.index.name);
        }
        return line;
    }

    void add_missing(const StrategyIndex& declared) {
        if (declared.priority > options_.priority) {
            return;
        }
        Line line = line_of(declared.index, declared);
        line.mark = Mark::Missing;
        for (std::size_t at = 0; at < found_.size(); ++at) {
            if (!matched_.contains(at) && !alike(declared.index, found_[at]).empty()) {
                line.detail =
                    fmt::format("{} has {}", found_[at].name, alike(declared.index, found_[at]));
                alike_.emplace(at,
                               fmt::format("{} of the strategy has {}",
                                           declared.index.name,
                                           alike(declared.index, found_[at])));
                break;
            }
        }
        missing_.push_back(std::move(line));
    }

    // How two keys of the same fields differ; empty if they have not the same fields.
    static std::string alike(const IndexDefinition& a, const IndexDefinition& b) {
        if (a.key.view().count() != b.key.view().count() || fields_of(a.key) != fields_of(b.key)) {
            return "";
        }
        return same_order(a.key, b.key) ? "these fields in other directions"
                                        : "these fields in another order";
    }

    static Line line_of(const IndexDefinition& index, const StrategyIndex& declared) {
        Line line;
        line.name = index.name;
        line.key = index.key;
        line.unique = index.unique;
        line.purpose = declared.index.purpose;
        line.owner = declared.owner;
        line.declared = declared.index.name;
        return line;
    }

    [[nodiscard]] Line unmatched(std::size_t at) const {
        const IndexDefinition& there = found_[at];
        Line line;
        line.name = there.name;
        line.key = there.key;
        line.unique = there.unique;
        line.mark = Mark::Extra;
        if (there.name == "_id_") {
            line.mark = Mark::Builtin;
        } else if (strategy_.ignores(report_.name, there.name)) {
            line.mark = Mark::Ignored;
        } else if (const auto other = alike_.find(at); other != alike_.end()) {
            line.detail = other->second;
        }
        return line;
    }

    // Of two indexes that serve each other the declared one stays.
    void note_redundant() {
        index_facts::CollectionUse use;
        if (const auto known = options_.use.find(report_.name); known != options_.use.end()) {
            use = known->second;
        }
        for (const Line& line : report_.lines) {
            if (!line.declared.empty()) {
                use.wanted.insert(line.name);
            }
        }
        const std::vector<index_facts::Verdict> verdicts = index_facts::judge_all(found_, use);
        for (std::size_t at = 0; at < verdicts.size(); ++at) {
            const index_facts::Verdict& verdict = verdicts[at];
            if (verdict.redundant) {
                report_.lines[at].redundant = verdict.reason;
            } else if (!verdict.reason.empty() && found_[at].name != "_id_") {
                report_.lines[at].kept =
                    fmt::format("{} begins with its key; {}", verdict.by, verdict.reason);
            }
        }
    }

    const Strategy& strategy_;
    const std::vector<IndexDefinition>& found_;
    const Options& options_;
    std::vector<const StrategyIndex*> open_;    // declared, and no index found yet
    std::map<std::size_t, Line> matched_;       // by place in found_
    std::map<std::size_t, std::string> alike_;  // by place in found_
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
        if (declared || has_others) {
            report.collections.push_back(std::move(collection));
        }
    }
    for (const StrategyIndex& each : strategy.indexes) {
        report.checked += each.priority <= options.priority ? 1 : 0;
    }
    count_marks(report, options.extra_is_drift);
    return report;
}

}  // namespace plumb::verify
