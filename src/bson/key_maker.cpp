// SPDX-License-Identifier: GPL-3.0-or-later
// The keys of a document. All fields of a pattern are walked together, because an array gives one
// key per element, the same element for every field whose path goes through it.
#include "bson/hashed_index.h"
#include "bson/index_key.h"
#include "bson/index_key_internal.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>

namespace plumb::bson {
namespace {

constexpr ErrorCode kAmbiguousPosition{16746};
constexpr ErrorCode kHashedArray{16766};

constexpr ValueView kNullValue{Type::Null, nullptr, 0};
constexpr ValueView kUndefinedValue{Type::Undefined, nullptr, 0};

// A value on a path, and how many components led to it: all of them, or as far as an array.
struct Reached {
    ValueView value;
    std::size_t parts;
};

// From `container` along the components from `first` on, through documents, up to an array.
Reached walk(View container, const Path& path, std::size_t first) {
    std::size_t at = first;
    while (true) {
        const ValueView value = container.find(path.part(at));
        ++at;
        if (at == path.size() || value.type() == Type::Array) {
            return {value, at};
        }
        if (value.type() != Type::Document) {
            return {{}, at};
        }
        container = value.as_document();
    }
}

// Few enough to be cleared for each document at no cost; longer patterns look fields up singly.
constexpr std::size_t kHeadsMax = 4;
using Heads = std::array<ValueView, kHeadsMax>;

// The value of the first component of each path, found in one pass over the document.
void find_heads(View document, const std::vector<KeyField>& fields, Heads& heads) {
    std::size_t missing = fields.size();
    for (const Element& element : document) {
        for (std::size_t i = 0; i < fields.size(); ++i) {
            if (element.name == fields[i].path.part(0) && heads[i].missing()) {
                heads[i] = element.value;
                --missing;
            }
        }
        if (missing == 0) {
            return;
        }
    }
}

// As walk() from the document on, once the value of the first component is known.
ValueView walk_from_head(ValueView head, const Path& path) {
    if (path.size() == 1 || head.type() == Type::Array) {
        return head;
    }
    return head.type() == Type::Document ? walk(head.as_document(), path, 1).value : ValueView{};
}

// Where one field of the pattern stands during the walk.
struct FieldState {
    ValueView value;        // fixed already if `done`
    std::size_t parts = 0;  // components used up
    bool done = false;      // nothing left to look for; `value` is the key's
    bool found = true;      // false once the field turned out to be missing
};

// Where a field's numeric component stands for a position of the array that is being expanded.
struct Position {
    Reached target;
    bool used = false;
};

class Expansion {
  public:
    Expansion(const KeyPattern& pattern, bool sparse, MadeKeys& out)
        : fields_(pattern.fields()), sparse_(sparse), out_(out) {}

    [[nodiscard]] Status run(View document) {
        std::vector<FieldState> states(fields_.size());
        return expand(document, states, {});
    }

  private:
    using States = std::vector<FieldState>;
    using Positions = std::vector<Position>;

    // The array that the fields of this level meet, and which of them do.
    struct Meeting {
        ValueView array;
        std::string_view name;
        std::vector<std::size_t> fields;
        bool as_value = false;  // met as the last position of a path: a key as it stands
    };

    Status expand(View document, States states, const Positions& positions);
    Status advance(View document,
                   std::size_t field,
                   States& states,
                   const Positions& positions,
                   Meeting& meeting);
    Result<Reached> reach(View document,
                          std::size_t field,
                          const FieldState& state,
                          const Positions& positions,
                          bool& nested) const;
    Status expand_elements(const Meeting& meeting, const States& states);
    Status expand_element(ValueView element,
                          const Meeting& meeting,
                          States states,
                          const Positions& positions);
    Positions positions_in(const Meeting& meeting, const States& states);
    void mark_multikey(std::size_t field, std::size_t part);
    void emit(const States& states);

