"""The order of packages: each above what it requires, the tenant's own layer on top.

Also whether versions fit. Called by the compiler before layers are merged.
"""

from __future__ import annotations

import re
from itertools import zip_longest
from typing import TYPE_CHECKING

from metadata import codes
from metadata.names import TENANT, nearest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from formula.issue import Issue
    from metadata.package import Package

_TERM = re.compile(r"(>=|<=|==|!=|>|<)\s*(\d+(?:\.\d+)*)\Z")


def order(packages: Sequence[Package]) -> tuple[tuple[Package, ...], tuple[Issue, ...]]:
    """Sort packages by `requires`, keeping the given order where that is free.

    Returns the sorted packages and Issues: missing, in a circle, or of a version that does not fit.
    """
    known = {package.name: package for package in packages}
    issues = [issue for package in packages for issue in _requirements(package, known)]
    waiting = sorted(packages, key=lambda package: package.namespace == TENANT)
    done: list[Package] = []
    while waiting:
        placed = {package.name for package in done}
        ready = next((p for p in waiting if all(r in placed or r not in known for r in p.requires)), None)
        if ready is None:
            issues.append(_cycle(waiting))
            return (*done, *waiting), tuple(issues)
        waiting.remove(ready)
        done.append(ready)
    return tuple(done), tuple(issues)


def _cycle(waiting: list[Package]) -> Issue:
    names = " and ".join(sorted(package.name for package in waiting))
    node = waiting[0].manifest.walk("requires")
    return node.issue(codes.REQUIRES_CYCLE, f"{names} require each other", at_key=True)


def _requirements(package: Package, known: dict[str, Package]) -> list[Issue]:
    issues = []
    for name, node in package.requires.items():
        other = known.get(name)
        if other is None:
            hint = nearest(name, known)
            message = f"package `{name}` is required by {package.name} and is not there"
            issues.append(node.issue(codes.MISSING_PACKAGE, message, hint=hint, at_key=True))
        elif not fits(other.version, node.text):
            message = f"{package.name} requires {name} {node.text}, and {other.version} is there"
            issues.append(node.issue(codes.WRONG_VERSION, message))
    return issues


def fits(version: str, wanted: str) -> bool:
    """Whether `version` ("1.4.2") meets every term of `wanted` (">=1,<2"); an empty `wanted` takes all."""
    terms = [term.strip() for term in wanted.split(",") if term.strip()]
    return all(_meets(_numbers(version), term) for term in terms)


def _meets(version: tuple[int, ...], term: str) -> bool:
    match = _TERM.match(term)
    if match is None:
        return False
    pairs = zip_longest(version, _numbers(match[2]), fillvalue=0)
    sign = next(((a > b) - (a < b) for a, b in pairs if a != b), 0)
    allowed = {">=": (0, 1), "<=": (0, -1), "==": (0,), "!=": (1, -1), ">": (1,), "<": (-1,)}
    return sign in allowed[match[1]]


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version.split("-")[0].split("+")[0]))
