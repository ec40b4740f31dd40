// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/storage/random_uuid_internal.h"

#include <sys/random.h>

namespace plumb::storage {

Result<CollectionUuid> random_uuid() {
    CollectionUuid uuid;
    uuid.bytes.resize(16);
    if (::getrandom(uuid.bytes.data(), uuid.bytes.size(), 0) != 16) {
        return fail(ErrorCode::IoError, "the system gives no random numbers");
    }
    // RFC 4122, section 4.4: version 4 and the variant in the high bits of bytes 6 and 8.
    uuid.bytes[6] = static_cast<char>((uuid.bytes[6] & 0x0F) | 0x40);
    uuid.bytes[8] = static_cast<char>((uuid.bytes[8] & 0x3F) | 0x80);
    return uuid;
}

}  // namespace plumb::storage
