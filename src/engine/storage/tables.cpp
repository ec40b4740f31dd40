// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/storage/tables_internal.h"
#include "engine/storage/wiredtiger_error_internal.h"

#include <array>

namespace plumb::storage {

namespace {

struct TableRow {
    TableKind kind;
    std::string_view prefix;  // of the uri; empty if there is only one such table
    const char* config;
};

// memory_page_max keeps the page that all inserts go to well below what the cache may hold of dirty
// pages (connection.cpp): else eviction runs all the time and finds nothing it could evict.
//
// Index pages are compressed by snappy and not by key prefixes: docs/decisions/0001-wiredtiger.md.
// allocation_size is small so that a page that compresses well takes as little of the file.
constexpr std::array kTables{
    TableRow{TableKind::Catalog, "", "key_format=q,value_format=u"},
    TableRow{TableKind::Sizes, "", "key_format=q,value_format=u"},
    TableRow{TableKind::Records,
             "table:collection-",
             "key_format=q,value_format=u,block_compressor=snappy,"
             "leaf_page_max=32KB,leaf_value_max=64MB,memory_page_max=4MB,checksum=on,"
             "split_pct=90"},
    TableRow{TableKind::Index,
             "table:index-",
             "key_format=u,value_format=u,prefix_compression=false,block_compressor=snappy,"
             "internal_page_max=16KB,leaf_page_max=16KB,allocation_size=512B,memory_page_max=1MB,"
             "checksum=on"},
    TableRow{TableKind::SideLog,
             "table:sidelog-",
             "key_format=q,value_format=u,block_compressor=snappy,memory_page_max=1MB,"
             "log=(enabled=false)"},
};

constexpr bool rows_match_kinds() {
    for (std::size_t at = 0; at < kTables.size(); ++at) {
        if (static_cast<std::size_t>(kTables[at].kind) != at) {
            return false;
        }
    }
    return true;
}
static_assert(rows_match_kinds());

const TableRow& row_of(TableKind kind) {
    return kTables[static_cast<std::size_t>(kind)];
}

}  // namespace

std::string table_uri(TableKind kind, std::uint32_t number) {
    return std::string{row_of(kind).prefix} + std::to_string(number);
}

std::string table_file(std::string_view uri) {
    return std::string{uri.substr(uri.find(':') + 1)} + ".wt";
}

bool is_numbered_table(std::string_view uri) {
    for (const TableRow& row : kTables) {
        if (!row.prefix.empty() && uri.starts_with(row.prefix)) {
            return true;
        }
    }
    return false;
}

Status create_table(WT_SESSION* session, TableKind kind, const std::string& uri) {
    return wiredtiger_status(session->create(session, uri.c_str(), row_of(kind).config),
                             "creating " + uri);
}

}  // namespace plumb::storage
