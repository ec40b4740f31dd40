// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/byte_counter.h"

#include "client/mongoc_types.h"

namespace plumb::client {
namespace {

ByteCounter& counter_of(void* context) {
    return *static_cast<ByteCounter*>(context);
}

void on_started(const mongoc_apm_command_started_t* event) {
    counter_of(mongoc_apm_command_started_get_context(event)).sent +=
        mongoc_apm_command_started_get_command(event)->len;
}

void on_succeeded(const mongoc_apm_command_succeeded_t* event) {
    counter_of(mongoc_apm_command_succeeded_get_context(event)).received +=
        mongoc_apm_command_succeeded_get_reply(event)->len;
}

void on_failed(const mongoc_apm_command_failed_t* event) {
    counter_of(mongoc_apm_command_failed_get_context(event)).received +=
        mongoc_apm_command_failed_get_reply(event)->len;
}

}  // namespace

void ByteCounter::attach(mongoc_client_t* client) {
    const CallbacksHandle callbacks{mongoc_apm_callbacks_new()};
    mongoc_apm_set_command_started_cb(callbacks.get(), on_started);
    mongoc_apm_set_command_succeeded_cb(callbacks.get(), on_succeeded);
    mongoc_apm_set_command_failed_cb(callbacks.get(), on_failed);
    mongoc_client_set_apm_callbacks(client, callbacks.get(), this);
}

}  // namespace plumb::client
