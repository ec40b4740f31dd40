// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/dotenv.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <sstream>

namespace plumb::cli {
namespace {

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r");
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

bool is_name(std::string_view name) {
    const auto letter = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    };
    return !name.empty() && letter(name.front()) &&
           std::all_of(name.begin(), name.end(), [&letter](char c) {
               return letter(c) || (c >= '0' && c <= '9') || c == '.';
           });
}

// The text between the quotes; what follows the closing one may only be a comment.
Result<std::string> quoted(std::string_view value) {
    const char quote = value.front();
    std::string out;
    for (std::size_t at = 1; at < value.size(); ++at) {
        const char c = value[at];
        if (c == quote) {
            const std::string_view rest = trimmed(value.substr(at + 1));
            if (!rest.empty() && rest.front() != '#') {
                return fail(ErrorCode::UsageError, "text after the closing quote");
            }
            return out;
        }
        if (c == '\\' && quote == '"' && at + 1 < value.size()) {
            ++at;
            out += value[at] == 'n' ? '\n' : value[at];
        } else {
            out += c;
        }
    }
    return fail(ErrorCode::UsageError, "the closing quote is missing");
}

Result<std::string> parse_value(std::string_view value) {
    value = trimmed(value);
    if (!value.empty() && (value.front() == '"' || value.front() == '\'')) {
        return quoted(value);
    }
    // A # inside a value (a password) is kept; a comment needs a space before it.
    const auto comment = value.find(" #");
    return std::string{trimmed(value.substr(0, comment))};
}

}  // namespace

Result<EnvironmentMap> parse_dotenv(std::string_view text, std::string_view file) {
    EnvironmentMap out;
    int number = 0;
    while (!text.empty()) {
        ++number;
        const auto end = text.find('\n');
        std::string_view line = trimmed(text.substr(0, end));
        text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
        if (line.empty() || line.front() == '#') {
            continue;
        }
        if (line.starts_with("export ")) {
            line = trimmed(line.substr(7));
        }
        const auto equals = line.find('=');
        const std::string_view name = trimmed(line.substr(0, equals));
        if (equals == std::string_view::npos || !is_name(name)) {
            return fail(ErrorCode::UsageError, fmt::format("{}:{}: no NAME=value", file, number));
        }
        PLUMB_TRY(value,
                  parse_value(line.substr(equals + 1)).context(fmt::format("{}:{}", file, number)));
        out[std::string{name}] = std::move(value);
    }
    return out;
}

Result<EnvironmentMap> load_dotenv(const std::filesystem::path& path) {
    std::error_code ignored;
    if (!std::filesystem::is_regular_file(path, ignored)) {
        return EnvironmentMap{};
    }
    std::ifstream in{path, std::ios::binary};
    std::ostringstream text;
    text << in.rdbuf();
    if (!in) {
        return fail(ErrorCode::IoError, fmt::format("cannot read {}", path.string()));
    }
    return parse_dotenv(text.str(), path.string());
}

}  // namespace plumb::cli
