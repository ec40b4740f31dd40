// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/path.h"

#include <charconv>

namespace plumb::bson {
namespace {

// -1 unless the part is digits without a leading zero that fit 31 bits.
std::int64_t position_of(std::string_view part) {
    if (part.empty() || part.size() > 10 || (part.size() > 1 && part.front() == '0')) {
        return -1;
    }
    std::int64_t out = 0;
    const auto [end, problem] = std::from_chars(part.data(), part.data() + part.size(), out);
    const bool whole = problem == std::errc{} && end == part.data() + part.size();
    return whole && part.front() != '-' && out <= INT32_MAX ? out : -1;
}

}  // namespace

Path::Path(std::string_view dotted) : dotted_(dotted) {
    std::size_t start = 0;
    while (true) {
        const std::size_t dot = dotted_.find('.', start);
        const std::size_t end = dot == std::string::npos ? dotted_.size() : dot;
        parts_.push_back({static_cast<std::uint32_t>(start),
                          static_cast<std::uint32_t>(end - start),
                          position_of(std::string_view{dotted_}.substr(start, end - start))});
        if (dot == std::string::npos) {
            break;
        }
        start = dot + 1;
    }
}

ValueView find_plain(View document, const Path& path) {
    for (std::size_t i = 0; i + 1 < path.size(); ++i) {
        const ValueView value = document.find(path.part(i));
        if (value.type() != Type::Document) {
            return {};
        }
        document = value.as_document();
    }
    return document.find(path.part(path.size() - 1));
}

ValueView find_plain(View document, std::string_view dotted) {
    return find_plain(document, Path{dotted});
}

}  // namespace plumb::bson
