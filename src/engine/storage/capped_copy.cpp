// SPDX-License-Identifier: GPL-3.0-or-later
// Making a capped collection of one that is not.
#include "engine/storage/capped_internal.h"
#include "engine/storage/cursors.h"
#include "engine/storage/engine_impl_internal.h"
#include "engine/storage/random_uuid_internal.h"

#include <fmt/format.h>

namespace plumb::storage {

namespace {

// Documents of one transaction of the copy.
constexpr std::size_t kChunkDocuments = 500;
constexpr std::size_t kChunkBytes = 4 * 1024 * 1024;

// Keeps writers out of a collection for a scope.
class WritersOut {
  public:
    explicit WritersOut(std::shared_ptr<LiveCollection> live) : live_(std::move(live)) {}
    WritersOut(const WritersOut&) = delete;
    WritersOut& operator=(const WritersOut&) = delete;
    ~WritersOut() { live_->gate.open_to_writers(); }

  private:
    std::shared_ptr<LiveCollection> live_;  // second owner: the catalog
};

class CappedCopy {
  public:
    CappedCopy(Engine& engine, std::string to, Interrupt& interrupt)
        : engine_(engine), to_(std::move(to)), interrupt_(interrupt) {}

    Status copy(const Collection& from, std::int64_t bytes_max) {
        PLUMB_TRY(transaction, engine_.begin(Access::Read));
        PLUMB_TRY(records, RecordCursor::open(*transaction, from.state(), Direction::Forward));
        // What would be removed again by what comes later need not be written at all.
        std::int64_t excess = from.data_bytes() - bytes_max;
        for (;;) {
            PLUMB_CHECK(interrupt_.check());
            PLUMB_TRY(record, records->next());
            if (!record) {
                return flush();
            }
            if (excess > 0) {
                excess -= record->document.byte_size();
                continue;
            }
            documents_.emplace_back(record->document);
            bytes_ += record->document.byte_size();
            if (documents_.size() >= kChunkDocuments || bytes_ >= kChunkBytes) {
                PLUMB_CHECK(flush());
            }
        }
    }

  private:
    Status flush() {
        PLUMB_CHECK(engine_.run_write(
            Durability::Lazy, interrupt_, [this](Transaction& transaction) -> Status {
                const auto target = engine_.collection(to_);
                if (!target) {
                    return fail(ErrorCode::NamespaceNotFound, "ns not found: " + to_);
                }
                for (const bson::Document& document : documents_) {
                    PLUMB_TRY(id, target->insert(transaction, document));
                    static_cast<void>(id);
                }
                return {};
            }));
        documents_.clear();
        bytes_ = 0;
        return {};
    }

    Engine& engine_;
    const std::string to_;
    Interrupt& interrupt_;
    std::vector<bson::Document> documents_;
    std::size_t bytes_ = 0;
};

}  // namespace

Status EngineImpl::copy_to_capped(std::string_view from,
                                  std::string_view to,
                                  bson::View options,
                                  Interrupt& interrupt) {
    PLUMB_TRY(live, need(from));
    std::optional<WritersOut> writers_out;
    std::string target{to};
    if (from == to) {
        PLUMB_CHECK(live->gate.close_to_writers(interrupt));
        writers_out.emplace(live);
        PLUMB_TRY(uuid, random_uuid());
        target = fmt::format(
            "{}.tmp.capped.{}", live->state()->database(), std::hash<std::string>{}(uuid.bytes));
    }
    PLUMB_TRY(made, create_collection(target, options));
    Status status = [&]() -> Status {
        const auto source = collection(from);
        if (!source) {
            return fail(ErrorCode::NamespaceNotFound, "ns not found: " + std::string{from});
        }
        return CappedCopy{*this, target, interrupt}.copy(*source, Capped::of(*made)->bytes_max());
    }();
    if (status.ok() && from == to) {
        status = rename_collection(target, to, true, &interrupt);
    }
    if (!status.ok()) {
        // The first error is what counts.
        static_cast<void>(drop_collection(target, nullptr));
    }
    return status;
}

}  // namespace plumb::storage
