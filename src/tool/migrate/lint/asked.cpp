// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/migrate/lint/asked.h"

#include "tool/migrate/lint/implication.h"

namespace plumb::migrate::lint {
namespace {

constexpr int kNestingMax = 20;  // of $and and $or

bool is_document(bson::ValueView value) {
    return value.type() == bson::Type::Document;
}

// Adds a selection for each arm of the filter's $or, or one if it has none.
class Reader {
  public:
    Reader(const workload::Query& query, std::vector<Asked>& out) : query_(query), out_(out) {}

    void filter(bson::View filter, bson::View sort) {
        Asked asked;
        asked.query = &query_;
        asked.filter = bson::Document{filter};
        std::vector<bson::View> arms;
        conditions(filter, asked, arms, 0);
        if (asked.fields.empty() && arms.empty() && !sort.empty()) {
            asked.sort_first = sort.front().name;
        }
        // A condition beside the $or is enough for all its arms.
        if (arms.empty() || !asked.fields.empty()) {
            add(std::move(asked));
            return;
        }
        for (const bson::View arm : arms) {
            Asked one = asked;
            std::vector<bson::View> inner;
            conditions(arm, one, inner, 0);
            add(std::move(one));
        }
    }

    void look_up(std::string_view field) {
        Asked asked;
        asked.query = &query_;
        asked.fields.emplace(field);
        add(std::move(asked));
    }

  private:
    // NOLINTNEXTLINE(misc-no-recursion): as deep as kNestingMax
    void conditions(bson::View filter, Asked& asked, std::vector<bson::View>& arms, int depth) {
        for (const bson::Element& each : filter) {
            const bool is_list = each.value.type() == bson::Type::Array && depth < kNestingMax;
            if (each.name == "$and" && is_list) {
                for (const bson::Element& part : each.value.as_array()) {
                    if (is_document(part.value)) {
                        conditions(part.value.as_document(), asked, arms, depth + 1);
                    }
                }
            } else if (each.name == "$or" && is_list) {
                for (const bson::Element& part : each.value.as_array()) {
                    if (is_document(part.value)) {
                        arms.push_back(part.value.as_document());
                    }
                }
            } else if (!each.name.starts_with('$')) {
                asked.fields.emplace(each.name);
            }
        }
    }

    void add(Asked asked) {
        if (!asked.fields.empty() || !asked.sort_first.empty()) {
            out_.push_back(std::move(asked));
        }
    }

    const workload::Query& query_;
    std::vector<Asked>& out_;
};

bson::View document_of_field(bson::View document, std::string_view field) {
    const bson::ValueView value = document.find(field);
    return is_document(value) ? value.as_document() : bson::View{};
}

// The $match and $sort that a pipeline begins with.
void read_head(bson::View command, Reader& reader) {
    const bson::ValueView pipeline = command.find("pipeline");
    if (pipeline.type() != bson::Type::Array) {
        return;
    }
    bson::View match;
    bson::View sort;
    for (const bson::Element& each : pipeline.as_array()) {
        const bson::View stage = is_document(each.value) ? each.value.as_document() : bson::View{};
        if (stage.has("$match") && match.empty() && sort.empty()) {
            match = document_of_field(stage, "$match");
        } else if (stage.has("$sort") && sort.empty()) {
            sort = document_of_field(stage, "$sort");
        } else {
            break;
        }
    }
    reader.filter(match, sort);
}

void read_lookups(bson::View command, std::string_view collection, Reader& reader) {
    const bson::ValueView pipeline = command.find("pipeline");
    if (pipeline.type() != bson::Type::Array) {
        return;
    }
    for (const bson::Element& each : pipeline.as_array()) {
        if (!is_document(each.value)) {
            continue;
        }
        const bson::View look_up = document_of_field(each.value.as_document(), "$lookup");
        const bson::ValueView from = look_up.find("from");
        const bson::ValueView field = look_up.find("foreignField");
        if (from.type() == bson::Type::String && from.as_string() == collection &&
            field.type() == bson::Type::String) {
            reader.look_up(field.as_string());
        }
    }
}

void read_elements(bson::View command, std::string_view list, Reader& reader) {
    const bson::ValueView elements = command.find(list);
    if (elements.type() != bson::Type::Array) {
        return;
    }
    for (const bson::Element& each : elements.as_array()) {
        if (is_document(each.value)) {
            reader.filter(document_of_field(each.value.as_document(), "q"), bson::View{});
        }
    }
}

void read_command(bson::View command, std::string_view collection, Reader& reader) {
    if (command.empty()) {
        return;
    }
    const bson::ValueView name = command.front().value;
    if (name.type() == bson::Type::String && name.as_string() == collection) {
        reader.filter(document_of_field(command, "filter"), document_of_field(command, "sort"));
        reader.filter(document_of_field(command, "query"), bson::View{});
        read_elements(command, "updates", reader);
        read_elements(command, "deletes", reader);
        read_head(command, reader);
    }
    read_lookups(command, collection, reader);
}

}  // namespace

std::vector<Asked> asked_of(const workload::Workload& workload, std::string_view collection) {
    std::vector<Asked> out;
    for (const workload::Query& query : workload.queries) {
        Reader reader{query, out};
        for (const bson::Document& command : query.commands) {
            read_command(command, collection, reader);
        }
    }
    return out;
}

bool can_serve(const project::IndexDefinition& index, const Asked& asked) {
    if (index.hidden || index.key.empty()) {
        return false;
    }
    if (index.partial.has_value() &&
        (asked.filter.empty() || !may_imply(asked.filter, *index.partial))) {
        return false;
    }
    const std::string_view first = index.key.view().front().name;
    return asked.fields.contains(first) || (asked.fields.empty() && asked.sort_first == first);
}

}  // namespace plumb::migrate::lint
