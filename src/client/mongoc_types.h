// SPDX-License-Identifier: GPL-3.0-or-later
// libmongoc's handles as owners, its errors as ours. For the .cpp files of this folder only.
#pragma once

#include "base/result.h"
#include "bson/document.h"

#include <mongoc/mongoc.h>

#include <memory>
#include <string>

namespace plumb::client {

template <auto destroy>
struct DestroyBy {
    template <class T>
    void operator()(T* handle) const {
        destroy(handle);
    }
};

using ClientHandle = std::unique_ptr<mongoc_client_t, DestroyBy<mongoc_client_destroy>>;
using UriHandle = std::unique_ptr<mongoc_uri_t, DestroyBy<mongoc_uri_destroy>>;
using CursorHandle = std::unique_ptr<mongoc_cursor_t, DestroyBy<mongoc_cursor_destroy>>;
using DatabaseHandle = std::unique_ptr<mongoc_database_t, DestroyBy<mongoc_database_destroy>>;
using CollectionHandle = std::unique_ptr<mongoc_collection_t, DestroyBy<mongoc_collection_destroy>>;
using BulkHandle =
    std::unique_ptr<mongoc_bulk_operation_t, DestroyBy<mongoc_bulk_operation_destroy>>;
using CallbacksHandle =
    std::unique_ptr<mongoc_apm_callbacks_t, DestroyBy<mongoc_apm_callbacks_destroy>>;

// A reply that libmongoc fills and we destroy.
class Reply {
  public:
    Reply() { bson_init(&bson_); }
    Reply(const Reply&) = delete;
    Reply& operator=(const Reply&) = delete;
    ~Reply() { bson_destroy(&bson_); }
    // For a call that initialises the reply itself; what was there before is given back.
    bson_t* fill() {
        bson_destroy(&bson_);
        return &bson_;
    }
    [[nodiscard]] bson::View view() const;

  private:
    bson_t bson_;
};

// `document` as libmongoc wants it; valid as long as the document's bytes.
[[nodiscard]] bson_t borrowed(bson::View document);

// The bytes of one of libmongoc's documents, checked. errors: InvalidBson
[[nodiscard]] Result<bson::View> checked_view(const bson_t* document);

// A driver's error: a server's code as it is, others by the nearest of ours; `reply` (may be empty)
// becomes the details. `url` is redacted and named where the connection is what failed.
[[nodiscard]] Error to_error(const bson_error_t& error, bson::View reply, const std::string& url);

}  // namespace plumb::client
