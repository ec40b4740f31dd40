// SPDX-License-Identifier: GPL-3.0-or-later
// $sample: so many documents at random, in random order.
#include "base/random.h"
#include "bson/hash.h"
#include "bson/number.h"
#include "engine/query/stages/sorter.h"
#include "engine/query/stages/stages.h"

#include <fmt/format.h>

namespace plumb::query {

using bson::Type;
using bson::ValueView;

namespace {

// A number that no other run has: ids are made to be unique.
std::uint64_t random_seed() {
    const bson::ObjectId id = bson::generate_object_id();
    return bson::hash_bytes({reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size()});
}

// Sorts by random keys and gives the first ones.
class SampleStage final : public SourcedStage {
  public:
    SampleStage(std::int64_t size, const PipelineContext& context)
        : size_(size), context_(context), random_(random_seed()), sorter_(context) {
        sorter_.set_limit(size);
    }

    Result<std::optional<bson::View>> next() override {
        if (size_ == 0) {
            return std::optional<bson::View>{};
        }
        if (!read_) {
            PLUMB_CHECK(read_all());
            read_ = true;
        }
        PLUMB_TRY(bytes, sorter_.next());
        return bytes ? std::optional{bson::View{*bytes}} : std::nullopt;
    }
    void restart() override {
        sorter_.restart();
        read_ = false;
    }
    void append_explain(bson::Builder& out) const override {
        out.begin_document("$sample").append("size", size_).end();
    }
    bool add_dependencies(Dependencies& /*out*/) const override { return false; }

  private:
    Status read_all() {
        while (true) {
            if (context_.interrupt != nullptr) {
                PLUMB_CHECK(context_.interrupt->check());
            }
            PLUMB_TRY(document, source().next());
            if (!document) {
                return sorter_.finish();
            }
            const std::uint64_t number = random_.next();
            const std::string_view key{reinterpret_cast<const char*>(&number), sizeof number};
            PLUMB_CHECK(sorter_.add(key, document->raw()));
        }
    }

    std::int64_t size_;
    const PipelineContext& context_;
    Random random_;
    Sorter sorter_;
    bool read_ = false;
};

}  // namespace

Status parse_sample_stage(ValueView spec, StageParser& parser) {
    if (spec.type() != Type::Document) {
        return fail(ErrorCode{28745}, "the $sample stage specification must be an object");
    }
    std::optional<std::int64_t> size;
    for (const bson::Element& option : spec.as_document()) {
        if (option.name != "size") {
            return fail(ErrorCode{28748},
                        fmt::format("unrecognized option to $sample: {}", option.name));
        }
        if (!option.value.is_number()) {
            return fail(ErrorCode{28746}, "size argument to $sample must be a number");
        }
        size = bson::to_clamped_int64(option.value);
        if (*size < 0) {
            return fail(ErrorCode{28747}, "size argument to $sample must not be negative");
        }
    }
    if (!size) {
        return fail(ErrorCode{28749}, "$sample stage must specify a size");
    }
    parser.stages.push_back(std::make_unique<SampleStage>(*size, parser.context));
    return {};
}

}  // namespace plumb::query
