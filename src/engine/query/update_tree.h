// SPDX-License-Identifier: GPL-3.0-or-later
// A document that can be changed: opened field by field where an update reaches, untouched bytes
// elsewhere.
//
//   UpdateTree tree{document, arena};
//   PLUMB_TRY(place, tree.locate({"items", "0", "price"}));
//   PLUMB_CHECK(tree.set(place, value));
//
// Memory   values point into the document, the update or the arena; all must outlive the tree.
// Threads  one thread.
#pragma once

#include "base/arena.h"
#include "base/result.h"
#include "bson/builder.h"
#include "bson/document.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace plumb::query {

struct UpdateField;

// One value of the tree.
struct UpdateValue {
    bson::ValueView value;  // as it is now; if open, only its type counts
    bool open = false;      // `fields` holds the content of this document or array
    std::vector<UpdateField> fields;
};

struct UpdateField {
    std::string_view name;  // empty in arrays
    UpdateValue value;
};

// A concrete path: no positional parts.
using UpdateSteps = std::vector<std::string>;

// What stands along a path.
struct UpdatePlace {
    UpdateSteps steps;
    std::size_t found = 0;           // how many steps lead to something that is there
    UpdateValue* deepest = nullptr;  // the value after `found` steps; the root after none
    bool blocked = false;            // the next step cannot be taken from `deepest`

    [[nodiscard]] bool exists() const { return found == steps.size(); }
};

// The position that a step means in an array: digits, leading zeros allowed; -1 if it is none.
[[nodiscard]] std::int64_t array_position(std::string_view step);

class UpdateTree {
  public:
    UpdateTree(bson::View document, Arena& arena);

    // What is there along `steps`. Pointers in it are valid until the next change.
    [[nodiscard]] UpdatePlace locate(UpdateSteps steps);
    // The value at a place, serialised if it was opened; Missing if there is none.
    [[nodiscard]] bson::ValueView value_at(const UpdatePlace& place);
    // Puts `value` at a place: over what is there, or anew with the documents that lead to it;
    // arrays are padded with null.
    //   errors  PathNotViable (28) if the place is blocked, CannotBackfillArray (35) for more than
    //           1 500 000 nulls, DollarPrefixedFieldName (52) for such a new field
    [[nodiscard]] Status set(UpdatePlace& place, bson::ValueView value);
    // Takes away what is at a place: an element of an array becomes null. requires place.exists()
    void remove(const UpdatePlace& place);
    // True if an array stands on the way to a place, the place itself not counted.
    [[nodiscard]] bool passes_array(const UpdateSteps& steps);

    [[nodiscard]] bson::Document finish() const;

  private:
    // Opens a document or array; returns false for anything else.
    bool open(UpdateValue& value);
    [[nodiscard]] bson::ValueView build_missing(const UpdateSteps& steps,
                                                std::size_t from,
                                                bson::ValueView value);

    Arena& arena_;
    UpdateValue root_;
};

// The error for a path that something in the document blocks.
[[nodiscard]] Error path_not_viable(const UpdatePlace& place);

// Whether a value may be stored.
//   errors  DollarPrefixedFieldName (52) for a field whose name begins with $ and that is no part
//   of
//           a DBRef, Overflow (15) for more than kNestingMax levels under `depth` others
[[nodiscard]] Status check_storable(bson::ValueView value, int depth);

// True for $ref, $id, $db.
[[nodiscard]] bool is_reference_part(std::string_view name);

// A value kept in the arena.
[[nodiscard]] bson::ValueView keep_value(Arena& arena, bson::ValueView value);

}  // namespace plumb::query
