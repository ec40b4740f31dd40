# SPDX-License-Identifier: GPL-3.0-or-later
"""What a database holds, as one text: equal for equal documents (byte for byte, in the order of
_id) and equal indexes. Plumbline's own collections are left out.
"""
import hashlib

import bson.raw_bson

RAW = bson.CodecOptions(document_class=bson.raw_bson.RawBSONDocument)


def collection_hash(collection):
    """(documents, hash) of one collection; the hash does not depend on the order of the records."""
    total = 0
    count = 0
    for document in collection.with_options(codec_options=RAW).find({}, batch_size=5000):
        count += 1
        total += int.from_bytes(hashlib.blake2b(document.raw, digest_size=16).digest(), "big")
    return count, f"{total % 2 ** 128:032x}"


def indexes(collection):
    return {each["name"]: {k: v for k, v in each.items() if k not in ("v", "ns")}
            for each in collection.list_indexes()}


def options(info):
    """A validator that was taken away stays listed as an empty one."""
    out = dict(info.get("options", {}))
    if out.get("validator") == {}:
        for name in ("validator", "validationLevel", "validationAction"):
            out.pop(name, None)
    return out


def database_state(database):
    """{collection: (documents, hash, indexes, options)} of all but Plumbline's own collections."""
    out = {}
    for info in database.list_collections():
        name = info["name"]
        if name.startswith("_plumb_") or name.startswith("system."):
            continue
        out[name] = (*collection_hash(database[name]), indexes(database[name]),
                     options(info))
    return out


def plumb_collections(database):
    return sorted(name for name in database.list_collection_names()
                  if name.startswith("_plumb_"))
