// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/watch/observer.h"

#include "bson/builder.h"
#include "tool/watch/fields.h"

namespace plumb::watch {

bson::Document to_document(const SessionFacts& facts) {
    bson::Builder out;
    out.append("startedMs", facts.started_ms);
    out.append("everyMs", facts.every_ms);
    out.append("forMs", facts.for_ms);
    out.append("unusedAfterMs", facts.unused_after_ms);
    out.append("database", facts.database);
    out.append("url", facts.url);
    out.append("tool", facts.tool);
    out.append("baseline", to_document(facts.baseline));
    return out.finish();
}

SessionFacts session_facts_from(bson::View document) {
    SessionFacts facts;
    facts.started_ms = whole_at(document, "startedMs").value_or(0);
    facts.every_ms = whole_at(document, "everyMs").value_or(facts.every_ms);
    facts.for_ms = whole_at(document, "forMs").value_or(0);
    facts.unused_after_ms = whole_at(document, "unusedAfterMs").value_or(0);
    facts.database = text_at(document, "database");
    facts.url = text_at(document, "url");
    facts.tool = text_at(document, "tool");
    facts.baseline = baseline_from(document_at(document, "baseline"));
    return facts;
}

void Observer::begin(SessionFacts facts) {
    facts_ = std::move(facts);
    began_ms_ = sessions_ == 0 ? facts_.started_ms : began_ms_;
    ++sessions_;
    history_.set_interval(facts_.every_ms);
    history_.begin_session();
}

std::vector<AlertEvent> Observer::feed(const Catalogue& catalogue, const Sample& sample) {
    history_.feed(catalogue, sample);
    return alerts_.judge({history_, facts_.baseline, facts_.unused_after_ms});
}

void Observer::keep(Catalogue catalogue) {
    kept_ = std::move(catalogue);
    history_.use(kept_);
}

}  // namespace plumb::watch
