// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/commands/client_name.h"

#include "engine/commands/client_login.h"

namespace plumb::commands {

std::string_view host_of(std::string_view remote_address) {
    return remote_address.substr(0, remote_address.rfind(':'));
}

std::string_view application_name(bson::View metadata) {
    const bson::ValueView application = metadata.find("application");
    if (application.type() != bson::Type::Document) {
        return {};
    }
    const bson::ValueView name = application.as_document().find("name");
    return name.type() == bson::Type::String ? name.as_string() : std::string_view{};
}

void append_users(std::string_view owners, bson::Builder& out) {
    while (!owners.empty()) {
        const std::string_view one = owners.substr(0, owners.find(','));
        owners.remove_prefix(std::min(owners.size(), one.size() + 1));
        const std::size_t at = one.rfind('@');
        out.push_document();
        out.append("user", one.substr(0, at));
        out.append("db", at == std::string_view::npos ? std::string_view{} : one.substr(at + 1));
        out.end();
    }
}

void append_client_names(const ClientState& client, bson::Builder& out) {
    out.append("client", host_of(client.remote_address));
    if (const std::string_view name = application_name(client.metadata); !name.empty()) {
        out.append("appName", name);
    }
    const std::string owner = owner_of(client);
    out.begin_array("allUsers");
    append_users(owner, out);
    out.end();
    out.append("user", std::string_view{owner}.substr(0, owner.find(',')));
}

}  // namespace plumb::commands
