// SPDX-License-Identifier: GPL-3.0-or-later
// How fast a server's log becomes shapes: a log of any size is made while it is read, through a
// pipe, and never stored; the same stream read and split into lines is the yardstick.
//
//   log_reading --gigabytes 10
//
// Prints, for both forms of log, MB/s by the wall clock and by the reader's own processor time (the
// writer is another thread), the ratio to the plain read, and the process's largest memory.
#include "tool/capture/log_reader.h"

#include <fmt/format.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace {

constexpr double kMega = 1e6;
constexpr std::size_t kBlockBytes = 16U << 20U;
constexpr int kCollections = 40;

// The parts of a line that differ: N a number, C a collection's number, K an id, T the time.
constexpr std::array<std::string_view, 4> kJson = {
    R"({"t":{"$date":"T+00:00"},"s":"I",  "c":"COMMAND",  "id":51803,   "ctx":"connN","msg":"Slow query","attr":{"type":"command","ns":"shop.cC","command":{"find":"cC","filter":{"user_id":"usr_K","status":{"$in":["pending","delivered"]}},"sort":{"delivery_date":-1},"limit":20,"lsid":{"id":{"$uuid":"K"}},"$db":"shop"},"planSummary":"IXSCAN { user_id: 1 }","keysExamined":N,"docsExamined":N,"cursorExhausted":true,"numYields":2,"nreturned":20,"queryHash":"6DAB46EC","planCacheKey":"6DAB46EC","reslen":8260,"locks":{"ReplicationStateTransition":{"acquireCount":{"w":22}},"Global":{"acquireCount":{"r":22}},"Database":{"acquireCount":{"r":21}},"Collection":{"acquireCount":{"r":21}},"Mutex":{"acquireCount":{"r":1}}},"storage":{},"protocol":"op_msg","durationMillis":N}})",
    R"({"t":{"$date":"T+00:00"},"s":"I",  "c":"WRITE",    "id":51803,   "ctx":"connN","msg":"Slow query","attr":{"type":"update","ns":"shop.cC","command":{"q":{"id":"ord_K"},"u":{"$set":{"status":"delivered","updated_at":{"$date":"T+00:00"}}},"multi":false,"upsert":false},"planSummary":"COLLSCAN","keysExamined":0,"docsExamined":N,"nMatched":1,"nModified":1,"numYields":20,"queryHash":"6DAB46EC","planCacheKey":"6DAB46EC","locks":{"Global":{"acquireCount":{"w":21}}},"storage":{},"durationMillis":N}})",
    R"({"t":{"$date":"T+00:00"},"s":"I",  "c":"COMMAND",  "id":51803,   "ctx":"connN","msg":"Slow query","attr":{"type":"command","ns":"shop.cC","command":{"aggregate":"cC","pipeline":[{"$match":{"day":{"$gte":"N","$lte":"N"}}},{"$group":{"_id":{"day":"$day","status":"$status"},"orders":{"$sum":1},"amount":{"$sum":"$total"}}},{"$sort":{"_id.day":1}}],"cursor":{},"$db":"shop"},"planSummary":"COLLSCAN","keysExamined":0,"docsExamined":N,"hasSortStage":true,"cursorExhausted":true,"numYields":157,"nreturned":30,"reslen":4260,"locks":{},"storage":{},"protocol":"op_msg","durationMillis":N}})",
    R"({"t":{"$date":"T+00:00"},"s":"I",  "c":"NETWORK",  "id":22943,   "ctx":"listener","msg":"Connection accepted","attr":{"remote":"10.0.0.N:51234","connectionId":N,"connectionCount":N}})",
};

