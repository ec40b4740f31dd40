// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/builder.h"
#include "project/migration_file_text.h"
#include "tool/capture/template_internal.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace plumb::capture {
namespace {

constexpr int kFew = 3;
constexpr int kMany = static_cast<int>(kFewValues) + 2;
constexpr int kPage = 20;
constexpr double kRangeShare = 0.05;
constexpr int kPrefixLength = 3;

// Builds one command; what it cannot express is kept as the reason.
class Maker {
  public:
    Maker(const ShapeStatistics& statistics, ParameterList& parameters)
        : statistics_(statistics), shape_(statistics.shape), parameters_(parameters) {}

    Template run() {
        Template out;
        out.command = command();
        out.why_not = std::move(why_not_);
        return out;
    }

  private:
    bson::Document command() {
        bson::Builder out;
        out.append(shape_.operation, shape_.collection);
        if (shape_.operation == "insert") {
            out.begin_array("documents");
            out.push(copy());
            out.end();
        } else if (shape_.operation == "update" || shape_.operation == "delete") {
            append_statement(out);
        } else if (shape_.operation == "aggregate") {
            append_pipeline("pipeline", part("pipeline"), out);
            out.begin_document("cursor").end();
        } else {
            append_query(out);
        }
        return out.finish();
    }

    bson::ValueView part(std::string_view name) const { return shape_.pattern.view().find(name); }

    void append_query(bson::Builder& out) {
        const std::string_view name = shape_.operation == "find" ? "filter" : "query";
        out.append(name, filter(part("filter"), ""));
        for (const std::string_view same : {"key", "sort", "projection", "remove", "upsert"}) {
            out.append(same, part(same));
        }
        append_limit(out);
        append_update("update", out);
    }

    void append_statement(bson::Builder& out) {
        const bool updates = shape_.operation == "update";
        out.begin_array(updates ? "updates" : "deletes").push_document();
        out.append("q", filter(part("filter"), ""));
        if (updates) {
            append_update("u", out);
            out.append("multi", part("multi"));
            out.append("upsert", part("upsert"));
        } else {
            out.append("limit", part("limit").missing() ? 0 : 1);
        }
        out.end().end();
    }

    void append_limit(bson::Builder& out) {
        const bson::ValueView limit = part("limit");
        if (limit.type() == bson::Type::String) {
            const bool one = limit.as_string() == "1";
            out.append("limit", one ? 1 : kPage);
            if (one) {
                out.append("singleBatch", true);
            }
        }
    }

    // Conditions.

    bson::Document filter(bson::ValueView pattern, const std::string& prefix) {
        bson::Builder out;
        if (pattern.type() == bson::Type::Document) {
            for (const bson::Element& field : pattern.as_document()) {
                append_condition(field, prefix, out);
            }
        }
        return out.finish();
    }

    void append_condition(const bson::Element& field,
                          const std::string& prefix,
                          bson::Builder& out) {
        if (field.name == "$or" || field.name == "$nor") {
            out.begin_array(field.name);
            const bson::View branches = field.value.as_container();
            for (const bson::Element& branch : branches) {
                out.push(filter(branch.value, prefix));
            }
            if (branches.count() == 1) {
                // Alternatives of one form are one in the shape; alone it would be no alternative.
                out.push(filter(branches.front().value, prefix));
            }
            out.end();
            return;
        }
        if (field.name == "$expr") {
            out.append(field.name, field.value);
            return;
        }
        if (field.name.starts_with('$')) {
            give_up(fmt::format("{} keeps its constants to itself", field.name));
            return;
        }
        append_predicates(field.name, join(prefix, field.name), field.value, out);
    }

    static std::string join(const std::string& prefix, std::string_view name) {
        return prefix.empty() ? std::string{name}
               : name.empty() ? prefix
                              : fmt::format("{}.{}", prefix, name);
    }

