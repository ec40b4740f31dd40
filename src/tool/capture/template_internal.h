// SPDX-License-Identifier: GPL-3.0-or-later
// A shape as a command template, with the parameters that it needs.
//
//   ParameterList parameters;
//   const Template made = make_template(statistics, parameters);
//
// Threads  one thread.
#pragma once

#include "bson/document.h"
#include "tool/capture/shape_table.h"

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace plumb::capture {

// Parameters of workload.yaml: a name for each definition that is asked for.
class ParameterList {
  public:
    // The name of the parameter defined so, made from `wish` if it is new.
    //   definition  as YAML: "{sample: orders, elements: true}"
    std::string name_of(const std::string& definition, std::string_view wish);

    // In the order in which they were asked for.
    [[nodiscard]] const std::vector<std::pair<std::string, std::string>>& all() const {
        return all_;
    }

  private:
    std::vector<std::pair<std::string, std::string>> all_;  // name, definition
    std::map<std::string, std::string> by_definition_;
    std::set<std::string> used_;  // names
};

struct Template {
    bson::Document command;
    std::string why_not;  // why it cannot be written; empty if it can
};

[[nodiscard]] Template make_template(const ShapeStatistics& statistics, ParameterList& parameters);

// The same from commands that were kept: one of their conditions is drawn. requires !kept.empty()
[[nodiscard]] Template template_of_kept(const ShapeStatistics& statistics,
                                        ParameterList& parameters);

}  // namespace plumb::capture
