// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/exec/key_document.h"
#include "engine/exec/key_walk.h"
#include "engine/exec/seen_ids.h"
#include "engine/exec/stage_filter.h"
#include "engine/exec/stages.h"
#include "engine/storage/cursors.h"

namespace plumb::exec {
namespace {

class IndexScanStage final : public RunningStage {
  public:
    IndexScanStage(const plan::PlanNode& node, const plan::IndexScan& kind, RunContext& context)
        : RunningStage(node, context),
          kind_(kind),
          filter_(node),
          walk_(*kind.index, kind.bounds, kind.direction) {}

    bool is_eof() const override { return place_ == Place::End; }

    void save() override {
        if (cursor_ != nullptr) {
            cursor_->save();
        }
    }
    Status restore() override {
        return cursor_ == nullptr ? Status{} : cursor_->restore(*context().transaction);
    }

    void append_details(bson::Builder& out, bool counts) const override {
        append_index(out, *kind_.index);
        out.append("direction",
                   kind_.direction == storage::Direction::Forward ? "forward" : "backward");
        kind_.bounds.append_to(out, "indexBounds");
        if (counts) {
            out.append("keysExamined", static_cast<std::int32_t>(examined_));
            out.append("seeks", static_cast<std::int32_t>(seeks_));
            out.append("dupsTested", static_cast<std::int32_t>(seen_.tested()));
            out.append("dupsDropped", static_cast<std::int32_t>(seen_.dropped()));
        }
    }
    std::int64_t keys_examined() const override { return examined_; }

  private:
    enum class Place : std::uint8_t { Start, Next, Seek, End };

    Result<std::optional<storage::IndexEntry>> step() {
        switch (place_) {
            case Place::Start: {
                if (walk_.empty()) {
                    return std::optional<storage::IndexEntry>{};
                }
                PLUMB_TRY(cursor,
                          storage::IndexCursor::open(
                              *context().transaction, *kind_.index, kind_.direction));
                cursor_ = std::move(cursor);
                ++seeks_;
                return cursor_->seek(walk_.start());
            }
            case Place::Next:
                return cursor_->next();
            case Place::Seek:
                ++seeks_;
                return cursor_->seek(position_);
            case Place::End:
                break;
        }
        return std::optional<storage::IndexEntry>{};
    }

    Result<Work> do_work(Row& row) override {
        PLUMB_TRY(entry, step());
        if (!entry) {
            place_ = Place::End;
            return Work::End;
        }
        const KeyPlace place = walk_.check(entry->key, position_);
        examined_ += place == KeyPlace::Behind && walk_.is_one_stretch() ? 0 : 1;
        if (place != KeyPlace::Inside) {
            place_ = place == KeyPlace::Skip ? Place::Seek : Place::End;
            return place == KeyPlace::Skip ? Work::NeedTime : Work::End;
        }
        place_ = Place::Next;
        if (kind_.index->multikey && !seen_.add(entry->id)) {
            return Work::NeedTime;
        }
        row = Row{};
        row.id = entry->id;
        row.has_id = true;
        row.index = kind_.index.get();
        row.key = entry->key;
        row.type_bits = entry->type_bits;
        if (filter_.present()) {
            PLUMB_TRY(document, key_document_.decode(row));
            PLUMB_TRY(accepted, filter_.accepts(document));
            if (!accepted) {
                return Work::NeedTime;
            }
        }
        return Work::Advanced;
    }

    const plan::IndexScan& kind_;
    StageFilter filter_;
    KeyWalk walk_;
    KeyDocument key_document_;
    SeenIds seen_;
    std::unique_ptr<storage::IndexCursor> cursor_;
    std::string position_;
    std::int64_t examined_ = 0;
    std::int64_t seeks_ = 0;
    Place place_ = Place::Start;
};

}  // namespace

RunningStagePtr make_index_scan(const plan::PlanNode& node,
                                const plan::IndexScan& kind,
                                RunContext& context) {
    return std::make_unique<IndexScanStage>(node, kind, context);
}

void append_index(bson::Builder& out, const storage::IndexState& index) {
    out.append("keyPattern", index.spec.key);
    out.append("indexName", index.spec.name);
    out.append("isMultiKey", index.multikey);
    if (index.spec.kind == storage::IndexKind::Ordered) {
        out.begin_document("multiKeyPaths");
        const auto& fields = index.pattern.fields();
        for (std::size_t at = 0; at < fields.size(); ++at) {
            out.begin_array(fields[at].path.dotted());
            std::string prefix;
            std::size_t parts = 0;
            for (const std::uint32_t component : index.multikey_paths[at]) {
                for (; parts <= component; ++parts) {
                    prefix += parts == 0 ? "" : ".";
                    prefix += fields[at].path.part(parts);
                }
                out.push(prefix);
            }
            out.end();
        }
        out.end();
    }
    out.append("isUnique", index.spec.unique || index.is_id());
    out.append("isSparse", index.spec.sparse);
    out.append("isPartial", index.spec.partial.has_value());
    out.append("indexVersion", 2);
}

}  // namespace plumb::exec