    void append_predicates(std::string_view name,
                           const std::string& path,
                           bson::ValueView kinds,
                           bson::Builder& out) {
        if (kinds.type() == bson::Type::String && kinds.as_string() == "=") {
            out.append(name, value(path, 0));
            return;
        }
        if (kinds.type() == bson::Type::String && kinds.as_string() == "= null") {
            out.append_null(name);
            return;
        }
        out.begin_document(name);
        if (kinds.type() == bson::Type::Array) {
            for (const bson::Element& kind : kinds.as_container()) {
                append_kind(kind.value, path, out);
            }
        } else {
            append_kind(kinds, path, out);
        }
        out.end();
    }

    void append_kind(bson::ValueView kind, const std::string& path, bson::Builder& out) {
        if (kind.type() == bson::Type::Document) {
            append_elem_match(kind.as_document(), path, out);
            return;
        }
        std::string_view text = kind.as_string();
        if (text.starts_with("not ") && !text.starts_with("not in")) {
            text.remove_prefix(4);
            if (text == "regex") {
                append_pattern("$not", "regex", path, out);
                return;
            }
            out.begin_document("$not");
            append_operator(text, path, out);
            out.end();
            return;
        }
        append_operator(text, path, out);
    }

    void append_elem_match(bson::View kind, const std::string& path, bson::Builder& out) {
        const bson::ValueView inner = kind.find("elemMatch");
        out.begin_document("$elemMatch");
        if (inner.type() == bson::Type::Document) {
            for (const bson::Element& field : inner.as_document()) {
                if (field.name.empty()) {
                    append_kind(field.value, path, out);
                } else {
                    append_condition(field, path, out);
                }
            }
        }
        out.end();
    }

    void append_operator(std::string_view kind, const std::string& path, bson::Builder& out) {
        struct Row {
            std::string_view kind;
            void (Maker::*append)(std::string_view kind, const std::string& path, bson::Builder&);
        };
        // clang-format off
        static constexpr auto kRows = std::to_array<Row>({
            {"!=",           &Maker::append_compare},
            {"!= null",      &Maker::append_constant},
            {"<",            &Maker::append_compare},
            {"=",            &Maker::append_compare},
            {"= null",       &Maker::append_constant},
            {">",            &Maker::append_compare},
            {"all few",      &Maker::append_list},
            {"all many",     &Maker::append_list},
            {"bits",         &Maker::append_constant},
            {"exists",       &Maker::append_constant},
            {"in few",       &Maker::append_list},
            {"in many",      &Maker::append_list},
            {"missing",      &Maker::append_constant},
            {"mod",          &Maker::append_constant},
            {"not in few",   &Maker::append_list},
            {"not in many",  &Maker::append_list},
            {"regex",        &Maker::append_regex},
            {"regex prefix", &Maker::append_regex},
            {"size",         &Maker::append_constant},
            {"type",         &Maker::append_constant},
        });
        // clang-format on
        static_assert(std::ranges::is_sorted(kRows, {}, &Row::kind));
        const auto row = std::ranges::lower_bound(kRows, kind, {}, &Row::kind);
        if (row == kRows.end() || row->kind != kind) {
            give_up(fmt::format("no template for \"{}\"", kind));
            return;
        }
        (this->*row->append)(kind, path, out);
    }

    void append_compare(std::string_view kind, const std::string& path, bson::Builder& out) {
        if (kind == "=") {
            out.append("$eq", value(path, 0));
        } else if (kind == "!=") {
            out.append("$ne", value(path, 0));
        } else {
            const std::string name = range(path);
            out.append(kind == ">" ? "$gte" : "$lte",
                       fmt::format("{{{{{}.{}}}}}", name, kind == ">" ? "low" : "high"));
        }
    }

