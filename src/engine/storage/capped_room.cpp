// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/storage/capped_room_internal.h"
#include "engine/storage/cursors.h"

#include <fmt/format.h>

namespace plumb::storage {

Status check_fits(const LiveCollection& live, bson::View document) {
    if (live.capped != nullptr && document.byte_size() > live.capped->bytes_max()) {
        return fail(ErrorCode::BadValue, "object to insert exceeds cappedMaxSize");
    }
    return {};
}

Status check_keeps_size(const LiveCollection& live, bson::View before, bson::View after) {
    if (live.capped != nullptr && before.byte_size() != after.byte_size()) {
        return fail(
            ErrorCode::CannotGrowDocumentInCappedNamespace,
            fmt::format("Cannot change the size of a document in a capped collection: {} != {}",
                        before.byte_size(),
                        after.byte_size()));
    }
    return {};
}

Status remove_oldest(Transaction& transaction,
                     const Collection& collection,
                     LiveCollection& live,
                     const Touched& touched,
                     RecordId newest) {
    Capped& capped = *live.capped;
    const auto is_over = [&] {
        return capped.is_over(live.document_count() + touched.documents,
                              live.data_bytes() + touched.bytes);
    };
    if (!is_over()) {
        return {};
    }
    PLUMB_TRY(records, RecordCursor::open(transaction, collection.state(), Direction::Forward));
    std::optional<Record> record;
    if (capped.oldest().number() > 0) {
        PLUMB_TRY(at_oldest, records->seek(capped.oldest()));
        record = at_oldest;
    }
    while (is_over()) {
        if (!record) {
            PLUMB_TRY(next, records->next());
            record = next;
        }
        // A snapshot from before the last writer may not show enough: the next insert sees more.
        if (!record || record->id.number() >= newest.number()) {
            return {};
        }
        PLUMB_CHECK(collection.remove(transaction, record->id, record->document));
        capped.set_oldest(RecordId{record->id.number() + 1});
        record.reset();
    }
    return {};
}

}  // namespace plumb::storage
