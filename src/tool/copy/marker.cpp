// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/copy/marker.h"

#include "bson/builder.h"
#include "tool/copy/schema.h"

namespace plumb::copy {
namespace {

bson::Document by_id(std::string_view id) {
    bson::Builder out;
    out.append("_id", id);
    return out.finish();
}

}  // namespace

Marker::Marker(client::Client& target, std::string database)
    : target_(target), database_(std::move(database)) {}

Status Marker::load() {
    return target_.find(
        database_, kMarkerCollection, bson::Document{}, {}, [this](bson::View document) {
            found_ = true;
            const bson::ValueView id = document.find("_id");
            if (id.type() == bson::Type::String && !id.as_string().empty()) {
                begun_.emplace(id.as_string());
            }
            return Status{};
        });
}

bool Marker::has_begun(std::string_view collection) const {
    return begun_.contains(collection);
}

Status Marker::put(bson::View id_and_more) {
    bson::Builder filter;
    filter.append("_id", id_and_more.find("_id"));
    PLUMB_TRY(counts,
              target_.update(database_,
                             kMarkerCollection,
                             filter.finish(),
                             id_and_more.as_value(),
                             /*multi=*/false,
                             /*upsert=*/true));
    static_cast<void>(counts);
    return {};
}

Status Marker::begin(std::string_view source) {
    bson::Builder mark;
    mark.append("_id", "").append("from", source);
    return put(mark.finish());
}

Status Marker::begin_collection(std::string_view name) {
    if (has_begun(name)) {
        return {};
    }
    PLUMB_CHECK(put(by_id(name)));
    begun_.emplace(name);
    return {};
}

Status Marker::finish() {
    return drop_collection(target_, database_, kMarkerCollection);
}

}  // namespace plumb::copy
