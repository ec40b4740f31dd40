// SPDX-License-Identifier: GPL-3.0-or-later
// What the files of the update operators share: paths with positional parts, array filters, and the
// change that one operator makes to one value.
//
// Threads  constant after parsing.
#pragma once

#include "base/arena.h"
#include "base/result.h"
#include "bson/document.h"
#include "bson/value.h"
#include "engine/query/matcher.h"
#include "engine/query/stage.h"
#include "engine/query/update.h"
#include "engine/query/update_tree.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace plumb::query {

// paths: update_path.cpp.

enum class StepKind : std::uint8_t {
    Field,     // a name, or a position in an array
    Matched,   // $: the element that the filter matched
    Every,     // $[]
    Filtered,  // $[x]: the elements that an array filter matches
};

struct UpdateStep {
    StepKind kind = StepKind::Field;
    std::string text;
    std::size_t filter = 0;  // of Filtered
};

// A path as an operator names it.
struct UpdatePath {
    std::string dotted;
    std::vector<UpdateStep> steps;

    [[nodiscard]] bool is_dynamic() const;
    [[nodiscard]] bool has_matched() const;
};

// array filters: update_filter.cpp.

// One array filter: {"x.price": {$gt: 5}} under the name x.
struct ArrayFilter {
    std::string name;
    Matcher matcher;
    [[nodiscard]] bool matches(bson::ValueView element) const;
};

// errors  FailedToParse (9) for no or several names, or one given twice; BadValue (2) for a name
// that
//         is not lower case letter, then letters and digits
[[nodiscard]] Result<std::vector<ArrayFilter>> parse_array_filters(const UpdateOptions& options);

// errors  EmptyFieldName (56), BadValue (2) for a misplaced positional part or an unknown filter
[[nodiscard]] Result<UpdatePath> parse_update_path(std::string_view dotted,
                                                   const std::vector<ArrayFilter>& filters);

// operators.

// What an operator does with one value.
struct Change {
    enum class Kind : std::uint8_t { None, Set, Remove };
    Kind kind = Kind::None;
    bson::ValueView value;  // of Set; lives as long as the arena, the update and the document

    static Change set(bson::ValueView value) { return {Kind::Set, value}; }
    static Change remove() { return {Kind::Remove, {}}; }
};

// What an operator may use while it is applied.
struct ChangeInput {
    bson::ValueView current;  // Missing if there is none
    Arena& arena;
};

// One operator on one path.
class Modifier {
  public:
    virtual ~Modifier() = default;
    // errors  by the operator: TypeMismatch (14), BadValue (2)
    [[nodiscard]] virtual Result<Change> change(const ChangeInput& input) const = 0;
    // True if it makes a value where there is none. Others leave a missing path alone.
    [[nodiscard]] virtual bool creates() const { return true; }
    // True if a scalar on the way to the path is nothing to complain about.
    [[nodiscard]] virtual bool ignores_blocked_path() const { return false; }
    // True if what it sets comes from the user and is checked before it is stored.
    [[nodiscard]] virtual bool sets_user_value() const { return false; }
    // True if it does nothing to a document that exists.
    [[nodiscard]] virtual bool on_insert_only() const { return false; }
    // $rename's other path; empty for all others.
    [[nodiscard]] virtual std::string_view source_path() const { return {}; }
};

using ModifierPtr = std::unique_ptr<Modifier>;

// {$op: {path: operand}}, being parsed.
struct ModifierSpec {
    std::string_view op;
    std::string_view path;
    bson::ValueView operand;
    const UpdateOptions& options;
};

[[nodiscard]] Result<ModifierPtr> parse_set(const ModifierSpec& spec);
[[nodiscard]] Result<ModifierPtr> parse_set_on_insert(const ModifierSpec& spec);
[[nodiscard]] Result<ModifierPtr> parse_unset(const ModifierSpec& spec);
[[nodiscard]] Result<ModifierPtr> parse_current_date(const ModifierSpec& spec);
[[nodiscard]] Result<ModifierPtr> parse_rename(const ModifierSpec& spec);
[[nodiscard]] Result<ModifierPtr> parse_inc(const ModifierSpec& spec);
[[nodiscard]] Result<ModifierPtr> parse_mul(const ModifierSpec& spec);
[[nodiscard]] Result<ModifierPtr> parse_min(const ModifierSpec& spec);
[[nodiscard]] Result<ModifierPtr> parse_max(const ModifierSpec& spec);
[[nodiscard]] Result<ModifierPtr> parse_bit(const ModifierSpec& spec);
[[nodiscard]] Result<ModifierPtr> parse_push(const ModifierSpec& spec);
[[nodiscard]] Result<ModifierPtr> parse_add_to_set(const ModifierSpec& spec);
[[nodiscard]] Result<ModifierPtr> parse_pull(const ModifierSpec& spec);
[[nodiscard]] Result<ModifierPtr> parse_pull_all(const ModifierSpec& spec);
[[nodiscard]] Result<ModifierPtr> parse_pop(const ModifierSpec& spec);

// One operator with its path.
struct UpdateLeaf {
    UpdatePath path;
    ModifierPtr modifier;
    UpdateSteps source;  // of $rename
    UpdateSteps steps;   // the path's, if it has no positional parts
};

// The operators of an update, in the order of their paths. update_parse.cpp
struct UpdateOperators {
    std::vector<UpdateLeaf> leaves;
    std::vector<ArrayFilter> filters;
    bool needs_position = false;
    bool is_dynamic = false;  // some path has $, $[] or $[x]
};

// errors  FailedToParse (9) for an unknown operator or one without fields,
//         ConflictingUpdateOperators (40) where two paths meet
[[nodiscard]] Result<UpdateOperators> parse_operators(bson::View spec,
                                                      const UpdateOptions& options);

// application: update_apply.cpp.

struct ApplyInput {
    std::optional<std::uint32_t> position;
    ApplyTo to;
};

// The document with all operators applied; its _id is not looked at.
[[nodiscard]] Result<bson::Document> apply_operators(const UpdateOperators& operators,
                                                     bson::View document,
                                                     const ApplyInput& input);

// An update written as a pipeline, parsed once. update_pipeline.cpp
class UpdatePipeline {
  public:
    // errors  InvalidOptions (72) for a stage that an update may not have; others of the stages
    [[nodiscard]] static Result<std::unique_ptr<UpdatePipeline>> parse(
        const std::vector<bson::Document>& stages, const ExpressionContext& context);
    // The document that the pipeline makes of one.
    [[nodiscard]] Result<bson::Document> apply(bson::View document);

  private:
    explicit UpdatePipeline(const ExpressionContext& context) { context_.expressions = context; }
    PipelineContext context_;
    Pipeline pipeline_;
};

}  // namespace plumb::query
