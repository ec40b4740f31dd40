// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/bench/write_guard.h"

#include "bson/builder.h"
#include "bson/number.h"
#include "tool/workload/workload.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>

namespace plumb::bench {
namespace {

// Filters asked for at once: each costs a comparison for every document if no index serves them.
constexpr std::size_t kFiltersAtOnce = 32;
constexpr std::size_t kRemovedAtOnce = 1000;

struct Statements {
    std::string_view command;
    std::string_view list;    // the array of statements; empty: the command is the only one
    std::string_view filter;  // the field of a statement that says what it matches
};
constexpr auto kStatements = std::to_array<Statements>({
    {"delete", "deletes", "q"},
    {"findAndModify", "", "query"},
    {"update", "updates", "q"},
});

bool is_true(bson::ValueView value) {
    return !value.missing() && bson::truthy(value);
}

// The filters of a command that changes what is there; none for an insert or a read.
Result<std::vector<bson::View>> filters_of(bson::View command) {
    std::vector<bson::View> out;
    for (const Statements& row : kStatements) {
        if (command.front().name != row.command) {
            continue;
        }
        std::vector<bson::View> statements;
        if (row.list.empty()) {
            statements.push_back(command);
        } else if (command.find(row.list).type() == bson::Type::Array) {
            for (const bson::Element& item : command.find(row.list).as_array()) {
                if (item.value.type() == bson::Type::Document) {
                    statements.push_back(item.value.as_document());
                }
            }
        }
        for (const bson::View statement : statements) {
            if (is_true(statement.find("upsert"))) {
                return fail(ErrorCode::IllegalOperation,
                            "an upsert cannot be measured without leaving its document behind");
            }
            if (statement.find(row.filter).type() == bson::Type::Document) {
                out.push_back(statement.find(row.filter).as_document());
            }
        }
    }
    return out;
}

bson::Document id_filter(bson::ValueView id) {
    bson::Builder filter;
    filter.append("_id", id);
    return filter.finish();
}

}  // namespace

WriteGuard::~WriteGuard() {
    static_cast<void>(restore());
}

Status WriteGuard::remember(const std::vector<bson::Document>& commands) {
    std::map<std::string, std::vector<bson::View>, std::less<>> filters;
    for (const bson::Document& command : commands) {
        PLUMB_TRY(found, filters_of(command));
        auto& all = filters[std::string{command.view().front().value.as_string()}];
        all.insert(all.end(), found.begin(), found.end());
    }
    for (const auto& [collection, all] : filters) {
        PLUMB_CHECK(remember_matches(collection, all));
    }
    return {};
}

Status WriteGuard::remember_matches(std::string_view collection,
                                    const std::vector<bson::View>& filters) {
    for (std::size_t first = 0; first < filters.size(); first += kFiltersAtOnce) {
        bson::Builder any;
        any.begin_array("$or");
        for (std::size_t index = first; index < std::min(filters.size(), first + kFiltersAtOnce);
             ++index) {
            any.push(filters[index]);
        }
        any.end();
        PLUMB_CHECK(client_.find(
            database_, collection, any.finish(), {}, [&](bson::View document) -> Status {
                kept_.push_back({std::string{collection}, bson::Document{document}});
                return {};
            }));
    }
    return {};
}

void WriteGuard::will_send(bson::View command) {
    if (command.front().name != "insert") {
        changed_ = changed_ || workload::is_write(command);
        return;
    }
    if (command.find("documents").type() != bson::Type::Array) {
        return;
    }
    const std::string collection{command.front().value.as_string()};
    for (const bson::Element& item : command.find("documents").as_array()) {
        if (item.value.type() == bson::Type::Document) {
            added_.push_back({collection, bson::Value{item.value.as_document().find("_id")}});
        }
    }
}

Status WriteGuard::restore() {
    PLUMB_CHECK(remove_added());
    return put_back();
}

Status WriteGuard::remove_added() {
    while (!added_.empty()) {
        const std::string collection = added_.back().collection;
        bson::Builder filter;
        filter.begin_document("_id").begin_array("$in");
        std::size_t count = 0;
        while (count < added_.size() && count < kRemovedAtOnce &&
               added_[added_.size() - 1 - count].collection == collection) {
            filter.push(added_[added_.size() - 1 - count].id);
            ++count;
        }
        filter.end().end();
        PLUMB_CHECK(client_.remove(database_, collection, filter.finish(), false)
                        .context("removing what was inserted to be measured"));
        added_.resize(added_.size() - count);
    }
    return {};
}

Status WriteGuard::put_back() {
    if (!changed_) {
        return {};
    }
    for (const Kept& kept : kept_) {
        PLUMB_CHECK(client_
                        .update(database_,
                                kept.collection,
                                id_filter(kept.document.find("_id")),
                                kept.document.view().as_value(),
                                false,
                                true)
                        .context("putting back what was changed to be measured"));
    }
    changed_ = false;
    return {};
}

}  // namespace plumb::bench
