// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/compare.h"
#include "bson/json.h"
#include "bson/validate.h"
#include "target.h"

#include <string>

namespace plumb::fuzz {
namespace {

// Touches every byte that a reader of the values would. Depth is validate's to bound.
std::size_t walk(bson::View document) {  // NOLINT(misc-no-recursion): see above
    std::size_t seen = 0;
    for (const bson::Element element : document) {
        seen += element.name.size();
        for (const char byte : element.value.raw()) {
            seen += static_cast<unsigned char>(byte);
        }
        if (element.value.type() == bson::Type::Document ||
            element.value.type() == bson::Type::Array) {
            seen += walk(element.value.as_container());
        } else if (element.value.type() == bson::Type::CodeWithScope) {
            seen += walk(element.value.code_scope()) + element.value.scoped_code().size();
        }
        require(bson::compare(element.value, element.value) == 0, "a value equals itself");
    }
    return seen;
}

}  // namespace

void run_bson(std::string_view bytes) {
    // A copy on the heap of just this size, so that a sanitizer sees a step past its end.
    const std::string own(bytes);
    const auto document = bson::validate(own);
    if (!document.ok()) {
        return;
    }
    walk(*document);
    require(document->raw() == std::string_view{own}.substr(0, document->byte_size()),
            "a valid document lies at the start of the bytes");
    const std::string canonical = bson::to_json(*document, bson::JsonMode::Canonical);
    const std::string relaxed = bson::to_json(*document, bson::JsonMode::Relaxed);
    require(canonical.size() >= 2 && relaxed.size() >= 2, "a document prints as one");
}

}  // namespace plumb::fuzz
