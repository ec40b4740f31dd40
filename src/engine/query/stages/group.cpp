// SPDX-License-Identifier: GPL-3.0-or-later
// $group: one document for each value of _id, with accumulated fields.
#include "bson/index_key.h"
#include "engine/query/expr/values.h"
#include "engine/query/spill_merge.h"
#include "engine/query/stages/accumulations.h"
#include "engine/query/stages/group_table.h"
#include "engine/query/stages/stages.h"

#include <fmt/format.h>

#include <algorithm>

namespace plumb::query {

using bson::Type;
using bson::ValueView;

namespace {

// The memory is looked at after so many documents, as asking is not free.
constexpr unsigned kCheckEvery = 64;

class GroupStage final : public SourcedStage {
  public:
    GroupStage(std::unique_ptr<StageExpressions> expressions,
               ExpressionPtr id,
               Accumulations accumulations,
               const PipelineContext& context)
        : expressions_(std::move(expressions)),
          id_(std::move(id)),
          accumulations_(std::move(accumulations)),
          context_(context),
          table_(accumulations_.state_bytes()) {}

    Result<std::optional<bson::View>> next() override {
        if (!read_) {
            PLUMB_CHECK(read_all());
            read_ = true;
        }
        if (spilled_) {
            return next_merged();
        }
        if (given_ == table_.count()) {
            return std::optional<bson::View>{};
        }
        const std::size_t group = given_++;
        return give(table_.id(group), table_.states(group));
    }

    void restart() override {
        table_.clear();
        files_.clear();
        merge_ = SpillMerge{};
        record_.reset();
        read_ = false;
        spilled_ = false;
        given_ = 0;
    }

    void append_explain(bson::Builder& out) const override {
        out.begin_document("$group");
        id_->append_to(out, "_id");
        accumulations_.append_to(out);
        out.end();
    }

    bool add_dependencies(Dependencies& out) const override {
        id_->add_dependencies(out);
        accumulations_.add_dependencies(out);
        return true;
    }

  private:
    Result<std::optional<bson::View>> give(ValueView id, char* states) {
        out_.clear();
        out_.append("_id", id);
        accumulations_.append_results(states, out_);
        PLUMB_CHECK(check_document_bytes(out_.byte_size()));
        return std::optional{out_.finish_view()};
    }

    Status read_all() {
        unsigned until_check = kCheckEvery;
        while (true) {
            PLUMB_TRY(document, source().next());
            if (!document) {
                break;
            }
            PLUMB_CHECK(take(*document));
            if (--until_check == 0) {
                until_check = kCheckEvery;
                PLUMB_CHECK(check_limits());
            }
        }
        return spilled_ ? start_merging() : Status{};
    }

    Status take(bson::View document) {
        expressions_->next_document();
        PLUMB_TRY(id, expressions_->evaluate(*id_, document));
        const auto [states, is_new] = table_.find_or_add(id.missing() ? make_null() : id);
        if (is_new) {
            accumulations_.start(states);
        }
        return accumulations_.update(states, document, *expressions_, table_.memory());
    }

    Status check_limits() {
        if (context_.interrupt != nullptr) {
            PLUMB_CHECK(context_.interrupt->check());
        }
        if (table_.bytes_used() <= context_.memory_bytes) {
            return {};
        }
        if (!context_.allow_disk_use || context_.host == nullptr) {
            return fail(ErrorCode{16945},
                        "Exceeded memory limit for $group, but didn't allow external sort. Pass "
                        "allowDiskUse:true to opt in.");
        }
        return spill();
    }

    // Writes all groups, sorted by id, as records {_id, partial: {…}}.
    Status spill() {
        std::vector<std::pair<std::string, std::size_t>> order;
        order.reserve(table_.count());
        bson::KeyString key;
        for (std::size_t group = 0; group < table_.count(); ++group) {
            key.clear();
            key.append(table_.id(group), bson::Order::Ascending);
            order.emplace_back(key.bytes(), group);
        }
        std::sort(order.begin(), order.end());
        PLUMB_TRY(file, SpillFile::create(context_.host->spill_folder()));
        bson::Builder record;
        for (const auto& [bytes, group] : order) {
            record.clear();
            record.append("_id", table_.id(group));
            record.begin_document("partial");
            accumulations_.save(table_.states(group), record);
            record.end();
            PLUMB_CHECK(file.append(bytes, record.finish_view().raw()));
        }
        files_.push_back(std::move(file));
        table_.clear();
        spilled_ = true;
        return {};
    }

    Status start_merging() {
        if (table_.count() > 0) {
            PLUMB_CHECK(spill());
        }
        PLUMB_CHECK(merge_.open(std::move(files_)));
        PLUMB_TRY(record, merge_.next());
        record_ = record;
        return {};
    }

    // All records of the least id that is left are one group.
    Result<std::optional<bson::View>> next_merged() {
        if (!record_) {
            return std::optional<bson::View>{};
        }
        table_.clear();
        const std::string key{record_->key};
        const bson::Document first{bson::View{record_->bytes}};
        char* states = table_.find_or_add(first.find("_id")).states;
        accumulations_.start(states);
        while (record_ && record_->key == key) {
            const ValueView partial = bson::View{record_->bytes}.find("partial");
            PLUMB_CHECK(accumulations_.merge(states, partial, table_.memory()));
            PLUMB_TRY(record, merge_.next());
            record_ = record;
        }
        return give(table_.id(0), states);
    }

    std::unique_ptr<StageExpressions> expressions_;
    ExpressionPtr id_;
    Accumulations accumulations_;
    const PipelineContext& context_;
    GroupTable table_;
    bson::Builder out_;
    bool read_ = false;
    std::size_t given_ = 0;
    bool spilled_ = false;
    std::vector<SpillFile> files_;
    SpillMerge merge_;
    std::optional<SpillFile::Record> record_;
};

}  // namespace

Status parse_group_stage(ValueView spec, StageParser& parser) {
    if (spec.type() != Type::Document) {
        return fail(ErrorCode{15947}, "a group's fields must be specified in an object");
    }
    auto expressions = std::make_unique<StageExpressions>(parser.context);
    ExpressionPtr id;
    Accumulations accumulations;
    for (const bson::Element& field : spec.as_document()) {
        if (field.name != "_id") {
            PLUMB_CHECK(accumulations.add(field, *expressions));
            continue;
        }
        if (id) {
            return fail(ErrorCode{15948}, "a group's _id may only be specified once");
        }
        PLUMB_TRY(expression, expressions->parse(field.value));
        id = std::move(expression);
    }
    if (!id) {
        return fail(ErrorCode{15955}, "a group specification must include an _id");
    }
    parser.stages.push_back(std::make_unique<GroupStage>(
        std::move(expressions), std::move(id), std::move(accumulations), parser.context));
    return {};
}

}  // namespace plumb::query
