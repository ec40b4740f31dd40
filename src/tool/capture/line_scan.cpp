// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/capture/line_scan_internal.h"
#include "tool/capture/shape.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace plumb::capture {
namespace {

// Values under these names are constants of a call: what they are does not change its shape.
constexpr auto kMasked = std::to_array<std::string_view>({
    "$clusterTime",
    "$limit",
    "$match",
    "$skip",
    "batchSize",
    "comment",
    "documents",
    "filter",
    "limit",
    "lsid",
    "maxTimeMS",
    "q",
    "query",
    "restrictSearchWithMatch",
    "skip",
    "txnNumber",
    "u",
});
static_assert(std::ranges::is_sorted(kMasked));

bool is_masked(std::string_view key) {
    return std::ranges::binary_search(kMasked, key);
}

constexpr std::array<bool, 256> make_word_bytes() {
    std::array<bool, 256> out{};
    for (int byte = 0; byte < 256; ++byte) {
        const char c = static_cast<char>(byte);
        out[static_cast<std::size_t>(byte)] = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                                              (c >= '0' && c <= '9') || c == '_' || c == '$' ||
                                              c == '.' || c == '-' || c == '+' || byte >= 128;
    }
    return out;
}
constexpr std::array<bool, 256> kWordBytes = make_word_bytes();

bool is_word_byte(char c) {
    return kWordBytes[static_cast<unsigned char>(c)];
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

const char* past_regex(const char* at, const char* end) {
    for (++at; at < end && *at != '/'; ++at) {
        at += *at == '\\' ? 1 : 0;
    }
    return at < end ? at + 1 : nullptr;
}

class Scanner {
  public:
    Scanner(const char* at, const char* end, Skeleton* skeleton)
        : at_(at), end_(end), skeleton_(skeleton) {}

    const char* run() {
        do {
            while (at_ < end_ && (*at_ == ' ' || *at_ == '\t')) {
                ++at_;
            }
            if (at_ >= end_ || !step()) {
                return nullptr;
            }
        } while (depth_ > 0 || pending_);
        return at_;
    }

  private:
    bool step() {
        const char c = *at_;
        pending_ = false;
        switch (c) {
            case '{':
            case '[':
            case '(':
                ++depth_;
                add_mark(c);
                ++at_;
                return true;
            case '}':
            case ']':
            case ')':
                return close(c);
            case '"':
            case '\'':
                return text();
            case ',':
            case ':':
                ++at_;
                pending_ = depth_ == 0;
                return true;
            case '/':
                return regex();
            default:
                return word();
        }
    }

    bool close(char c) {
        --depth_;
        if (depth_ < 0) {
            return false;
        }
        add_mark(c);
        ++at_;
        end_mask();
        return true;
    }

    // A mask ends with the value that its key names.
    void end_mask() {
        if (depth_ <= mask_depth_) {
            mask_depth_ = kNoMask;
        }
    }

    bool text() {
        const char* const begin = at_;
        at_ = scan_string(at_, end_);
        if (at_ == nullptr) {
            return false;
        }
        const std::string_view inside{begin + 1, static_cast<std::size_t>(at_ - begin - 2)};
        if (at_ < end_ && *at_ == ':') {
            key(inside);
        } else {
            value(inside, 'S');
        }
        return true;
    }

    bool regex() {
        const char* const begin = at_;
        at_ = past_regex(at_, end_);
        if (at_ == nullptr) {
            return false;
        }
        const char* const pattern = begin + 1;
        while (at_ < end_ && is_word_byte(*at_)) {
            ++at_;  // options
        }
        value({pattern, static_cast<std::size_t>(at_ - pattern)}, 'R');
        return true;
    }

    bool word() {
        const char* const begin = at_;
        while (at_ < end_ && is_word_byte(*at_)) {
            ++at_;
        }
        if (at_ == begin) {
            return false;
        }
        const std::string_view inside{begin, static_cast<std::size_t>(at_ - begin)};
        if (at_ < end_ && *at_ == ':') {
            key(inside);
            return true;
        }
        const bool number = is_digit(inside.front()) || (inside.size() > 1 && is_digit(inside[1]));
        if (number || mask_depth_ == kNoMask) {
            value(inside, 'N');
        } else {
            add_mark('w');
            if (skeleton_ != nullptr) {
                skeleton_->add(inside);  // true, null, Date, ObjectId
            }
            end_mask();
        }
        // `new Date(1)`, `ObjectId('…')`: the value goes on.
        pending_ = depth_ == 0 && at_ < end_ && (*at_ == '(' || inside == "new");
        return true;
    }

    void key(std::string_view name) {
        ++at_;  // the colon
        pending_ = depth_ == 0;
        if (skeleton_ == nullptr) {
            return;
        }
        last_mark_ = 0;
        skeleton_->add(name);
        skeleton_->add(':');
        is_pattern_ = name == "$regex" || name == "pattern";
        is_limit_ = name == "limit";
        if (mask_depth_ == kNoMask && is_masked(name)) {
            mask_depth_ = depth_;
        }
    }

    void value(std::string_view inside, char mark) {
        if (skeleton_ == nullptr) {
            return;
        }
        if (mask_depth_ == kNoMask || inside.starts_with('$')) {
            last_mark_ = 0;
            skeleton_->add(inside);
            skeleton_->add(',');
            return;
        }
        if (is_pattern_ || mark == 'R') {
            // What decides whether a pattern has a prefix stands at its two ends.
            add_mark('R');
            skeleton_->add(inside.substr(0, 2));
            skeleton_->add(inside.substr(inside.size() - std::min<std::size_t>(inside.size(), 8)));
        } else if (is_limit_) {
            add_mark(inside == "1" ? '1' : 'n');
        } else {
            add_mark(mark);
        }
        end_mask();
    }

    // Long lists of constants are all the same from some length on.
    void add_mark(char mark) {
        if (skeleton_ == nullptr) {
            return;
        }
        repeated_ = mark == last_mark_ ? repeated_ + 1 : 0;
        last_mark_ = mark;
        if (repeated_ <= kFewValues + 1) {
            skeleton_->add(static_cast<unsigned char>(mark));
        }
    }

    static constexpr int kNoMask = -1;

    const char* at_;
    const char* end_;
    Skeleton* skeleton_;
    int depth_ = 0;
    int mask_depth_ = kNoMask;
    bool pending_ = false;  // at depth 0, and the value is not over
    bool is_pattern_ = false;
    bool is_limit_ = false;
    char last_mark_ = 0;
    std::size_t repeated_ = 0;
};

}  // namespace

const char* scan_string(const char* at, const char* end) {
    const char quote = *at;
    for (const char* look = at + 1; look < end; ++look) {
        look = static_cast<const char*>(
            std::memchr(look, quote, static_cast<std::size_t>(end - look)));
        if (look == nullptr) {
            return nullptr;
        }
        const char* before = look;
        while (before[-1] == '\\') {
            --before;
        }
        if ((look - before) % 2 == 0) {
            return look + 1;
        }
    }
    return nullptr;
}

const char* scan_value(const char* at, const char* end, Skeleton* skeleton) {
    return Scanner{at, end, skeleton}.run();
}

}  // namespace plumb::capture
