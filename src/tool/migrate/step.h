// SPDX-License-Identifier: GPL-3.0-or-later
// The frame around every operation: what the ledger is told before and after, and the listener at
// the end. For this folder.
//
// Threads  one thread.
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "bson/builder.h"
#include "tool/migrate/operations.h"

#include <chrono>
#include <string>
#include <string_view>

namespace plumb::migrate {

// Before the first change: `entry` holds by now whatever the way back needs.
[[nodiscard]] Status begin_operation(OperationRun& run);
// After the last one. `detail` goes into the ledger's event.
[[nodiscard]] Status finish_operation(OperationRun& run, std::string_view detail = {});
// After everything was taken back; forgets what the way back needed.
[[nodiscard]] Status operation_undone(OperationRun& run);

// Tells the listener; counts a step that was done.
void tell_step(OperationRun& run, StepEvent::What what, std::string text, std::int64_t ms = 0);

// "_plumb_backup_003_1_f7": where operation 1 of version 3 keeps old values under fence 7. No two
// runs have the same.
[[nodiscard]] std::string backup_name(const OperationRun& run);
// "_plumb_dropped_003_1_f7": what a collection is called that was taken away with its data.
[[nodiscard]] std::string aside_name(const OperationRun& run);

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
