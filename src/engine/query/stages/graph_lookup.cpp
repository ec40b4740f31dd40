// SPDX-License-Identifier: GPL-3.0-or-later
// $graphLookup: documents that are reached from a value over a field and another, step by step.
#include "bson/compare.h"
#include "bson/number.h"
#include "bson/path.h"
#include "engine/query/expr/operator.h"
#include "engine/query/expr/values.h"
#include "engine/query/matcher.h"
#include "engine/query/stages/edit_document.h"
#include "engine/query/stages/path_values.h"
#include "engine/query/stages/stages.h"

#include <fmt/format.h>

#include <limits>
#include <map>
#include <set>

namespace plumb::query {

using bson::Type;
using bson::Value;
using bson::ValueView;

namespace {

struct GraphSpec {
    std::string from;
    bson::Path as;
    bson::Path connect_from;
    std::string connect_to;
    ExpressionPtr start_with;
    std::optional<bson::Path> depth_field;
    std::int64_t depth_max = std::numeric_limits<std::int64_t>::max();
    std::optional<bson::Document> restriction;
    bson::Document shown;
};

using ValueSet = std::set<Value, bson::ValueLess>;

// One search, from one document.
class Search {
  public:
    Search(const GraphSpec& spec, const PipelineContext& context)
        : spec_(spec), context_(context) {}

    void start_from(ValueView value) {
        if (!value.missing()) {
            frontier_.emplace(value);
        }
    }

    Status run() {
        for (std::int64_t depth = 0; depth <= spec_.depth_max && !frontier_.empty(); ++depth) {
            PLUMB_CHECK(step(depth));
        }
        return {};
    }

    [[nodiscard]] const std::vector<bson::Document>& found() const { return found_; }

  private:
    // Finds all that the frontier leads to; what those lead to is the next frontier.
    Status step(std::int64_t depth) {
        PLUMB_TRY(host, host_of(context_));
        const bson::Document filter = frontier_filter();
        for (const Value& value : frontier_) {
            searched_.insert(value);
        }
        frontier_.clear();
        PLUMB_TRY(matches, host->open_find(sibling_namespace(context_.ns, spec_.from), filter));
        while (true) {
            if (context_.interrupt != nullptr) {
                PLUMB_CHECK(context_.interrupt->check());
            }
            PLUMB_TRY(match, matches->next());
            if (!match) {
                return {};
            }
            PLUMB_CHECK(take(*match, depth));
        }
    }

    Status take(bson::View match, std::int64_t depth) {
        if (!known_.emplace(match.find("_id")).second) {
            return {};
        }
        bson::Document document{match};
        if (spec_.depth_field) {
            bson::Builder with_depth;
            write_with(match, *spec_.depth_field, Value{depth}, with_depth);
            document = with_depth.finish();
        }
        bytes_ += static_cast<std::int64_t>(document.bytes().size());
        if (bytes_ > context_.memory_bytes) {
            return fail(ErrorCode{40099}, "$graphLookup reached maximum memory consumption");
        }
        const auto add = [&](ValueView value) {
            if (searched_.find(value) == searched_.end()) {
                frontier_.emplace(value);
            }
        };
        visit_path_values(match, spec_.connect_from, 0, add);
        found_.push_back(std::move(document));
        return {};
    }

    [[nodiscard]] bson::Document frontier_filter() const {
        bson::Builder filter;
        if (spec_.restriction) {
            filter.begin_array("$and").push(*spec_.restriction).push_document();
        }
        filter.begin_document(spec_.connect_to).begin_array("$in");
        for (const Value& value : frontier_) {
            filter.push(value);
        }
        filter.end().end();
        if (spec_.restriction) {
            filter.end().end();
        }
        return filter.finish();
    }

    const GraphSpec& spec_;
    const PipelineContext& context_;
    ValueSet frontier_;
    ValueSet searched_;
    ValueSet known_;  // _id of what was found
    std::vector<bson::Document> found_;
    std::int64_t bytes_ = 0;
};

class GraphLookupStage final : public SourcedStage {
  public:
    GraphLookupStage(GraphSpec spec,
                     std::unique_ptr<StageExpressions> expressions,
                     const PipelineContext& context)
        : spec_(std::move(spec)), expressions_(std::move(expressions)), context_(context) {}

