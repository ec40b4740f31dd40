// SPDX-License-Identifier: GPL-3.0-or-later
#include "target.h"
#include "tool/capture/log_line_internal.h"

#include <string>

namespace plumb::fuzz {

void run_log_line(std::string_view bytes) {
    const std::string own(bytes);
    const auto inside = [&own](std::string_view part) {
        return part.empty() ||
               (part.data() >= own.data() && part.data() + part.size() <= own.data() + own.size());
    };
    for (const auto& line : {capture::read_json_line(own), capture::read_text_line(own)}) {
        require(inside(line.ns) && inside(line.command), "views lie inside the line");
    }
    static_cast<void>(capture::parse_log_time(own));
}

}  // namespace plumb::fuzz
