// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/migrate/native/link_agreement.h"

#include "bson/builder.h"
#include "tool/migrate/data/batch_reader.h"
#include "tool/migrate/data/data_operation.h"
#include "tool/migrate/data/look_up.h"
#include "tool/migrate/deployment/command_parts.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <map>

namespace plumb::migrate {
namespace {

constexpr std::size_t kExamples = 5;

bson::Document has_text(const std::string& field) {
    return document_of(field, document_of("$type", "string"));
}

bson::Document id_and(const std::string& field) {
    bson::Builder out;
    out.append("id", 1).append(field, 1);
    return out.finish();
}

// Whom the targets of a batch point back at.
Result<std::map<std::string, std::string>> back_links(
    const Deployment& deployment,
    const Links& links,
    const std::vector<bson::Document>& documents) {
    OneOf wanted{"id", {}};
    for (const bson::Document& each : documents) {
        wanted.add(each.find(links.field));
    }
    std::map<std::string, std::string> out;
    PLUMB_CHECK(find_one_of(
        deployment, links.target, {wanted}, {"id", links.back}, [&](bson::View found) -> Status {
            out.insert_or_assign(text_in(found, "id"), text_in(found, links.back));
            return {};
        }));
    return out;
}

// How many of ours point at each target of a batch.
Result<std::map<std::string, int>> rivals(const Deployment& deployment,
                                          const Links& links,
                                          const std::vector<bson::Document>& documents) {
    OneOf wanted{links.field, {}};
    for (const bson::Document& each : documents) {
        wanted.add(each.find(links.field));
    }
    std::map<std::string, int> out;
    PLUMB_CHECK(find_one_of(
        deployment, links.collection, {wanted}, {links.field}, [&](bson::View found) -> Status {
            ++out[text_in(found, links.field)];
            return {};
        }));
    return out;
}

void note(Disagreement& out, std::int64_t Disagreement::*kind, bson::View document) {
    ++(out.*kind);
    if (out.examples.size() < kExamples) {
        out.examples.push_back(text_in(document, "id"));
    }
}

}  // namespace

Result<Disagreement> count_disagreement(const Deployment& deployment, const Links& links) {
    Disagreement out;
    BatchReader reader{
        deployment, links.collection, has_text(links.field), id_and(links.field), bson::Value{}};
    for (;;) {
        PLUMB_CHECK(deployment.interrupt.check());
        PLUMB_TRY(documents, reader.next(kBatchDocuments));
        if (documents.empty()) {
            return out;
        }
        PLUMB_TRY(back, back_links(deployment, links, documents));
        PLUMB_TRY(pointing, rivals(deployment, links, documents));
        for (const bson::Document& each : documents) {
            const std::string target = text_in(each, links.field);
            const auto found = back.find(target);
            if (found == back.end()) {
                note(out, &Disagreement::dangling, each);
            } else if (found->second.empty()) {
                note(out,
                     pointing[target] == 1 ? &Disagreement::one_way : &Disagreement::shared,
                     each);
            } else if (found->second != text_in(each, "id")) {
                note(out, &Disagreement::other, each);
            }
        }
    }
}

std::vector<Problem> worse(const Links& links,
                           const Disagreement& before,
                           const Disagreement& now) {
    struct Kind {
        std::int64_t Disagreement::*count;
        const char* text;
    };
    static constexpr std::array<Kind, 4> kKinds{{
        {&Disagreement::dangling, "point at one that is not there"},
        {&Disagreement::one_way, "point at one that does not point back"},
        {&Disagreement::shared, "share one with another"},
        {&Disagreement::other, "point at one that points at another"},
    }};
    std::vector<Problem> out;
    for (const Kind& kind : kKinds) {
        if (now.*kind.count <= before.*kind.count) {
            continue;
        }
        Problem problem;
        problem.code = "links_disagree";
        problem.collection = links.collection;
        problem.text = fmt::format("{} of {} with {} {}, before it were {}; such as {}",
                                   now.*kind.count,
                                   links.collection,
                                   links.field,
                                   kind.text,
                                   before.*kind.count,
                                   fmt::join(now.examples, ", "));
        out.push_back(std::move(problem));
    }
    return out;
}

}  // namespace plumb::migrate