    // Conditions that say something of the form of a value, not of the value.
    void append_constant(std::string_view kind, const std::string&, bson::Builder& out) {
        if (kind == "exists" || kind == "missing") {
            out.append("$exists", kind == "exists");
        } else if (kind == "!= null") {
            out.append_null("$ne");
        } else if (kind == "= null") {
            out.append_null("$eq");
        } else if (kind == "size") {
            out.append("$size", 1);
        } else if (kind == "type") {
            out.append("$type", "string");
        } else if (kind == "bits") {
            out.append("$bitsAnySet", 1);
        } else {
            out.begin_array("$mod").push(2).push(0).end();
        }
    }

    void append_list(std::string_view kind, const std::string& path, bson::Builder& out) {
        out.begin_array(kind.starts_with("in") ? "$in" : kind.starts_with("all") ? "$all" : "$nin");
        const int count = kind.ends_with("many") ? kMany : kFew;
        // What all must be there stands together in one document.
        const bool together = kind == "all few";
        for (int index = 0; index < (together ? 2 : count); ++index) {
            out.push(together ? value(fmt::format("{}.{}", path, index), 0) : value(path, index));
        }
        out.end();
    }

    void append_regex(std::string_view kind, const std::string& path, bson::Builder& out) {
        append_pattern("$regex", kind, path, out);
    }

    void append_pattern(std::string_view name,
                        std::string_view kind,
                        const std::string& path,
                        bson::Builder& out) {
        const bool anchored = kind == "regex prefix";
        if (anchored) {
            out.append(name, "{{" + prefix(path) + "}}");
        } else if (name == "$not") {
            out.append_regex(name, {"[aeiou]", "i"});
        } else {
            out.append(name, "[aeiou]").append("$options", "i");
        }
    }

    // Parameters.

    // A field of a document of the collection; `other` of them come from as many documents.
    std::string value(const std::string& path, int other) {
        const std::string definition =
            fmt::format("{{sample: {}, elements: true}}", project::yaml_text(shape_.collection));
        // A parameter draws one document for all its fields, and looks for one that has them all:
        // each query has its own, or optional fields of another would thin out the documents.
        const std::string name = parameters_.name_of(
            fmt::format("{}\n{} {}", definition, shape_.id, other), shape_.collection);
        return fmt::format("{{{{{}.{}}}}}", name, path);
    }

    std::string range(const std::string& path) {
        const auto seen = statistics_.values.find(path);
        const std::int32_t days = seen == statistics_.values.end() ? 0 : seen->second.days;
        const std::string width =
            days > 0 ? fmt::format("days: {}", days) : fmt::format("share: {}", kRangeShare);
        return parameters_.name_of(
            fmt::format(
                "{{range: {}, {}}}", project::yaml_text(shape_.collection + "." + path), width),
            fmt::format("{}_{}", shape_.collection, path));
    }

    std::string prefix(const std::string& path) {
        return parameters_.name_of(fmt::format("{{prefix: {}, length: {}}}",
                                               project::yaml_text(shape_.collection + "." + path),
                                               kPrefixLength),
                                   fmt::format("{}_{}_begins", shape_.collection, path));
    }

    std::string copy() {
        return "{{" +
               parameters_.name_of(
                   fmt::format("{{copy: {}}}", project::yaml_text(shape_.collection)),
                   "new_" + shape_.collection) +
               "}}";
    }

    // Changes.

    void append_update(std::string_view name, bson::Builder& out) {
        const bson::ValueView update = part("update");
        if (update.type() == bson::Type::String) {
            if (update.as_string() == "pipeline") {
                out.begin_array(name).push_document();
                out.begin_document("$set").append("updated_at", "$$NOW").end();
                out.end().end();
            } else {
                give_up("a document that is replaced as a whole");
            }
            return;
        }
        if (update.type() != bson::Type::Document) {
            return;
        }
        out.begin_document(name);
        for (const bson::Element& change : update.as_document()) {
            out.begin_document(change.name);
            for (const bson::Element& field : change.value.as_container()) {
                append_change(change.name, field.value.as_string(), out);
            }
            out.end();
        }
        out.end();
    }

