// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/clock.h"
#include "base/interrupt.h"
#include "bson/json.h"
#include "bson/validate.h"
#include "engine/query/memory_host.h"
#include "samples.h"
#include "target.h"

#include <chrono>

namespace plumb::fuzz {
namespace {

constexpr std::int64_t kStageBytes = 1 << 20;
constexpr std::chrono::milliseconds kTimeLimit{500};

}  // namespace

void run_pipeline(std::string_view bytes) {
    const auto input = bson::from_json(bytes);
    if (!input.ok()) {
        return;
    }
    const bson::ValueView list = input->view().find("p");
    if (list.type() != bson::Type::Array) {
        return;
    }
    std::vector<bson::Document> stages;
    for (const bson::Element stage : list.as_array()) {
        if (stage.value.type() == bson::Type::Document) {
            stages.emplace_back(stage.value.as_document());
        }
    }
    query::MemoryHost host;
    host.collections["fuzz.c"] = sample_documents();
    host.collections["fuzz.other"] = sample_documents();
    SystemClock clock;
    Interrupt interrupt(clock);
    interrupt.set_deadline_after(kTimeLimit);
    query::PipelineContext context;
    context.ns = "fuzz.c";
    context.host = &host;
    context.interrupt = &interrupt;
    context.memory_bytes = kStageBytes;
    if (const auto documents = host.run(stages, context); documents.ok()) {
        for (const bson::Document& document : *documents) {
            require(bson::validate(document.bytes()).ok(), "a pipeline gives valid BSON");
        }
    }
}

}  // namespace plumb::fuzz
