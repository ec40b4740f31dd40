# SPDX-License-Identifier: GPL-3.0-or-later
"""Generated documents, filters and updates for the reference model; the same seed gives the same cases.

Not asked, because MongoDB 4.2 itself has no one answer or the model none: remainders of
decimals with a fraction, `$` where two predicates met arrays.
"""
import datetime
import random

from bson import Binary, Code, Decimal128, Int64, MaxKey, MinKey, ObjectId, Regex, SON, Timestamp

NUMBERS = [
    0, 1, 2, 3, -1, 7, 2 ** 31 - 1, -2 ** 31, Int64(1), Int64(2), Int64(-5), Int64(2 ** 53 + 1), Int64(2 ** 63 - 1),
    Int64(-2 ** 63), 0.0, -0.0, 1.0, 2.0, 1.5, -2.5, 2.0 ** 53, 1e300, float("nan"), float("inf"), float("-inf"),
    Decimal128("1"), Decimal128("2.0"), Decimal128("-0"), Decimal128("1E+3"), Decimal128("9007199254740993"),
    Decimal128("NaN"), Decimal128("Infinity"), Decimal128("-Infinity"), Decimal128("0.1"), 0.1,
]
OTHERS = [
    None, None, True, False, "", "a", "ab", "abc", "b", "B", "a\0b", "\u00e9", "1", b"", b"a", b"ab", Binary(b"ab", 5),
    ObjectId("0" * 24), ObjectId("f" * 24), datetime.datetime(2026, 1, 1), datetime.datetime(1960, 5, 1),
    Timestamp(5, 1), Timestamp(5, 2), Regex("^a", 2), Regex("b", 0), Code("x"), Code("x", {"y": 1}), MinKey(), MaxKey(),
]
FIELDS = ["a", "a", "b", "c"]
PATHS = ["a", "a", "b", "c", "a.x", "a.y", "b.x", "a.x.y", "c.x", "a.0", "b.1", "a.0.x", "a.x.0", "a.1.0"]
PATTERNS = [("^a", ""), ("b", ""), ("A", "i"), ("^$", ""), ("c$", ""), ("a.b", "s"), ("", "")]
TYPES = ["int", "long", "double", "decimal", "number", "string", "object", "array", "null", "bool", "date", "objectId",
         "binData", "regex", "timestamp", "javascript", "minKey", "maxKey", 2, 4, 16, -1, 127]


