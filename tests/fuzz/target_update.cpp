// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/json.h"
#include "bson/validate.h"
#include "engine/query/matcher.h"
#include "engine/query/update.h"
#include "samples.h"
#include "target.h"

namespace plumb::fuzz {

void run_update(std::string_view bytes) {
    const auto input = bson::from_json(bytes);
    if (!input.ok()) {
        return;
    }
    query::UpdateOptions options;
    const bson::ValueView filters = input->view().find("f");
    if (filters.type() == bson::Type::Array) {
        for (const bson::Element filter : filters.as_array()) {
            if (filter.value.type() == bson::Type::Document) {
                options.array_filters.emplace_back(filter.value.as_document());
            }
        }
    }
    const bson::ValueView spec = input->view().find("u");
    if (spec.type() != bson::Type::Document && spec.type() != bson::Type::Array) {
        return;
    }
    const auto update = query::Update::parse(spec, options);
    if (!update.ok()) {
        return;
    }
    for (const bson::Document& document : sample_documents()) {
        const auto outcome = update->apply(document, 0, query::ApplyTo::Existing);
        if (outcome.ok()) {
            require(bson::validate(outcome->document.bytes()).ok(), "an update makes valid BSON");
            require(outcome->changed || outcome->document.bytes() == document.bytes(),
                    "what is not changed is as it was");
        }
    }
}

}  // namespace plumb::fuzz
