# SPDX-License-Identifier: GPL-3.0-or-later
"""The part of JSON Schema draft 7 that our schemas use; a keyword it does not know is an error, not a pass.

    complaints(value, schema)      # [] if the value is as the schema says
"""
import re

TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "integer": int, "number": (int, float)}
ANNOTATIONS = {"$schema", "title", "description", "definitions"}


def is_type(value, name):
    if isinstance(value, bool) and name != "boolean":
        return False
    return isinstance(value, TYPES[name])


def complaints(value, schema, root=None, at="$"):
    root = root or schema
    if "$ref" in schema:
        target = root
        for part in schema["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        return complaints(value, target, root, at)
    out = []
    for keyword, wanted in schema.items():
        out += [f"{at}: {each}" if not each.startswith("$") else each
                for each in one(keyword, wanted, value, schema, root, at)]
    return out


def one(keyword, wanted, value, schema, root, at):
    if keyword in ANNOTATIONS:
        return []
    if keyword == "type":
        return [] if is_type(value, wanted) else [f"no {wanted}"]
    if keyword == "enum":
        return [] if value in wanted else [f"none of {wanted}"]
    if keyword == "const":
        return [] if value == wanted else [f"not {wanted}"]
    if keyword == "not":
        return ["what it may not be"] if not complaints(value, wanted, root, at) else []
    if keyword == "oneOf":
        fitting = [each for each in wanted if not complaints(value, each, root, at)]
        return [] if len(fitting) == 1 else [f"fits {len(fitting)} of {len(wanted)}"]
    if keyword == "pattern":
        return [f"not like {wanted}"] if isinstance(value, str) and not re.search(wanted, value) else []
    if keyword in ("minItems", "minLength", "minProperties"):
        return ["too few"] if hasattr(value, "__len__") and len(value) < wanted else []
    if keyword == "maxProperties":
        return ["too many"] if isinstance(value, dict) and len(value) > wanted else []
    if keyword == "minimum":
        return ["too small"] if isinstance(value, (int, float)) and value < wanted else []
    if keyword == "items":
        return [each for number, item in enumerate(value if isinstance(value, list) else [])
                for each in complaints(item, wanted, root, f"{at}[{number}]")]
    if not isinstance(value, dict):
        return []
    if keyword == "required":
        return [f"{name} is missing" for name in wanted if name not in value]
    if keyword == "properties":
        return [each for name, part in wanted.items() if name in value
                for each in complaints(value[name], part, root, f"{at}.{name}")]
    if keyword == "additionalProperties":
        unknown = [name for name in value if name not in schema.get("properties", {})]
        if wanted is False:
            return [f"{name} is not known" for name in unknown]
        return [each for name in unknown for each in complaints(value[name], wanted, root, f"{at}.{name}")]
    return [f"keyword {keyword} is not understood here"]
