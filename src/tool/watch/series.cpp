// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/watch/series.h"

#include <algorithm>

namespace plumb::watch {

std::size_t Catalogue::id_of(const SeriesInfo& info) {
    const auto [at, is_new] = ids_.try_emplace(Key{info.name, info.member, info.subject}, size());
    if (is_new) {
        series_.push_back(info);
        named_[info.name].push_back(at->second);
    }
    return at->second;
}

std::optional<std::size_t> Catalogue::find(std::string_view name,
                                           std::string_view member,
                                           std::string_view subject) const {
    const auto at = ids_.find(Key{name, member, subject});
    return at == ids_.end() ? std::nullopt : std::optional{at->second};
}

const std::vector<std::size_t>& Catalogue::named(std::string_view name) const {
    static const std::vector<std::size_t> kNone;
    const auto at = named_.find(name);
    return at == named_.end() ? kNone : at->second;
}

void Sample::set(std::size_t id, std::int64_t value) {
    if (values.size() <= id) {
        values.resize(id + 1);
    }
    values[id] = std::clamp(value, -kValueMax, kValueMax);
}

}  // namespace plumb::watch
