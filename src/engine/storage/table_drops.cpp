// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/storage/table_drops_internal.h"
#include "engine/storage/tables_internal.h"
#include "engine/storage/wiredtiger_error_internal.h"

#include <algorithm>
#include <cerrno>
#include <utility>

namespace plumb::storage {

void TableDrops::add(std::vector<std::string> uris) {
    const std::lock_guard lock{mutex_};
    for (std::string& uri : uris) {
        if (!uri.empty()) {
            waiting_.push_back(std::move(uri));
        }
    }
}

std::size_t TableDrops::waiting() const {
    const std::lock_guard lock{mutex_};
    return waiting_.size();
}

void TableDrops::sweep() {
    const std::lock_guard one_at_a_time{sweep_mutex_};
    std::vector<std::string> trying;
    {
        const std::lock_guard lock{mutex_};
        trying.swap(waiting_);
    }
    if (trying.empty()) {
        return;
    }
    pool_.release_tables(trying);
    auto session = pool_.take();
    if (!session.ok()) {
        add(std::move(trying));
        return;
    }
    WT_SESSION* wt = (*session)->wt();
    // Not to wait for a running checkpoint: whoever dropped a collection wants an answer.
    std::erase_if(trying, [wt](const std::string& uri) {
        return wt->drop(wt, uri.c_str(), "force=true,checkpoint_wait=false") == 0;
    });
    pool_.give_back(std::move(*session));
    pool_.release_tables(trying);
    add(std::move(trying));
}

Status TableDrops::drop_orphans(const std::vector<std::string>& in_use) {
    std::vector<std::string> orphans;
    PLUMB_TRY(session, pool_.take());
    WT_SESSION* wt = session->wt();
    WT_CURSOR* metadata = nullptr;
    int code = wt->open_cursor(wt, "metadata:", nullptr, nullptr, &metadata);
    while (code == 0 && (code = metadata->next(metadata)) == 0) {
        const char* uri = nullptr;
        code = metadata->get_key(metadata, &uri);
        if (code == 0 && is_numbered_table(uri) &&
            std::find(in_use.begin(), in_use.end(), uri) == in_use.end()) {
            orphans.emplace_back(uri);
        }
    }
    if (metadata != nullptr) {
        metadata->close(metadata);
    }
    pool_.give_back(std::move(session));
    if (code != WT_NOTFOUND) {
        return wiredtiger_status(code, "listing the tables of the data directory");
    }
    add(std::move(orphans));
    sweep();
    return {};
}

}  // namespace plumb::storage
