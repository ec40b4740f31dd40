// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/advise/findings_internal.h"

namespace plumb::advise {

void for_each_query(const FindingContext& context,
                    const std::function<void(const QueryModel&, const QueryAdvice&)>& see) {
    for (const QueryModel& model : context.models) {
        for (const QueryAdvice& query : context.advice.queries) {
            if (query.asked.label == model.label &&
                query.asked.shape.collection == context.sample.name) {
                see(model, query);
                break;
            }
        }
    }
}

}  // namespace plumb::advise
