"""One thing while and after layers are merged, and what each of them did to it.

Values only, between `metadata.layers`, which walks the layers, `metadata.verbs`, which applies one extension,
and `metadata.explain`, which tells.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

    from formula.issue import Issue
    from metadata.node import Node, Plain
    from metadata.package import Package
    from metadata.placing import Place

Path: TypeAlias = tuple[str, ...]
"""Keys from the root of a document: ("fields", "stage", "options")."""


@dataclass(slots=True, kw_only=True)
class Arrangement:
    """What layers said about the entries of one collection as such: which are left out, and in which order.

    `hidden` is by name, with the place that says so.
    """

    hidden: dict[str, Node] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing that a layer does to what lies below it, and what it saw there.

    `document` is `object deal`, `path` leads from its root to the entry or property (`fields.amount.help`),
    `value` is what the layer wants, `base` what it found (None for nothing), in `package` of `version`.
    """

    document: str
    path: str
    verb: str
    value: Plain
    base: Plain
    package: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Merged:
    """One thing after all layers.

    `root` is what holds; `whole` has the hidden entries too, in the order of the layers. `broken`: a file
    about it breaks off, so parts are unknown. `differences` are by the name of the layer.
    """

    kind: str
    name: str
    root: Node
    whole: Node
    package: Package
    broken: bool = False
    arrangements: dict[Path, Arrangement] = field(default_factory=dict)
    differences: dict[str, list[Difference]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What a name that a document writes means today.

    `former` maps former paths of identity.lock to present ones; `gone` are the paths that were removed.
    """

    former: Mapping[str, str]
    gone: frozenset[str]

    def present(self, stem: str | None, name: str) -> str:
        """The present name; of a path of fields the first."""
        if stem is None or not self.former:
            return name
        head, dot, rest = name.partition(".")
        full = _joined(stem, head)
        return self.former.get(full, full).rpartition(".")[2] + dot + rest

    def is_gone(self, stem: str | None, name: str) -> bool:
        """Whether a layer below had it and removed it."""
        return stem is not None and _joined(stem, name) in self.gone


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """One extension while it is applied: `package`, at this height among the layers, changes `thing`."""

    package: Package
    height: int
    thing: Merged
    names: Names
    owners: Mapping[int, Package]
    issues: list[Issue]

    @property
    def foreign(self) -> bool:
        """Whether the layer changes what another one owns."""
        return self.package is not self.thing.package

    def note(self, path: Path, verb: str, value: Plain, base: Node | None) -> None:
        """Remember a difference and what it saw below."""
        owner = self.thing.package if base is None else self.owners[id(base.source)]
        found = Difference(
            document=f"{self.thing.kind} {self.thing.name}",
            path=".".join(path),
            verb=verb,
            value=value,
            base=None if base is None else base.plain(),
            package=owner.name,
            version=owner.version,
        )
        self.thing.differences.setdefault(self.package.name, []).append(found)


def over(node: Node, below: Node | None) -> Node:
    """The node in place of the one of a lower layer, which it remembers."""
    return node if below is None else replace(node, below=below)


def _joined(stem: str, name: str) -> str:
    return f"{stem}.{name}" if stem else name
