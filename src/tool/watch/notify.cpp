// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/watch/notify.h"

#include "bson/builder.h"
#include "bson/json.h"
#include "tool/watch/webhook.h"

#include <fmt/format.h>

#include <utility>

namespace plumb::watch {

std::string event_json(const AlertEvent& event, std::string_view database) {
    bson::Builder out;
    out.append("event", event.raised ? "raised" : "cleared");
    out.append("database", database);
    out.append("alert", to_document(event.alert));
    return bson::to_json(out.finish());
}

Result<std::vector<std::string>> split_words(std::string_view text) {
    std::vector<std::string> words;
    std::string word;
    bool in_word = false;
    char quote = '\0';
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        const bool escapes = c == '\\' && quote != '\'' && at + 1 < text.size();
        if (escapes) {
            word += text[++at];
            in_word = true;
        } else if (quote != '\0' ? c == quote : c == '\'' || c == '"') {
            quote = quote != '\0' ? '\0' : c;
            in_word = true;
        } else if (quote == '\0' && (c == ' ' || c == '\t')) {
            if (in_word) {
                words.push_back(std::exchange(word, {}));
            }
            in_word = false;
        } else {
            word += c;
            in_word = true;
        }
    }
    if (in_word) {
        words.push_back(word);
    }
    if (quote != '\0' || words.empty()) {
        return fail(ErrorCode::UsageError,
                    fmt::format("--on-alert: '{}' {}",
                                text,
                                quote != '\0' ? "has an open quote" : "names no program"));
    }
    return words;
}

Notifier::Notifier(NotifyOptions options) : options_(std::move(options)) {
    if (!options_.command.empty() || !options_.webhook.empty()) {
        thread_ = std::thread{[this] { run(); }};
    }
}

void Notifier::finish() {
    {
        const std::lock_guard guard{mutex_};
        stop_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) {
        thread_.join();
    }
}

void Notifier::tell(const AlertEvent& event) {
    if (!thread_.joinable()) {
        return;
    }
    {
        const std::lock_guard guard{mutex_};
        if (waiting_.size() >= kWaitingAlertsMax) {
            failures_.push_back(fmt::format(
                "not passed on, too many wait: {} {}", event.alert.code, event.alert.subject));
            return;
        }
        waiting_.push_back(event);
    }
    changed_.notify_all();
}

std::vector<std::string> Notifier::failures() {
    const std::lock_guard guard{mutex_};
    return std::exchange(failures_, {});
}

void Notifier::fail_with(std::string text) {
    const std::lock_guard guard{mutex_};
    failures_.push_back(std::move(text));
}

void Notifier::run() {
    for (;;) {
        AlertEvent event;
        {
            std::unique_lock guard{mutex_};
            changed_.wait(guard, [this] { return stop_ || !waiting_.empty(); });
            if (waiting_.empty()) {
                return;
            }
            event = std::move(waiting_.front());
            waiting_.pop_front();
        }
        pass_on(event);
    }
}

void Notifier::pass_on(const AlertEvent& event) {
    const std::string json = event_json(event, options_.database);
    if (!options_.command.empty()) {
        const std::vector<std::string> environment{
            fmt::format("PLUMB_ALERT_EVENT={}", event.raised ? "raised" : "cleared"),
            fmt::format("PLUMB_ALERT_CODE={}", event.alert.code),
            fmt::format("PLUMB_ALERT_SEVERITY={}", severity_name(event.alert.severity)),
            fmt::format("PLUMB_ALERT_SUBJECT={}", event.alert.subject),
            fmt::format("PLUMB_ALERT_EVIDENCE={}", event.alert.evidence)};
        if (const Status ran = run_hook(options_.command, environment, json, kHookTimeMax);
            !ran.ok()) {
            fail_with(ran.error().message());
        }
    }
    if (!options_.webhook.empty()) {
        if (const Status sent = post_json(options_.webhook, json, kHookTimeMax); !sent.ok()) {
            fail_with(sent.error().message());
        }
    }
}

}  // namespace plumb::watch
