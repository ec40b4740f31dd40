// SPDX-License-Identifier: GPL-3.0-or-later
// Every limit has a name, a unit and a source. Unless said otherwise the numbers are MongoDB 4.2's
// (manual, "MongoDB Limits and Thresholds").
#pragma once

#include <chrono>
#include <cstdint>

namespace plumb {

inline constexpr std::int32_t kDocumentBytesMax = 16 * 1024 * 1024;
// A stored document may be this much larger than a user's, so that the server's own wrapping fits.
inline constexpr std::int32_t kDocumentBytesSlack = 16 * 1024;
inline constexpr std::int32_t kMessageBytesMax = 48'000'000;
inline constexpr std::int32_t kWriteBatchMax = 100'000;
inline constexpr int kNestingMax = 100;
// The server itself reads deeper documents than it lets users store (its BSON validation depth).
inline constexpr int kNestingParseMax = 200;
inline constexpr int kIndexesPerCollectionMax = 64;
inline constexpr int kIndexFieldsMax = 32;
inline constexpr int kNamespaceBytesMax = 255;
inline constexpr int kDatabaseNameBytesMax = 63;
inline constexpr int kFirstBatchDocuments = 101;
inline constexpr std::int32_t kBatchBytesMax = kDocumentBytesMax;
inline constexpr std::int64_t kStageMemoryBytes = 100LL * 1024 * 1024;
inline constexpr std::int64_t kSortMemoryBytes = 32LL * 1024 * 1024;  // a find's sort in 4.2
inline constexpr std::int64_t kIndexBuildMemoryBytes = 200LL * 1024 * 1024;
inline constexpr int kPipelineStagesMax = 1000;  // ours; 4.2 is limited only by the stack
inline constexpr std::chrono::minutes kCursorIdle{10};
inline constexpr int kConnectionsMax = 1000;  // ours: one thread a connection

static_assert(kMessageBytesMax > kDocumentBytesMax + kDocumentBytesSlack);
static_assert(kNestingParseMax > kNestingMax);

}  // namespace plumb
