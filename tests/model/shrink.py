# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes a failing case small: takes parts away as long as the case still fails.

    shrink(case, fails)      # `case` of dicts, lists and scalars; fails(case) -> bool
"""
TRIES = 600


def smaller(value):
    """Values a step simpler than this one: a part less, or a part replaced by 1."""
    if isinstance(value, dict):
        for name in value:
            yield type(value)((k, v) for k, v in value.items() if k != name)
            for part in smaller(value[name]):
                yield type(value)((k, part if k == name else v) for k, v in value.items())
    elif isinstance(value, (list, tuple)):
        for index, element in enumerate(value):
            yield type(value)([*value[:index], *value[index + 1:]])
            for part in smaller(element):
                yield type(value)([*value[:index], part, *value[index + 1:]])
    if isinstance(value, (dict, list)) and value:
        yield 1


def shrink(case, fails):
    tries, progress = 0, True
    while progress and tries < TRIES:
        progress = False
        for candidate in smaller(case):
            tries += 1
            if fails(candidate):
                case, progress = candidate, True
                break
            if tries >= TRIES:
                break
    return case
