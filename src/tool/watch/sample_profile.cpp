// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/builder.h"
#include "tool/capture/profile_reader.h"
#include "tool/capture/shape_table.h"
#include "tool/watch/fields.h"
#include "tool/watch/sample_parts.h"

namespace plumb::watch {
namespace {

// What a shape's figures are kept under once there are too many shapes.
constexpr std::string_view kOtherShapes = "other";

client::FindOptions profile_options() {
    client::FindOptions options;
    bson::Builder projection;
    for (const char* field : {"execStats", "locks", "storage", "flowControl", "allUsers"}) {
        projection.append(field, 0);
    }
    options.projection = projection.finish();
    options.limit = kProfileDocumentsMax;
    options.batch_size = 1000;
    return options;
}

bson::Document in_time(std::int64_t from_ms, std::int64_t until_ms) {
    bson::Builder filter;
    filter.begin_document("ts");
    filter.append("$gte", bson::Date{from_ms});
    filter.append("$lt", bson::Date{until_ms});
    filter.end();
    return filter.finish();
}

std::int64_t scans_of(const capture::ShapeStatistics& shape) {
    std::int64_t scans = 0;
    for (const auto& [plan, calls] : shape.plans) {
        scans += plan.starts_with("COLLSCAN") ? calls : 0;
    }
    return scans;
}

void put_shape(const capture::ShapeStatistics& shape, const Into& into) {
    const bool known = into.catalogue.find("shape_calls", into.member, shape.shape.id).has_value();
    const bool has_room = into.catalogue.named("shape_calls").size() < kShapesMax;
    SeriesInfo info{Kind::Amount, {}, into.member, shape.shape.id, shape.shape.text};
    if (!known && !has_room) {
        info.subject = kOtherShapes;
        info.text = "shapes beyond those that are told apart";
    }
    const auto add = [&](const char* name, std::int64_t value) {
        info.name = name;
        const std::size_t id = into.catalogue.id_of(info);
        into.sample.set(id, into.sample.get(id).value_or(0) + value);
    };
    add("shape_calls", shape.calls);
    add("shape_ms", shape.ms);
    add("shape_keys_examined", shape.keys_examined);
    add("shape_docs_examined", shape.docs_examined);
    add("shape_returned", shape.returned);
    add("shape_scans", scans_of(shape));
    info.name = "shape_ms_max";
    info.kind = Kind::Gauge;
    into.put(info, shape.ms_max);
}

}  // namespace

Status sample_profile(client::Client& client,
                      const std::string& database,
                      std::int64_t from_ms,
                      std::int64_t until_ms,
                      Into& into) {
    bson::Builder ask;
    ask.append("profile", -1);
    PLUMB_TRY(level, client.command(database, ask.finish()));
    into.gauge("profile_level", whole_at(level, "was").value_or(0));
    capture::ShapeTable table;
    capture::ProfileSummary summary;
    ++into.own_reads;
    PLUMB_CHECK(client.find(database,
                            "system.profile",
                            in_time(from_ms, until_ms),
                            profile_options(),
                            [&](bson::View document) -> Status {
                                capture::add_profile_document(document, table, summary);
                                return {};
                            }));
    for (const capture::ShapeStatistics& shape : table.shapes()) {
        put_shape(shape, into);
    }
    return {};
}

}  // namespace plumb::watch
