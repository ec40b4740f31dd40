// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/exec/row_spill.h"

#include <cstring>
#include <type_traits>

namespace plumb::exec {
namespace {

// What stands in front of a record's bytes. The file is read by the process that wrote it, so the
// index may be a pointer.
struct Head {
    std::int64_t id;
    const storage::IndexState* index;
    std::uint32_t document_bytes;
    std::uint32_t key_bytes;
    std::uint8_t has_id;
    std::uint8_t has_document;
};
static_assert(std::is_trivially_copyable_v<Head>);

void append_big_endian(std::int64_t id, std::string& out) {
    // The sign bit is turned, so that negative ids would come first.
    const auto bits = static_cast<std::uint64_t>(id) ^ (std::uint64_t{1} << 63);
    for (int shift = 56; shift >= 0; shift -= 8) {
        out.push_back(static_cast<char>((bits >> shift) & 0xFF));
    }
}

}  // namespace

Status RowSpill::begin_file(const std::string& folder) {
    PLUMB_TRY(file, query::SpillFile::create(folder));
    files_.push_back(std::move(file));
    return {};
}

Status RowSpill::append(std::string_view key, const Row& row) {
    Head head{};
    const std::string_view document = row.has_document ? row.document.raw() : std::string_view{};
    head.id = row.id.number();
    head.index = row.index;
    head.document_bytes = static_cast<std::uint32_t>(document.size());
    head.key_bytes = static_cast<std::uint32_t>(row.key.size());
    head.has_id = row.has_id ? 1 : 0;
    head.has_document = row.has_document ? 1 : 0;
    bytes_.assign(reinterpret_cast<const char*>(&head), sizeof head);
    bytes_.append(document).append(row.key).append(row.type_bits);
    std::string place{key};
    append_big_endian(head.id, place);
    return files_.back().append(place, bytes_);
}

Status RowSpill::start_reading() {
    return merge_.open(std::move(files_));
}

Result<bool> RowSpill::next(Row& row) {
    PLUMB_TRY(record, merge_.next());
    if (!record) {
        return false;
    }
    Head head{};
    std::memcpy(&head, record->bytes.data(), sizeof head);
    std::string_view rest = record->bytes.substr(sizeof head);
    row = Row{};
    row.id = storage::RecordId{head.id};
    row.has_id = head.has_id != 0;
    row.has_document = head.has_document != 0;
    if (row.has_document) {
        row.document = bson::View{rest.substr(0, head.document_bytes)};
    }
    rest.remove_prefix(head.document_bytes);
    row.index = head.index;
    row.key = rest.substr(0, head.key_bytes);
    row.type_bits = rest.substr(head.key_bytes);
    return true;
}

}  // namespace plumb::exec
