// SPDX-License-Identifier: GPL-3.0-or-later
// Lets writes be measured on real data and leaves the data as it was: what updates and deletes will
// touch is read first and put back, what inserts added is removed.
//
//   WriteGuard guard{client, "shop"};
//   PLUMB_CHECK(guard.remember(commands));   // before the first of them is sent
//   guard.will_send(command);                // each time, before it is
//   PLUMB_CHECK(guard.restore());            // as often as one likes
//
// Threads  one thread.
#pragma once

#include "base/result.h"
#include "bson/document.h"
#include "client/client.h"

#include <string>
#include <string_view>
#include <vector>

namespace plumb::bench {

class WriteGuard {
  public:
    WriteGuard(client::Client& client, std::string database)
        : client_(client), database_(std::move(database)) {}
    WriteGuard(const WriteGuard&) = delete;
    WriteGuard& operator=(const WriteGuard&) = delete;
    // Restores what has not been, ignoring errors: for a run that stops half-way.
    ~WriteGuard();

    // Reads the documents that these commands will change.
    //   errors  IllegalOperation for an upsert, whose new document could not be told apart
    [[nodiscard]] Status remember(const std::vector<bson::Document>& commands);

    // Notes that a command is about to be sent: the `_id`s that an insert adds, or that what is
    // remembered has to be put back.
    void will_send(bson::View command);

    // Puts everything back; may be called once more after an error. What is remembered stays so.
    [[nodiscard]] Status restore();

  private:
    struct Kept {
        std::string collection;
        bson::Document document;
    };
    struct Added {
        std::string collection;
        bson::Value id;
    };
    [[nodiscard]] Status remember_matches(std::string_view collection,
                                          const std::vector<bson::View>& filters);
    [[nodiscard]] Status put_back();
    [[nodiscard]] Status remove_added();

    client::Client& client_;
    std::string database_;
    std::vector<Kept> kept_;
    std::vector<Added> added_;
    bool changed_ = false;  // a command that changes what is there was sent
};

}  // namespace plumb::bench
