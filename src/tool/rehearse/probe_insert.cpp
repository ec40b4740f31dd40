// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/rehearse/probe_insert.h"

#include "bson/builder.h"
#include "bson/json.h"
#include "tool/copy/schema.h"

#include <fmt/format.h>

#include <optional>
#include <vector>

namespace plumb::rehearse {
namespace {

constexpr std::string_view kCandidates = "_plumb_probe";
constexpr std::size_t kFieldsMax = 64;

// A copy of `document` under another _id, with one field left out or replaced.
enum class Damage : std::uint8_t { Without, AsBinary, AsNegative, AsEmptyText };

bson::Document damaged(bson::View document,
                       std::string_view field,
                       Damage damage,
                       const std::string& id) {
    bson::Builder out;
    out.append("_id", id);
    for (const bson::Element& each : document) {
        if (each.name == "_id") {
            continue;
        }
        if (each.name != field) {
            out.append(each.name, each.value);
        } else if (damage == Damage::AsBinary) {
            out.append_binary(field, bson::BinaryView{0, "plumb"});
        } else if (damage == Damage::AsNegative) {
            out.append(field, -1e9);
        } else if (damage == Damage::AsEmptyText) {
            out.append(field, "");
        }
    }
    return out.finish();
}

std::vector<bson::Document> candidates(bson::View like) {
    std::vector<bson::Document> out;
    const auto next_id = [&out] { return fmt::format("plumb_probe_{}", out.size()); };
    out.push_back(bson::Builder{}.append("_id", next_id()).finish());
    std::size_t fields = 0;
    for (const bson::Element& each : like) {
        if (each.name == "_id" || fields++ >= kFieldsMax) {
            continue;
        }
        for (const Damage damage :
             {Damage::Without, Damage::AsBinary, Damage::AsNegative, Damage::AsEmptyText}) {
            out.push_back(damaged(like, each.name, damage, next_id()));
        }
    }
    return out;
}

std::vector<bson::View> views_of(const std::vector<bson::Document>& documents) {
    std::vector<bson::View> out;
    out.reserve(documents.size());
    for (const bson::Document& each : documents) {
        out.push_back(each.view());
    }
    return out;
}

// The first candidate that the validator forbids, as the server sees it.
Result<std::optional<bson::Document>> forbidden(client::Client& client,
                                                std::string_view database,
                                                const std::vector<bson::Document>& among,
                                                bson::View validator) {
    PLUMB_CHECK(copy::drop_collection(client, database, kCandidates));
    PLUMB_CHECK(client.insert(database, kCandidates, views_of(among)));
    bson::Builder filter;
    filter.begin_array("$nor").push(validator).end();
    auto found = client.find_one(database, kCandidates, filter.finish());
    PLUMB_CHECK(copy::drop_collection(client, database, kCandidates));
    return found;
}

}  // namespace

Result<Probe> probe_validator(client::Client& client,
                              std::string_view database,
                              std::string_view collection,
                              bson::View validator) {
    Probe out;
    PLUMB_TRY(like, client.find_one(database, collection, bson::View{}));
    PLUMB_TRY(wrong,
              forbidden(client,
                        database,
                        candidates(like.has_value() ? like->view() : bson::View{}),
                        validator));
    if (!wrong.has_value()) {
        return out;
    }
    out.document = bson::to_json(wrong->view());
    const auto inserted = client.insert(database, collection, {wrong->view()});
    if (inserted.ok()) {
        out.outcome = ProbeOutcome::NotEnforced;
        const bson::Document id = bson::Builder{}.append("_id", wrong->view().find("_id")).finish();
        PLUMB_CHECK(client.remove(database, collection, id, true));
        return out;
    }
    if (inserted.error().code() == ErrorCode::DocumentValidationFailure) {
        out.outcome = ProbeOutcome::Enforced;
        return out;
    }
    // Refused for another reason, such as a unique index: the document says nothing then.
    if (inserted.error().code() == ErrorCode::DuplicateKey) {
        return out;
    }
    return inserted.error();
}

}  // namespace plumb::rehearse
