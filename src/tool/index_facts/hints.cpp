// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/index_facts/hints.h"

namespace plumb::index_facts {
namespace {

// Hints stand at the command's top, or in each statement of these lists.
constexpr std::string_view kLists[] = {"deletes", "updates"};

template <class Use>
void for_each_hint(bson::View command, const Use& use) {
    if (const bson::ValueView hint = command.find("hint"); !hint.missing()) {
        use(hint);
    }
    for (const std::string_view name : kLists) {
        const bson::ValueView list = command.find(name);
        if (list.type() != bson::Type::Array) {
            continue;
        }
        for (const bson::Element& each : list.as_array()) {
            if (each.value.type() == bson::Type::Document) {
                const bson::ValueView hint = each.value.as_document().find("hint");
                if (!hint.missing()) {
                    use(hint);
                }
            }
        }
    }
}

bool means(bson::ValueView hint, const project::IndexDefinition& index) {
    if (hint.type() == bson::Type::String) {
        return hint.as_string() == index.name;
    }
    return hint.type() == bson::Type::Document &&
           project::same_key(hint.as_document(), index.key.view());
}

}  // namespace

std::set<std::string, std::less<>> hinted_indexes(
    std::span<const bson::Document> commands,
    std::string_view collection,
    std::span<const project::IndexDefinition> indexes) {
    std::set<std::string, std::less<>> out;
    for (const bson::Document& command : commands) {
        const bson::ValueView on =
            command.empty() ? bson::ValueView{} : command.view().front().value;
        if (on.type() != bson::Type::String || on.as_string() != collection) {
            continue;
        }
        for_each_hint(command, [&](bson::ValueView hint) {
            for (const project::IndexDefinition& index : indexes) {
                if (means(hint, index)) {
                    out.insert(index.name);
                }
            }
        });
    }
    return out;
}

}  // namespace plumb::index_facts
