# SPDX-License-Identifier: GPL-3.0-or-later
"""The order and the equality of BSON values, for the reference model: one tuple per value.

    key(1) == key(Int64(1)) == key(Decimal128("1.0"));  key(None) < key(0) < key("")
"""
import datetime

from bson import Binary, Code, Decimal128, Int64, MaxKey, MinKey, ObjectId, Regex, Timestamp

# $type's name, its number and the place in the order of all types.
TYPES = [
    ("minKey", -1, 0, MinKey), ("null", 10, 1, type(None)), ("bool", 8, 7, bool), ("long", 18, 2, Int64),
    ("int", 16, 2, int), ("double", 1, 2, float), ("decimal", 19, 2, Decimal128), ("javascript", 13, 11, Code),
    ("javascriptWithScope", 15, 12, ()), ("string", 2, 3, str), ("object", 3, 4, dict), ("array", 4, 5, list),
    ("binData", 5, 6, bytes), ("objectId", 7, 6.5, ObjectId), ("date", 9, 8, datetime.datetime),
    ("timestamp", 17, 9, Timestamp), ("regex", 11, 10, Regex), ("maxKey", 127, 13, MaxKey),
]
FLAGS = [("i", 2), ("l", 4), ("m", 8), ("s", 16), ("u", 32), ("x", 64)]


def kind(value):
    if isinstance(value, Code) and value.scope is not None:
        return next(row for row in TYPES if row[1] == 15)
    return next(row for row in TYPES if isinstance(value, row[3]))


def options(regex):
    return "".join(letter for letter, bit in FLAGS if regex.flags & bit)


def number(value):
    return value.to_decimal() if isinstance(value, Decimal128) else value


def is_number(value):
    return isinstance(value, (int, float, Decimal128)) and not isinstance(value, bool)


def is_nan(value):
    return is_number(value) and number(value) != number(value)


def key(value):
    rank = kind(value)[2]
    if is_number(value):
        return (rank, 0) if is_nan(value) else (rank, 1, number(value))
    if isinstance(value, dict):
        return (rank, tuple((kind(v)[2], k.encode(), key(v)) for k, v in value.items()))
    if isinstance(value, list):
        return (rank, tuple((kind(v)[2], key(v)) for v in value))
    if isinstance(value, (bytes, Binary)):
        return (rank, len(value), getattr(value, "subtype", 0), bytes(value))
    if isinstance(value, Regex):
        return (rank, value.pattern.encode(), options(value).encode())
    if isinstance(value, Timestamp):
        return (rank, value.time, value.inc)
    if isinstance(value, Code):
        return (rank, str(value).encode(), key(value.scope or {}))
    if isinstance(value, str):
        return (rank, value.encode())
    return (rank,) if value is None or isinstance(value, (MinKey, MaxKey)) else (rank, value)
