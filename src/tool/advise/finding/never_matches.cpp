// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/compare.h"
#include "tool/advise/finding/finding_internal.h"
#include "tool/advise/finding/near_match.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace plumb::advise {
namespace {

constexpr std::size_t kRowsMin = 100;
// With 95 % confidence a value that no one of n documents has is in at most 3/n of all.
constexpr double kRuleOfThree = 3;
// A parameter with so many different values is no constant of the program.
constexpr std::size_t kConstantsMax = 20;

using Constants = std::set<bson::Value, bson::ValueLess>;

void append_constants(bson::ValueView condition, Constants& out) {
    if (condition.type() != bson::Type::Document) {
        if (condition.type() != bson::Type::Regex && !condition.nullish()) {
            out.insert(bson::Value{condition});
        }
        return;
    }
    for (const bson::Element& field : condition.as_document()) {
        if (field.name == "$eq" && field.value.type() != bson::Type::Document) {
            append_constants(field.value, out);
        } else if (field.name == "$in" && field.value.type() == bson::Type::Array) {
            for (const bson::Element& each : field.value.as_container()) {
                append_constants(each.value, out);
            }
        }
    }
}

// What each path is compared with, over all instances of a query.
std::map<std::string, Constants> constants_of(const QueryAdvice& query) {
    std::map<std::string, Constants> out;
    for (const bson::Document& instance : query.asked.instances) {
        for (const SplitCondition& condition : split_filter(filter_of(instance)).conditions) {
            if (condition.bounds == Bounds::Point || condition.bounds == Bounds::Points) {
                append_constants(condition.filter.find(condition.path), out[condition.path]);
            }
        }
    }
    return out;
}

Finding never_matches(const FindingContext& context,
                      const QueryModel& model,
                      const std::string& path,
                      bson::ValueView constant,
                      const std::vector<FieldValue>& values) {
    const FieldValue* near = near_match(constant, values);
    const std::size_t rows = context.sample.rows.size();
    const bool whole = static_cast<std::int64_t>(rows) >= context.sample.documents;
    const std::string meant =
        near == nullptr ? "" : fmt::format(", did you mean {}?", value_text(near->value));
    return {"never_matches",
            near != nullptr || whole ? Severity::Problem : Severity::Warning,
            context.sample.name,
            model.label,
            fmt::format("{} asks for {}: {}, which no document has{}",
                        model.label,
                        path,
                        value_text(constant),
                        meant),
            fmt::format("none of {} {} documents ({}); they have {}",
                        rows,
                        whole ? "existing" : "sampled",
                        whole ? "all of them"
                              : fmt::format("at most {:.2f} % of all can",
                                            100 * kRuleOfThree / static_cast<double>(rows)),
                        values_shown(values)),
            near != nullptr ? fmt::format("ask for {}", value_text(near->value))
                            : std::string{"check the constant's spelling and type"}};
}

}  // namespace

// Where the values of a query are known (a declared workload), each is looked for among those that
// the field has: "DELIVERED" where the data has "delivered". Fields with nearly as many values as
// documents are left out: a sample hardly ever has theirs.
void find_never_matches(const FindingContext& context, std::vector<Finding>& out) {
    if (context.sample.rows.size() < kRowsMin) {
        return;
    }
    for_each_query(context, [&](const QueryModel& model, const QueryAdvice& query) {
        for (const auto& [path, constants] : constants_of(query)) {
            if (constants.size() > kConstantsMax) {
                continue;
            }
            const auto values = few_values(context.sample, path);
            if (!values) {
                continue;
            }
            for (const bson::Value& constant : constants) {
                const bool there = std::ranges::any_of(*values, [&](const FieldValue& each) {
                    return bson::equal(each.value, constant);
                });
                if (!there) {
                    out.push_back(never_matches(context, model, path, constant, *values));
                }
            }
        }
    });
}

}  // namespace plumb::advise
