// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/calibrate/costs.h"

#include "bson/builder.h"

#include <array>

namespace plumb::calibrate {
namespace {

struct Term {
    double count = 0;
    const Span& cost;
};

struct NamedSpan {
    std::string_view name;
    Span Costs::*cost;
};

constexpr auto kSpans = std::to_array<NamedSpan>({
    {"roundTripNs", &Costs::round_trip},
    {"statementNs", &Costs::statement},
    {"documentScannedNs", &Costs::document_scanned},
    {"keyReadNs", &Costs::key_read},
    {"documentFetchedNs", &Costs::document_fetched},
    {"documentReturnedNs", &Costs::document_returned},
    {"byteReturnedNs", &Costs::byte_returned},
});

}  // namespace

Span time_of(const Costs& costs, const Work& work) {
    const auto terms = std::to_array<Term>({
        {work.round_trips, costs.round_trip},
        {work.round_trips, costs.statement},
        {work.docs_scanned, costs.document_scanned},
        {work.keys_read, costs.key_read},
        {work.docs_fetched, costs.document_fetched},
        {work.docs_returned, costs.document_returned},
        {work.bytes_returned, costs.byte_returned},
    });
    Span out;
    for (const Term& term : terms) {
        out.value += term.count * term.cost.value;
        out.low += term.count * term.cost.low;
        out.high += term.count * term.cost.high;
    }
    return out;
}

bson::Document to_document(const Costs& costs) {
    bson::Builder out;
    out.append("server", costs.server);
    out.append("collection", costs.collection);
    out.append("documentsRead", costs.documents_read);
    for (const NamedSpan& each : kSpans) {
        const Span& cost = costs.*each.cost;
        out.begin_document(each.name);
        out.append("value", cost.value);
        out.append("low", cost.low);
        out.append("high", cost.high);
        out.end();
    }
    out.append("readLatencyNs", costs.read_latency_ns);
    out.append("writeLatencyNs", costs.write_latency_ns);
    out.append("profiled", costs.profiled);
    out.append("profiledMedianNs", costs.profiled_median_ns);
    return out.finish();
}

}  // namespace plumb::calibrate
