// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/query/stages/lookup_blocks.h"

#include "bson/builder.h"
#include "engine/query/matcher.h"
#include "engine/query/stages/lookup_keys.h"

#include <algorithm>
#include <string>
#include <unordered_map>
#include <utility>

namespace plumb::query {
namespace {

constexpr std::size_t kBlockGrowth = 8;
// Beside their bytes, what a document of this side (with its matcher and key) and a match cost.
constexpr std::int64_t kLocalOverheadBytes = 1024;
constexpr std::int64_t kMatchOverheadBytes = 64;

// Which documents of a block a key could belong to.
class Block {
  public:
    using Numbers = std::vector<std::uint32_t>;

    [[nodiscard]] Status add(const LookupBlocks::Question& question) {
        const auto number = static_cast<std::uint32_t>(matchers_.size());
        PLUMB_TRY(matcher, Matcher::parse(question.filter.view()));
        matchers_.push_back(std::move(matcher));
        if (!have_keys(question.values)) {
            always_.push_back(number);
            return {};
        }
        for (std::string& key : keys_of(question.values)) {
            by_key_[std::move(key)].push_back(number);
        }
        return {};
    }

    // The numbers of those that `foreign`, which has these keys, belongs to, rising.
    [[nodiscard]] const Numbers& owners(bson::View foreign, const bson::MadeKeys& keys) {
        found_ = always_;
        for (const bson::MadeKey& key : keys.keys) {
            if (const auto at = by_key_.find(key.bytes); at != by_key_.end()) {
                found_.insert(found_.end(), at->second.begin(), at->second.end());
            }
        }
        std::ranges::sort(found_);
        found_.erase(std::unique(found_.begin(), found_.end()), found_.end());
        std::erase_if(found_,
                      [&](std::uint32_t number) { return !matchers_[number].matches(foreign); });
        return found_;
    }

  private:
    std::vector<Matcher> matchers_;
    std::unordered_map<std::string, Numbers> by_key_;
    Numbers always_;
    Numbers found_;  // reused
};

}  // namespace

std::optional<LookupBlocks> LookupBlocks::make(std::string_view field,
                                               std::int64_t memory_bytes,
                                               Interrupt* interrupt) {
    bson::Builder pattern;
    pattern.append(field, 1);
    auto parsed = bson::KeyPattern::parse(pattern.finish_view());
    if (!parsed.ok()) {
        return {};
    }
    return LookupBlocks{bson::KeyMaker{*std::move(parsed), false}, memory_bytes, interrupt};
}

void LookupBlocks::clear() {
    waiting_.clear();
    answered_.clear();
    given_ = false;
}

Status LookupBlocks::read_block(const Sides& sides) {
    std::int64_t bytes = 0;
    for (const bson::Document& document : waiting_) {
        bytes += static_cast<std::int64_t>(document.view().byte_size()) + kLocalOverheadBytes;
    }
    // Half of the memory is for the matches.
    while (waiting_.size() < block_documents_ && bytes < memory_bytes_ / 2) {
        PLUMB_TRY(document, sides.local.next());
        if (!document) {
            break;
        }
        waiting_.emplace_back(*document);
        bytes += static_cast<std::int64_t>(document->byte_size()) + kLocalOverheadBytes;
    }
    block_documents_ *= grows_ ? kBlockGrowth : 1;
    return {};
}

Result<bool> LookupBlocks::pass(const Sides& sides, std::size_t count) {
    Block block;
    std::vector<std::vector<bson::Document>> matches(count);
    for (std::size_t at = 0; at < count; ++at) {
        PLUMB_CHECK(block.add(sides.ask(waiting_[at].view())));
    }
    PLUMB_TRY(foreign, sides.open_foreign());
    std::int64_t bytes = 0;
    while (true) {
        if (interrupt_ != nullptr) {
            PLUMB_CHECK(interrupt_->check());
        }
        PLUMB_TRY(document, foreign->next());
        if (!document) {
            break;
        }
        keys_.clear();
        PLUMB_CHECK(maker_.make(*document, keys_));
        for (const std::uint32_t number : block.owners(*document, keys_)) {
            matches[number].emplace_back(*document);
            bytes += static_cast<std::int64_t>(document->byte_size()) + kMatchOverheadBytes;
        }
        if (bytes > memory_bytes_ / 2) {
            return false;
        }
    }
    for (std::vector<bson::Document>& each : matches) {
        answered_.push_back({std::move(waiting_.front()), std::move(each), false});
        waiting_.pop_front();
    }
    return true;
}

Result<LookupBlocks::Answered*> LookupBlocks::next(const Sides& sides) {
    if (given_) {
        answered_.pop_front();
        given_ = false;
    }
    if (answered_.empty()) {
        PLUMB_CHECK(answer_block(sides));
    }
    if (answered_.empty()) {
        return static_cast<Answered*>(nullptr);
    }
    given_ = true;
    return &answered_.front();
}

Status LookupBlocks::answer_block(const Sides& sides) {
    PLUMB_CHECK(read_block(sides));
    std::size_t count = waiting_.size();
    bool fits = count == 0;
    while (!fits && count > 0) {
        PLUMB_TRY(passed, pass(sides, count));
        fits = passed;
        if (!fits) {
            grows_ = false;
            count /= 2;
            block_documents_ = std::max<std::size_t>(count, 1);
        }
    }
    if (!fits) {
        answered_.push_back({std::move(waiting_.front()), {}, true});
        waiting_.pop_front();
    }
    return {};
}

}  // namespace plumb::query
