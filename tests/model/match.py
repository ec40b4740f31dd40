# SPDX-License-Identifier: GPL-3.0-or-later
"""What a filter means, as MongoDB documents it: slow, plain, and of no common blood with plumbd.

    matches({"a": [1, 5]}, {"a": {"$gt": 3}})      # True
    Bad(code)                                      # raised for a filter that MongoDB refuses
"""
import re

from bson import Binary, Decimal128, Regex, SON

from order import TYPES, is_nan, is_number, key, kind, number, options

MISSING = type("Missing", (), {"__repr__": lambda self: "MISSING"})()
WORST = -2 ** 63  # what NaN and the infinities are to an operator that wants a whole number


class Bad(Exception):
    @property
    def code(self):
        return self.args[0]


def require(condition, code=2):
    if not condition:
        raise Bad(code)


def ends(document, parts, at=None):
    """What lies at a path: (value, whether an array there stands for its elements, outermost index)."""
    value, rest = document.get(parts[0], MISSING), parts[1:]
    if not rest:
        yield value, True, at
    elif isinstance(value, dict):
        yield from ends(value, rest, at)
    elif isinstance(value, list):
        yield from ends_in_array(value, rest, at)
    else:
        yield MISSING, True, at


def ends_in_array(array, parts, at):
    for index, element in enumerate(array):
        here = index if at is None else at
        if isinstance(element, dict):
            yield from ends(element, parts, here)
        if parts[0] == str(index):
            if len(parts) == 1:
                yield element, False, here
            elif isinstance(element, dict):
                yield from ends(element, parts[1:], here)
            elif isinstance(element, list):
                yield from ends_in_array(element, parts[1:], here)


def values(found):
    """The values a predicate is asked about: an array's elements, and the array."""
    for value, expand, at in found:
        if expand and isinstance(value, list):
            for index, element in enumerate(value):
                yield element, index if at is None else at
        yield value, at


def equal(value, wanted):
    return wanted is None if value is MISSING else key(value) == key(wanted)


def ordered(value, wanted, name):
    """$lt and its kin: within one type, but MinKey and MaxKey are beyond all types."""
    value = None if value is MISSING else value
    a, b = key(value), key(wanted)
    if a[0] != b[0]:
        return b[0] == (13 if name in ("$lt", "$lte") else 0)
    if is_nan(value) or is_nan(wanted):
        return name in ("$gte", "$lte") and is_nan(value) and is_nan(wanted)
    return {"$lt": a < b, "$lte": a <= b, "$gt": a > b, "$gte": a >= b}[name]


def regex_test(pattern, flags):
    require(set(flags) <= set("imsx"), 51108)
    try:
        compiled = re.compile(pattern, sum(getattr(re, flag.upper()) for flag in set(flags)))
    except re.error as error:
        raise Bad(51091) from error
    return lambda v: (isinstance(v, Regex) and v.pattern == pattern and options(v) == flags) or (
        kind(v)[0] == "string" and compiled.search(v) is not None) if v is not MISSING else False


def whole(value):
    value = number(value)
    return WORST if value != value or abs(value) >= 2 ** 63 else int(value)


def bit_positions(wanted):
    if isinstance(wanted, list):
        require(all(is_number(bit) and bit >= 0 for bit in wanted))
        return set(wanted)
    if isinstance(wanted, (bytes, Binary)):
        return {8 * i + bit for i, byte in enumerate(wanted) for bit in range(8) if byte >> bit & 1}
    require(is_number(wanted))
    require(number(wanted) == whole(wanted) and number(wanted) >= 0, 9)
    return {bit for bit in range(64) if whole(wanted) >> bit & 1}


def bits_test(name, wanted):
    positions = bit_positions(wanted)

    def test(v):
        if isinstance(v, (bytes, Binary)):
            bits = int.from_bytes(v, "little")
        elif is_number(v) and (not isinstance(v, float) or (abs(v) < 2 ** 63 and v == int(v))):
            bits = whole(v)
        else:
            return False
        hits = sum(bits >> int(position) & 1 == name.endswith("Set") for position in positions)
        return hits == len(positions) if name.startswith("$bitsAll") else hits > 0
    return test


def mod_test(wanted):
    require(isinstance(wanted, list) and len(wanted) == 2 and all(map(is_number, wanted)))
    divisor, remainder = map(whole, wanted)
    require(divisor != 0)
    return lambda v: is_number(v) and abs(whole(v)) % abs(divisor) * (-1 if whole(v) < 0 else 1) == remainder


def type_test(wanted):
    names = set()
    for one in wanted if isinstance(wanted, list) else [wanted]:
        require(isinstance(one, str) or is_number(one))
        hit = {row[0] for row in TYPES if one in (row[0], row[1]) or (one == "number" and row[2] == 2)}
        require(hit)
        names |= hit
    return lambda v: v is not MISSING and kind(v)[0] in names


def is_operators(value):
    return isinstance(value, dict) and bool(value) and next(iter(value)).startswith("$")


