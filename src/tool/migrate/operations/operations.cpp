// SPDX-License-Identifier: GPL-3.0-or-later
#include "tool/migrate/operations/operations.h"

#include <algorithm>
#include <array>

namespace plumb::migrate {

const OperationHandler* find_operation(std::string_view kind) {
    static constexpr std::array kHandlers{&kAddField,
                                          &kCopyField,
                                          &kCreateCollection,
                                          &kCreateIndexes,
                                          &kDelete,
                                          &kDropCollection,
                                          &kDropIndexes,
                                          &kHideIndex,
                                          &kLink,
                                          &kNative,
                                          &kRemoveField,
                                          &kRenameCollection,
                                          &kRenameField,
                                          &kRun,
                                          &kSetOptions,
                                          &kSetValidator,
                                          &kTransform,
                                          &kUnhideIndex};
    const auto found =
        std::find_if(kHandlers.begin(), kHandlers.end(), [kind](const OperationHandler* each) {
            return each->kind == kind;
        });
    return found == kHandlers.end() ? nullptr : *found;
}

}  // namespace plumb::migrate
