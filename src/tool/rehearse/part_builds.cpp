// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/rehearse/part_builds.h"

#include "bson/builder.h"
#include "bson/hash.h"
#include "bson/number.h"

#include <algorithm>

namespace plumb::rehearse {
namespace {

constexpr int kParts = 4;  // whole, half, quarter, eighth
constexpr int kBuildRounds = 3;
constexpr std::uint64_t kSeed = 0x9a17;
constexpr std::size_t kBatchDocuments = 1000;
constexpr std::size_t kBatchBytes = 8U << 20U;

// Number `part` has each document whose hash ends in so many zero bits.
bool is_in_part(bson::View document, int part) {
    const std::uint64_t mask = (std::uint64_t{1} << static_cast<unsigned>(part)) - 1;
    return (bson::hash_bytes(document.find("_id").raw(), kSeed) & mask) == 0;
}

Status insert_all(const PartBuilding& with, const std::vector<bson::Document>& documents) {
    std::vector<bson::View> batch;
    std::size_t bytes = 0;
    for (const bson::Document& each : documents) {
        batch.push_back(each.view());
        bytes += each.bytes().size();
        if (batch.size() == kBatchDocuments || bytes >= kBatchBytes || &each == &documents.back()) {
            PLUMB_CHECK(with.interrupt.check_now());
            PLUMB_CHECK(with.client.insert(kPartsDatabase, kPartCollection, batch));
            batch.clear();
            bytes = 0;
        }
    }
    return {};
}

bson::Document build_command(const std::vector<project::IndexDefinition>& group) {
    bson::Builder out;
    out.append("createIndexes", kPartCollection);
    out.begin_array("indexes");
    for (const project::IndexDefinition& index : group) {
        out.push(project::index_to_command(index));
    }
    out.end();
    return out.finish();
}

bson::Document drop_command(const std::vector<project::IndexDefinition>& group) {
    bson::Builder out;
    out.append("dropIndexes", kPartCollection);
    out.begin_array("index");
    for (const project::IndexDefinition& index : group) {
        out.push(index.name);
    }
    out.end();
    return out.finish();
}

Status read_sizes(const PartBuilding& with, Part& part) {
    PLUMB_TRY(stats,
              with.client.command(kPartsDatabase,
                                  bson::Builder{}.append("collStats", kPartCollection).finish()));
    const bson::ValueView sizes = stats.find("indexSizes");
    if (sizes.type() == bson::Type::Document) {
        for (const bson::Element& each : sizes.as_document()) {
            part.index_bytes.emplace(each.name, bson::to_double(each.value));
        }
    }
    return {};
}

// The server knows best which documents a partial index holds.
Status read_held(const PartBuilding& with, Part& part) {
    for (const auto& group : with.groups) {
        for (const project::IndexDefinition& index : group) {
            if (!index.partial.has_value()) {
                continue;
            }
            std::vector<bson::Document>& held = part.held[index.name];
            PLUMB_CHECK(with.client.find(kPartsDatabase,
                                         kPartCollection,
                                         *index.partial,
                                         {},
                                         [&held](bson::View document) -> Status {
                                             held.emplace_back(document);
                                             return {};
                                         }));
        }
    }
    return {};
}

}  // namespace

Status drop_parts(client::Client& client) {
    return client.command(kPartsDatabase, bson::Builder{}.append("dropDatabase", 1).finish()).ok()
               ? Status{}
               : Status{fail(ErrorCode::OperationFailed, "cannot drop the parts")};
}

Result<double> build_time(const PartBuilding& with,
                          const std::vector<project::IndexDefinition>& group) {
    double fastest = 0;
    for (int round = 0; round < kBuildRounds; ++round) {
        if (round > 0) {
            PLUMB_CHECK(with.client.command(kPartsDatabase, drop_command(group)));
        }
        PLUMB_CHECK(with.interrupt.check_now());
        const auto started = with.clock.monotonic();
        PLUMB_CHECK(with.client.command(kPartsDatabase, build_command(group)));
        const std::chrono::duration<double, std::milli> took = with.clock.monotonic() - started;
        fastest = round == 0 ? took.count() : std::min(fastest, took.count());
    }
    return fastest;
}

Result<std::vector<Part>> build_parts(const PartBuilding& with,
                                      const std::vector<bson::Document>& documents) {
    std::vector<Part> out;
    for (int number = 0; number < kParts; ++number) {
        PLUMB_CHECK(drop_parts(with.client));
        Part part;
        for (const bson::Document& each : documents) {
            if (is_in_part(each, number)) {
                part.documents.push_back(each);
            }
        }
        if (part.documents.empty()) {
            break;
        }
        PLUMB_CHECK(insert_all(with, part.documents));
        for (const auto& group : with.groups) {
            PLUMB_TRY(ms, build_time(with, group));
            part.build_ms.push_back(ms);
        }
        PLUMB_CHECK(read_sizes(with, part));
        PLUMB_CHECK(read_held(with, part));
        out.push_back(std::move(part));
    }
    PLUMB_CHECK(drop_parts(with.client));
    return out;
}

}  // namespace plumb::rehearse