    const std::vector<KeyField>& fields_;
    bool sparse_;
    MadeKeys& out_;
};

Result<Reached> Expansion::reach(View document,
                                 std::size_t field,
                                 const FieldState& state,
                                 const Positions& positions,
                                 bool& nested) const {
    const Path& path = fields_[field].path;
    const bool by_position = !positions.empty() && positions[field].used;
    if (!by_position) {
        return walk(document, path, state.parts);
    }
    if (document.has(path.part(state.parts))) {
        return fail(kAmbiguousPosition,
                    fmt::format("Ambiguous field name found in array (do not use numeric field "
                                "names in embedded elements in an array), field: '{}'",
                                path.dotted()));
    }
    const Reached target = positions[field].target;
    const bool is_element = target.parts == state.parts + 1 && target.parts == path.size();
    nested =
        is_element && target.value.type() == Type::Array && !target.value.as_container().empty();
    return target;
}

Status Expansion::advance(View document,
                          std::size_t field,
                          States& states,
                          const Positions& positions,
                          Meeting& meeting) {
    FieldState& state = states[field];
    bool nested = false;
    PLUMB_TRY(reached, reach(document, field, state, positions, nested));
    const Path& path = fields_[field].path;
    if (reached.value.type() != Type::Array) {
        state.done = true;
        state.found = !reached.value.missing();
        state.value = state.found ? reached.value : kNullValue;
        return {};
    }
    state.parts = reached.parts;
    const std::string_view name = path.part(reached.parts - 1);
    if (meeting.fields.empty()) {
        meeting.array = reached.value;
        meeting.name = name;
    } else if (meeting.array.raw().data() != reached.value.raw().data()) {
        return fail(ErrorCode::CannotIndexParallelArrays,
                    fmt::format("cannot index parallel arrays [{}] [{}]", name, meeting.name));
    }
    meeting.as_value = meeting.as_value || nested;
    meeting.fields.push_back(field);
    return {};
}

// NOLINTNEXTLINE(misc-no-recursion): bounded by the components of the longest path
Status Expansion::expand(View document, States states, const Positions& positions) {
    Meeting meeting;
    for (std::size_t i = 0; i < states.size(); ++i) {
        if (!states[i].done) {
            PLUMB_CHECK(advance(document, i, states, positions, meeting));
        }
    }
    if (meeting.fields.empty()) {
        emit(states);
        return {};
    }
    return expand_elements(meeting, states);
}

void Expansion::mark_multikey(std::size_t field, std::size_t part) {
    auto& paths = out_.multikey_paths[field];
    const auto number = static_cast<std::uint32_t>(part);
    const auto place = std::lower_bound(paths.begin(), paths.end(), number);
    if (place == paths.end() || *place != number) {
        paths.insert(place, number);
    }
    out_.multikey = true;
}

Expansion::Positions Expansion::positions_in(const Meeting& meeting, const States& states) {
    Positions positions(states.size());
    for (const std::size_t field : meeting.fields) {
        const Path& path = fields_[field].path;
        const std::size_t used = states[field].parts;
        const bool goes_on = used < path.size();
        const View array = meeting.array.as_container();
        if (goes_on && path.part_is_index(used) && array.has(path.part(used))) {
            positions[field] = {walk(array, path, used), true};
        } else if (goes_on || !meeting.as_value) {
            mark_multikey(field, used - 1);
        }
    }
    return positions;
}

// NOLINTNEXTLINE(misc-no-recursion): see expand()
Status Expansion::expand_elements(const Meeting& meeting, const States& states) {
    const Positions positions = positions_in(meeting, states);
    const View array = meeting.array.as_container();
    if (array.empty()) {
        return expand_element(kUndefinedValue, meeting, states, positions);
    }
    for (const Element& element : array) {
        PLUMB_CHECK(expand_element(element.value, meeting, states, positions));
    }
    return {};
}

// NOLINTNEXTLINE(misc-no-recursion): see expand()
Status Expansion::expand_element(ValueView element,
                                 const Meeting& meeting,
                                 States states,
                                 const Positions& positions) {
    for (const std::size_t field : meeting.fields) {
        FieldState& state = states[field];
        if (state.parts == fields_[field].path.size()) {
            state.done = true;
            state.value = meeting.as_value ? meeting.array : element;
        }
    }
    const bool enters = element.type() == Type::Document;
    return expand(enters ? element.as_document() : View{}, std::move(states), positions);
}

void Expansion::emit(const States& states) {
    const bool any_found =
        std::any_of(states.begin(), states.end(), [](const FieldState& s) { return s.found; });
    if (sparse_ && !any_found) {
        return;
    }
    MadeKey& key = out_.keys.emplace_back();
    std::uint32_t defaults = 0;
    keys::Sink sink{key.bytes, key.type_bits, defaults};
    for (std::size_t i = 0; i < states.size(); ++i) {
        const std::size_t start = key.bytes.size();
        keys::encode_value(sink, states[i].value);
        if (fields_[i].order == Order::Descending) {
            keys::invert(key.bytes, start);
        }
    }
}

// The one key of a hashed index.
Status make_hashed(View document, const KeyField& field, bool sparse, MadeKeys& out) {
    const ValueView value = walk(document, field.path, 0).value;
    if (value.type() == Type::Array) {
        return fail(kHashedArray, "Error: hashed indexes do not currently support array values");
    }
    if (value.missing() && sparse) {
        return {};
    }
    const Value hash{hashed_index_value(value)};
    MadeKey& key = out.keys.emplace_back();
    std::uint32_t defaults = 0;
    keys::Sink sink{key.bytes, key.type_bits, defaults};
    keys::encode_value(sink, hash);
    return {};
}

}  // namespace

void MadeKeys::clear() {
    keys.clear();
    for (auto& paths : multikey_paths) {
        paths.clear();
    }
    multikey = false;
}

KeyMaker::KeyMaker(KeyPattern pattern, bool sparse)
    : pattern_(std::move(pattern)), sparse_(sparse) {}

// Without arrays there is one key: it is written straight into the buffers of the last round.
// False if a path met an array after all.
bool KeyMaker::make_plain(View document, MadeKeys& out) const {
    out.keys.resize(1);
    MadeKey& key = out.keys.front();
    key.bytes.clear();
    key.type_bits.clear();
    std::uint32_t defaults = 0;
    keys::Sink sink{key.bytes, key.type_bits, defaults};
    bool any_found = false;
    const std::vector<KeyField>& fields = pattern_.fields();
    Heads heads;
    const bool in_one_pass = fields.size() > 1 && fields.size() <= kHeadsMax;
    if (in_one_pass) {
        find_heads(document, fields, heads);
    }
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const KeyField& field = fields[i];
        const ValueView value = in_one_pass ? walk_from_head(heads[i], field.path)
                                            : walk(document, field.path, 0).value;
        if (value.type() == Type::Array) {
            return false;
        }
        any_found = any_found || !value.missing();
        const std::size_t start = key.bytes.size();
        keys::encode_value(sink, value.missing() ? kNullValue : value);
        if (field.order == Order::Descending) {
            keys::invert(key.bytes, start);
        }
    }
    if (sparse_ && !any_found) {
        out.keys.clear();
    }
    return true;
}

Status KeyMaker::make(View document, MadeKeys& out) const {
    const std::vector<KeyField>& fields = pattern_.fields();
    out.multikey_paths.resize(fields.size());
    for (auto& paths : out.multikey_paths) {
        paths.clear();
    }
    out.multikey = false;
    if (fields.size() == 1 && fields.front().hashed) {
        out.keys.clear();
        return make_hashed(document, fields.front(), sparse_, out);
    }
    if (make_plain(document, out)) {
        return {};
    }
    out.keys.clear();
    PLUMB_CHECK(Expansion{pattern_, sparse_, out}.run(document));
    // Stable: of keys that differ in type bits only the first element's stays.
    std::stable_sort(out.keys.begin(), out.keys.end());
    out.keys.erase(std::unique(out.keys.begin(), out.keys.end()), out.keys.end());
    return {};
}

}  // namespace plumb::bson
