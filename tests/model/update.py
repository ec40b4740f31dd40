# SPDX-License-Identifier: GPL-3.0-or-later
"""What an update does to one document, as MongoDB documents it: the other half of the reference model.

    applied({"_id": 1, "n": 5}, {"$inc": {"n": 2}})       # {"_id": 1, "n": 7}
    match.Bad(code)                                       # raised where MongoDB refuses
"""
import copy
import decimal

from bson import Decimal128, Int64, SON
from bson.decimal128 import create_decimal128_context

from match import MISSING, Bad, elem_test, in_tests, is_operators, matches, require, whole
from order import is_number, key, kind, number

NOT_VIABLE, CONFLICT, IMMUTABLE = 28, 40, 66


def is_whole(value):
    return isinstance(value, int) and not isinstance(value, bool)


def as_decimal(value):
    """A double enters the sum with fifteen digits."""
    if isinstance(value, float) and value and abs(value) < float("inf"):
        return decimal.Decimal(f"{value:.14e}")
    return decimal.Decimal(number(value))


def arithmetic(old, operand, combine):
    """int < long < double < decimal; an int that overflows becomes a long, a long that does is refused."""
    order = ["int", "long", "double", "decimal"]
    result = order[max(order.index(kind(old)[0]), order.index(kind(operand)[0]))]
    if result == "decimal":
        with decimal.localcontext(create_decimal128_context()):
            return Decimal128(combine(as_decimal(old), as_decimal(operand)))
    if result == "double":
        return combine(float(old), float(operand))
    value = combine(int(old), int(operand))
    require(-2 ** 63 <= value < 2 ** 63)
    return Int64(value) if result == "long" or not -2 ** 31 <= value < 2 ** 31 else value


def op_inc(old, operand):
    return operand if old is MISSING else arithmetic(old, operand, lambda a, b: a + b) if is_number(old) else refuse(14)


def op_mul(old, operand):
    old = 0 if old is MISSING else old
    return arithmetic(old, operand, lambda a, b: a * b) if is_number(old) else refuse(14)


def refuse(code):
    raise Bad(code)


def op_bit(old, operand):
    old = 0 if old is MISSING else old
    require(is_whole(old))
    for name, mask in operand.items():
        value = {"and": old & mask, "or": old | mask, "xor": old ^ mask}[name]
        old = Int64(value) if isinstance(old, Int64) or isinstance(mask, Int64) else value
    return old


def sorted_list(array, order):
    """$sort of $push: by the whole element, or by fields of it; both keep the order of equals."""
    if not isinstance(order, dict):
        return sorted(array, key=key, reverse=order < 0) if order > 0 else sorted(array[::-1], key=key)[::-1]
    for path, direction in reversed(list(order.items())):
        def by(element, path=path):
            value = element
            for part in path.split("."):
                value = value.get(part, MISSING) if isinstance(value, dict) else MISSING
            return key(None if value is MISSING else value)
        array = sorted(array, key=by) if direction > 0 else sorted(array[::-1], key=by)[::-1]
    return array


def op_push(old, operand):
    wanted = operand if isinstance(operand, dict) and "$each" in operand else {"$each": [operand]}
    require(old is MISSING or isinstance(old, list))
    old = [] if old is MISSING else list(old)
    place = wanted.get("$position", len(old))
    place = max(0, len(old) + int(place)) if place < 0 else int(place)
    old[place:place] = wanted["$each"]
    if "$sort" in wanted:
        old = sorted_list(old, wanted["$sort"])
    slice_ = int(wanted.get("$slice", len(old)))
    return old[:slice_] if slice_ >= 0 else old[slice_:]


def op_add_to_set(old, operand):
    require(old is MISSING or isinstance(old, list))
    old = [] if old is MISSING else list(old)
    for value in operand["$each"] if isinstance(operand, dict) and "$each" in operand else [operand]:
        if all(key(value) != key(element) for element in old):
            old.append(value)
    return old


def op_pull(old, operand):
    if old is MISSING:
        return MISSING
    require(isinstance(old, list))
    if is_operators(operand):
        drop = elem_test(operand)
    elif isinstance(operand, dict):
        drop = lambda e: isinstance(e, dict) and matches(e, operand)
    else:
        drop = in_tests([operand])[0]
    return [element for element in old if not drop(element)]


def op_pull_all(old, operand):
    if old is MISSING:
        return MISSING
    require(isinstance(old, list))
    return [element for element in old if all(key(element) != key(one) for one in operand)]


def op_pop(old, operand):
    if old is MISSING:
        return MISSING
    require(isinstance(old, list), 14)
    return old[1:] if operand < 0 else old[:-1]


def smaller(old, operand):
    return operand if old is MISSING or key(operand) < key(old) else old


def larger(old, operand):
    return operand if old is MISSING or key(operand) > key(old) else old


OPERATORS = {
    "$set": lambda old, operand: operand, "$unset": lambda old, operand: MISSING, "$inc": op_inc, "$mul": op_mul,
    "$min": smaller, "$max": larger, "$bit": op_bit, "$push": op_push, "$addToSet": op_add_to_set,
    "$pull": op_pull, "$pullAll": op_pull_all, "$pop": op_pop, "$setOnInsert": None, "$rename": None,
}


