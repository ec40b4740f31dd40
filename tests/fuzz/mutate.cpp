// SPDX-License-Identifier: GPL-3.0-or-later
#include "mutate.h"

#include <array>
#include <string_view>

namespace plumb::fuzz {
namespace {

constexpr std::size_t kInputBytesMax = 64 * 1024;
constexpr std::size_t kPieceBytes = 24;

constexpr std::array<std::string_view, 20> kTokens{"-1",
                                                   "0",
                                                   "9223372036854775807",
                                                   "1e308",
                                                   "null",
                                                   "[]",
                                                   "{}",
                                                   "\"$\"",
                                                   "\"\"",
                                                   "true",
                                                   "[[[[",
                                                   "{\"a\":",
                                                   "\"$numberDecimal\"",
                                                   "NaN",
                                                   "\\u0000",
                                                   ".",
                                                   "$",
                                                   "\xff",
                                                   "\x7f\xff\xff\xff",
                                                   "\xff\xff\xff\x7f"};

}  // namespace

std::size_t Mutator::below(std::size_t limit) {
    // xorshift64*
    state_ ^= state_ >> 12U;
    state_ ^= state_ << 25U;
    state_ ^= state_ >> 27U;
    return static_cast<std::size_t>((state_ * 0x2545F4914F6CDD1DU) >> 33U) % limit;
}

void Mutator::change(std::string& input, const std::vector<std::string>& corpus) {
    const std::size_t at = below(input.size() + 1);
    const std::size_t length = 1 + below(kPieceBytes);
    const std::string& other = corpus[below(corpus.size())];
    switch (below(7)) {
        case 0:
            if (at < input.size()) {
                input[at] = static_cast<char>(input[at] ^ static_cast<char>(1U << below(8)));
            }
            break;
        case 1:
            if (at < input.size()) {
                input[at] = static_cast<char>(below(256));
            }
            break;
        case 2:
            input.erase(at, length);
            break;
        case 3:
            input.insert(at, input.substr(at, length));
            break;
        case 4:
            input.insert(at, kTokens[below(kTokens.size())]);
            break;
        case 5:
            input.insert(at, other.substr(below(other.size() + 1), length));
            break;
        default:
            input.replace(at, length, other.substr(below(other.size() + 1), length));
            break;
    }
}

std::string Mutator::mutate(const std::vector<std::string>& corpus) {
    std::string input = corpus[below(corpus.size())];
    for (std::size_t left = 1 + below(4); left > 0; --left) {
        change(input, corpus);
    }
    input.resize(std::min(input.size(), kInputBytesMax));
    return input;
}

}  // namespace plumb::fuzz
