// SPDX-License-Identifier: GPL-3.0-or-later
#include "project/strategy.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace plumb::project {
namespace {

Result<std::optional<Range>> read_range(const YamlNode& promise, std::string_view key) {
    const YamlNode* node = promise.find(key);
    if (node == nullptr) {
        return std::optional<Range>{};
    }
    if (node->items().size() != 2) {
        return fail_at(node->position(), fmt::format("{} is [low, high]", key));
    }
    PLUMB_TRY(low, node->items()[0].as_double());
    PLUMB_TRY(high, node->items()[1].as_double());
    if (low > high) {
        return fail_at(node->position(), fmt::format("{} is [low, high], low first", key));
    }
    return std::optional<Range>{Range{low, high}};
}

Result<Promise> read_promise(const YamlNode& node) {
    PLUMB_CHECK(node.only_keys({"what", "before_ms", "after_ms", "factor"}));
    Promise out;
    PLUMB_TRY(what, node.string_or("what", ""));
    out.what = std::move(what);
    PLUMB_TRY(before, read_range(node, "before_ms"));
    out.before_ms = before;
    PLUMB_TRY(after, read_range(node, "after_ms"));
    out.after_ms = after;
    PLUMB_TRY(factor, read_range(node, "factor"));
    out.factor = factor;
    return out;
}

Result<StrategyIndex> read_strategy_index(const YamlNode& node) {
    PLUMB_CHECK(node.only_keys({"collection",
                                "key",
                                "name",
                                "unique",
                                "sparse",
                                "hidden",
                                "partial",
                                "expire_after",
                                "collation",
                                "purpose",
                                "priority",
                                "owner",
                                "serves",
                                "promise"}));
    StrategyIndex out;
    PLUMB_TRY(collection, node.at("collection"));
    PLUMB_TRY(collection_name, collection.as_string());
    out.collection = std::move(collection_name);
    PLUMB_TRY(index, read_index(node));
    out.index = std::move(index);
    PLUMB_TRY(priority, node.int_or("priority", 1));
    if (priority < 1 || priority > 9) {
        return fail_at(node.find("priority")->position(), "priority is 1 to 9");
    }
    out.priority = static_cast<int>(priority);
    PLUMB_TRY(owner, node.string_or("owner", ""));
    out.owner = std::move(owner);
    if (const YamlNode* serves = node.find("serves")) {
        PLUMB_TRY(queries, serves->as_strings());
        out.serves = std::move(queries);
    }
    if (const YamlNode* promise = node.find("promise")) {
        PLUMB_TRY(read, read_promise(*promise));
        out.promise = std::move(read);
    }
    return out;
}

}  // namespace

bool fits_pattern(std::string_view text, std::string_view pattern) {
    std::size_t at = 0;
    std::size_t in_pattern = 0;
    std::size_t star = std::string_view::npos;
    std::size_t star_text = 0;
    while (at < text.size()) {
        if (in_pattern < pattern.size() && pattern[in_pattern] == '*') {
            star = in_pattern++;
            star_text = at;
        } else if (in_pattern < pattern.size() && pattern[in_pattern] == text[at]) {
            ++in_pattern;
            ++at;
        } else if (star != std::string_view::npos) {
            in_pattern = star + 1;
            at = ++star_text;
        } else {
            return false;
        }
    }
    return pattern.find_first_not_of('*', in_pattern) == std::string_view::npos;
}

bool Strategy::ignores(std::string_view collection, std::string_view index_name) const {
    const std::string full = fmt::format("{}.{}", collection, index_name);
    return std::any_of(ignore.begin(), ignore.end(), [&full](const std::string& pattern) {
        return fits_pattern(full, pattern);
    });
}

Result<Strategy> read_strategy(const YamlNode& root) {
    PLUMB_CHECK(root.only_keys({"title", "indexes", "ignore"}));
    Strategy out;
    if (root.position().file) {
        out.file = *root.position().file;
    }
    PLUMB_TRY(title, root.string_or("title", ""));
    out.title = std::move(title);
    PLUMB_TRY(indexes, root.at("indexes"));
    if (!indexes.is_sequence()) {
        return fail_at(indexes.position(), "'indexes' is a list");
    }
    std::set<std::string> seen;
    for (const YamlNode& item : indexes.items()) {
        PLUMB_TRY(index, read_strategy_index(item));
        if (!seen.insert(fmt::format("{}.{}", index.collection, index.index.name)).second) {
            return fail_at(
                item.position(),
                fmt::format("{}.{} stands here twice", index.collection, index.index.name));
        }
        out.indexes.push_back(std::move(index));
    }
    if (const YamlNode* ignore = root.find("ignore")) {
        PLUMB_TRY(patterns, ignore->as_strings());
        out.ignore = std::move(patterns);
    }
    return out;
}

Result<Strategy> load_strategy(const std::filesystem::path& file) {
    PLUMB_TRY(root, load_yaml_file(file));
    return read_strategy(root);
}

}  // namespace plumb::project
