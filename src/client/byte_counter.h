// SPDX-License-Identifier: GPL-3.0-or-later
// Counts the BSON that goes over one libmongoc client, by its command monitoring.
//
// Threads  one thread, the client's.
#pragma once

#include <mongoc/mongoc.h>

#include <cstdint>

namespace plumb::client {

struct ByteCounter {
    std::int64_t sent = 0;
    std::int64_t received = 0;

    // From now on counts what `client` does; must live as long as the client.
    void attach(mongoc_client_t* client);
};

}  // namespace plumb::client
