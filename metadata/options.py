"""Step of the compiler: the options of a picklist and the typed attributes they carry.

`attributes: {probability: percent}` beside `options` says which attributes there are; a formula reads one as
`stage.probability`. A percent of 10 reads as 0.10, as percent fields do.
"""

from __future__ import annotations

from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING

from formula.types import BOOLEAN, TEXT, number
from metadata import codes
from metadata.catalog import Option
from metadata.names import is_code, nearest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from formula.types import Type
    from metadata.draft import Draft
    from metadata.lock import Entry
    from metadata.node import Node
    from metadata.package import Package

_KEPT = frozenset({"label", "color", "retired", "when"})
# Attributes every picklist may use without declaring them: the stage ends the work, and it ended well.
_USUAL = ("closed", "won")


def options(
    draft: Draft, node: Node, names: tuple[str, str], package: Package, path: str, identity: str
) -> tuple[Option, ...]:
    """The options of the field in `node`.

    `names` are the object's and the field's; `package` and `path` say where the field is locked, and
    `identity` is its id, under which other packages lock the options they add.
    """
    kinds = _declared(node)
    made = []
    for code, option in node.entries("options").items():
        if not is_code(code):
            draft.report(option, codes.BAD_NAME, f"`{code}` is not an option code", at_key=True)
            continue
        owner = draft.owner(option)
        entry = draft.entry(owner, f"{path if owner is package else identity}.{code}")
        made.append(_option(draft, option, names, entry, kinds))
    return tuple(made)


def _option(
    draft: Draft, node: Node, names: tuple[str, str], entry: Entry, kinds: Mapping[str, str]
) -> Option:
    label = node.walk("label")
    attributes = {
        name: value
        for name, below in node.mapping.items()
        if name not in _KEPT and (value := _attribute(draft, name, below, kinds)) is not None
    }
    return Option(
        id=entry.id,
        code=entry.physical,
        label=draft.label(
            label, label.text, "objects", names[0], "fields", names[1], "options", entry.physical
        ),
        color=node.string("color") or None,
        attributes=MappingProxyType(attributes),
        when=None if node.get("when") is None else frozenset(each.text for each in node.elements("when")),
        retired=node.flag("retired"),
    )


def _declared(node: Node) -> dict[str, str]:
    used = {name for option in node.entries("options").values() for name in option.mapping}
    return {
        **{name: "boolean" for name in _USUAL if name in used},
        **{name: below.text for name, below in node.entries("attributes").items()},
    }


def _attribute(draft: Draft, name: str, node: Node, kinds: Mapping[str, str]) -> object:
    """The value as formulas read it; None when it is of another type than declared (reported)."""
    kind, value = kinds.get(name), node.value
    if kind is None:
        hint = nearest(name, kinds) or f"Declare it beside `options`: `attributes: {{{name}: …}}`."
        draft.report(node, codes.UNKNOWN_PROPERTY, f"`{name}` is no attribute", hint=hint, at_key=True)
        return None
    match kind, value:
        case ("boolean", bool()) | ("text", str()):
            return value
        case (("integer" | "number" | "percent"), (int() | Decimal())) if not isinstance(value, bool):
            return Decimal(value) / 100 if kind == "percent" else Decimal(value)
        case _:
            draft.report(node, codes.WRONG_VALUE, f"`{name}` is declared as {kind}")
            return None


def attribute_types(node: Node) -> dict[str, Type]:
    """The formula types of a picklist's attributes; numbers are bounded by the values that occur."""
    nodes = node.entries("options").values()
    found: dict[str, Type] = {}
    for name, kind in _declared(node).items():
        if kind == "boolean":
            found[name] = BOOLEAN
        elif kind == "text":
            found[name] = TEXT
        else:
            values = [below.value for option in nodes if (below := option.get(name)) is not None]
            found[name] = _bounds(
                [Decimal(v) for v in values if isinstance(v, int | Decimal)], 2 if kind == "percent" else 0
            )
    return found


def _bounds(values: list[Decimal], shift: int) -> Type:
    """The narrowest Number type that holds all values once the point has moved `shift` digits to the left."""
    before, behind = 1, 0
    for value in values:
        _, figures, exponent = value.as_tuple()
        behind = max(behind, shift - int(exponent))
        before = max(before, len(figures) + int(exponent) - shift)
    return number(before + behind, behind)
