"""Names of things: which spelling is legal, which prefix a layer's own things carry, which name was meant.

Used by every check of the compiler; knows no documents.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

NAME = r"[a-z][a-z0-9]*(_[a-z0-9]+)*"
QUALIFIED = rf"({NAME}__)?{NAME}"
_QUALIFIED = re.compile(rf"{QUALIFIED}\Z")
_OPTION = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,79}\Z")
_LONGEST = 40
TENANT = "x"
"""The namespace of a tenant's own layer."""

# Companion columns end so (`amount__company`, `name__sort`); no namespaced name may look like one.
_COMPANIONS = ("__sort", "__company")
# Tables of the platform itself begin so.
_SYSTEM_TABLES = "s_"


def is_name(name: str) -> bool:
    """Whether objects, fields, rules, views… can be called so; at most one `__`, behind a namespace."""
    local = name.split("__")[-1]
    return bool(_QUALIFIED.match(name)) and len(local) <= _LONGEST and not name.endswith(_COMPANIONS)


def is_code(code: str) -> bool:
    """Whether an option can have this code; codes of other systems ("zh-CN", "010") are welcome."""
    return bool(_OPTION.match(code))


def is_system(name: str) -> bool:
    """Whether an object of this name would meet the platform's own tables."""
    return name.startswith(_SYSTEM_TABLES)


def prefix(namespace: str) -> str:
    """What the things begin with that a layer of this namespace adds to what others own."""
    if not namespace:
        return ""
    return "x_" if namespace == TENANT else f"{namespace}__"


def has_prefix(name: str, namespace: str) -> bool:
    """Whether `name` is one that a layer of this namespace may add; only namespaced packages use `__`."""
    wanted = prefix(namespace)
    if namespace and namespace != TENANT:
        return name.startswith(wanted)
    return name.startswith(wanted) and "__" not in name


def nearest(name: str, names: Iterable[str]) -> str:
    """A hint with the most similar of `names`, or "" when none is similar."""
    lowered = name.lower()
    best, score = "", 0.6
    for candidate in sorted(set(names)):
        ratio = SequenceMatcher(None, lowered, candidate.lower()).ratio()
        # Of equally similar names the one that begins alike is meant more often.
        ratio += 0.01 * (candidate[:1].lower() == lowered[:1])
        if ratio > score:
            best, score = candidate, ratio
    return f"Did you mean `{best}`?" if best else ""
