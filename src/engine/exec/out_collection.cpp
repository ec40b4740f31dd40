// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/exec/pipeline_host.h"
#include "engine/exec/write.h"
#include "engine/exec/write_target.h"

#include <fmt/format.h>

namespace plumb::exec {
namespace {

// What the new collection takes over from the one it replaces.
struct Heritage {
    bson::Document options;
    std::vector<storage::IndexSpec> indexes;
};

Result<Heritage> heritage_of(const Operation& operation, std::string_view ns) {
    Heritage out;
    PLUMB_TRY(target, find_target(operation, ns));
    if (target && target->state().is_capped()) {
        return fail(ErrorCode{17152},
                    fmt::format("namespace '{}' is capped so it can't be used for $out", ns));
    }
    if (target) {
        out.options = target->state().options;
        for (const auto& index : target->state().indexes) {
            if (!index->is_id()) {
                out.indexes.push_back(index->spec);
            }
        }
    }
    return out;
}

// Documents gathered until there are enough for one insert.
class Batch {
  public:
    Batch(Operation& operation, std::string ns) : operation_(operation), ns_(std::move(ns)) {}

    Status add(bson::View document) {
        bytes_ += document.byte_size();
        documents_.emplace_back(document);
        return documents_.size() >= kWriteChunkDocuments || bytes_ >= kWriteChunkBytes ? flush()
                                                                                       : Status{};
    }
    Status flush() {
        InsertRequest request{.ns = ns_, .documents = {}};
        for (const bson::Document& document : documents_) {
            request.documents.push_back(document.view());
        }
        PLUMB_TRY(outcome, insert_documents(operation_, request));
        documents_.clear();
        bytes_ = 0;
        return outcome.error ? Status{*outcome.error} : Status{};
    }

  private:
    Operation& operation_;
    std::string ns_;
    std::vector<bson::Document> documents_;
    std::size_t bytes_ = 0;
};

Status fill(Operation& operation,
            const std::string& ns,
            const Heritage& heritage,
            query::DocumentSource& source) {
    PLUMB_TRY(made, operation.engine.create_collection(ns, heritage.options));
    static_cast<void>(made);
    if (!heritage.indexes.empty()) {
        PLUMB_CHECK(operation.engine.build_indexes(ns, heritage.indexes, {}, operation.interrupt));
    }
    Batch batch{operation, ns};
    while (true) {
        PLUMB_TRY(document, source.next());
        if (!document) {
            return batch.flush();
        }
        PLUMB_CHECK(batch.add(*document));
    }
}

}  // namespace

Status write_out_collection(Operation& operation,
                            std::string_view ns,
                            query::DocumentSource& source) {
    PLUMB_TRY(heritage, heritage_of(operation, ns));
    const std::string temporary = fmt::format(
        "{}.tmp.agg_out.{}", ns.substr(0, ns.find('.')), bson::generate_object_id().to_hex());
    Status status = fill(operation, temporary, heritage, source);
    if (status.ok()) {
        status = operation.engine.rename_collection(temporary, ns, true);
    }
    if (!status.ok()) {
        // The first error is what counts; a collection that was never made cannot be dropped.
        static_cast<void>(operation.engine.drop_collection(temporary));
    }
    return status;
}

}  // namespace plumb::exec
