// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/rehearse/size_model.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace plumb::rehearse {
namespace {

// How strongly what is likely counts against what was observed. The file's own part and a new first
// field are seen well; the rest mostly follows from the key's length.
constexpr double kPriorWeight = 0.02;
constexpr double kLikelyFile = 8192;
constexpr double kLikelyRepeated = 5.4;   // a record id and an entry's own bytes, compressed
constexpr double kLikelyKeyShare = 0.85;  // of a key's bytes that compression leaves
constexpr double kLeastShare = 0.2;       // of what is likely: less is not believed

// {file, fresh…, repeated}
std::vector<double> row_of(const Composition& composition) {
    std::vector<double> out{1.0};
    out.insert(out.end(), composition.fresh.begin(), composition.fresh.end());
    out.push_back(composition.repeated);
    return out;
}

std::vector<double> values_of(const SizeModel& model) {
    std::vector<double> out{model.file};
    out.insert(out.end(), model.fresh.begin(), model.fresh.end());
    out.push_back(model.repeated);
    return out;
}

using Matrix = std::vector<std::vector<double>>;

// Gauss's elimination with the largest pivot; the matrix is positive definite.
std::vector<double> solve(Matrix left, std::vector<double> right) {
    const std::size_t size = right.size();
    for (std::size_t column = 0; column < size; ++column) {
        std::size_t pivot = column;
        for (std::size_t row = column + 1; row < size; ++row) {
            pivot = std::abs(left[row][column]) > std::abs(left[pivot][column]) ? row : pivot;
        }
        std::swap(left[column], left[pivot]);
        std::swap(right[column], right[pivot]);
        for (std::size_t row = column + 1; row < size; ++row) {
            const double factor = left[row][column] / left[column][column];
            for (std::size_t at = column; at < size; ++at) {
                left[row][at] -= factor * left[column][at];
            }
            right[row] -= factor * right[column];
        }
    }
    for (std::size_t row = size; row-- > 0;) {
        for (std::size_t at = row + 1; at < size; ++at) {
            right[row] -= left[row][at] * right[at];
        }
        right[row] /= left[row][row];
    }
    return right;
}

}  // namespace

double Composition::entries() const {
    return std::accumulate(fresh.begin(), fresh.end(), repeated);
}

double SizeModel::bytes(const Composition& composition) const {
    const std::vector<double> row = row_of(composition);
    const std::vector<double> values = values_of(*this);
    return std::inner_product(row.begin(), row.end(), values.begin(), 0.0);
}

SizeModel likely_model(double key_bytes, std::size_t fields) {
    SizeModel out;
    out.file = kLikelyFile;
    out.repeated = kLikelyRepeated;
    for (std::size_t field = 0; field < fields; ++field) {
        // Later fields are a smaller part of what is new.
        const double part = static_cast<double>(fields - field) / static_cast<double>(fields);
        out.fresh.push_back(kLikelyRepeated + kLikelyKeyShare * key_bytes * part);
    }
    return out;
}

SizeModel fit(const std::vector<Observed>& observed, const SizeModel& prior) {
    const std::vector<double> likely = values_of(prior);
    const std::size_t size = likely.size();
    // Unknowns are taken as multiples of what is likely, so that one weight fits all.
    Matrix left(size, std::vector<double>(size, 0.0));
    std::vector<double> right(size, 0.0);
    for (std::size_t at = 0; at < size; ++at) {
        left[at][at] = kPriorWeight;
        right[at] = kPriorWeight;
    }
    for (const Observed& each : observed) {
        std::vector<double> row = row_of(each.composition);
        for (std::size_t at = 0; at < size; ++at) {
            row[at] *= likely[at] / each.bytes;
        }
        for (std::size_t first = 0; first < size; ++first) {
            right[first] += row[first];
            for (std::size_t second = 0; second < size; ++second) {
                left[first][second] += row[first] * row[second];
            }
        }
    }
    std::vector<double> values = solve(std::move(left), std::move(right));
    for (std::size_t at = 0; at < size; ++at) {
        values[at] = std::max(values[at], kLeastShare) * likely[at];
    }
    SizeModel out;
    out.file = values.front();
    out.fresh.assign(values.begin() + 1, values.end() - 1);
    out.repeated = values.back();
    for (const Observed& each : observed) {
        out.error =
            std::max(out.error, std::abs(out.bytes(each.composition) - each.bytes) / each.bytes);
    }
    return out;
}

}  // namespace plumb::rehearse
