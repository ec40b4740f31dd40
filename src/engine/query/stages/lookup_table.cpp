// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/query/stages/lookup_table.h"

#include "bson/builder.h"
#include "engine/query/matcher.h"
#include "engine/query/stages/lookup_keys.h"

#include <algorithm>
#include <utility>

namespace plumb::query {
namespace {

using bson::ValueView;

// Beside its bytes, what a document and a key cost in the table.
constexpr std::int64_t kDocumentOverheadBytes = 96;

class Matches final : public DocumentSource {
  public:
    Matches(Matcher matcher, std::vector<bson::View> candidates)
        : matcher_(std::move(matcher)), candidates_(std::move(candidates)) {}

    Result<std::optional<bson::View>> next() override {
        while (at_ < candidates_.size()) {
            const bson::View document = candidates_[at_++];
            if (matcher_.matches(document)) {
                return std::optional{document};
            }
        }
        return std::optional<bson::View>{};
    }

  private:
    Matcher matcher_;
    std::vector<bson::View> candidates_;
    std::size_t at_ = 0;
};

}  // namespace

Status LookupTable::add(bson::View document) {
    const auto number = static_cast<std::uint32_t>(documents_.size());
    documents_.emplace_back(arena_.copy(document.raw()));
    keys_.clear();
    PLUMB_CHECK(maker_.make(document, keys_));
    for (const bson::MadeKey& key : keys_.keys) {
        auto place = by_key_.find(std::string_view{key.bytes});
        if (place == by_key_.end()) {
            place = by_key_.emplace(arena_.copy(key.bytes), Numbers{}).first;
        }
        place->second.push_back(number);
    }
    return {};
}

Result<std::optional<LookupTable>> LookupTable::read(DocumentSource& documents,
                                                     std::string_view field,
                                                     std::int64_t memory_bytes,
                                                     Interrupt* interrupt) {
    bson::Builder pattern;
    pattern.append(field, 1);
    auto parsed = bson::KeyPattern::parse(pattern.finish_view());
    if (!parsed.ok()) {
        // A path that no index can have, such as "a.$b": searched document by document instead.
        return std::optional<LookupTable>{};
    }
    LookupTable table{bson::KeyMaker{*std::move(parsed), false}};
    std::int64_t overhead_bytes = 0;
    while (true) {
        if (interrupt != nullptr) {
            PLUMB_CHECK(interrupt->check());
        }
        PLUMB_TRY(document, documents.next());
        if (!document) {
            return std::optional{std::move(table)};
        }
        PLUMB_CHECK(table.add(*document));
        overhead_bytes += kDocumentOverheadBytes;
        const auto held = static_cast<std::int64_t>(table.arena_.bytes_held());
        if (held + overhead_bytes > memory_bytes) {
            return std::optional<LookupTable>{};
        }
    }
}

LookupTable::Numbers LookupTable::candidates(const std::vector<ValueView>& values) const {
    Numbers out;
    for (const std::string& key : keys_of(values)) {
        if (const auto found = by_key_.find(key); found != by_key_.end()) {
            out.insert(out.end(), found->second.begin(), found->second.end());
        }
    }
    std::ranges::sort(out);
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
}

Result<std::unique_ptr<DocumentSource>> LookupTable::find(
    bson::View filter, const std::vector<ValueView>& values) const {
    PLUMB_TRY(matcher, Matcher::parse(filter));
    std::vector<bson::View> chosen;
    if (have_keys(values)) {
        for (const std::uint32_t number : candidates(values)) {
            chosen.push_back(documents_[number]);
        }
    } else {
        chosen = documents_;
    }
    return std::unique_ptr<DocumentSource>{
        std::make_unique<Matches>(std::move(matcher), std::move(chosen))};
}

}  // namespace plumb::query
