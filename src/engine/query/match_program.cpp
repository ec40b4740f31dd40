// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/query/match_program.h"

#include <algorithm>
#include <bit>
#include <cstdint>

namespace plumb::query {
namespace {

using bson::ValueView;
using bson::View;

// The fields not yet seen in a document are bits of one word.
constexpr std::size_t kFieldsMax = 32;

bool is_condition_on_path(const MatchNode& node) {
    switch (node.kind) {
        case MatchKind::And:
        case MatchKind::Or:
        case MatchKind::Nor:
        case MatchKind::AlwaysFalse:
        case MatchKind::AlwaysTrue:
        case MatchKind::Expr:
        case MatchKind::JsonSchema:
            return false;
        case MatchKind::Not:
            return is_condition_on_path(node.children.front());
        default:
            return node.path.size() > 0;
    }
}

std::string_view first_part(const MatchNode& node) {
    return node.kind == MatchKind::Not ? first_part(node.children.front()) : node.path.part(0);
}

}  // namespace

MatchProgram::MatchProgram(const MatchNode& root) {
    std::vector<const MatchNode*> all;
    if (root.kind == MatchKind::And) {
        for (const MatchNode& child : root.children) {
            all.push_back(&child);
        }
    } else {
        all.push_back(&root);
    }
    // An expression may fail: what stands behind it may not be asked before it.
    const auto expression = std::ranges::find(all, MatchKind::Expr, &MatchNode::kind);
    const auto behind =
        std::stable_partition(all.begin(), expression, [](const MatchNode* condition) {
            return is_condition_on_path(*condition);
        });
    conditions_.assign(all.begin(), behind);
    others_.assign(behind, all.end());
    std::ranges::stable_sort(
        conditions_, {}, [](const MatchNode* node) { return first_part(*node); });
    for (std::size_t i = 0; i < conditions_.size(); ++i) {
        const std::string_view name = first_part(*conditions_[i]);
        if (fields_.empty() || fields_.back().name.name() != name) {
            if (fields_.size() == kFieldsMax) {
                others_.insert(others_.begin(),
                               conditions_.begin() + static_cast<std::ptrdiff_t>(i),
                               conditions_.end());
                break;
            }
            fields_.push_back({bson::FieldName{name}, i, i});
        }
        fields_.back().last = i + 1;
    }
}

bool MatchProgram::test_field(const Field& field, ValueView value, MatchTrace& trace) const {
    for (std::size_t i = field.first; i < field.last; ++i) {
        if (!match_from_field(*conditions_[i], value, trace)) {
            return false;
        }
    }
    return true;
}

bool MatchProgram::test_fields(View document, MatchTrace& trace) const {
    std::uint64_t unseen = (std::uint64_t{1} << fields_.size()) - 1;
    for (bson::ElementWalk walk{document}; unseen != 0 && walk.more(); walk.step()) {
        for (std::uint64_t left = unseen; left != 0; left &= left - 1) {
            const auto at = static_cast<std::size_t>(std::countr_zero(left));
            if (!walk.is(fields_[at].name)) {
                continue;
            }
            if (!test_field(fields_[at], walk.value(), trace)) {
                return false;
            }
            unseen &= ~(std::uint64_t{1} << at);
            break;
        }
    }
    for (; unseen != 0; unseen &= unseen - 1) {
        const auto at = static_cast<std::size_t>(std::countr_zero(unseen));
        if (!test_field(fields_[at], ValueView{}, trace)) {
            return false;
        }
    }
    return true;
}

bool MatchProgram::matches(View document, MatchTrace& trace) const {
    return test_fields(document, trace) &&
           std::all_of(others_.begin(), others_.end(), [&](const MatchNode* node) {
               return match_document(*node, document, trace);
           });
}

}  // namespace plumb::query
