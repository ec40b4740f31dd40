// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/plan/query_key.h"

#include "bson/number.h"
#include "engine/plan/condition.h"
#include "engine/plan/implication.h"
#include "engine/plan/value_text.h"
#include "engine/query/matcher.h"
#include "engine/query/regex.h"

#include <algorithm>
#include <array>
#include <map>

namespace plumb::plan {
namespace {

using query::MatchKind;
using query::MatchNode;

struct KindCode {
    MatchKind kind;
    std::string_view code;
};

constexpr auto kCodes = std::to_array<KindCode>({
    {MatchKind::And, "an"},
    {MatchKind::Or, "or"},
    {MatchKind::Nor, "nr"},
    {MatchKind::Not, "nt"},
    {MatchKind::AlwaysFalse, "af"},
    {MatchKind::AlwaysTrue, "at"},
    {MatchKind::Eq, "eq"},
    {MatchKind::Lt, "lt"},
    {MatchKind::Lte, "le"},
    {MatchKind::Gt, "gt"},
    {MatchKind::Gte, "ge"},
    {MatchKind::In, "in"},
    {MatchKind::Regex, "re"},
    {MatchKind::Exists, "ex"},
    {MatchKind::Type, "ty"},
    {MatchKind::Size, "sz"},
    {MatchKind::Mod, "mo"},
    {MatchKind::BitsAllSet, "ls"},
    {MatchKind::BitsAllClear, "lc"},
    {MatchKind::BitsAnySet, "ys"},
    {MatchKind::BitsAnyClear, "yc"},
    {MatchKind::ElemMatchObject, "eo"},
    {MatchKind::ElemMatchValue, "ev"},
    {MatchKind::Expr, "xp"},
    {MatchKind::JsonSchema, "js"},
});

std::string_view code_of(MatchKind kind) {
    return std::ranges::find(kCodes, kind, &KindCode::kind)->code;
}

// Names of the user's may hold what separates parts.
void append_escaped(std::string_view text, std::string& out) {
    constexpr std::string_view kSeparators = "[],~|<>/\\#";
    for (const char each : text) {
        if (kSeparators.find(each) != std::string_view::npos) {
            out += '\\';
        }
        out += each;
    }
}

// The server gives a Not no path of its own.
std::string_view path_of(const MatchNode& node) {
    return node.kind == MatchKind::Not ? std::string_view{} : node.path.dotted();
}

void append_regex_options(const MatchNode& node, std::string& out) {
    if (node.regexes.empty()) {
        return;
    }
    out += '/';
    for (const auto& regex : node.regexes) {
        out += regex->options();
    }
    out += '/';
}

// NOLINTNEXTLINE(misc-no-recursion): bounded by the filter's depth
void append_node(const MatchNode& node, std::string& out) {
    out += code_of(node.kind);
    append_escaped(path_of(node), out);
    append_regex_options(node, out);
    if (node.children.empty()) {
        return;
    }
    out += '[';
    bool first = true;
    for (const MatchNode* child : ordered_children(node)) {
        out += first ? "" : ",";
        first = false;
        append_node(*child, out);
    }
    out += ']';
}

void append_sort(bson::View sort, std::string& out) {
    char separator = '~';
    for (const bson::Element& field : sort) {
        out += separator;
        separator = ',';
        const bool meta = !field.value.is_number();
        out += meta ? 't' : bson::to_double(field.value) > 0 ? 'a' : 'd';
        append_escaped(field.name, out);
    }
}

void append_projection(bson::View projection, std::string& out) {
    std::map<std::string_view, bson::ValueView> fields;
    for (const bson::Element& field : projection) {
        if (!field.name.starts_with('$')) {
            fields.insert_or_assign(field.name, field.value);
        }
    }
    out += fields.empty() ? "" : "|";
    for (const auto& [name, value] : fields) {
        if (value.is_number() || value.type() == bson::Type::Bool) {
            out += bson::truthy(value) ? 'i' : 'e';
        } else {
            append_escaped(value_text(value), out);
        }
        append_escaped(name, out);
    }
}

bool is_about_null(const MatchNode& node) {
    const auto is_null = [](const bson::Value& value) { return value.view().nullish(); };
    return (node.kind == MatchKind::Eq && is_null(node.operand)) ||
           (node.kind == MatchKind::In && std::ranges::any_of(node.values, is_null));
}

// What the indexes say of a path: for each that has it in its key or its filter.
class IndexDigits {
  public:
    explicit IndexDigits(const storage::CollectionState& collection) {
        for (const auto& index : collection.indexes) {
            Known known{.index = index.get(), .filter = {}};
            if (index->spec.partial) {
                if (auto filter = query::Matcher::parse(*index->spec.partial); filter.ok()) {
                    known.filter.emplace(std::move(filter).value());
                }
            }
            known_.push_back(std::move(known));
        }
    }

    // NOLINTNEXTLINE(misc-no-recursion): bounded by the filter's depth
    void append(const MatchNode& node, std::string& out) const {
        std::string digits;
        for (const Known& known : known_) {
            if (!path_of(node).empty() && mentions(known, path_of(node))) {
                digits += serves(known, node) ? '1' : '0';
            }
        }
        if (!digits.empty()) {
            out += '<';
            out += digits;
            out += '>';
        }
        for (const MatchNode* child : ordered_children(node)) {
            append(*child, out);
        }
    }

  private:
    struct Known {
        const storage::IndexState* index;  // not owned: the collection's
        std::optional<query::Matcher> filter;
    };

    // NOLINTNEXTLINE(misc-no-recursion): bounded by the filter's depth
    static bool has_path(const MatchNode& filter, std::string_view path) {
        return path_of(filter) == path ||
               std::ranges::any_of(filter.children,
                                   [&](const MatchNode& child) { return has_path(child, path); });
    }

    static bool mentions(const Known& known, std::string_view path) {
        const bool in_key =
            std::ranges::any_of(known.index->pattern.fields(),
                                [&](const auto& field) { return field.path.dotted() == path; });
        return in_key || (known.filter && has_path(known.filter->root(), path));
    }

    static bool serves(const Known& known, const MatchNode& node) {
        if (known.index->spec.sparse && is_about_null(node)) {
            return false;
        }
        return !known.filter || !has_path(known.filter->root(), path_of(node)) ||
               implies(node, known.filter->root());
    }

    std::vector<Known> known_;
};

}  // namespace

std::string query_key(const QueryRequest& request) {
    std::string out;
    append_node(*request.filter, out);
    append_sort(request.sort, out);
    // What a pipeline or distinct needs of a document is no part of the query.
    const bool is_asked_for =
        !request.covered_projection_only && request.purpose != QueryRequest::Purpose::Distinct;
    if (is_asked_for) {
        append_projection(request.projection, out);
    }
    return out;
}

std::string index_key(const QueryRequest& request, const storage::CollectionState& collection) {
    std::string out;
    IndexDigits{collection}.append(*request.filter, out);
    return out;
}

}  // namespace plumb::plan
