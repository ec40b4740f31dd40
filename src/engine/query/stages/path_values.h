// SPDX-License-Identifier: GPL-3.0-or-later
// All values at a path, through arrays on the way and at its end: what $lookup and $graphLookup
// join by.
//
// Threads  pure functions. Recursion is bounded by the length of the path.
#pragma once

#include "bson/document.h"
#include "bson/path.h"

#include <cstddef>

namespace plumb::query {

// Calls visit(ValueView) for each value at `path` from its part number `part` on; the elements of
// an array at the end stand for it.
template <class Visit>
void visit_path_values(bson::View document,
                       const bson::Path& path,
                       std::size_t part,
                       Visit& visit) {
    const bson::ValueView value = document.find(path.part(part));
    const bool is_array = value.type() == bson::Type::Array;
    if (part + 1 == path.size()) {
        if (!is_array) {
            if (!value.missing()) {
                visit(value);
            }
            return;
        }
        for (const bson::Element& element : value.as_container()) {
            visit(element.value);
        }
        return;
    }
    if (value.type() == bson::Type::Document) {
        visit_path_values(value.as_document(), path, part + 1, visit);
        return;
    }
    if (!is_array) {
        return;
    }
    // A number picks one element, and is then a name of the elements' fields no more.
    if (path.part_is_index(part + 1)) {
        const auto position = static_cast<std::size_t>(path.part_position(part + 1));
        const bson::ValueView element = value.as_array().at(position);
        if (part + 2 == path.size()) {
            if (!element.missing()) {
                visit(element);
            }
        } else if (element.type() == bson::Type::Document) {
            visit_path_values(element.as_document(), path, part + 2, visit);
        }
        return;
    }
    for (const bson::Element& element : value.as_container()) {
        if (element.value.type() == bson::Type::Document) {
            visit_path_values(element.value.as_document(), path, part + 1, visit);
        }
    }
}

}  // namespace plumb::query
