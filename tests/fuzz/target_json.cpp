// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/json.h"
#include "bson/validate.h"
#include "target.h"

#include <string>

namespace plumb::fuzz {

void run_json(std::string_view bytes) {
    const std::string own(bytes);
    const auto document = bson::from_json(own);
    if (!document.ok()) {
        return;
    }
    require(bson::validate(document->bytes()).ok(), "what was read is valid BSON");
    const auto again = bson::from_json(bson::to_json(*document, bson::JsonMode::Canonical));
    require(again.ok(), "what was printed can be read");
    require(again->bytes() == document->bytes(), "printed and read: the same bytes");
}

}  // namespace plumb::fuzz
