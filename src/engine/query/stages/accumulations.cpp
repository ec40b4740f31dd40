// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/query/stages/accumulations.h"

#include "engine/query/expr/values.h"

#include <fmt/format.h>

namespace plumb::query {

using bson::Type;
using bson::ValueView;

Status Accumulations::add(const bson::Element& specification, StageExpressions& expressions) {
    const std::string_view field = specification.name;
    const ValueView value = specification.value;
    if (field.find('.') != std::string_view::npos) {
        return fail(ErrorCode{40235}, fmt::format("The field name '{}' cannot contain '.'", field));
    }
    if (field.starts_with('$')) {
        return fail(ErrorCode{40236},
                    fmt::format("The field name '{}' cannot be an operator name", field));
    }
    if (value.type() != Type::Document) {
        return fail(ErrorCode{40234},
                    fmt::format("The field '{}' must be an accumulator object", field));
    }
    if (value.as_document().count() != 1) {
        return fail(ErrorCode{40238},
                    fmt::format("The field '{}' must specify one accumulator", field));
    }
    const bson::Element accumulator = value.as_document().front();
    const AccumulatorRow* row = find_accumulator(accumulator.name);
    if (row == nullptr) {
        return fail(ErrorCode{15952}, fmt::format("unknown group operator '{}'", accumulator.name));
    }
    if (!row->refused.empty()) {
        return fail(ErrorCode{15952},
                    fmt::format("{} is not supported: {}", accumulator.name, row->refused));
    }
    if (accumulator.value.type() == Type::Array) {
        return fail(ErrorCode{40237},
                    fmt::format("The {} accumulator is a unary operator", accumulator.name));
    }
    PLUMB_TRY(argument, expressions.parse(accumulator.value));
    all_.push_back({std::string{field}, row, std::move(argument), state_bytes_});
    state_bytes_ += (row->state_bytes + 7) / 8 * 8;
    return {};
}

void Accumulations::start(char* states) const {
    for (const Accumulation& each : all_) {
        each.row->start(states + each.offset);
    }
}

Status Accumulations::update(char* states,
                             bson::View document,
                             StageExpressions& expressions,
                             Arena& memory) const {
    for (const Accumulation& each : all_) {
        PLUMB_TRY(value, expressions.evaluate(*each.argument, document));
        PLUMB_CHECK(each.row->add(states + each.offset, value, memory));
    }
    return {};
}

void Accumulations::append_results(char* states, bson::Builder& out) const {
    Arena arena;
    for (const Accumulation& each : all_) {
        const ValueView result = each.row->result(states + each.offset, arena);
        out.append(each.field, result.missing() ? make_null() : result);
    }
}

void Accumulations::save(char* states, bson::Builder& out) const {
    for (const Accumulation& each : all_) {
        each.row->save(states + each.offset, out, each.field);
    }
}

Status Accumulations::merge(char* states, ValueView saved, Arena& memory) const {
    auto field = saved.as_document().begin();
    for (const Accumulation& each : all_) {
        PLUMB_CHECK(each.row->merge(states + each.offset, field->value, memory));
        ++field;
    }
    return {};
}

void Accumulations::add_dependencies(Dependencies& out) const {
    for (const Accumulation& each : all_) {
        each.argument->add_dependencies(out);
    }
}

void Accumulations::append_to(bson::Builder& out) const {
    for (const Accumulation& each : all_) {
        out.begin_document(each.field);
        each.argument->append_to(out, each.row->name);
        out.end();
    }
}

}  // namespace plumb::query