def check_argument(name, operand):
    """What MongoDB refuses before it looks at any document."""
    if name in ("$inc", "$mul"):
        require(is_number(operand), 14)
    elif name == "$bit":
        require(isinstance(operand, dict) and operand)
        require(all(op in ("and", "or", "xor") and is_whole(mask) for op, mask in operand.items()))
    elif name == "$pop":
        require(is_number(operand) and number(operand) in (-1, 1), 9)
    elif name == "$pullAll":
        require(isinstance(operand, list))
    elif name == "$addToSet" and isinstance(operand, dict) and next(iter(operand), "") == "$each":
        require(isinstance(operand["$each"], list), 14)
    elif name == "$push" and isinstance(operand, dict) and "$each" in operand:
        require(isinstance(operand["$each"], list))
        require(set(operand) <= {"$each", "$slice", "$sort", "$position"})
    elif name == "$pull":
        op_pull([], operand)


def filters_by_name(array_filters):
    out = {}
    for one in array_filters:
        name = next(iter(one)).split(".")[0]
        require(name[:1].islower() and name.isalnum())
        require(name not in out, 9)
        matches({}, one)
        out[name] = one
    return out


def element_fits(element, filter_, name):
    return matches({name: element}, filter_)


def change(node, parts, name, operand, context):
    """Applies one operator below `node`, an object or an array, in place."""
    part, rest = parts[0], parts[1:]
    if part.startswith("$"):
        require(isinstance(node, list))
        chosen = context["filters"].get(part[2:-1])
        for index, element in enumerate(node):
            if part == "$[]" or element_fits(element, chosen, part[2:-1]):
                change(node, [str(index)] + rest, name, operand, context)
        return
    if isinstance(node, list):
        if not part.isdigit():
            require(not any(p.startswith("$[") for p in rest))
            return None if name == "$unset" else refuse(NOT_VIABLE)
        slot = int(part)
        old = node[slot] if slot < len(node) else MISSING
    else:
        slot, old = part, node.get(part, MISSING)
    if rest and isinstance(old, (dict, list)):
        return change(old, rest, name, operand, context)
    if rest:
        require(not any(p.startswith("$[") for p in rest))
        require(old is MISSING or name == "$unset", NOT_VIABLE)
        value = OPERATORS[name](MISSING, operand)
        if value is not MISSING:
            for p in reversed(rest):
                value = SON([(p, value)])
            put(node, slot, value)
        return None
    value = OPERATORS[name](old, operand)
    if value is not MISSING:
        put(node, slot, value)
    elif isinstance(node, list):
        if slot < len(node):
            node[slot] = None
    else:
        node.pop(slot, None)
    return None


def storable(value):
    if isinstance(value, dict):
        return all(not k.startswith("$") and storable(v) for k, v in value.items())
    return not isinstance(value, list) or all(map(storable, value))


def put(node, slot, value):
    require(storable(value), 52)
    if isinstance(node, list):
        node.extend([None] * (slot + 1 - len(node)))
    node[slot] = copy.deepcopy(value)


def rename(document, source, target):
    parts, node, in_array = source.split("."), document, False
    for part in parts:
        above = node
        if isinstance(node, list):
            in_array = True
            require(part.isdigit(), NOT_VIABLE)
            node = node[int(part)] if int(part) < len(node) else MISSING
        else:
            require(isinstance(node, dict), NOT_VIABLE)
            node = node.get(part, MISSING)
        if node is MISSING:
            return
    require(not in_array)
    value, source_object, above = node, above, document
    for part in target.split(".")[:-1]:
        above = above.get(part, MISSING) if isinstance(above, dict) else above
        require(not isinstance(above, list))
    change(document, target.split("."), "$set", value, {})
    del source_object[parts[-1]]


def conflicts(paths):
    spread = [path.split(".") for path in paths]
    return any(a[:len(b)] == b for i, a in enumerate(spread) for j, b in enumerate(spread) if i != j)


def check_path(path):
    parts = path.split(".")
    require(all(parts), 56)
    require(not any(p.startswith("$") and p != "$" and not p.startswith("$[") for p in parts), 52)
    require(parts[0] != "$" and not parts[0].startswith("$["))


def applied(document, update, query=None, array_filters=()):
    """The document after the update; the given one stays as it is."""
    names = list(update)
    if not names or not names[0].startswith("$"):
        require(storable(update), 52)
        require("_id" not in update or key(update["_id"]) == key(document["_id"]), IMMUTABLE)
        return SON([("_id", document["_id"])] + [(k, v) for k, v in update.items() if k != "_id"])
    steps, paths, renames = [], [], []
    filters, used = filters_by_name(array_filters), set()
    for name, fields in update.items():
        require(name in OPERATORS and isinstance(fields, dict) and fields, 9)
        for path, operand in fields.items():
            check_path(path)
            if name == "$rename":
                check_path(operand)
                require(path != operand and not conflicts([path, operand]))
                renames.append((operand, path))
                paths += [path, operand]
                continue
            check_argument(name, operand)
            for part in path.split("."):
                if part.startswith("$[") and part != "$[]":
                    require(part[2:-1] in filters)
                    used.add(part[2:-1])
            steps.append((path, name, operand))
            paths.append(path)
    require(not conflicts(paths), CONFLICT)
    require(used == set(filters), 9)
    hits = []
    if query:
        matches(document, query, hits)
    result = copy.deepcopy(document)
    todo = [(path, name, operand) for path, name, operand in steps if name != "$setOnInsert"]
    todo += [(target, "$rename", source) for target, source in renames]
    for path, name, operand in sorted(todo, key=lambda step: step[0].split(".")):
        if name == "$rename":
            rename(result, operand, path)
            continue
        parts = path.split(".")
        if "$" in parts:
            require(hits)
            parts[parts.index("$")] = str(hits[-1])
        change(result, parts, name, operand, {"filters": filters})
    require("_id" in result and key(result["_id"]) == key(document["_id"]), IMMUTABLE)
    return result
