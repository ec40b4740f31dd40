// SPDX-License-Identifier: GPL-3.0-or-later
// Stages that are known and refused: $geoNear, $changeStream.
#include "engine/query/stages/stages.h"

namespace plumb::query {

Status parse_geo_near_stage(bson::ValueView /*spec*/, StageParser& /*parser*/) {
    return fail(ErrorCode::CommandNotSupported, "plumbd has no geospatial indexes for $geoNear");
}

Status parse_change_stream_stage(bson::ValueView /*spec*/, StageParser& /*parser*/) {
    return fail(ErrorCode{40573}, "The $changeStream stage is only supported on replica sets");
}

}  // namespace plumb::query
