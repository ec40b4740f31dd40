// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/number.h"
#include "bson/value.h"
#include "tool/capture/pattern_internal.h"
#include "tool/capture/shape.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <tuple>

namespace plumb::capture {
namespace {

// One predicate on one path; `nested` for $elemMatch.
struct Predicate {
    std::string path;
    std::string kind;
    bson::Document nested;
    bool has_nested = false;
};

struct Conjunction {
    std::vector<Predicate> predicates;
    std::vector<std::pair<std::string, std::vector<bson::Document>>> branches;  // $or, $nor
    std::vector<bson::Document> expressions;                                    // $expr
    std::set<std::string> others;                                               // $text, $where …
};

std::string_view amount_of(bson::ValueView list) {
    if (list.type() != bson::Type::Array) {
        return "few";  // a placeholder or a variable: how many is not known
    }
    return list.as_container().count() > kFewValues ? "many" : "few";
}

// A pattern that is anchored and begins with plain characters can use an index's order.
std::string regex_kind(std::string_view pattern, std::string_view options) {
    const bool anchored = pattern.starts_with('^') || pattern.starts_with("\\A");
    const bool plain_start = pattern.size() > 1 && std::string_view{".*+?[({|\\$"}.find(
                                                       pattern[1]) == std::string_view::npos;
    const bool folds = options.find('i') != std::string_view::npos;
    return anchored && plain_start && !folds ? "regex prefix" : "regex";
}

std::string equality_kind(bson::ValueView value) {
    if (value.type() == bson::Type::Regex) {
        return regex_kind(value.as_regex().pattern, value.as_regex().options);
    }
    return value.type() == bson::Type::Null ? "= null" : "=";
}

using Kind = std::string (*)(bson::ValueView value);

struct Row {
    std::string_view name;
    Kind kind;
};

std::string fixed_bits(bson::ValueView) {
    return "bits";
}

std::string membership(std::string_view word, bson::ValueView value) {
    if (value.type() == bson::Type::Array && value.as_container().count() == 1) {
        return word == "not in" ? "!=" : "=";
    }
    return fmt::format("{} {}", word, amount_of(value));
}

std::string presence(bson::ValueView value) {
    return bson::truthy(value) ? "exists" : "missing";
}

std::string inequality(bson::ValueView value) {
    return value.type() == bson::Type::Null ? "!= null" : "!=";
}

// clang-format off
constexpr auto kRows = std::to_array<Row>({
    {"$all",          [](bson::ValueView v) { return membership("all", v); }},
    {"$bitsAllClear", fixed_bits},
    {"$bitsAllSet",   fixed_bits},
    {"$bitsAnyClear", fixed_bits},
    {"$bitsAnySet",   fixed_bits},
    {"$eq",           equality_kind},
    {"$exists",       presence},
    {"$gt",           [](bson::ValueView) { return std::string{">"}; }},
    {"$gte",          [](bson::ValueView) { return std::string{">"}; }},
    {"$in",           [](bson::ValueView v) { return membership("in", v); }},
    {"$lt",           [](bson::ValueView) { return std::string{"<"}; }},
    {"$lte",          [](bson::ValueView) { return std::string{"<"}; }},
    {"$mod",          [](bson::ValueView) { return std::string{"mod"}; }},
    {"$ne",           inequality},
    {"$nin",          [](bson::ValueView v) { return membership("not in", v); }},
    {"$size",         [](bson::ValueView) { return std::string{"size"}; }},
    {"$type",         [](bson::ValueView) { return std::string{"type"}; }},
});
// clang-format on
static_assert(std::ranges::is_sorted(kRows, {}, &Row::name));

const Row* find_row(std::string_view name) {
    const auto at = std::ranges::lower_bound(kRows, name, {}, &Row::name);
    return at != kRows.end() && at->name == name ? &*at : nullptr;
}

bool is_operators(bson::ValueView value) {
    return value.type() == bson::Type::Document && !value.as_document().empty() &&
           value.as_document().front().name.starts_with('$') &&
           value.as_document().front().name != "$ref";
}

void collect(bson::View filter, Conjunction& out);

void collect_regex(std::string_view path, bson::View operators, Conjunction& out) {
    const bson::ValueView pattern = operators.find("$regex");
    const bson::ValueView options = operators.find("$options");
    std::string kind = "regex";
    if (pattern.type() == bson::Type::Regex) {
        kind = equality_kind(pattern);
    } else if (pattern.type() == bson::Type::String) {
        kind = regex_kind(pattern.as_string(),
                          options.type() == bson::Type::String ? options.as_string() : "");
    }
    out.predicates.push_back({std::string{path}, std::move(kind), {}, false});
}

void collect_operators(std::string_view path,
                       bson::View operators,
                       std::string_view prefix,
                       Conjunction& out) {
    for (const bson::Element& field : operators) {
        if (const Row* row = find_row(field.name); row != nullptr) {
            out.predicates.push_back({std::string{path},
                                      fmt::format("{}{}", prefix, row->kind(field.value)),
                                      {},
                                      false});
        } else if (field.name == "$regex") {
            collect_regex(path, operators, out);
        } else if (field.name == "$not" && is_operators(field.value)) {
            collect_operators(path, field.value.as_document(), "not ", out);
        } else if (field.name == "$not") {
            out.predicates.push_back({std::string{path}, "not regex", {}, false});
        } else if (field.name == "$elemMatch" && field.value.type() == bson::Type::Document) {
            const bson::View inner = field.value.as_document();
            bson::Document nested;
            if (is_operators(field.value) && find_row(inner.front().name) != nullptr) {
                Conjunction values;
                collect_operators("", inner, "", values);
                bson::Builder pattern;
                for (const Predicate& predicate : values.predicates) {
                    pattern.append(predicate.path, predicate.kind);
                }
                nested = pattern.finish();
            } else {
                nested = filter_pattern(inner);
            }
            out.predicates.push_back({std::string{path}, "elemMatch", std::move(nested), true});
        } else if (field.name != "$options" && field.name != "$comment") {
            out.predicates.push_back(
                {std::string{path}, std::string{field.name.substr(1)}, {}, false});
        }
    }
}

// $and, and a disjunction of one branch, which is none.
bool is_conjunction(const bson::Element& field) {
    return field.name == "$and" || (field.name == "$or" && field.value.as_container().count() == 1);
}

void collect_logic(const bson::Element& field, Conjunction& out) {
    if (field.value.type() != bson::Type::Array) {
        out.others.insert(std::string{field.name});
        return;
    }
    const bool together = is_conjunction(field);
    std::vector<bson::Document> branches;
    for (const bson::Element& branch : field.value.as_container()) {
        if (branch.value.type() != bson::Type::Document) {
            continue;
        }
        if (together) {
            collect(branch.value.as_document(), out);
        } else {
            branches.push_back(filter_pattern(branch.value.as_document()));
        }
    }
    if (together) {
        return;
    }
    // A disjunction has no order, and saying a thing twice adds nothing.
    std::ranges::sort(branches, {}, [](const bson::Document& d) { return pattern_text(d); });
    const auto same = [](const bson::Document& a, const bson::Document& b) {
        return pattern_text(a) == pattern_text(b);
    };
    branches.erase(std::unique(branches.begin(), branches.end(), same), branches.end());
    out.branches.emplace_back(field.name, std::move(branches));
}

void collect(bson::View filter, Conjunction& out) {
    for (const bson::Element& field : filter) {
        if (field.name == "$comment") {
            continue;
        }
        if (field.name == "$and" || field.name == "$or" || field.name == "$nor") {
            collect_logic(field, out);
        } else if (field.name == "$expr") {
            bson::Builder expression;
            append_expression_pattern("$expr", field.value, expression);
            out.expressions.push_back(expression.finish());
        } else if (field.name.starts_with('$')) {
            out.others.insert(std::string{field.name});
        } else if (is_operators(field.value)) {
            collect_operators(field.name, field.value.as_document(), "", out);
        } else {
            out.predicates.push_back(
                {std::string{field.name}, equality_kind(field.value), {}, false});
        }
    }
}

void append_predicate(std::string_view name, const Predicate& predicate, bson::Builder& out) {
    if (!predicate.has_nested) {
        out.append(name, predicate.kind);
        return;
    }
    out.begin_document(name);
    out.append(predicate.kind, predicate.nested);
    out.end();
}

void append_predicates(std::vector<Predicate>& predicates, bson::Builder& out) {
    const auto key = [](const Predicate& p) {
        return std::tuple{
            std::string_view{p.path}, std::string_view{p.kind}, pattern_text(p.nested)};
    };
    std::ranges::sort(predicates, {}, key);
    const auto same = [&key](const Predicate& a, const Predicate& b) { return key(a) == key(b); };
    predicates.erase(std::unique(predicates.begin(), predicates.end(), same), predicates.end());
    for (std::size_t at = 0; at < predicates.size();) {
        std::size_t end = at + 1;
        while (end < predicates.size() && predicates[end].path == predicates[at].path) {
            ++end;
        }
        if (end - at == 1) {
            append_predicate(predicates[at].path, predicates[at], out);
        } else {
            out.begin_array(predicates[at].path);
            for (std::size_t one = at; one < end; ++one) {
                append_predicate(std::to_string(one - at), predicates[one], out);
            }
            out.end();
        }
        at = end;
    }
}

}  // namespace

bson::Document filter_pattern(bson::View filter) {
    Conjunction all;
    collect(filter, all);
    bson::Builder out;
    append_predicates(all.predicates, out);
    for (const auto& [name, branches] : all.branches) {
        out.begin_array(name);
        for (const bson::Document& branch : branches) {
            out.push(branch);
        }
        out.end();
    }
    for (const bson::Document& expression : all.expressions) {
        out.append_all(expression);
    }
    for (const std::string& other : all.others) {
        out.append(other, "?");
    }
    return out.finish();
}

}  // namespace plumb::capture
