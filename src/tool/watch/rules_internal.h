// SPDX-License-Identifier: GPL-3.0-or-later
// The measures of the rules; one file for each group.
#pragma once

#include "tool/watch/rules.h"

namespace plumb::watch {

// rule_indexes.cpp
void index_missing(const RuleInput& input, std::vector<Measure>& out);
void index_no_longer_used(const RuleInput& input, std::vector<Measure>& out);
void new_index_unused(const RuleInput& input, std::vector<Measure>& out);
// rule_drift.cpp
void drift(const RuleInput& input, std::vector<Measure>& out);
void drift_extra(const RuleInput& input, std::vector<Measure>& out);
// rule_shapes.cpp
void collection_scan(const RuleInput& input, std::vector<Measure>& out);
void shape_examines_more(const RuleInput& input, std::vector<Measure>& out);
void shape_slower(const RuleInput& input, std::vector<Measure>& out);
void new_slow_shape(const RuleInput& input, std::vector<Measure>& out);
// rule_server.cpp
void server_examines_more(const RuleInput& input, std::vector<Measure>& out);
void reads_slower(const RuleInput& input, std::vector<Measure>& out);
void cache_full(const RuleInput& input, std::vector<Measure>& out);
void cache_dirty(const RuleInput& input, std::vector<Measure>& out);
void cache_evictions(const RuleInput& input, std::vector<Measure>& out);
// rule_members.cpp
void connection_lost(const RuleInput& input, std::vector<Measure>& out);
void replication_lag(const RuleInput& input, std::vector<Measure>& out);
void server_restarted(const RuleInput& input, std::vector<Measure>& out);

}  // namespace plumb::watch
