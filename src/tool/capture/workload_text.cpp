// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/capture/workload_text.h"

#include "bson/json.h"
#include "project/migration_file_text.h"
#include "tool/capture/template_internal.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace plumb::capture {
namespace {

struct AmountRow {
    double up_to;
    std::string_view text;
};
// How much a call returns: all that is kept of how selective it was.
constexpr auto kAmounts = std::to_array<AmountRow>({{0.5, "mostly nothing"},
                                                    {1.5, "one document"},
                                                    {20, "up to 20 documents"},
                                                    {1000, "up to 1000 documents"},
                                                    {1e18, "more than 1000 documents"}});

std::string amount_text(const ShapeStatistics& shape) {
    const double each = static_cast<double>(shape.returned) /
                        static_cast<double>(std::max<std::int64_t>(shape.calls, 1));
    const auto row = std::ranges::find_if(
        kAmounts, [each](const AmountRow& amount) { return each <= amount.up_to; });
    return std::string{row->text};
}

// Calls a minute with three digits that count: more would only look exact.
std::string frequency_text(const ShapeStatistics& shape) {
    const double calls = shape.calls_a_minute > 0
                             ? shape.calls_a_minute
                             : static_cast<double>(std::max<std::int64_t>(shape.calls, 1));
    constexpr double kHundred = 100;
    return calls >= kHundred ? fmt::format("{:.0f}", calls) : fmt::format("{:.3g}", calls);
}

// The most expensive first; the text decides where figures are equal, so that the order is the same
// every time.
std::vector<const ShapeStatistics*> sorted_shapes(const ShapeTable& table,
                                                  std::string_view database) {
    std::vector<const ShapeStatistics*> out;
    for (const ShapeStatistics& shape : table.shapes()) {
        if (shape.shape.database == database) {
            out.push_back(&shape);
        }
    }
    std::ranges::sort(out, [](const ShapeStatistics* a, const ShapeStatistics* b) {
        return std::tuple{-a->ms, -a->docs_examined, -a->calls, std::string_view{a->shape.text}} <
               std::tuple{-b->ms, -b->docs_examined, -b->calls, std::string_view{b->shape.text}};
    });
    return out;
}

std::string used_by(const ShapeStatistics& shape) {
    return fmt::format("{}", fmt::join(shape.places, ", "));
}

void append_query(const ShapeStatistics& shape, const bson::Document& command, std::string& out) {
    out += fmt::format(
        "\n  - id: \"{}\"\n    title: {}\n", shape.shape.id, project::yaml_text(shape.shape.text));
    if (!shape.places.empty()) {
        out += fmt::format("    used_by: {}\n", project::yaml_text(used_by(shape)));
    }
    for (const auto& [path, value] : shape.values) {
        out += fmt::format("    # {}: {}\n", path, class_text(value));
    }
    if (shape.docs_examined > 0 || shape.returned > 0) {
        out += fmt::format("    # returned {} a call\n", amount_text(shape));
    }
    out += fmt::format(
        "    frequency: {}\n    command: {}\n", frequency_text(shape), bson::to_json(command));
}

}  // namespace

WorkloadText workload_text(const ShapeTable& table,
                           std::string_view database,
                           std::string_view captured_from) {
    WorkloadText out;
    ParameterList parameters;
    std::string queries;
    bool with_values = false;
    for (const ShapeStatistics* shape : sorted_shapes(table, database)) {
        const bool keep = !shape->kept.empty() && shape->shape.operation != "insert";
        const Template made =
            keep ? template_of_kept(*shape, parameters) : make_template(*shape, parameters);
        if (!made.why_not.empty()) {
            out.left_out.push_back(fmt::format("{}: {}", shape->shape.text, made.why_not));
            queries += fmt::format("\n  # left out ({}): {}\n", made.why_not, shape->shape.text);
            continue;
        }
        with_values = with_values || keep;
        append_query(*shape, made.command, queries);
        ++out.queries;
    }
    out.yaml = fmt::format(
        "# Written by `plumb advise --save-workload` from {}.\n# {}\nschema: 1\nabout: {}\n",
        captured_from,
        with_values
            ? "It holds values of captured calls (--keep-values): handle it as the data."
            : "Shapes, frequencies and kinds of values; parameters are drawn from the data.",
        project::yaml_text(fmt::format("captured workload of {}", database)));
    if (!parameters.all().empty()) {
        out.yaml += "\nparameters:\n";
    }
    for (const auto& [name, definition] : parameters.all()) {
        out.yaml += fmt::format("  {}: {}\n", name, definition);
    }
    out.yaml += out.queries > 0 ? "\nqueries:" : "\nqueries: []\n";
    out.yaml += queries;
    return out;
}

}  // namespace plumb::capture
