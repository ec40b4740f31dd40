// SPDX-License-Identifier: GPL-3.0-or-later
// $bucketAuto: so many groups of about the same size, by the order of a value.
#include "bson/compare.h"
#include "bson/index_key.h"
#include "bson/number.h"
#include "engine/query/expr/values.h"
#include "engine/query/stages/accumulations.h"
#include "engine/query/stages/granularity.h"
#include "engine/query/stages/sorter.h"
#include "engine/query/stages/stages.h"

#include <fmt/format.h>

#include <cmath>
#include <limits>

namespace plumb::query {

using bson::Type;
using bson::Value;
using bson::ValueView;

namespace {

struct BucketAutoSpec {
    ExpressionPtr group_by;
    std::int64_t buckets = 0;
    Accumulations output;
    std::optional<Granularity> granularity;
    bson::Document shown;
};

class BucketAutoStage final : public SourcedStage {
  public:
    BucketAutoStage(BucketAutoSpec spec,
                    std::unique_ptr<StageExpressions> expressions,
                    const PipelineContext& context)
        : spec_(std::move(spec)),
          expressions_(std::move(expressions)),
          context_(context),
          sorter_(context) {}

    Result<std::optional<bson::View>> next() override {
        if (!read_) {
            PLUMB_CHECK(read_all());
            read_ = true;
        }
        if (!waiting_) {
            return std::optional<bson::View>{};
        }
        return next_bucket();
    }
    void restart() override {
        sorter_.restart();
        read_ = false;
        bucket_number_ = 0;
        waiting_.reset();
        previous_max_.reset();
    }
    void append_explain(bson::Builder& out) const override {
        out.append("$bucketAuto", spec_.shown);
    }
    bool add_dependencies(Dependencies& out) const override {
        spec_.group_by->add_dependencies(out);
        spec_.output.add_dependencies(out);
        return true;
    }

  private:
    Result<Value> value_of(bson::View document) {
        expressions_->next_document();
        PLUMB_TRY(value, expressions_->evaluate(*spec_.group_by, document));
        return Value{value.missing() ? make_null() : value};
    }

    Status read_all() {
        bson::KeyString key;
        std::int64_t count = 0;
        while (true) {
            if (context_.interrupt != nullptr) {
                PLUMB_CHECK(context_.interrupt->check());
            }
            PLUMB_TRY(document, source().next());
            if (!document) {
                break;
            }
            PLUMB_TRY(value, value_of(*document));
            PLUMB_CHECK(check_number(value));
            key.clear();
            key.append(value, bson::Order::Ascending);
            PLUMB_CHECK(sorter_.add(key.bytes(), document->raw()));
            ++count;
        }
        PLUMB_CHECK(sorter_.finish());
        const double share = static_cast<double>(count) / static_cast<double>(spec_.buckets);
        bucket_size_ = std::max<std::int64_t>(1, std::llround(share));
        return advance();
    }

    // A granularity rounds numbers only.
    Status check_number(ValueView value) const {
        if (!spec_.granularity) {
            return {};
        }
        if (!value.is_number()) {
            return fail(ErrorCode{40258},
                        "$bucketAuto can specify a 'granularity' with numeric boundaries only");
        }
        const double number = bson::to_double(value);
        if (std::isnan(number)) {
            return fail(ErrorCode{40259},
                        "$bucketAuto can specify a 'granularity' without NaN only");
        }
        if (number < 0) {
            return fail(ErrorCode{40260},
                        "$bucketAuto can specify a 'granularity' with non-negative numbers only");
        }
        return {};
    }

    // Reads the next document in order into `waiting_`.
    Status advance() {
        PLUMB_TRY(bytes, sorter_.next());
        waiting_.reset();
        if (bytes) {
            waiting_.emplace(bson::View{*bytes});
            PLUMB_TRY(value, value_of(*waiting_));
            waiting_value_ = std::move(value);
        }
        return {};
    }

    // Puts the waiting document into the bucket.
    Status absorb() {
        expressions_->next_document();
        PLUMB_CHECK(spec_.output.update(states_, *waiting_, *expressions_, memory_));
        bucket_max_ = waiting_value_;
        return advance();
    }

    Result<std::optional<bson::View>> next_bucket() {
        memory_.reset();
        states_ = memory_.allocate(spec_.output.state_bytes());
        spec_.output.start(states_);
        ++bucket_number_;
        const Value least = lower_boundary();
        const bool last = bucket_number_ == spec_.buckets;
        for (std::int64_t taken = 0; waiting_ && (last || taken < bucket_size_); ++taken) {
            PLUMB_CHECK(absorb());
        }
        PLUMB_TRY(greatest, upper_boundary());
        previous_max_ = greatest;
        out_.clear();
        out_.begin_document("_id").append("min", least).append("max", greatest).end();
        spec_.output.append_results(states_, out_);
        PLUMB_CHECK(check_document_bytes(out_.byte_size()));
        return std::optional{out_.finish_view()};
    }

    [[nodiscard]] Value lower_boundary() const {
        if (!spec_.granularity) {
            return waiting_value_;
        }
        if (previous_max_) {
            return *previous_max_;
        }
        const bool zero = bson::to_double(waiting_value_) == 0;
        return zero ? waiting_value_ : rounded(waiting_value_, false);
    }

