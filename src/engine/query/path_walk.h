// SPDX-License-Identifier: GPL-3.0-or-later
// How a query looks through a document along a dotted path: into documents, and into the elements
// of arrays on the way, so that {"items.price": 5} finds a price in any of the items.
//
//   walk_path(order, path, LeafArray::Elements, [&](ValueView value, std::int64_t position) {
//       return value.is_number();          // true ends the walk
//   });
//
// What is visited, in order: each value at the end of the path; Missing where a document on the way
// lacks the field or has a scalar there. An array at the end gives its elements and then itself (or
// just itself). A part that is a number also means that position of an array on the way.
//
// Source   MongoDB manual, "Query an Array"; tests/conformance/match.jsonl (dotted)
// Threads  pure functions. Nothing is allocated; recursion is bounded by the document's depth.
#pragma once

#include "bson/document.h"
#include "bson/path.h"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

namespace plumb::query {

// What an array at the end of a path gives.
enum class LeafArray : std::uint8_t {
    Elements,  // its elements, then the array
    Whole,     // the array only
};

// No array on the way.
inline constexpr std::int64_t kNoPosition = -1;

namespace walk_internal {

template <class Visit>
struct Walk {
    const bson::Path& path;
    LeafArray leaf;
    Visit& visit;
};

template <class Visit>
bool walk_array(const Walk<Visit>& walk,
                bson::ValueView array,
                std::size_t part,
                std::int64_t outer);

template <class Visit>
bool walk_fields(const Walk<Visit>& walk, bson::View fields, std::size_t part, std::int64_t outer);

// `value` is what the part at `part` named; `outer` as below.
template <class Visit>
bool walk_found(const Walk<Visit>& walk,
                bson::ValueView value,
                std::size_t part,
                std::int64_t outer) {
    if (value.type() == bson::Type::Array) {
        return walk_array(walk, value, part + 1, outer);
    }
    if (part + 1 >= walk.path.size()) {
        return walk.visit(value, outer);
    }
    if (value.type() != bson::Type::Document) {
        return walk.visit(bson::ValueView{}, outer);
    }
    return walk_fields(walk, value.as_document(), part + 1, outer);
}

// `part` is looked up in `fields`; `outer` is the position in the outermost array passed so far.
template <class Visit>
bool walk_fields(const Walk<Visit>& walk, bson::View fields, std::size_t part, std::int64_t outer) {
    const std::string_view name = walk.path.size() == 0 ? std::string_view{} : walk.path.part(part);
    return walk_found(walk, fields.find(name), part, outer);
}

// The element that the part at `part`, a number, names. MongoDB: a written position is no match of
// an array's element for `$` to refer to, unless the path ends with it.
template <class Visit>
bool walk_named_element(const Walk<Visit>& walk,
                        bson::ValueView element,
                        std::size_t part,
                        std::int64_t position,
                        std::int64_t outer) {
    if (part + 1 == walk.path.size()) {
        return walk.visit(element, position);
    }
    if (element.type() == bson::Type::Array) {
        return walk_array(walk, element, part + 1, outer);
    }
    return element.type() == bson::Type::Document &&
           walk_fields(walk, element.as_document(), part + 1, outer);
}

// An array where the path has parts left from `part` on.
template <class Visit>
bool walk_inside(const Walk<Visit>& walk,
                 bson::ValueView array,
                 std::size_t part,
                 std::int64_t outer) {
    std::int64_t index = 0;
    for (const bson::Element& element : array.as_container()) {
        const bson::ValueView value = element.value;
        const std::int64_t position = outer == kNoPosition ? index : outer;
        if (value.type() == bson::Type::Document &&
            walk_fields(walk, value.as_document(), part, position)) {
            return true;
        }
        if (walk.path.part_position(part) == index &&
            walk_named_element(walk, value, part, position, outer)) {
            return true;
        }
        ++index;
    }
    return false;
}

template <class Visit>
bool walk_array(const Walk<Visit>& walk,
                bson::ValueView array,
                std::size_t part,
                std::int64_t outer) {
    // "a." ends at the array as "a" does: an empty rest is no field of the elements.
    const std::size_t parts = walk.path.size();
    const bool ends = part >= parts || (part + 1 == parts && walk.path.part(part).empty());
    if (!ends) {
        return walk_inside(walk, array, part, outer);
    }
    if (walk.leaf == LeafArray::Elements) {
        std::int64_t index = 0;
        for (const bson::Element& element : array.as_container()) {
            if (walk.visit(element.value, outer == kNoPosition ? index : outer)) {
                return true;
            }
            ++index;
        }
    }
    return walk.visit(array, outer);
}

}  // namespace walk_internal

// Visits what stands at `path` until `visit(ValueView, std::int64_t position)` returns true; then
// returns true. `position` is that in the outermost array on the way, kNoPosition without one. An
// empty path (no parts) is the field of the name "".
template <class Visit>
bool walk_path(bson::View document, const bson::Path& path, LeafArray leaf, Visit&& visit) {
    const walk_internal::Walk<std::remove_reference_t<Visit>> walk{path, leaf, visit};
    return walk_internal::walk_fields(walk, document, 0, kNoPosition);
}

// The same where the first part has been looked up: `value` is the field of that name.
template <class Visit>
bool walk_path_from(bson::ValueView value, const bson::Path& path, LeafArray leaf, Visit&& visit) {
    const walk_internal::Walk<std::remove_reference_t<Visit>> walk{path, leaf, visit};
    return walk_internal::walk_found(walk, value, 0, kNoPosition);
}

}  // namespace plumb::query
