"""The Issues of extensions that do what cannot be done: worded here, found by `metadata.verbs`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metadata import codes
from metadata.names import nearest, prefix

if TYPE_CHECKING:
    from collections.abc import Iterable

    from formula.issue import Issue, Severity
    from metadata.collection import Direction
    from metadata.merged import Extension
    from metadata.node import Node
    from metadata.package import Package


def nothing(
    extension: Extension, stem: str | None, known: Iterable[str], node: Node, name: str, verb: str
) -> Issue:
    """A difference on nothing: an error where it holds something that would be lost, else a warning."""
    at_key = verb == "set"
    severity: Severity = "error" if verb == "set" else "warning"
    if extension.names.is_gone(stem, name):
        message = f"`{name}` was removed below; this `{verb}` has nothing to change any more"
        hint = "Take it out of this layer."
        return node.issue(codes.DELETED_BELOW, message, hint=hint, at_key=at_key, severity=severity)
    hint = nearest(name, known) or ("A new one goes under `add:`." if verb == "set" else "")
    code = codes.SETS_NOTHING if verb == "set" else codes.HIDES_NOTHING
    return node.issue(code, f"there is no `{name}` to {verb}", hint=hint, at_key=at_key, severity=severity)


def fixed(extension: Extension, node: Node, name: str) -> Issue:
    """What a layer below keeps to itself."""
    return node.issue(
        codes.HARD_PROPERTY, f"`{name}` is fixed by {extension.thing.package.name}", at_key=True
    )


def loosened(extension: Extension, base: Node, node: Node, name: str, direction: Direction) -> Issue:
    """A property that may only be tightened."""
    if name == "required":
        return node.issue(codes.LOOSENED, f"{extension.thing.package.name} requires this field")
    way = "lower" if direction == "up" else "higher"
    return node.issue(codes.LOOSENED, f"`{name}` is {base.plain()} below and cannot become {way}")


def wrong_prefix(node: Node, name: str, package: Package, *, at_key: bool = True) -> Issue:
    """The Issue of a name that lacks the prefix of the layer that adds it."""
    wanted = prefix(package.namespace)
    if not wanted:
        message = f"`{name}` uses `__`, which marks a namespace; {package.name} has none"
        return node.issue(codes.WRONG_PREFIX, message, at_key=at_key)
    local = name.split("__")[-1].removeprefix("x_")
    message = f"names that {package.name} adds begin with `{wanted}`"
    return node.issue(codes.WRONG_PREFIX, message, hint=f"Call it `{wanted}{local}`.", at_key=at_key)
