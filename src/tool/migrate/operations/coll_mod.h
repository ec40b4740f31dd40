// SPDX-License-Identifier: GPL-3.0-or-later
// Operations that are one collMod forwards and one back: validators, options, hidden indexes.
//
// Threads  one thread.
#pragma once

#include "base/result.h"
#include "bson/document.h"
#include "tool/migrate/data/step.h"
#include "tool/migrate/deployment/problem.h"

#include <string>

namespace plumb::migrate {

// The settings of `wanted` as the collection has them now. A validator that is not there is {}, its
// level "strict" and its action "error".
//   errors  NamespaceNotFound; IndexNotFound; InvalidOptions for a setting whose former state the
//           server does not tell, so that there would be no way back
[[nodiscard]] Result<bson::Document> settings_now(const Deployment& deployment,
                                                  const std::string& collection,
                                                  bson::View wanted);

// Problems that settings_now() would meet.
[[nodiscard]] Result<std::vector<Problem>> check_settings(const Deployment& deployment,
                                                          const std::string& collection,
                                                          bson::View wanted);

// Sets them; `what` names it for people: "set the validator of orders".
[[nodiscard]] Status apply_settings(OperationRun& run, bson::View wanted, const std::string& what);
// Sets what was before, unless somebody changed it since.
[[nodiscard]] Status revert_settings(OperationRun& run);
[[nodiscard]] Status preview_settings(const Deployment& deployment,
                                      const std::string& collection,
                                      bson::View wanted,
                                      Outcome& outcome);
[[nodiscard]] Status preview_revert_settings(const Deployment& deployment,
                                             const OperationRecord& entry,
                                             Outcome& outcome);

// {index: {name, hidden}}
[[nodiscard]] bson::Document hidden_setting(const std::string& index, bool hidden);
// {collMod: collection, …settings}
[[nodiscard]] bson::Document coll_mod_command(const std::string& collection, bson::View settings);

}  // namespace plumb::migrate
