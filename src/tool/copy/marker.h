// SPDX-License-Identifier: GPL-3.0-or-later
// The marks of a copy at its target: which collections it has begun, so that the next run may go on
// with them and with no others.
//
// Format   collection `_plumbline_copy`: {_id: "", from: URL} and one {_id: NAME} for each
//          collection begun. It is dropped when the copy is done and verified.
// Threads  one thread.
#pragma once

#include "base/result.h"
#include "client/client.h"

#include <set>
#include <string>
#include <string_view>

namespace plumb::copy {

inline constexpr std::string_view kMarkerCollection = "_plumbline_copy";

class Marker {
  public:
    Marker(client::Client& target, std::string database);

    // What a run before has left.
    [[nodiscard]] Status load();
    [[nodiscard]] bool found() const { return found_; }
    [[nodiscard]] bool has_begun(std::string_view collection) const;

    // Writes the mark of a copy from `source`, a URL without its password.
    [[nodiscard]] Status begin(std::string_view source);
    [[nodiscard]] Status begin_collection(std::string_view name);
    // The copy is whole.
    [[nodiscard]] Status finish();

  private:
    [[nodiscard]] Status put(bson::View id_and_more);

    client::Client& target_;
    std::string database_;
    std::set<std::string, std::less<>> begun_;
    bool found_ = false;
};

}  // namespace plumb::copy
