// SPDX-License-Identifier: GPL-3.0-or-later
// The pipeline of a $lookup: parsed once, run for each document with the values that `let` has for
// it.
//
// Its first stages that name no variable give the same for every document: what comes out of them
// is kept in memory, as 4.2 does, and only the rest runs again.
//
//   PLUMB_TRY(matches, pipeline.open(values));   // in the order of the names
//
// Memory   what is kept is at most the stage's memory; past that nothing is kept
// Threads  one thread.
#pragma once

#include "base/arena.h"
#include "engine/query/stage.h"

#include <memory>
#include <string>
#include <vector>

namespace plumb::query {

class LookupPipeline {
  public:
    // `context` is that of the pipeline around, which outlives this one.
    LookupPipeline(std::string ns,
                   std::vector<bson::Document> stages,
                   const std::vector<std::string>& names,
                   const PipelineContext& context);
    LookupPipeline(const LookupPipeline&) = delete;
    LookupPipeline& operator=(const LookupPipeline&) = delete;
    ~LookupPipeline() = default;

    // Parses it, so that what is wrong with it is known before any document comes.
    [[nodiscard]] Status check();
    // Runs it. What the run before gave is no longer used.
    [[nodiscard]] Result<std::unique_ptr<DocumentSource>> open(std::vector<bson::Value> values);
    // The operation has changed: a cursor goes on.
    void attach() { inner_.interrupt = outer_.interrupt; }

  private:
    // Runs the rest of the stages over what is kept.
    class KeptRun;

    [[nodiscard]] Status start();
    [[nodiscard]] Result<std::size_t> count_kept_stages();
    [[nodiscard]] Status keep();

    const PipelineContext& outer_;
    PipelineContext inner_;
    std::vector<bson::Document> stages_;
    std::vector<bson::Value> values_;  // never resized: bound variables point into it
    bool uses_variable_ = false;
    bool started_ = false;

    std::size_t kept_stages_ = 0;  // 0: nothing is kept
    Arena arena_;
    std::vector<bson::View> kept_;
    Pipeline rest_;
    std::unique_ptr<PreparedPipeline> whole_;
};

}  // namespace plumb::query
