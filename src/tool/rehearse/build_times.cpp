// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/rehearse/build_times.h"

#include "bson/builder.h"
#include "tool/rehearse/part_builds.h"

#include <algorithm>
#include <cmath>

namespace plumb::rehearse {
namespace {

constexpr std::size_t kBatchBytes = 8U << 20U;
constexpr std::size_t kBatchDocuments = 1000;

bson::Document under_another_id(bson::View document, std::int64_t id) {
    bson::Builder out;
    out.append("_id", id);
    for (const bson::Element& each : document) {
        if (each.name != "_id") {
            out.append(each.name, each.value);
        }
    }
    return out.finish();
}

// Each document so many times, one beside the other: what lies together stays together.
Status insert_repeated(client::Client& client,
                       Interrupt& interrupt,
                       const std::vector<bson::Document>& documents,
                       std::int64_t times) {
    std::vector<bson::Document> batch;
    std::size_t bytes = 0;
    std::int64_t id = 0;
    const auto send = [&]() -> Status {
        PLUMB_CHECK(interrupt.check_now());
        std::vector<bson::View> views;
        for (const bson::Document& each : batch) {
            views.push_back(each.view());
        }
        PLUMB_CHECK(client.insert(kPartsDatabase, kPartCollection, views));
        batch.clear();
        bytes = 0;
        return {};
    };
    for (const bson::Document& each : documents) {
        for (std::int64_t time = 0; time < times; ++time) {
            batch.push_back(under_another_id(each, id++));
            bytes += batch.back().bytes().size();
            if (batch.size() == kBatchDocuments || bytes >= kBatchBytes) {
                PLUMB_CHECK(send());
            }
        }
    }
    return batch.empty() ? Status{} : send();
}

Result<double> timed_count(Scratch& scratch, const Clock& clock) {
    bson::Builder count;
    count.append("count", kPartCollection);
    count.begin_document("query").append_null("_plumb_probe").end();
    const auto started = clock.monotonic();
    PLUMB_CHECK(scratch.client().command(kPartsDatabase, count.finish()));
    const std::chrono::duration<double, std::milli> took = clock.monotonic() - started;
    return took.count();
}

}  // namespace

Result<BuildTimes> time_builds(Scratch& scratch,
                               const Inputs& inputs,
                               const std::vector<std::vector<project::IndexDefinition>>& groups,
                               const std::vector<bson::Document>& documents,
                               double documents_max) {
    const double wanted = std::min(kTimedDocuments, documents_max);
    const auto times =
        std::max<std::int64_t>(1, std::llround(wanted / static_cast<double>(documents.size())));
    std::vector<std::vector<project::IndexDefinition>> plain = groups;
    for (auto& group : plain) {
        for (project::IndexDefinition& index : group) {
            index.unique = false;
        }
    }
    BuildTimes out;
    out.documents = static_cast<double>(documents.size()) * static_cast<double>(times);
    PLUMB_CHECK(drop_parts(scratch.client()));
    PLUMB_CHECK(insert_repeated(scratch.client(), inputs.interrupt, documents, times));
    for (const auto& group : plain) {
        PLUMB_TRY(ms, build_time({scratch.client(), inputs.clock, inputs.interrupt, plain}, group));
        out.build_ms.push_back(ms);
    }
    PLUMB_CHECK(scratch.restart());
    PLUMB_TRY(cold, timed_count(scratch, inputs.clock));
    PLUMB_TRY(warm, timed_count(scratch, inputs.clock));
    out.cold_read_ms = std::max(0.0, cold - warm) / out.documents;
    PLUMB_CHECK(drop_parts(scratch.client()));
    return out;
}

}  // namespace plumb::rehearse
