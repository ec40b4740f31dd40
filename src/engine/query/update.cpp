// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/query/update.h"

#include "base/limits.h"
#include "bson/builder.h"
#include "bson/compare.h"
#include "bson/object_id.h"
#include "engine/query/update_internal.h"

#include <fmt/format.h>

namespace plumb::query {

using bson::Builder;
using bson::Document;
using bson::Element;
using bson::Type;
using bson::ValueView;
using bson::View;

struct Update::Impl {
    enum class Kind : std::uint8_t { Operators, Replacement, Pipeline };

    Kind kind = Kind::Replacement;
    UpdateOperators operators;
    Document replacement;
    std::unique_ptr<UpdatePipeline> pipeline;
};

namespace {

// The document with `id` in front and the fields of `fields` but their _id behind it.
Document with_id(ValueView id, View fields) {
    Builder out;
    out.append("_id", id);
    for (const Element& element : fields) {
        if (element.name != "_id") {
            out.append(element.name, element.value);
        }
    }
    return out.finish();
}

// What takes a document's place: its _id is written or kept, and stands first.
Document replace(View replacement, View document) {
    const ValueView written = replacement.find("_id");
    const ValueView id = written.missing() ? document.find("_id") : written;
    return id.missing() ? Document{replacement} : with_id(id, replacement);
}

// Operators may not touch the _id at all; a new document may write it as an equal value.
Status check_id(View before, View after, bool by_operators) {
    const ValueView old_id = before.find("_id");
    const ValueView new_id = after.find("_id");
    const bool kept =
        by_operators ? old_id.identical(new_id) : bson::equal(old_id, new_id) && !new_id.missing();
    if (!old_id.missing() && !kept) {
        return fail(
            ErrorCode::ImmutableField,
            "performing an update on the path '_id' would modify the immutable field '_id'");
    }
    const Type type = new_id.type();
    if (type == Type::Array || type == Type::Regex || type == Type::Undefined) {
        return fail(ErrorCode::InvalidIdField,
                    fmt::format("the '_id' value cannot be of type {}", bson::type_name(type)));
    }
    return {};
}

Status check_size(View document) {
    if (document.byte_size() > static_cast<std::uint32_t>(kDocumentBytesMax)) {
        return fail(
            ErrorCode{17419},
            fmt::format("resulting document after update is larger than {}", kDocumentBytesMax));
    }
    return {};
}

// The document with its _id in front, a new one if there is none.
Document with_id_first(const Document& document) {
    const ValueView id = document.find("_id");
    const bson::Value generated =
        id.missing() ? bson::Value{bson::generate_object_id()} : bson::Value{id};
    return with_id(generated.view(), document);
}

Result<std::unique_ptr<UpdatePipeline>> read_pipeline(ValueView spec,
                                                      const UpdateOptions& options) {
    if (!options.array_filters.empty()) {
        return fail(ErrorCode::FailedToParse,
                    "arrayFilters may not be specified for pipeline-style updates");
    }
    std::vector<Document> stages;
    for (const Element& element : spec.as_array()) {
        if (element.value.type() != Type::Document) {
            return fail(ErrorCode::TypeMismatch,
                        "each element of the 'pipeline' array must be an object");
        }
        stages.emplace_back(element.value.as_document());
    }
    return UpdatePipeline::parse(stages, options.context);
}

}  // namespace

Update::Update(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Update::Update(Update&&) noexcept = default;
Update& Update::operator=(Update&&) noexcept = default;
Update::~Update() = default;

Result<Update> Update::parse(ValueView spec, const UpdateOptions& options) {
    auto impl = std::make_unique<Impl>();
    if (spec.type() == Type::Array) {
        impl->kind = Impl::Kind::Pipeline;
        PLUMB_TRY(pipeline, read_pipeline(spec, options));
        impl->pipeline = std::move(pipeline);
        return Update{std::move(impl)};
    }
    if (spec.type() != Type::Document) {
        return fail(ErrorCode::FailedToParse, "an update must be an object or an array");
    }
    const View document = spec.as_document();
    if (!document.empty() && document.front().name.starts_with('$')) {
        impl->kind = Impl::Kind::Operators;
        PLUMB_TRY(operators, parse_operators(document, options));
        impl->operators = std::move(operators);
        return Update{std::move(impl)};
    }
    if (options.multi) {
        return fail(ErrorCode::FailedToParse,
                    "multi update is not supported for replacement-style update");
    }
    if (!options.array_filters.empty()) {
        return fail(ErrorCode::FailedToParse,
                    "arrayFilters may not be specified for replacement-style updates");
    }
    impl->replacement = Document{document};
    return Update{std::move(impl)};
}

Result<UpdateOutcome> Update::apply(View document,
                                    std::optional<std::uint32_t> position,
                                    ApplyTo to) const {
    UpdateOutcome outcome;
    switch (impl_->kind) {
        case Impl::Kind::Operators: {
            PLUMB_TRY(made, apply_operators(impl_->operators, document, {position, to}));
            outcome.document = std::move(made);
            break;
        }
        case Impl::Kind::Pipeline: {
            PLUMB_TRY(made, impl_->pipeline->apply(document));
            outcome.document = replace(made, document);
            break;
        }
        case Impl::Kind::Replacement:
            PLUMB_CHECK(check_storable(impl_->replacement.view().as_value(), 0));
            outcome.document = replace(impl_->replacement, document);
            break;
    }
    PLUMB_CHECK(check_id(document, outcome.document, impl_->kind == Impl::Kind::Operators));
    PLUMB_CHECK(check_size(outcome.document));
    outcome.changed = outcome.document.bytes() != document.raw();
    return outcome;
}

Result<Document> Update::apply_upsert(const MatchNode& filter) const {
    PLUMB_TRY(fields, equality_fields(filter));
    Document base = std::move(fields);
    if (is_replacement()) {
        Builder only_id;
        only_id.append("_id", base.find("_id"));
        base = only_id.finish();
    }
    PLUMB_TRY(outcome, apply(base, std::nullopt, ApplyTo::NewByUpsert));
    return with_id_first(outcome.document);
}

bool Update::is_replacement() const {
    return impl_->kind == Impl::Kind::Replacement;
}

bool Update::needs_position() const {
    return impl_->kind == Impl::Kind::Operators && impl_->operators.needs_position;
}

}  // namespace plumb::query
