"""The texts of all layers by language, and the Labels made of them.

A translation document is nested by names (`objects: {opportunity: {fields: {amount: 金额}}}`); per language
the highest layer wins. Texts that nothing asked for name something that does not exist, and become warnings.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from metadata import codes
from metadata.label import Label
from metadata.package import TRANSLATION

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from formula.issue import Issue
    from metadata.node import Node
    from metadata.package import Package

Path = tuple[str, ...]


@dataclass(slots=True)
class Texts:
    """Translations by path, ("objects", "opportunity", "fields", "amount", "label") → language → node."""

    nodes: dict[Path, dict[str, Node]]
    languages: tuple[str, ...]
    used: set[Path] = field(default_factory=set)

    def label(self, own: str, language: str, *path: str) -> Label:
        """The Label at a path: its own text in the package's `language`, and its translations."""
        found = self.nodes.get(path)
        if found is None:
            return Label(texts=MappingProxyType({language: own}), language=language)
        self.used.add(path)
        texts = {language: own, **{name: node.text for name, node in found.items()}}
        return Label(texts=MappingProxyType(texts), language=language)

    def follow(self, former: Mapping[str, str]) -> None:
        """File the texts of renamed objects and fields under their present names."""
        for path in list(self.nodes):
            if path[0] != "objects":
                continue
            owner = former.get(path[1], path[1])
            rest = path[2:]
            if len(rest) > 1 and rest[0] == "fields":
                name = former.get(f"{owner}.{rest[1]}", rest[1]).rpartition(".")[2]
                rest = ("fields", name, *rest[2:])
            present = ("objects", owner, *rest)
            if present != path:
                self.nodes[present] = {**self.nodes.pop(path), **self.nodes.get(present, {})}

    def unused(self) -> tuple[Issue, ...]:
        """A warning for each text that was never asked for."""
        return tuple(
            node.issue(
                codes.UNTRANSLATABLE, f"nothing is called {'.'.join(path)}", at_key=True, severity="warning"
            )
            for path, nodes in self.nodes.items()
            if path not in self.used
            for node in nodes.values()
        )


def collect(packages: Sequence[Package]) -> Texts:
    """All texts of the packages, the highest layer's for each path and language."""
    nodes: dict[Path, dict[str, Node]] = {}
    languages: dict[str, None] = {}
    for package in packages:
        languages.update(dict.fromkeys(package.languages))
        for document in package.documents:
            if document.kind == TRANSLATION:
                languages[document.name] = None
                for path, node in _leaves(document.root, ()):
                    nodes.setdefault(path, {})[document.name] = node
    return Texts(nodes=nodes, languages=tuple(languages))


def _leaves(node: Node, path: Path) -> Iterator[tuple[Path, Node]]:
    for name, below in node.mapping.items():
        here = (*path, name)
        if below.mapping:
            yield from _leaves(below, here)
        elif below.text and here != ("language",):
            # A field or record type given as a bare text means its label.
            yield ((*here, "label") if _is_field(here) else here), below


def _is_field(path: Path) -> bool:
    return len(path) == 4 and path[0] == "objects" and path[2] in ("fields", "record_types")
