// SPDX-License-Identifier: GPL-3.0-or-later
#include "bson/builder.h"
#include "tool/advise/finding/finding_internal.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace plumb::advise {
namespace {

constexpr int kDepthMax = 4;
// A tail: the longest array has so many elements, and so many times those of the middle one.
constexpr std::size_t kLong = 50;
constexpr std::size_t kTimesMedian = 10;

struct Lengths {
    std::vector<std::size_t> all;  // sorted by finish()

    void finish() { std::ranges::sort(all); }
    [[nodiscard]] std::size_t longest() const { return all.back(); }
    [[nodiscard]] std::size_t median() const { return all[all.size() / 2]; }
    [[nodiscard]] bool has_tail() const {
        return longest() >= kLong && longest() >= kTimesMedian * std::max<std::size_t>(median(), 1);
    }
};

// NOLINTNEXTLINE(misc-no-recursion): the depth is bounded
void measure(bson::View document,
             const std::string& prefix,
             int depth,
             std::map<std::string, Lengths>& out) {
    for (const bson::Element& field : document) {
        const std::string path = prefix + std::string{field.name};
        if (field.value.type() == bson::Type::Array) {
            out[path].all.push_back(field.value.as_container().count());
        } else if (field.value.type() == bson::Type::Document && depth < kDepthMax) {
            measure(field.value.as_document(), path + ".", depth + 1, out);
        }
    }
}

// The arrays that this statement makes longer without a bound.
void append_pushed(bson::ValueView update, std::set<std::string>& out) {
    if (update.type() != bson::Type::Document) {
        return;
    }
    for (const std::string_view name : {"$push", "$addToSet"}) {
        const bson::ValueView fields = update.as_document().find(name);
        if (fields.type() != bson::Type::Document) {
            continue;
        }
        for (const bson::Element& field : fields.as_document()) {
            const bool bounded = field.value.type() == bson::Type::Document &&
                                 field.value.as_document().has("$slice");
            if (!bounded) {
                out.insert(std::string{field.name});
            }
        }
    }
}

// By path the queries that push to it.
std::map<std::string, std::set<std::string>> pushed(const FindingContext& context) {
    std::map<std::string, std::set<std::string>> out;
    for_each_query(context, [&](const QueryModel& model, const QueryAdvice& query) {
        std::set<std::string> paths;
        for (const bson::Document& instance : query.asked.instances) {
            append_pushed(instance.find("u"), paths);
            append_pushed(instance.find("update"), paths);
        }
        for (const std::string& path : paths) {
            out[path].insert(model.label);
        }
    });
    return out;
}

std::string join(const std::set<std::string>& labels) {
    std::string out;
    for (const std::string& label : labels) {
        out += (out.empty() ? "" : ", ") + label;
    }
    return out;
}

}  // namespace

// An array that only grows makes its document slower to read and write with every element, and one
// day too large; each element is an entry of every index on it.
void find_array_growth(const FindingContext& context, std::vector<Finding>& out) {
    std::map<std::string, Lengths> lengths;
    for (const bson::Document& row : context.sample.rows) {
        measure(row, "", 0, lengths);
    }
    const auto pushes = pushed(context);
    for (auto& [path, measured] : lengths) {
        measured.finish();
        const auto push = pushes.find(path);
        const bool tail = measured.has_tail();
        if (!tail && push == pushes.end()) {
            continue;
        }
        const std::string who = push == pushes.end() ? ""
                                                     : fmt::format("; {} adds to it without $slice",
                                                                   join(push->second));
        out.push_back(
            {"array_growth",
             tail ? Severity::Warning : Severity::Info,
             context.sample.name,
             path,
             tail ? fmt::format("{}.{} grows: its longest array is far from the usual one",
                                context.sample.name,
                                path)
                  : fmt::format("nothing bounds {}.{}", context.sample.name, path),
             fmt::format("half of {} sampled arrays have up to {} elements, the longest has {}{}",
                         measured.all.size(),
                         measured.median(),
                         measured.longest(),
                         who),
             fmt::format(
                 "{{$push: {{{}: {{$each: […], $slice: -100}}}}}}, or documents of their own "
                 "for the elements",
                 path)});
    }
}

}  // namespace plumb::advise
