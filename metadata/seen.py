"""What each difference of a layer saw below it when it was made: base value, package and version.

Kept beside the layer in the tenant's database, so that an upgrade below can tell what both sides changed
since. A difference that stays as it is keeps what it saw, however often the layer is published. Pure; called
by publishing.
"""

from __future__ import annotations

from dataclasses import asdict
from decimal import Decimal
from typing import TYPE_CHECKING

from metadata.identity import renames
from metadata.layers import merge
from metadata.merged import Difference
from metadata.order import order

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from metadata.node import Plain
    from metadata.package import Package


def differences(packages: Sequence[Package], layer: str) -> tuple[Difference, ...]:
    """All that the package called `layer` does to those below it, with what it finds there now."""
    layers, _ = order(packages)
    if not any(package.name == layer for package in layers):
        return ()
    things, _ = merge(layers, renames(layers))
    return tuple(each for thing in things for each in thing.differences.get(layer, ()))


def remembered(now: Iterable[Difference], before: Iterable[Difference]) -> tuple[Difference, ...]:
    """The differences of today; those that were there `before`, and are the same, with what they saw then."""
    known = {_key(each): each for each in before}
    return tuple(known.get(_key(each), each) for each in now)


def _key(difference: Difference) -> tuple[str, str, str, str]:
    return difference.document, difference.path, difference.verb, repr(_json(difference.value))


def plain(found: Iterable[Difference]) -> list[dict[str, object]]:
    """The differences as JSON can hold them; exact decimals become texts."""
    return [{**asdict(each), "value": _json(each.value), "base": _json(each.base)} for each in found]


def from_plain(found: Iterable[Mapping[str, object]]) -> tuple[Difference, ...]:
    """What `plain` made."""
    return tuple(Difference(**each) for each in found)  # type: ignore[arg-type]


def _json(value: Plain) -> Plain:
    match value:
        case Decimal():
            return str(value)
        case dict():
            return {name: _json(below) for name, below in value.items()}
        case list():
            return [_json(below) for below in value]
        case _:
            return value
