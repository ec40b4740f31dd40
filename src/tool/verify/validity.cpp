// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/verify/validity.h"

#include "bson/builder.h"
#include "bson/number.h"

#include <fmt/format.h>

namespace plumb::verify {
namespace {

// "nrecords", or whatever else counts; 0 where it is not told.
std::int64_t count_at(bson::View reply, std::string_view field) {
    const bson::ValueView value = reply.find(field);
    return value.is_number() ? bson::to_clamped_int64(value) : 0;
}

void read_index_details(bson::View reply, Validity& out) {
    const bson::ValueView details = reply.find("indexDetails");
    if (details.type() != bson::Type::Document) {
        return;
    }
    for (const auto& [name, value] : details.as_document()) {
        if (value.type() == bson::Type::Document) {
            const bson::ValueView valid = value.as_document().find("valid");
            if (!valid.missing() && !bson::truthy(valid)) {
                out.invalid.emplace_back(name);
            }
        }
    }
}

std::string errors_of(bson::View reply) {
    std::string out;
    const bson::ValueView errors = reply.find("errors");
    if (errors.type() == bson::Type::Array) {
        for (const bson::Element& each : errors.as_array()) {
            if (each.value.type() == bson::Type::String) {
                out += fmt::format("{}{}", out.empty() ? "" : "; ", each.value.as_string());
            }
        }
    }
    return out.empty() ? "the server finds it not valid and does not say why" : out;
}

std::string counted(std::int64_t count, std::string_view one, std::string_view many) {
    return fmt::format("{} {}", count, count == 1 ? one : many);
}

}  // namespace

Validity validity_in(bson::View reply) {
    Validity out;
    const bson::ValueView valid = reply.find("valid");
    read_index_details(reply, out);
    out.valid = bson::truthy(valid) && out.invalid.empty();
    out.text = out.valid
                   ? fmt::format("{}, {}",
                                 counted(count_at(reply, "nrecords"), "document", "documents"),
                                 counted(count_at(reply, "nIndexes"), "index", "indexes"))
                   : errors_of(reply);
    return out;
}

Result<Validity> validate_collection(client::Client& client,
                                     std::string_view database,
                                     std::string_view collection) {
    bson::Builder command;
    command.append("validate", collection);
    command.append("full", false);
    PLUMB_TRY(reply, client.command(database, command.finish()));
    return validity_in(reply);
}

}  // namespace plumb::verify
