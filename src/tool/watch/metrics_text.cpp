// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/watch/metrics.h"

#include <fmt/format.h>

#include <map>

namespace plumb::watch {
namespace {

std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '\\' || c == '"') {
            out += '\\';
        }
        out += c == '\n' ? std::string{"\\n"} : std::string{c};
    }
    return out;
}

void add_label(std::string& labels, std::string_view name, std::string_view value) {
    if (!value.empty()) {
        labels += fmt::format("{}{}=\"{}\"", labels.empty() ? "" : ",", name, escaped(value));
    }
}

std::string labels_of(const SeriesInfo& info) {
    std::string labels;
    add_label(labels, "member", info.member);
    add_label(labels, "subject", info.subject);
    add_label(labels, "text", info.text);
    return labels.empty() ? labels : fmt::format("{{{}}}", labels);
}

// All lines of one name stand together, as the format wants it.
class Families {
  public:
    void add(const std::string& name,
             std::string_view type,
             std::string_view labels,
             double value) {
        std::string& family = families_[name];
        if (family.empty()) {
            family = fmt::format("# TYPE {} {}\n", name, type);
        }
        family += fmt::format("{}{} {:.15g}\n", name, labels, value);
    }
    [[nodiscard]] std::string text() const {
        std::string out;
        for (const auto& [name, family] : families_) {
            out += family;
        }
        return out;
    }

  private:
    std::map<std::string, std::string> families_;
};

}  // namespace

std::string metrics_text(const Observer& observer) {
    const History& history = observer.history();
    Families families;
    for (std::size_t id = 0; id < history.catalogue().size(); ++id) {
        const SeriesInfo& info = history.catalogue().at(id);
        if (info.kind != Kind::Gauge) {
            families.add(fmt::format("plumbline_{}_total", info.name),
                         "counter",
                         labels_of(info),
                         history.total(id));
        } else if (const auto value = history.now(id)) {
            families.add(fmt::format("plumbline_{}", info.name),
                         "gauge",
                         labels_of(info),
                         static_cast<double>(*value));
        }
    }
    for (const Alert& alert : observer.alerts().raised()) {
        std::string labels;
        add_label(labels, "code", alert.code);
        add_label(labels, "severity", severity_name(alert.severity));
        add_label(labels, "subject", alert.subject);
        families.add(
            "plumbline_alert_active", "gauge", fmt::format("{{{}}}", labels), alert.active ? 1 : 0);
    }
    families.add("plumbline_samples_total", "counter", "", static_cast<double>(history.samples()));
    families.add(
        "plumbline_sample_time_seconds", "gauge", "", static_cast<double>(history.at_ms()) / 1000);
    return families.text();
}

}  // namespace plumb::watch
