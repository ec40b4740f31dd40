// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/exec/run_report.h"

#include "bson/number.h"
#include "engine/exec/explain_tree.h"

namespace plumb::exec {

void report_run(Operation& operation, QueryRun& run) {
    OperationStatistics& statistics = operation.statistics;
    const Examined examined = run.take_examined();
    statistics.keys_examined += examined.keys;
    statistics.docs_examined += examined.docs;
    statistics.from_multi_planner = statistics.from_multi_planner || run.tried_several();
    statistics.replanned = statistics.replanned || run.replanned();
    statistics.used_disk = statistics.used_disk || run.used_disk();
    run.report_shape(operation);
    if (operation.wants_execution_stats && run.is_main()) {
        bson::Builder tree;
        append_run(tree, run, true);
        statistics.execution_stats = tree.finish();
    }
}

void put_stage_on_top(Operation& operation,
                      std::string_view stage,
                      std::int64_t advanced,
                      bson::View counts) {
    bson::Document& tree = operation.statistics.execution_stats;
    if (!operation.wants_execution_stats || tree.empty()) {
        return;
    }
    const bson::ValueView works = tree.find("works");
    const std::int64_t below = works.is_number() ? bson::to_clamped_int64(works) : 0;
    bson::Builder out;
    out.append("stage", stage);
    // A stage that gives its one document needs no call more to say that there is no other.
    const std::int64_t own = advanced > 0 ? below : below + 1;
    append_common(out, {.works = own, .advanced = advanced, .need_time = own - 1}, true);
    out.append_all(counts);
    out.append("inputStage", tree);
    tree = out.finish();
}

}  // namespace plumb::exec