    // Where the bucket ends; what falls below a rounded boundary, or equals the end, comes along.
    Result<Value> upper_boundary() {
        if (!spec_.granularity) {
            while (waiting_ && bson::equal(bucket_max_, waiting_value_)) {
                PLUMB_CHECK(absorb());
            }
            return waiting_ ? waiting_value_ : bucket_max_;
        }
        const Value boundary = rounded(bucket_max_, true);
        const bool is_zero = bson::to_double(bucket_max_) == 0;
        while (waiting_ && bson::compare(boundary, waiting_value_) > 0) {
            PLUMB_CHECK(absorb());
        }
        return waiting_ && is_zero ? rounded(waiting_value_, false) : boundary;
    }

    [[nodiscard]] Value rounded(ValueView value, bool up) const {
        const double number = bson::to_double(value);
        const double made =
            up ? spec_.granularity->round_up(number) : spec_.granularity->round_down(number);
        if (value.type() == Type::Decimal128) {
            return Value{bson::decimal_from_double_15(made)};
        }
        return Value{made};
    }

    BucketAutoSpec spec_;
    std::unique_ptr<StageExpressions> expressions_;
    const PipelineContext& context_;
    Sorter sorter_;
    bool read_ = false;
    std::int64_t bucket_size_ = 1;
    std::int64_t bucket_number_ = 0;
    std::optional<bson::Document> waiting_;
    Value waiting_value_;
    Arena memory_;
    char* states_ = nullptr;
    Value bucket_max_;
    std::optional<Value> previous_max_;
    bson::Builder out_;
};

Status read_buckets(ValueView value, BucketAutoSpec& out) {
    if (!value.is_number()) {
        return fail(ErrorCode{40241}, "The $bucketAuto 'buckets' field must be a numeric value");
    }
    const auto number = bson::to_exact_int64(value);
    if (!number || *number > std::numeric_limits<std::int32_t>::max() ||
        *number < std::numeric_limits<std::int32_t>::min()) {
        return fail(ErrorCode{40242},
                    "The $bucketAuto 'buckets' field must be representable as a 32-bit integer");
    }
    if (*number <= 0) {
        return fail(ErrorCode{40243}, "The $bucketAuto 'buckets' field must be greater than 0");
    }
    out.buckets = *number;
    return {};
}

Status read_granularity(ValueView value, BucketAutoSpec& out) {
    if (value.type() != Type::String) {
        return fail(ErrorCode{40261}, "The $bucketAuto 'granularity' field must be a string");
    }
    out.granularity = Granularity::find(value.as_string());
    if (!out.granularity) {
        return fail(ErrorCode{40257},
                    fmt::format("Unknown rounding granularity '{}'", value.as_string()));
    }
    return {};
}

Status read_option(const bson::Element& option,
                   StageExpressions& expressions,
                   BucketAutoSpec& out) {
    if (option.name == "groupBy") {
        const bool path =
            option.value.type() == Type::String && option.value.as_string().starts_with('$');
        const bool expression = option.value.type() == Type::Document &&
                                !option.value.as_document().empty() &&
                                option.value.as_document().front().name.starts_with('$');
        if (!path && !expression) {
            return fail(
                ErrorCode{40239},
                "The $bucketAuto 'groupBy' field must be a $-prefixed path or an expression");
        }
        PLUMB_TRY(group_by, expressions.parse(option.value));
        out.group_by = std::move(group_by);
        return {};
    }
    if (option.name == "buckets") {
        return read_buckets(option.value, out);
    }
    if (option.name == "granularity") {
        return read_granularity(option.value, out);
    }
    if (option.name != "output") {
        return fail(ErrorCode{40245},
                    fmt::format("Unrecognized option to $bucketAuto: {}", option.name));
    }
    if (option.value.type() != Type::Document) {
        return fail(ErrorCode{40244}, "The $bucketAuto 'output' field must be an object");
    }
    for (const bson::Element& field : option.value.as_document()) {
        PLUMB_CHECK(out.output.add(field, expressions));
    }
    return {};
}

}  // namespace

Status parse_bucket_auto_stage(ValueView spec, StageParser& parser) {
    if (spec.type() != Type::Document) {
        return fail(ErrorCode{40240}, "The argument to $bucketAuto must be an object");
    }
    auto expressions = std::make_unique<StageExpressions>(parser.context);
    BucketAutoSpec out;
    for (const bson::Element& option : spec.as_document()) {
        PLUMB_CHECK(read_option(option, *expressions, out));
    }
    if (!out.group_by || out.buckets == 0) {
        return fail(ErrorCode{40246},
                    "$bucketAuto requires 'groupBy' and 'buckets' to be specified");
    }
    if (!spec.as_document().has("output")) {
        bson::Builder count;
        count.begin_document("count").append("$sum", std::int32_t{1}).end();
        const bson::Document output = count.finish();
        PLUMB_CHECK(out.output.add(output.view().front(), *expressions));
    }
    out.shown = bson::Document{spec.as_document()};
    parser.stages.push_back(
        std::make_unique<BucketAutoStage>(std::move(out), std::move(expressions), parser.context));
    return {};
}

}  // namespace plumb::query
