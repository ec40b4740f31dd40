// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/exec/row.h"

namespace plumb::exec {

OwnedRow::OwnedRow(const Row& row)
    : id_(row.id),
      has_id_(row.has_id),
      has_document_(row.has_document),
      index_(row.index),
      key_(row.key),
      type_bits_(row.type_bits) {
    if (row.has_document) {
        document_.assign(row.document.raw());
    }
}

Row OwnedRow::view() const {
    Row out;
    out.id = id_;
    out.has_id = has_id_;
    out.has_document = has_document_;
    if (has_document_) {
        out.document = bson::View{std::string_view{document_}};
    }
    out.index = index_;
    out.key = key_;
    out.type_bits = type_bits_;
    return out;
}

std::size_t OwnedRow::bytes() const {
    return document_.size() + key_.size() + type_bits_.size() + sizeof(OwnedRow);
}

}  // namespace plumb::exec
