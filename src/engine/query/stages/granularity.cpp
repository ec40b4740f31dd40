// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/query/stages/granularity.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace plumb::query {

namespace {

// clang-format off
constexpr int kR5[] = {100, 160, 250, 400, 630};
constexpr int kR10[] = {100, 125, 160, 200, 250, 315, 400, 500, 630, 800};
constexpr int kR20[] = {100, 112, 125, 140, 160, 180, 200, 224, 250, 280, 315, 355, 400, 450, 500,
                        560, 630, 710, 800, 900};
constexpr int kR40[] = {100, 106, 112, 118, 125, 132, 140, 150, 160, 170, 180, 190, 200, 212, 224,
                        236, 250, 265, 280, 300, 315, 335, 355, 375, 400, 425, 450, 475, 500, 530,
                        560, 600, 630, 670, 710, 750, 800, 850, 900, 950};
constexpr int kR80[] = {100, 103, 106, 109, 112, 115, 118, 122, 125, 128, 132, 136, 140, 145, 150,
                        155, 160, 165, 170, 175, 180, 185, 190, 195, 200, 206, 212, 218, 224, 230,
                        236, 243, 250, 258, 265, 272, 280, 290, 300, 307, 315, 325, 335, 345, 355,
                        365, 375, 387, 400, 412, 425, 437, 450, 462, 475, 487, 500, 515, 530, 545,
                        560, 575, 600, 615, 630, 650, 670, 690, 710, 730, 750, 775, 800, 825, 850,
                        875, 900, 925, 950, 975};
constexpr int k125[] = {100, 200, 500};
constexpr int kE6[] = {100, 150, 220, 330, 470, 680};
constexpr int kE12[] = {100, 120, 150, 180, 220, 270, 330, 390, 470, 560, 680, 820};
constexpr int kE24[] = {100, 110, 120, 130, 150, 160, 180, 200, 220, 240, 270, 300, 330, 360, 390,
                        430, 470, 510, 560, 620, 680, 750, 820, 910};
constexpr int kE48[] = {100, 105, 110, 115, 121, 127, 133, 140, 147, 154, 162, 169, 178, 187, 196,
                        205, 215, 226, 237, 249, 261, 274, 287, 301, 316, 332, 348, 365, 383, 402,
                        422, 442, 464, 487, 511, 536, 562, 590, 619, 649, 681, 715, 750, 787, 825,
                        866, 909, 953};
constexpr int kE96[] = {100, 102, 105, 107, 110, 113, 115, 118, 121, 124, 127, 130, 133, 137, 140,
                        143, 147, 150, 154, 158, 162, 165, 169, 174, 178, 182, 187, 191, 196, 200,
                        205, 210, 215, 221, 226, 232, 237, 243, 249, 255, 261, 267, 274, 280, 287,
                        294, 301, 309, 316, 324, 332, 340, 348, 357, 365, 374, 383, 392, 402, 412,
                        422, 432, 442, 453, 464, 475, 487, 499, 511, 523, 536, 549, 562, 576, 590,
                        604, 619, 634, 649, 665, 681, 698, 715, 732, 750, 768, 787, 806, 825, 845,
                        866, 887, 909, 931, 953, 976};
constexpr int kE192[] = {100, 101, 102, 104, 105, 106, 107, 109, 110, 111, 113, 114, 115, 117, 118,
                         120, 121, 123, 124, 126, 127, 129, 130, 132, 133, 135, 137, 138, 140, 142,
                         143, 145, 147, 149, 150, 152, 154, 156, 158, 160, 162, 164, 165, 167, 169,
                         172, 174, 176, 178, 180, 182, 184, 187, 189, 191, 193, 196, 198, 200, 203,
                         205, 208, 210, 213, 215, 218, 221, 223, 226, 229, 232, 234, 237, 240, 243,
                         246, 249, 252, 255, 258, 261, 264, 267, 271, 274, 277, 280, 284, 287, 291,
                         294, 298, 301, 305, 309, 312, 316, 320, 324, 328, 332, 336, 340, 344, 348,
                         352, 357, 361, 365, 370, 374, 379, 383, 388, 392, 397, 402, 407, 412, 417,
                         422, 427, 432, 437, 442, 448, 453, 459, 464, 470, 475, 481, 487, 493, 499,
                         505, 511, 517, 523, 530, 536, 542, 549, 556, 562, 569, 576, 583, 590, 597,
                         604, 612, 619, 626, 634, 642, 649, 657, 665, 673, 681, 690, 698, 706, 715,
                         723, 732, 741, 750, 759, 768, 777, 787, 796, 806, 816, 825, 835, 845, 856,
                         866, 876, 887, 898, 909, 920, 931, 942, 953, 965, 976, 988};
// clang-format on

struct Row {
    std::string_view name;
    std::span<const int> series;
};

constexpr std::array kSeries{
    Row{"1-2-5", k125},
    Row{"E12", kE12},
    Row{"E192", kE192},
    Row{"E24", kE24},
    Row{"E48", kE48},
    Row{"E6", kE6},
    Row{"E96", kE96},
    Row{"POWERSOF2", {}},
    Row{"R10", kR10},
    Row{"R20", kR20},
    Row{"R40", kR40},
    Row{"R5", kR5},
    Row{"R80", kR80},
};

// number · 10^decade, from the series' three digits; exact for what a double can hold.
double scaled(int number, int decade) {
    const int exponent = decade - 2;
    return exponent >= 0 ? number * std::pow(10.0, exponent) : number / std::pow(10.0, -exponent);
}

int decade_of(double value) {
    return static_cast<int>(std::floor(std::log10(value)));
}

}  // namespace

std::optional<Granularity> Granularity::find(std::string_view name) {
    for (const Row& row : kSeries) {
        if (row.name == name) {
            return Granularity{row.series};
        }
    }
    return std::nullopt;
}

double Granularity::round_up(double value) const {
    if (value == 0) {
        return 0;
    }
    if (series_.empty()) {
        return std::exp2(std::floor(std::log2(value)) + 1);
    }
    // A decade early, as the logarithm may be off by one at a power of ten.
    for (int decade = decade_of(value) - 1;; ++decade) {
        for (const int number : series_) {
            if (scaled(number, decade) > value) {
                return scaled(number, decade);
            }
        }
    }
}

double Granularity::round_down(double value) const {
    if (value == 0) {
        return 0;
    }
    if (series_.empty()) {
        return std::exp2(std::ceil(std::log2(value)) - 1);
    }
    for (int decade = decade_of(value) + 1;; --decade) {
        for (std::size_t at = series_.size(); at-- > 0;) {
            if (scaled(series_[at], decade) < value) {
                return scaled(series_[at], decade);
            }
        }
    }
}

}  // namespace plumb::query