    void append_change(std::string_view name, std::string_view field, bson::Builder& out) {
        if (name == "$set" || name == "$setOnInsert" || name == "$min" || name == "$max") {
            // "items.$.quantity" is a place that only the server can tell.
            const bool plain = field.find('$') == std::string_view::npos;
            if (plain) {
                out.append(field, value(std::string{field}, 1));
            } else {
                out.append(field, 1);
            }
        } else if (name == "$currentDate") {
            out.append(field, true);
        } else if (name == "$unset") {
            out.append(field, "");
        } else if (name == "$rename") {
            give_up("$rename");
        } else {
            out.append(field, 1);
        }
    }

    // Pipelines.

    void append_pipeline(std::string_view name, bson::ValueView stages, bson::Builder& out) {
        out.begin_array(name);
        if (stages.type() == bson::Type::Array) {
            for (const bson::Element& stage : stages.as_container()) {
                const bson::Element only = stage.value.as_document().front();
                out.push_document();
                append_stage(only, out);
                out.end();
            }
        }
        out.end();
    }

    void append_stage(const bson::Element& stage, bson::Builder& out) {
        if (stage.name == "$match") {
            out.append(stage.name, filter(stage.value, ""));
        } else if (stage.name == "$limit" || stage.name == "$skip") {
            out.append(stage.name, kPage);
        } else if (stage.name == "$sample") {
            out.begin_document(stage.name).append("size", kPage).end();
        } else if (stage.name == "$out" || stage.name == "$merge") {
            give_up(fmt::format("{} would write", stage.name));
        } else {
            append_expression(stage.name, stage.value, out);
        }
    }

    // The pattern of an expression with its "?" made something that runs.
    void append_expression(  // NOLINT(misc-no-recursion): as deep as a parsed command
        std::string_view name,
        bson::ValueView value,
        bson::Builder& out) {
        switch (value.type()) {
            case bson::Type::Document:
                out.begin_document(name);
                for (const bson::Element& field : value.as_document()) {
                    append_expression(field.name, field.value, out);
                }
                out.end();
                return;
            case bson::Type::Array:
                out.begin_array(name);
                for (const bson::Element& element : value.as_container()) {
                    append_expression(element.name, element.value, out);
                }
                out.end();
                return;
            case bson::Type::String:
                if (value.as_string() == "?") {
                    append_expression_constant(name, out);
                    return;
                }
                break;
            default:
                break;
        }
        out.append(name, value);
    }

    static void append_expression_constant(std::string_view name, bson::Builder& out) {
        if (name == "format") {
            out.append(name, "%Y-%m-%d");
        } else if (name == "timezone") {
            out.append(name, "UTC");
        } else if (name == "unit") {
            out.append(name, "day");
        } else {
            out.append(name, 2);  // neither 0 nor 1, which mean something of their own
        }
    }

    void give_up(std::string reason) {
        if (why_not_.empty()) {
            why_not_ = std::move(reason);
        }
    }

    const ShapeStatistics& statistics_;
    const Shape& shape_;
    ParameterList& parameters_;
    std::string why_not_;
};

bool is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

}  // namespace

std::string ParameterList::name_of(const std::string& definition, std::string_view wish) {
    if (const auto found = by_definition_.find(definition); found != by_definition_.end()) {
        return found->second;
    }
    std::string name;
    for (const char c : wish) {
        name += is_word(c) ? c : '_';
    }
    std::string unique = name;
    for (int number = 2; !used_.insert(unique).second; ++number) {
        unique = fmt::format("{}_{}", name, number);
    }
    by_definition_.emplace(definition, unique);
    // Behind a line's end stands who asks for it, which is no part of the definition.
    all_.emplace_back(unique, definition.substr(0, definition.find('\n')));
    return unique;
}

Template make_template(const ShapeStatistics& statistics, ParameterList& parameters) {
    ParameterList tried = parameters;
    Template out = Maker{statistics, tried}.run();
    if (out.why_not.empty()) {
        parameters = std::move(tried);
    }
    return out;
}

}  // namespace plumb::capture
