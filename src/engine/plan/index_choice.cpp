// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/plan/index_choice.h"

#include "bson/compare.h"
#include "engine/plan/finish.h"

namespace plumb::plan {
namespace {

Error bad_hint() {
    return fail(ErrorCode::BadValue,
                "error processing query: planner returned error: hint provided does not correspond "
                "to an existing index");
}

Result<IndexPtr> hinted_index(bson::ValueView hint, const storage::CollectionState& collection) {
    for (const IndexPtr& index : collection.indexes) {
        const bool named = hint.type() == bson::Type::String
                               ? index->spec.name == hint.as_string()
                               : bson::compare(index->spec.key.view(), hint.as_document()) == 0;
        if (named && !index->spec.hidden) {
            return index;
        }
    }
    return bad_hint();
}

Status add_index(const IndexPtr& index, IndexChoice& out) {
    UsableIndex usable{index, nullptr};
    if (index->spec.partial) {
        PLUMB_TRY(filter, query::Matcher::parse(*index->spec.partial));
        out.filters.push_back(std::make_shared<const query::Matcher>(std::move(filter)));
        usable.partial = &out.filters.back()->root();
    }
    out.usable.push_back(std::move(usable));
    return {};
}

}  // namespace

Result<IndexChoice> choose_indexes(const QueryRequest& request,
                                   const storage::CollectionState& collection) {
    IndexChoice out;
    if (is_natural(request.sort)) {
        out.natural = natural_direction(request.sort);
    }
    const bson::ValueView hint = request.hint;
    const bool given = hint.type() == bson::Type::String ||
                       (hint.type() == bson::Type::Document && !hint.as_document().empty());
    if (given && hint.type() == bson::Type::Document && is_natural(hint.as_document())) {
        out.natural = natural_direction(hint.as_document());
    } else if (given) {
        PLUMB_TRY(index, hinted_index(hint, collection));
        out.hinted = index;
    } else if (!hint.missing() && hint.type() != bson::Type::Document) {
        return bad_hint();
    }
    if (out.hinted != nullptr) {
        PLUMB_CHECK(add_index(out.hinted, out));
        return out;
    }
    for (const IndexPtr& index : collection.indexes) {
        if (!index->spec.hidden) {
            PLUMB_CHECK(add_index(index, out));
        }
    }
    return out;
}

}  // namespace plumb::plan
