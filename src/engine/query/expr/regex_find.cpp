// SPDX-License-Identifier: GPL-3.0-or-later
// $regexFind, $regexFindAll, $regexMatch.
#include "engine/query/expr/operators.h"
#include "engine/query/expr/text.h"
#include "engine/query/expr/values.h"
#include "engine/query/regex.h"

#include <fmt/format.h>

namespace plumb::query {

using bson::Type;
using bson::ValueView;

namespace {

using RegexPointer = std::shared_ptr<const Regex>;

// A pattern that is the same for all documents, compiled once.
struct PreparedRegex final : Prepared {
    RegexPointer regex;
};

constexpr std::size_t kInput = 0;
constexpr std::size_t kRegex = 1;
constexpr std::size_t kOptions = 2;

// Nothing if the pattern is nullish.
Result<RegexPointer> compile(ValueView pattern, ValueView options) {
    if (pattern.nullish()) {
        return RegexPointer{};
    }
    std::string_view text;
    std::string_view letters;
    if (pattern.type() == Type::Regex) {
        text = pattern.as_regex().pattern;
        letters = pattern.as_regex().options;
    } else if (pattern.type() == Type::String) {
        text = pattern.as_string();
    } else {
        return fail(ErrorCode{51105}, "needs 'regex' to be of type string or regex");
    }
    if (!options.nullish()) {
        if (options.type() != Type::String) {
            return fail(ErrorCode{51106}, "needs 'options' to be of type string");
        }
        if (!letters.empty()) {
            return fail(ErrorCode{51107}, "found regex options in both 'regex' and 'options'");
        }
        letters = options.as_string();
    }
    if (text.find('\0') != std::string_view::npos) {
        return fail(ErrorCode{51109}, "regular expression cannot contain an embedded null byte");
    }
    if (letters.find('\0') != std::string_view::npos) {
        return fail(ErrorCode{51110}, "options cannot contain an embedded null byte");
    }
    auto regex = Regex::compile(text, letters);
    if (!regex.ok()) {
        // The aggregation operators have a code of their own for a pattern that is none.
        const ErrorCode code = regex.error().code();
        return fail(code == ErrorCode{51108} ? code : ErrorCode{51111}, regex.error().message());
    }
    return std::move(*regex);
}

Result<RegexPointer> regex_of(const Call& call) {
    if (const auto* prepared = static_cast<const PreparedRegex*>(call.prepared())) {
        return prepared->regex;
    }
    PLUMB_TRY(pattern, call.argument(kRegex));
    PLUMB_TRY(options, call.argument(kOptions));
    return compile(pattern, options).context(call.name());
}

// What a search needs; no regex if the input or the pattern is nullish.
struct Search {
    std::string_view text;
    RegexPointer regex;
};

Result<Search> read_search(const Call& call) {
    PLUMB_TRY(input, call.argument(kInput));
    if (!input.nullish() && input.type() != Type::String) {
        return wrong_type(call, 51104, input);
    }
    PLUMB_TRY(regex, regex_of(call));
    if (input.nullish()) {
        return Search{};
    }
    return Search{input.as_string(), std::move(regex)};
}

Result<std::optional<RegexFound>> find_from(const Call& call,
                                            const Search& search,
                                            std::size_t from) {
    auto tried = search.regex->find(search.text, from);
    if (!tried.ok()) {
        return operator_error(call, 51156, tried.error().message());
    }
    auto found = std::move(tried).value();
    // 4.2 takes a last group that had no part in the match for a failure.
    if (found && !found->groups.empty() && !found->groups.back()) {
        return operator_error(call, 51156, "error occurred while executing the regular expression");
    }
    return found;
}

ValueView describe(Arena& arena, std::string_view text, const RegexFound& found) {
    DocumentWriter out{arena};
    out.append("match", make_string(arena, text.substr(found.start, found.end - found.start)));
    const std::int64_t position = code_point_count(text.substr(0, found.start));
    out.append("idx", make_int32(arena, static_cast<std::int32_t>(position)));
    ArrayWriter captures{arena};
    for (const auto& group : found.groups) {
        captures.push(
            group ? make_string(arena, text.substr(group->first, group->second - group->first))
                  : make_null());
    }
    out.append("captures", captures.finish());
    return out.finish();
}

}  // namespace

Status prepare_regex(OperatorExpression& expression) {
    const auto pattern = expression.constant_argument(kRegex);
    const bool has_options = expression.arguments()[kOptions] != nullptr;
    const auto options = expression.constant_argument(kOptions);
    if (!pattern || (has_options && !options)) {
        return {};
    }
    PLUMB_TRY(regex,
              compile(*pattern, options.value_or(ValueView{})).context(expression.row().name));
    auto prepared = std::make_unique<PreparedRegex>();
    prepared->regex = std::move(regex);
    expression.set_prepared(std::move(prepared));
    return {};
}

Result<ValueView> run_regex_match(const Call& call) {
    PLUMB_TRY(search, read_search(call));
    if (!search.regex) {
        return make_bool(false);
    }
    PLUMB_TRY(found, find_from(call, search, 0));
    return make_bool(found.has_value());
}

Result<ValueView> run_regex_find(const Call& call) {
    PLUMB_TRY(search, read_search(call));
    if (!search.regex) {
        return make_null();
    }
    PLUMB_TRY(found, find_from(call, search, 0));
    return found ? describe(call.arena(), search.text, *found) : make_null();
}

Result<ValueView> run_regex_find_all(const Call& call) {
    PLUMB_TRY(search, read_search(call));
    ArrayWriter out{call.arena()};
    if (!search.regex) {
        return out.finish();
    }
    std::size_t from = 0;
    do {
        PLUMB_TRY(found, find_from(call, search, from));
        if (!found) {
            break;
        }
        PLUMB_CHECK(call.go_on());
        out.push(describe(call.arena(), search.text, *found));
        // An empty match would be found for ever: go on behind the next character.
        from = found->end > found->start || found->end >= search.text.size()
                   ? found->end
                   : found->end + code_point_bytes(search.text, found->end);
    } while (from < search.text.size());
    return out.finish();
}

}  // namespace plumb::query