class Cases:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def scalar(self):
        return self.random.choice(NUMBERS if self.random.random() < 0.5 else OTHERS)

    def value(self, depth=0):
        roll = self.random.random()
        if depth < 3 and roll < 0.16:
            return [self.value(depth + 1) for _ in range(self.random.randrange(4))]
        if depth < 3 and roll < 0.32:
            names = self.random.sample(["x", "y", "z"], self.random.randrange(3))
            return SON((name, self.value(depth + 1)) for name in names)
        return self.random.choice([0, 1, 2, 3, "a", None]) if roll < 0.6 else self.scalar()

    def document(self, number):
        out = SON([("_id", number)])
        for name in "abc":
            if self.random.random() < 0.8:
                out[name] = self.value()
        return out

    # Filters.
    def predicate(self, depth=0):
        r = self.random
        name = r.choice(["$eq", "$ne", "$lt", "$lte", "$gt", "$gte", "$in", "$nin", "$exists", "$type", "$size", "$all",
                         "$elemMatch", "$mod", "$regex", "$not", "$bits", "$range", "$wrong"])
        if name in ("$eq", "$ne", "$lt", "$lte", "$gt", "$gte"):
            return {name: self.value(1)}
        if name in ("$in", "$nin", "$all"):
            if name == "$all" and r.random() < 0.2:
                return {"$all": [{"$elemMatch": self.predicate(depth + 1)} for _ in range(1 + r.randrange(2))]}
            return {name: [self.value(1) for _ in range(r.randrange(4))]}
        if name == "$exists":
            return {name: r.choice([True, False, 1, 0, None, "x"])}
        if name == "$type":
            return {name: r.choice([r.choice(TYPES), r.sample(TYPES, 2)])}
        if name == "$size":
            return {name: r.choice([0, 1, 2, 2.0, Int64(1)])}
        if name == "$elemMatch":
            return {name: self.query(depth + 1) if r.random() < 0.5 else self.predicate(depth + 1)}
        if name == "$mod":
            return {name: [r.choice([2, 3, Int64(4), 5.0, -3]), r.choice([0, 1, 2, -1])]}
        if name == "$regex":
            pattern, flags = r.choice(PATTERNS)
            return {"$regex": pattern, "$options": flags}
        if name == "$not":
            return {name: r.choice([self.predicate(depth + 1), Regex(*r.choice([("^a", 0), ("B", 2)]))])}
        if name == "$bits":
            return {r.choice(["$bitsAllSet", "$bitsAnySet", "$bitsAllClear", "$bitsAnyClear"]):
                    r.choice([0, 1, 3, 5.0, Int64(6), [0], [1, 2], [0, 64], b"a", b"ab"])}
        if name == "$wrong":
            return r.choice([{"$size": -1}, {"$size": "a"}, {"$in": 1}, {"$mod": [0, 1]}, {"$mod": [1]}, {"$type": 255},
                             {"$elemMatch": 1}, {"$all": 1}, {"$not": 1}, {"$regex": "("}, {"$foo": 1},
                             {"$gt": Regex("a")},
                             {"$bitsAllSet": -1}, {"$bitsAllSet": "a"}, {"$eq": 1, "x": 1}] + 20 * [{"$eq": 1}])
        return {r.choice(["$gt", "$gte"]): self.value(2), r.choice(["$lt", "$lte"]): self.value(2)}

    def query(self, depth=0):
        r = self.random
        if depth < 3 and r.random() < 0.2:
            return {r.choice(["$and", "$or", "$nor"]): [self.query(depth + 1) for _ in range(1 + r.randrange(2))]}
        out = SON()
        for _ in range(1 + (r.random() < 0.3)):
            path = r.choice(PATHS if depth == 0 else ["x", "y", "x.y", "0", "x.0", "a"])
            out[path] = self.value(1) if r.random() < 0.2 else self.predicate(depth)
        return out

    # Updates.
    def update_path(self):
        return self.random.choice(["a", "b", "c", "n", "a.x", "a.y", "b.x", "n.x", "n.x.y", "a.0", "a.1", "b.0.x",
                                   "a.3", "a.x.0", "c.x.y"])

    def operand(self, name):
        r = self.random
        if name == "$pop":
            return r.choice([1, -1, 1.0, Int64(-1), 1, -1, 0])
        if name == "$bit":
            return {r.choice(["and", "or", "xor"]): r.choice([1, 6, Int64(3), -1, 2 ** 31 - 1, 1.5])}
        if name in ("$inc", "$mul"):
            return r.choice([n for n in NUMBERS if not isinstance(n, float)] + [1, 2, -1, "a"])
        if name == "$pull":
            return r.choice([self.value(1), self.predicate(1), {r.choice("xy"): self.value(2)}])
        if name == "$pullAll":
            return [self.value(1) for _ in range(r.randrange(3))]
        if name in ("$push", "$addToSet") and r.random() < 0.6:
            out = SON([("$each", [self.value(1) for _ in range(r.randrange(4))])])
            if name == "$push":
                if r.random() < 0.4:
                    out["$sort"] = r.choice([1, -1, SON(x=1), SON([("x", -1), ("y", 1)])])
                if r.random() < 0.4:
                    out["$slice"] = r.choice([0, 1, 2, -1, -2, 5])
                if r.random() < 0.4:
                    out["$position"] = r.choice([0, 1, 9, -1, -9])
            return out
        return self.value(1)

    def update(self):
        """(query, update, array filters)"""
        r, query, filters = self.random, SON(), []
        roll = r.random()
        if roll < 0.06:
            return query, SON((name, self.value(1)) for name in r.sample("abcn", r.randrange(1, 4))), filters
        out = SON()
        for _ in range(1 + (r.random() < 0.35)):
            name = r.choice(["$set", "$set", "$unset", "$inc", "$mul", "$min", "$max", "$push", "$push", "$addToSet",
                             "$pull", "$pullAll", "$pop", "$bit", "$setOnInsert", "$rename"])
            fields = out.setdefault(name, SON())
            for _ in range(1 + (r.random() < 0.25)):
                fields[self.update_path()] = self.update_path() if name == "$rename" else self.operand(name)
        first = next(iter(out))
        if roll < 0.16 and first != "$rename":
            query = r.choice([{"a": self.value(2)}, {"a": {"$gte": 1}}, {"a.x": self.value(2)},
                              {"a": {"$elemMatch": {"x": self.value(2)}}}, {"a": {"$elemMatch": {"$lt": 3}}}])
            out = SON([(first, SON([(r.choice(["a.$", "a.$.x", "b.$"]), self.operand(first))]))])
        elif roll < 0.3 and first != "$rename":
            path = r.choice(["a.$[]", "a.$[].x", "b.$[]", "a.x.$[]", "a.$[e]", "a.$[e].x", "a.$[].$[e]", "b.$[e].y"])
            if "[e]" in path:
                test = self.predicate(2)
                test = {"$gt": 1} if test.get("$all") == [] else test
                filters = [r.choice([{"e": test}, {"e.x": test}, {"e": self.value(2)}])]
            out = SON([(first, SON([(path, self.operand(first))]))])
        return query, out, filters
