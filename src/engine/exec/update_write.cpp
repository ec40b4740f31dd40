// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/exec/update_write.h"

#include "engine/exec/stored_document.h"

namespace plumb::exec {

Result<bool> apply_update(Operation& operation,
                          storage::Transaction& transaction,
                          const storage::Collection& collection,
                          const UpdateTask& task,
                          const Matched& matched,
                          bson::Document* after) {
    PLUMB_TRY(outcome,
              task.update.apply(matched.document, matched.position, query::ApplyTo::Existing));
    if (outcome.changed) {
        put_id_first(outcome.document);
        if (task.update.is_replacement()) {
            fill_timestamps(outcome.document, operation.expressions.now);
        }
        PLUMB_CHECK(check_size(outcome.document));
        if (!task.bypass_validation) {
            PLUMB_TRY(validator, Validator::of(collection.state()));
            PLUMB_CHECK(validator.check(outcome.document, matched.document));
        }
        storage::WriteCost cost;
        PLUMB_CHECK(
            collection.update(transaction, matched.id, matched.document, outcome.document, &cost));
        operation.statistics.keys_inserted += cost.keys_inserted;
        operation.statistics.keys_deleted += cost.keys_deleted;
    }
    if (after != nullptr) {
        *after = std::move(outcome.document);
    }
    return outcome.changed;
}

Result<bson::Document> insert_upserted(Operation& operation,
                                       storage::Transaction& transaction,
                                       const storage::Collection& collection,
                                       const UpdateTask& task,
                                       const query::MatchNode& filter) {
    PLUMB_TRY(document, task.update.apply_upsert(filter));
    std::string made;
    const auto now =
        task.update.is_replacement() ? std::optional{operation.expressions.now} : std::nullopt;
    PLUMB_TRY(stored, stored_form(document, now, made));
    if (!task.bypass_validation) {
        PLUMB_TRY(validator, Validator::of(collection.state()));
        PLUMB_CHECK(validator.check(stored, std::nullopt));
    }
    storage::WriteCost cost;
    PLUMB_TRY(id, collection.insert(transaction, stored, &cost));
    static_cast<void>(id);
    operation.statistics.keys_inserted += cost.keys_inserted;
    return bson::Document{stored};
}

}  // namespace plumb::exec