    Result<std::optional<bson::View>> next() override {
        PLUMB_TRY(document, source().next());
        if (!document) {
            return document;
        }
        expressions_->next_document();
        PLUMB_TRY(start, expressions_->evaluate(*spec_.start_with, *document));
        Search search{spec_, context_};
        if (start.type() == Type::Array) {
            for (const bson::Element& element : start.as_container()) {
                search.start_from(element.value);
            }
        } else {
            search.start_from(start);
        }
        PLUMB_CHECK(search.run());
        ArrayWriter array{expressions_->arena()};
        for (const bson::Document& found : search.found()) {
            array.push(found.view().as_value());
        }
        out_.clear();
        write_with(*document, spec_.as, array.finish(), out_);
        PLUMB_CHECK(check_document_bytes(out_.byte_size()));
        return std::optional{out_.finish_view()};
    }
    void restart() override {}
    void append_explain(bson::Builder& out) const override {
        out.append("$graphLookup", spec_.shown);
    }
    bool add_dependencies(Dependencies& out) const override {
        spec_.start_with->add_dependencies(out);
        out.paths.insert(spec_.as.dotted());
        return false;
    }

  private:
    GraphSpec spec_;
    std::unique_ptr<StageExpressions> expressions_;
    const PipelineContext& context_;
    bson::Builder out_;
};

Status read_depth(ValueView value, GraphSpec& out) {
    if (!value.is_number()) {
        return fail(ErrorCode{40100}, "maxDepth requires numeric argument");
    }
    const auto depth = bson::to_exact_int64(value);
    if (!depth) {
        return fail(ErrorCode{40102}, "maxDepth could not be represented as a long long");
    }
    if (*depth < 0) {
        return fail(ErrorCode{40101}, "maxDepth requires a nonnegative argument");
    }
    out.depth_max = *depth;
    return {};
}

Status read_restriction(ValueView value, const PipelineContext& context, GraphSpec& out) {
    if (value.type() != Type::Document) {
        return fail(ErrorCode{40185}, "restrictSearchWithMatch must be an object");
    }
    MatchOptions options;
    options.context = &context.expressions;
    PLUMB_CHECK(Matcher::parse(value.as_document(), options));
    out.restriction = bson::Document{value.as_document()};
    return {};
}

Status read_text(const bson::Element& option, GraphSpec& out) {
    const std::string_view name = option.name;
    const bool known = name == "from" || name == "as" || name == "connectFromField" ||
                       name == "connectToField" || name == "depthField";
    if (option.value.type() != Type::String) {
        return fail(ErrorCode{40103},
                    fmt::format("expected string as argument for {} of $graphLookup", name));
    }
    if (!known) {
        return fail(ErrorCode{40104}, fmt::format("Unknown argument to $graphLookup: {}", name));
    }
    const std::string_view text = option.value.as_string();
    if (name == "from") {
        out.from = text;
        return {};
    }
    PLUMB_CHECK(check_field_path(text));
    if (name == "as") {
        out.as = bson::Path{text};
    } else if (name == "connectFromField") {
        out.connect_from = bson::Path{text};
    } else if (name == "connectToField") {
        out.connect_to = text;
    } else {
        out.depth_field.emplace(text);
    }
    return {};
}

}  // namespace

Status parse_graph_lookup_stage(ValueView spec, StageParser& parser) {
    if (spec.type() != Type::Document) {
        return fail(ErrorCode{40327}, "the $graphLookup stage specification must be an object");
    }
    auto expressions = std::make_unique<StageExpressions>(parser.context);
    GraphSpec out;
    for (const bson::Element& option : spec.as_document()) {
        if (option.name == "startWith") {
            PLUMB_TRY(start, expressions->parse(option.value));
            out.start_with = std::move(start);
        } else if (option.name == "maxDepth") {
            PLUMB_CHECK(read_depth(option.value, out));
        } else if (option.name == "restrictSearchWithMatch") {
            PLUMB_CHECK(read_restriction(option.value, parser.context, out));
        } else {
            PLUMB_CHECK(read_text(option, out));
        }
    }
    const bool complete = !out.from.empty() && out.as.size() > 0 && out.start_with != nullptr &&
                          out.connect_from.size() > 0 && !out.connect_to.empty();
    if (!complete) {
        return fail(ErrorCode{40105},
                    "$graphLookup requires 'from', 'as', 'startWith', 'connectFromField', and "
                    "'connectToField' to be specified.");
    }
    out.shown = bson::Document{spec.as_document()};
    parser.stages.push_back(
        std::make_unique<GraphLookupStage>(std::move(out), std::move(expressions), parser.context));
    return {};
}

}  // namespace plumb::query
