// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/query/regex.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <fmt/format.h>
#include <pcre2.h>

#include <algorithm>
#include <array>

namespace plumb::query {
namespace {

// Steps of backtracking before a search is given up; PCRE2's own default is as large.
constexpr std::uint32_t kMatchSteps = 10'000'000;

struct CodeFree {
    void operator()(pcre2_code* code) const { pcre2_code_free(code); }
};
struct ContextFree {
    void operator()(pcre2_match_context* context) const { pcre2_match_context_free(context); }
};
struct DataFree {
    void operator()(pcre2_match_data* data) const { pcre2_match_data_free(data); }
};

struct OptionRow {
    char letter;
    std::uint32_t flag;
};

// `u` asks for UTF-8, which is always on.
constexpr auto kOptions = std::to_array<OptionRow>({
    {'i', PCRE2_CASELESS},
    {'m', PCRE2_MULTILINE},
    {'s', PCRE2_DOTALL},
    {'u', 0},
    {'x', PCRE2_EXTENDED},
});

// PCRE2 refuses a null pointer, also for no bytes.
std::string_view never_null(std::string_view text) {
    return text.data() == nullptr ? std::string_view{""} : text;
}

PCRE2_SPTR bytes_of(std::string_view text) {
    return reinterpret_cast<PCRE2_SPTR>(text.data());
}

}  // namespace

struct Regex::Compiled {
    std::unique_ptr<pcre2_code, CodeFree> code;
    std::unique_ptr<pcre2_match_context, ContextFree> context;
    bool jit = false;

    // PCRE2's answer: the number of groups set, or a negative error.
    int search(std::string_view text, std::size_t from, pcre2_match_data* data) const {
        const std::string_view subject = never_null(text);
        const int found = pcre2_match(
            code.get(), bytes_of(subject), subject.size(), from, 0, data, context.get());
        if (found != PCRE2_ERROR_JIT_STACKLIMIT) {
            return found;
        }
        return pcre2_match(
            code.get(), bytes_of(subject), subject.size(), from, PCRE2_NO_JIT, data, context.get());
    }
};

Regex::Regex(std::string pattern, std::string options, std::unique_ptr<Compiled> compiled)
    : pattern_(std::move(pattern)), options_(std::move(options)), compiled_(std::move(compiled)) {}

Regex::~Regex() = default;

Result<std::shared_ptr<const Regex>> Regex::compile(std::string_view pattern,
                                                    std::string_view options) {
    std::uint32_t flags = PCRE2_UTF;
    for (const char letter : options) {
        const auto* const row =
            std::find_if(kOptions.begin(), kOptions.end(), [letter](const OptionRow& each) {
                return each.letter == letter;
            });
        if (row == kOptions.end()) {
            return fail(ErrorCode{51108}, fmt::format("invalid flag in regex options: {}", letter));
        }
        flags |= row->flag;
    }
    int problem = 0;
    std::size_t offset = 0;
    auto compiled = std::make_unique<Compiled>();
    const std::string_view text = never_null(pattern);
    compiled->code.reset(
        pcre2_compile(bytes_of(text), text.size(), flags, &problem, &offset, nullptr));
    if (compiled->code == nullptr) {
        std::array<PCRE2_UCHAR, 120> message{};
        pcre2_get_error_message(problem, message.data(), message.size());
        return fail(ErrorCode{51091},
                    fmt::format("Regular expression is invalid: {} (at byte {})",
                                reinterpret_cast<const char*>(message.data()),
                                offset));
    }
    compiled->jit = pcre2_jit_compile(compiled->code.get(), PCRE2_JIT_COMPLETE) == 0;
    compiled->context.reset(pcre2_match_context_create(nullptr));
    if (compiled->context != nullptr) {
        pcre2_set_match_limit(compiled->context.get(), kMatchSteps);
    }
    std::string sorted{options};
    std::sort(sorted.begin(), sorted.end());
    return std::shared_ptr<const Regex>{new Regex(
        std::string{pattern}, std::move(sorted), std::move(compiled))};  // NOLINT: private
}

bool Regex::matches(std::string_view text) const {
    const std::unique_ptr<pcre2_match_data, DataFree> data{pcre2_match_data_create(1, nullptr)};
    return data != nullptr && compiled_->search(text, 0, data.get()) >= 0;
}

Result<std::optional<RegexFound>> Regex::find(std::string_view text, std::size_t from) const {
    const std::unique_ptr<pcre2_match_data, DataFree> data{
        pcre2_match_data_create_from_pattern(compiled_->code.get(), nullptr)};
    if (data == nullptr) {
        return fail(ErrorCode::ExceededMemoryLimit, "no memory for a regular expression");
    }
    const int found = compiled_->search(text, from, data.get());
    if (found == PCRE2_ERROR_NOMATCH) {
        return std::optional<RegexFound>{};
    }
    if (found < 0) {
        return fail(
            ErrorCode::BadValue,
            fmt::format("error {} while matching the regular expression /{}/", found, pattern_));
    }
    const std::size_t* offsets = pcre2_get_ovector_pointer(data.get());
    RegexFound out{offsets[0], offsets[1], {}};
    for (std::size_t group = 1; group <= group_count(); ++group) {
        const std::size_t start = offsets[2 * group];
        if (group >= static_cast<std::size_t>(found) || start == PCRE2_UNSET) {
            out.groups.emplace_back();
        } else {
            out.groups.emplace_back(std::pair{start, offsets[2 * group + 1]});
        }
    }
    return std::optional<RegexFound>{std::move(out)};
}

std::size_t Regex::group_count() const {
    std::uint32_t count = 0;
    pcre2_pattern_info(compiled_->code.get(), PCRE2_INFO_CAPTURECOUNT, &count);
    return count;
}

}  // namespace plumb::query
