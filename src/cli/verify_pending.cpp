// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/verify_pending.h"

#include "bson/compare.h"
#include "cli/migrate/session.h"
#include "tool/migrate/ledger/ledger.h"
#include "tool/migrate/status.h"

#include <fmt/format.h>

#include <algorithm>

namespace plumb::cli {
namespace {

using project::IndexChange;
using project::IndexDefinition;
using project::MigrationFile;
using project::Operation;

// What a pending migration does to one collection's indexes, with the number of its file.
class Pending {
  public:
    explicit Pending(const std::vector<const MigrationFile*>& files) : files_(files) {}

    [[nodiscard]] const MigrationFile* creates(const std::string& collection,
                                               const IndexDefinition& index,
                                               project::OnConflict on_conflict) const {
        return find<project::CreateIndexes>(collection, [&](const project::CreateIndexes& body) {
            const bool conflict_fits = on_conflict == project::OnConflict::Stop ||
                                       body.on_conflict == project::OnConflict::Replace;
            return conflict_fits && std::ranges::any_of(body.indexes, [&](const auto& each) {
                       return each.name == index.name && project::differences(index, each).empty();
                   });
        });
    }
    [[nodiscard]] const MigrationFile* unhides(const std::string& collection,
                                               const std::string& name) const {
        return find<project::UnhideIndex>(
            collection, [&](const project::UnhideIndex& body) { return body.name == name; });
    }
    [[nodiscard]] const MigrationFile* hides(const std::string& collection,
                                             const std::string& name) const {
        return find<project::HideIndex>(
            collection, [&](const project::HideIndex& body) { return body.name == name; });
    }
    [[nodiscard]] const MigrationFile* sets(const std::string& collection,
                                            const bson::Document& options) const {
        return find<project::SetOptions>(collection, [&](const project::SetOptions& body) {
            return bson::compare(body.options.view(), options.view()) == 0;
        });
    }

  private:
    template <typename Body, typename Fits>
    const MigrationFile* find(const std::string& collection, Fits fits) const {
        for (const MigrationFile* file : files_) {
            for (const Operation& each : file->up) {
                const auto* body = std::get_if<Body>(&each.body);
                if (body != nullptr && each.collection == collection && fits(*body)) {
                    return file;
                }
            }
        }
        return nullptr;
    }

    const std::vector<const MigrationFile*>& files_;
};

class Sieve {
  public:
    explicit Sieve(const Pending& pending) : pending_(pending) {}

    // True if nothing of the change is left to do.
    bool takes(IndexChange& change) {
        const std::string& collection = change.collection;
        if (auto* create = std::get_if<project::CreateIndexes>(&change.what)) {
            std::erase_if(create->indexes, [&](const IndexDefinition& index) {
                return left_to(pending_.creates(collection, index, create->on_conflict),
                               collection + "." + index.name);
            });
            return create->indexes.empty();
        }
        if (const auto* unhide = std::get_if<project::UnhideIndex>(&change.what)) {
            return left_to(pending_.unhides(collection, unhide->name),
                           collection + "." + unhide->name);
        }
        if (const auto* hide = std::get_if<project::HideIndex>(&change.what)) {
            return left_to(pending_.hides(collection, hide->name), collection + "." + hide->name);
        }
        if (const auto* set = std::get_if<project::SetOptions>(&change.what)) {
            return left_to(pending_.sets(collection, set->options), collection);
        }
        return false;
    }
    [[nodiscard]] std::vector<std::string> take_notes() { return std::move(notes_); }

  private:
    bool left_to(const MigrationFile* file, const std::string& what) {
        if (file == nullptr) {
            return false;
        }
        notes_.push_back(fmt::format(
            "{}: pending migration {} does it", what, project::version_text(file->version)));
        return true;
    }

    const Pending& pending_;
    std::vector<std::string> notes_;
};

}  // namespace

Result<std::vector<std::string>> leave_to_pending(Context& context, verify::Repair& repair) {
    PLUMB_TRY(files, project_migrations(context));
    PLUMB_TRY(deployment, looking_deployment(context));
    PLUMB_TRY(records, migrate::read_ledger(deployment));
    const auto statuses = migrate::compare(files, records);
    const auto waiting = migrate::pending(statuses, {});
    const Pending pending{waiting};
    Sieve sieve{pending};
    std::erase_if(repair.changes, [&](IndexChange& change) { return sieve.takes(change); });
    return sieve.take_notes();
}

}  // namespace plumb::cli
