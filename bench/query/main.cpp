// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/query/pipeline_bench.h"

#include <benchmark/benchmark.h>

int main(int argc, char** argv) {
    benchmark::Initialize(&argc, argv);
    plumb::bench::register_pipelines();
    plumb::bench::register_lookups();
    benchmark::RunSpecifiedBenchmarks();
    benchmark::Shutdown();
    return 0;
}
