// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/verify/member_lists.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

namespace plumb::verify {
namespace {

using project::IndexDefinition;

const std::vector<IndexDefinition>* list_of(const MemberIndexes& member,
                                            const std::string& collection) {
    const auto found = member.indexes.find(collection);
    return found == member.indexes.end() || found->second.empty() ? nullptr : &found->second;
}

const IndexDefinition* index_of(const MemberIndexes& member,
                                const std::string& collection,
                                const std::string& name) {
    const std::vector<IndexDefinition>* list = list_of(member, collection);
    if (list == nullptr) {
        return nullptr;
    }
    const auto found = std::find_if(
        list->begin(), list->end(), [&name](const auto& index) { return index.name == name; });
    return found == list->end() ? nullptr : &*found;
}

// One index, by name, on all members.
Inconsistency compare_one(std::span<const MemberIndexes> members,
                          const std::string& collection,
                          const std::string& name,
                          Spread spread) {
    Inconsistency out;
    out.collection = collection;
    out.name = name;
    const IndexDefinition* first = nullptr;
    for (const MemberIndexes& member : members) {
        const IndexDefinition* index = index_of(member, collection, name);
        if (index == nullptr) {
            if (spread == Spread::Copies || list_of(member, collection) != nullptr) {
                out.lacking.push_back(member.name);
            }
            continue;
        }
        out.having.push_back(member.name);
        if (first == nullptr) {
            first = index;
        } else if (const auto differences = project::differences(*first, *index);
                   !differences.empty()) {
            out.different.push_back(
                fmt::format("{}: {}", member.name, project::describe(differences)));
        }
    }
    return out;
}

std::string describe(const Inconsistency& it) {
    std::string out;
    if (!it.lacking.empty()) {
        out = fmt::format("not on {}", fmt::join(it.lacking, ", "));
    }
    for (const std::string& each : it.different) {
        out += fmt::format("{}on {}", out.empty() ? "" : "; ", each);
    }
    return out;
}

CollectionReport& collection_of(Report& report, const std::string& name) {
    const auto found = std::find_if(report.collections.begin(),
                                    report.collections.end(),
                                    [&name](const auto& each) { return each.name == name; });
    if (found != report.collections.end()) {
        return *found;
    }
    report.collections.emplace_back().name = name;
    return report.collections.back();
}

const IndexDefinition& any_definition(std::span<const MemberIndexes> members,
                                      const Inconsistency& it) {
    const auto member = std::find_if(members.begin(), members.end(), [&it](const auto& each) {
        return index_of(each, it.collection, it.name) != nullptr;
    });
    return *index_of(*member, it.collection, it.name);
}

}  // namespace

std::vector<Inconsistency> compare_members(std::span<const MemberIndexes> members, Spread spread) {
    std::map<std::string, std::set<std::string>> names;
    for (const MemberIndexes& member : members) {
        for (const auto& [collection, indexes] : member.indexes) {
            for (const IndexDefinition& index : indexes) {
                names[collection].insert(index.name);
            }
        }
    }
    std::vector<Inconsistency> out;
    for (const auto& [collection, indexes] : names) {
        for (const std::string& name : indexes) {
            Inconsistency it = compare_one(members, collection, name, spread);
            if (!it.lacking.empty() || !it.different.empty()) {
                out.push_back(std::move(it));
            }
        }
    }
    return out;
}

void add_inconsistencies(Report& report,
                         const project::Strategy& strategy,
                         std::span<const MemberIndexes> members,
                         Spread spread) {
    for (const MemberIndexes& member : members) {
        report.asked.push_back(member.name);
    }
    for (Inconsistency& it : compare_members(members, spread)) {
        if (strategy.ignores(it.collection, it.name)) {
            continue;
        }
        CollectionReport& collection = collection_of(report, it.collection);
        const auto line = std::find_if(collection.lines.begin(),
                                       collection.lines.end(),
                                       [&it](const Line& each) { return each.name == it.name; });
        if (line == collection.lines.end()) {
            const IndexDefinition& index = any_definition(members, it);
            Line added;
            added.mark = Mark::Inconsistent;
            added.name = index.name;
            added.key = index.key;
            added.unique = index.unique;
            added.detail = describe(it) + "; not declared";
            collection.lines.push_back(std::move(added));
        } else if (line->mark == Mark::Missing) {
            line->detail = fmt::format("only on {}", fmt::join(it.having, ", "));
        } else if (line->mark == Mark::Different) {
            // Replacing it through the primary makes it the same everywhere.
            line->detail += "; " + describe(it);
        } else {
            line->mark = Mark::Inconsistent;
            line->detail = describe(it);
        }
        report.inconsistent.push_back(std::move(it));
    }
}

}  // namespace plumb::verify