constexpr std::array<std::string_view, 4> kText = {
    R"(T+0000 I  COMMAND  [connN] command shop.cC command: find { find: "cC", filter: { user_id: "usr_K", status: { $in: [ "pending", "delivered" ] } }, sort: { delivery_date: -1 }, limit: 20, lsid: { id: UUID("K") }, $db: "shop" } planSummary: IXSCAN { user_id: 1 } keysExamined:N docsExamined:N cursorExhausted:1 numYields:2 nreturned:20 queryHash:6DAB46EC planCacheKey:6DAB46EC reslen:8260 locks:{ ReplicationStateTransition: { acquireCount: { w: 22 } }, Global: { acquireCount: { r: 22 } }, Database: { acquireCount: { r: 21 } }, Collection: { acquireCount: { r: 21 } }, Mutex: { acquireCount: { r: 1 } } } storage:{} protocol:op_msg Nms)",
    R"(T+0000 I  WRITE    [connN] update shop.cC command: { q: { id: "ord_K" }, u: { $set: { status: "delivered", updated_at: new Date(1795485962032) } }, multi: false, upsert: false } planSummary: COLLSCAN keysExamined:0 docsExamined:N nMatched:1 nModified:1 numYields:20 queryHash:6DAB46EC planCacheKey:6DAB46EC locks:{ Global: { acquireCount: { w: 21 } } } storage:{} Nms)",
    R"(T+0000 I  COMMAND  [connN] command shop.cC command: aggregate { aggregate: "cC", pipeline: [ { $match: { day: { $gte: "N", $lte: "N" } } }, { $group: { _id: { day: "$day", status: "$status" }, orders: { $sum: 1.0 }, amount: { $sum: "$total" } } }, { $sort: { _id.day: 1 } } ], cursor: {}, $db: "shop" } planSummary: COLLSCAN keysExamined:0 docsExamined:N hasSortStage:1 cursorExhausted:1 numYields:157 nreturned:30 reslen:4260 locks:{} storage:{} protocol:op_msg Nms)",
    R"(T+0000 I  NETWORK  [listener] connection accepted from 10.0.0.N:51234 #N (N connections now open))",
};

// Lines of one form whose times move on from one block to the next.
class Block {
  public:
    explicit Block(std::span<const std::string_view> templates) {
        std::uint64_t number = 12345;
        while (text_.size() < kBlockBytes) {
            number = number * 6364136223846793005ULL + 1442695040888963407ULL;
            append_line(templates[(number >> 33U) % templates.size()], number);
        }
    }

    std::string_view text() const { return text_; }

    void move_on() {
        ++seconds_;
        const std::string digits = fmt::format(
            "{:02}:{:02}:{:02}", seconds_ / 3600 % 24, seconds_ / 60 % 60, seconds_ % 60);
        for (const std::size_t at : times_) {
            text_.replace(at + 11, digits.size(), digits);
        }
    }

  private:
    void append_line(std::string_view line, std::uint64_t number) {
        for (std::size_t at = 0; at < line.size(); ++at) {
            const bool alone =
                at + 1 >= line.size() || !is_letter(line[at + 1]) || line.substr(at + 1, 2) == "ms";
            const bool first = at == 0 || !is_letter(line[at - 1]) || line[at - 1] == 'c' ||
                               line.substr(at < 4 ? 0 : at - 4, 4) == "conn";
            if (!alone || !first || std::strchr("NCKT", line[at]) == nullptr) {
                text_ += line[at];
                continue;
            }
            append_part(line[at], number + at);
        }
        text_ += '\n';
    }

    static bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

    void append_part(char part, std::uint64_t number) {
        const std::uint64_t mixed = (number ^ (number >> 29U)) * 0x9E3779B97F4A7C15ULL;
        if (part == 'N') {
            text_ += fmt::format("{}", 1 + mixed % 200);
        } else if (part == 'C') {
            text_ += fmt::format("{}", mixed % kCollections);
        } else if (part == 'K') {
            text_ +=
                fmt::format("{:08x}-0000-4000-8000-{:012x}", mixed >> 32U, mixed & 0xffffffffffff);
        } else {
            times_.push_back(text_.size());
            text_ += "2026-11-24T02:06:02.032";
        }
    }

    std::string text_;
    std::vector<std::size_t> times_;
    int seconds_ = 0;
};

// Writes the block again and again into a pipe until so many bytes are through.
class Source {
  public:
    Source(Block& block, std::int64_t bytes) {
        if (::pipe(ends_.data()) != 0) {
            std::perror("pipe");
            std::exit(1);
        }
        writer_ = std::jthread([this, &block, bytes] { write(block, bytes); });
    }
    ~Source() { ::close(ends_[0]); }
    Source(const Source&) = delete;
    Source& operator=(const Source&) = delete;

    int descriptor() const { return ends_[0]; }

