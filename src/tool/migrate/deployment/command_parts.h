// SPDX-License-Identifier: GPL-3.0-or-later
// What every command needs: documents of one field, fields of replies, the time it took.
//
//   deployment.client.command("admin", document_of("currentOp", 1))
//
// Threads  pure functions; a Stopwatch belongs to one thread.
#pragma once

#include "base/clock.h"
#include "bson/builder.h"
#include "bson/document.h"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace plumb::migrate {

// Milliseconds since it was made.
class Stopwatch {
  public:
    explicit Stopwatch(const Clock& clock) : clock_(clock), started_(clock.monotonic()) {}
    [[nodiscard]] std::int64_t ms() const {
        return std::chrono::duration_cast<std::chrono::milliseconds>(clock_.monotonic() - started_)
            .count();
    }

  private:
    const Clock& clock_;
    std::chrono::nanoseconds started_;
};

// "20,000 documents", "1 document"
[[nodiscard]] std::string documents_text(std::int64_t count);

// A document of one field.
template <class T>
[[nodiscard]] bson::Document document_of(std::string_view field, const T& value) {
    bson::Builder out;
    out.append(field, value);
    return out.finish();
}

// A text or sub-document of a document; empty if it has none.
[[nodiscard]] std::string text_in(bson::View document, std::string_view field);
[[nodiscard]] bson::View document_in(bson::View document, std::string_view field);

}  // namespace plumb::migrate
