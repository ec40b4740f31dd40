// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/watch/alerts.h"

#include "bson/builder.h"
#include "tool/watch/time_text.h"

#include <algorithm>
#include <tuple>

namespace plumb::watch {
namespace {

// Several members may have measured one subject: a sample counts once, with the worst of them.
void keep_worst(std::vector<Measure>& measures) {
    std::stable_sort(measures.begin(), measures.end(), [](const Measure& a, const Measure& b) {
        return std::tie(a.subject, b.value) < std::tie(b.subject, a.value);
    });
    const auto same = [](const Measure& a, const Measure& b) { return a.subject == b.subject; };
    measures.erase(std::unique(measures.begin(), measures.end(), same), measures.end());
}

}  // namespace

void Alerts::see(const RuleRow& rule, const Measure& measure, std::int64_t at_ms, State& state) {
    state.measured = true;
    state.unknown = 0;
    Alert& alert = state.alert;
    if (measure.value < rule.raise_at) {
        // Between the two limits an active alert stays and an inactive one does not begin.
        const bool under = measure.value < rule.clear_below || !alert.active;
        state.over = 0;
        state.under = under ? state.under + 1 : 0;
        return;
    }
    state.under = 0;
    if (!alert.active && state.over == 0) {
        alert.first_ms = alert.raised == 0 ? at_ms : alert.first_ms;
    }
    ++state.over;
    ++alert.samples;
    alert.last_ms = at_ms;
    if (alert.evidence.empty() || measure.value > alert.value) {
        alert.value = measure.value;
        alert.evidence = measure.evidence;
    }
}

void Alerts::settle(const RuleRow& rule, State& state, std::vector<AlertEvent>& events) {
    Alert& alert = state.alert;
    if (!state.measured) {
        ++state.unknown;
        state.over = 0;
    }
    state.measured = false;
    if (!alert.active && state.over >= rule.raise_after) {
        alert.active = true;
        ++alert.raised;
        events.push_back({true, alert});
    } else if (alert.active &&
               (state.under >= rule.clear_after || state.unknown >= kForgetSamples)) {
        alert.active = false;
        events.push_back({false, alert});
    }
}

std::vector<AlertEvent> Alerts::judge(const RuleInput& input) {
    std::vector<AlertEvent> events;
    std::vector<Measure> measures;
    for (const RuleRow& rule : rules()) {
        measures.clear();
        rule.evaluate(input, measures);
        keep_worst(measures);
        States& states = states_[std::string{rule.code}];
        for (const Measure& measure : measures) {
            State& state = states[measure.subject];
            state.alert.code = rule.code;
            state.alert.severity = rule.severity;
            state.alert.subject = measure.subject;
            state.alert.advice = rule.advice;
            state.alert.limit = rule.raise_at;
            see(rule, measure, input.history.at_ms(), state);
        }
        for (auto& [subject, state] : states) {
            settle(rule, state, events);
        }
    }
    return events;
}

std::vector<Alert> Alerts::raised() const {
    std::vector<Alert> out;
    for (const auto& [code, states] : states_) {
        for (const auto& [subject, state] : states) {
            if (state.alert.raised > 0) {
                out.push_back(state.alert);
            }
        }
    }
    std::stable_sort(out.begin(), out.end(), [](const Alert& a, const Alert& b) {
        return std::tie(a.severity, a.first_ms) < std::tie(b.severity, b.first_ms);
    });
    return out;
}

bool Alerts::any_problem() const {
    const std::vector<Alert> all = raised();
    return !all.empty() && all.front().severity == Severity::Problem;
}

bson::Document to_document(const Alert& alert) {
    bson::Builder out;
    out.append("code", alert.code);
    out.append("severity", severity_name(alert.severity));
    out.append("subject", alert.subject);
    out.append("evidence", alert.evidence);
    out.append("advice", alert.advice);
    out.append("value", alert.value);
    out.append("limit", alert.limit);
    out.append("first", utc_text(alert.first_ms));
    out.append("last", utc_text(alert.last_ms));
    out.append("samples", alert.samples);
    out.append("raised", alert.raised);
    out.append("active", alert.active);
    return out.finish();
}

}  // namespace plumb::watch