  private:
    void write(Block& block, std::int64_t bytes) {
        for (std::int64_t left = bytes; left > 0;
             left -= static_cast<std::int64_t>(block.text().size())) {
            for (std::string_view rest = block.text(); !rest.empty();) {
                const ssize_t put = ::write(ends_[1], rest.data(), rest.size());
                if (put <= 0) {
                    ::close(ends_[1]);
                    return;
                }
                rest.remove_prefix(static_cast<std::size_t>(put));
            }
            block.move_on();
        }
        ::close(ends_[1]);
    }

    std::array<int, 2> ends_{};
    std::jthread writer_;
};

double thread_seconds() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

struct Speed {
    double megabytes = 0;
    double wall_s = 0;
    double cpu_s = 0;
    std::int64_t lines = 0;
    std::int64_t operations = 0;
    std::size_t shapes = 0;
};

template <typename Read>
Speed timed(Read read) {
    const auto start = std::chrono::steady_clock::now();
    const double cpu = thread_seconds();
    Speed out = read();
    out.cpu_s = thread_seconds() - cpu;
    out.wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return out;
}

Speed read_plain(Block& block, std::int64_t bytes) {
    Source source{block, bytes};
    return timed([&source] {
        Speed out;
        std::vector<char> buffer(1U << 20U);
        for (ssize_t got = 0;
             (got = ::read(source.descriptor(), buffer.data(), buffer.size())) > 0;) {
            out.megabytes += static_cast<double>(got) / kMega;
            const char* at = buffer.data();
            const char* const end = at + got;
            while ((at = static_cast<const char*>(
                        std::memchr(at, '\n', static_cast<std::size_t>(end - at)))) != nullptr) {
                ++out.lines;
                ++at;
            }
        }
        return out;
    });
}

Speed read_shapes(Block& block, std::int64_t bytes) {
    Source source{block, bytes};
    return timed([&source] {
        plumb::capture::ShapeTable table;
        const auto summary =
            plumb::capture::read_log(fmt::format("/dev/fd/{}", source.descriptor()), table, {});
        if (!summary.ok()) {
            fmt::print(stderr, "{}\n", summary.error().message());
            std::exit(1);
        }
        Speed out;
        out.megabytes = static_cast<double>(summary->bytes) / kMega;
        out.lines = summary->lines;
        out.operations = summary->operations;
        out.shapes = table.shapes().size();
        return out;
    });
}

double peak_megabytes() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_maxrss) * 1024 / kMega;
}

void measure(const char* name, std::span<const std::string_view> templates, std::int64_t bytes) {
    Block block{templates};
    const Speed plain = read_plain(block, bytes);
    const Speed shapes = read_shapes(block, bytes);
    fmt::print(
        "{}: {:.2f} GB, {} lines, {} operations, {} shapes\n"
        "  shapes      {:7.0f} MB/s by the clock, {:7.0f} MB/s of the reader's processor time\n"
        "  plain lines {:7.0f} MB/s by the clock, {:7.0f} MB/s\n"
        "  ratio       {:7.2f} times the plain read's processor time\n",
        name,
        shapes.megabytes / 1000,
        shapes.lines,
        shapes.operations,
        shapes.shapes,
        shapes.megabytes / shapes.wall_s,
        shapes.megabytes / shapes.cpu_s,
        plain.megabytes / plain.wall_s,
        plain.megabytes / plain.cpu_s,
        shapes.cpu_s / plain.cpu_s);
}

}  // namespace

int main(int argc, char** argv) {
    double gigabytes = 1;
    for (int at = 1; at + 1 < argc; at += 2) {
        if (std::string_view{argv[at]} == "--gigabytes") {
            gigabytes = std::strtod(argv[at + 1], nullptr);
        }
    }
    if (argc % 2 == 0 || !(gigabytes > 0)) {
        fmt::print(stderr, "usage: log_reading [--gigabytes 1]\n");
        return 2;
    }
    const auto bytes = static_cast<std::int64_t>(gigabytes * 1e9);
    measure("JSON lines (4.4 and newer)", kJson, bytes);
    measure("text lines (before 4.4)", kText, bytes);
    fmt::print("largest memory of the process {:.0f} MB, of which the made lines are {} MB\n",
               peak_megabytes(),
               (kBlockBytes >> 20U) * 2);
    return 0;
}