def elem_test(wanted):
    require(isinstance(wanted, dict))
    if is_operators(wanted) and not set(wanted) & {"$and", "$or", "$nor"}:
        tests = [predicate(name, argument, wanted) for name, argument in wanted.items()]
        one = lambda e: all(test(iter([(e, False, None)])) is not None for test in tests)
    else:
        matches({}, wanted)
        fields = lambda e: SON((str(i), v) for i, v in enumerate(e)) if isinstance(e, list) else e
        one = lambda e: isinstance(e, (dict, list)) and matches(fields(e), wanted)
    return one


def of_array(test):
    """A predicate on arrays as such; the place it tells is that of the element it is about."""
    def run(found):
        for value, _, at in found:
            hit = test(value) if isinstance(value, list) else None
            if hit is not None:
                return (hit if at is None else at,)
        return None
    return run


def of_values(test):
    def run(found):
        for value, at in values(found):
            if test(value):
                return (at,)
        return None
    return run


def negated(run):
    return lambda found: (None,) if run(found) is None else None


def in_tests(wanted):
    require(isinstance(wanted, list))
    for one in wanted:
        require(not is_operators(one))
    return [regex_test(one.pattern, options(one)) if isinstance(one, Regex) else lambda v, one=one: equal(v, one)
            for one in wanted]


def all_test(wanted):
    require(isinstance(wanted, list))
    elems = bool(wanted) and isinstance(wanted[0], dict) and list(wanted[0])[:1] == ["$elemMatch"]
    require(all((isinstance(w, dict) and list(w)[:1] == ["$elemMatch"]) == elems and (elems or not is_operators(w))
                for w in wanted))
    runs = [predicate("$elemMatch", w["$elemMatch"], w) for w in wanted] if elems else [
        of_values(test) for test in in_tests(wanted)]

    def run(found):
        found = list(found)
        hits = [one(found) for one in runs]
        return hits[-1] if hits and None not in hits else None
    return run


def not_test(wanted):
    if isinstance(wanted, Regex):
        return negated(of_values(regex_test(wanted.pattern, options(wanted))))
    require(is_operators(wanted))
    tests = [predicate(name, argument, wanted) for name, argument in wanted.items()]

    def run(found):
        found = list(found)
        return None if all(test(found) is not None for test in tests) else (None,)
    return run


def predicate(name, wanted, siblings):
    """One operator as a function: what lies at the path -> None, or (index of the element it met,)."""
    if name in ("$ne", "$nin"):
        require(name == "$nin" or not isinstance(wanted, Regex))
        return negated(predicate({"$ne": "$eq", "$nin": "$in"}[name], wanted, siblings))
    if name in ("$lt", "$lte", "$gt", "$gte"):
        require(not isinstance(wanted, Regex))
        return of_values(lambda v: ordered(v, wanted, name))
    if name == "$in":
        tests = in_tests(wanted)
        return of_values(lambda v: any(test(v) for test in tests))
    if name == "$exists":
        there = of_values(lambda v: v is not MISSING)
        return there if wanted is not None and wanted is not False and not (
            is_number(wanted) and number(wanted) == 0) else negated(there)
    if name == "$regex":
        flags = siblings.get("$options", "")
        require(isinstance(wanted, (str, Regex)) and isinstance(flags, str))
        require(not (isinstance(wanted, Regex) and options(wanted) and "$options" in siblings), 51075)
        return of_values(regex_test(getattr(wanted, "pattern", wanted), flags or (
            options(wanted) if isinstance(wanted, Regex) else "")))
    if name == "$options":
        require("$regex" in siblings)
        return lambda found: (None,)
    if name == "$size":
        require(is_number(wanted) and number(wanted) == whole(wanted) and whole(wanted) >= 0)
        return of_array(lambda v: -1 if len(v) == whole(wanted) else None)
    if name == "$elemMatch":
        one = elem_test(wanted)
        return of_array(lambda v: next((i for i, e in enumerate(v) if one(e)), None))
    simple = {"$eq": lambda: lambda v: equal(v, wanted), "$type": lambda: type_test(wanted),
              "$mod": lambda: mod_test(wanted)}
    if name in simple:
        return of_values(simple[name]())
    if name.startswith("$bits"):
        return of_values(bits_test(name, wanted))
    require(name in ("$all", "$not"))
    return all_test(wanted) if name == "$all" else not_test(wanted)


def field(document, path, wanted, hits):
    if isinstance(wanted, Regex):
        wanted = {"$regex": wanted}
    elif not is_operators(wanted):
        wanted = {"$eq": wanted}
    good = True
    for name, argument in wanted.items():
        met = predicate(name, argument, wanted)(ends(document, path.split(".")))
        good = good and met is not None
        if met and met[0] is not None:
            hits.append(met[0])
    return good


def matches(document, query, hits=None):
    """hits: filled with the index of the array element each predicate met, for the positional `$`."""
    hits, good = [] if hits is None else hits, True
    for name, wanted in query.items():
        if name in ("$and", "$or", "$nor"):
            require(isinstance(wanted, list) and wanted and all(isinstance(one, dict) for one in wanted))
            each = [matches(document, one, hits if name == "$and" else []) for one in wanted]
            good = {"$and": all, "$or": any, "$nor": lambda all_of: not any(all_of)}[name](each) and good
        elif name != "$comment":
            require(not name.startswith("$"))
            good = field(document, name, wanted, hits) and good
    return good
