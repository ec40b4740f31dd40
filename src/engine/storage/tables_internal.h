// SPDX-License-Identifier: GPL-3.0-or-later
// The tables of a data directory: their uris and how WiredTiger lays them out.
//
// Format   docs/formats/data_directory.md "Tables"
// Threads  pure functions; create_table() on the session's thread.
#pragma once

#include "base/result.h"

#include <wiredtiger.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace plumb::storage {

inline constexpr std::uint32_t kCatalogTable = 1;
inline constexpr std::uint32_t kSizesTable = 2;
inline constexpr std::uint32_t kFirstFreeTable = 16;

inline const std::string kCatalogUri = "table:catalog";
inline const std::string kSizesUri = "table:sizes";

enum class TableKind : std::uint8_t { Catalog, Sizes, Records, Index, SideLog };

// "table:index-17". requires a kind that there may be many of
[[nodiscard]] std::string table_uri(TableKind kind, std::uint32_t number);

// The file of a table, below the data directory: "index-17.wt".
[[nodiscard]] std::string table_file(std::string_view uri);

// True for the uris that table_uri() makes: such a table is dropped if no catalog record names it.
[[nodiscard]] bool is_numbered_table(std::string_view uri);

[[nodiscard]] Status create_table(WT_SESSION* session, TableKind kind, const std::string& uri);

}  // namespace plumb::storage
