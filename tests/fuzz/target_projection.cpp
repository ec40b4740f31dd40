// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/builder.h"
#include "bson/json.h"
#include "bson/validate.h"
#include "engine/query/projection.h"
#include "samples.h"
#include "target.h"

namespace plumb::fuzz {

void run_projection(std::string_view bytes) {
    const auto spec = bson::from_json(bytes);
    if (!spec.ok()) {
        return;
    }
    const auto projection = query::Projection::parse(*spec, nullptr);
    if (!projection.ok()) {
        return;
    }
    bson::Builder out;
    for (const bson::Document& document : sample_documents()) {
        if (projection->apply(document, 0, out).ok()) {
            require(bson::validate(out.finish_view().raw()).ok(), "a projection gives valid BSON");
        }
    }
}

}  // namespace plumb::fuzz
