"""The texts of all layers by language, the Labels made of them, and where a language was left behind.

A translation document is nested by names (`objects: {opportunity: {fields: {amount: 金额}}}`); per language
the highest layer wins, whether its text is a translation or the document's own. Texts that nothing asked for
name something that does not exist, and become warnings.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from metadata import codes
from metadata.label import Label
from metadata.package import TRANSLATION
from metadata.translation_lock import digest, key, renewed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from formula.issue import Issue
    from metadata.node import Node
    from metadata.package import Package
    from metadata.translation_lock import TranslationLock

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The text that documents themselves give something, in the language of the package it stands in."""

    text: str
    language: str
    node: Node


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A text that a language lacks, or that is older than its source.

    `text` is what the language has, "" when it is missing; `node` is where that stands, or the source.
    """

    kind: Literal["missing", "stale"]
    path: str
    language: str
    source: str
    text: str
    node: Node


@dataclass(slots=True, kw_only=True)
class Texts:
    """Translations by path, ("objects", "opportunity", "fields", "amount", "label") → language → node.

    `owners` has the package and the height of the layer for each document, by `id` of its Source. `sources`
    is filled while Labels are made: the own text of everything that can be translated.
    """

    nodes: dict[Path, dict[str, Node]]
    languages: tuple[str, ...]
    owners: Mapping[int, tuple[int, Package]]
    sources: dict[Path, Source] = field(default_factory=dict)

    def label(self, node: Node, own: str, *path: str) -> Label:
        """The Label at a path: its own text, which stands in `node`'s file, those below it, and translations.

        Without a `path` nothing can be translated.
        """
        language = self._package(node).language
        found = self.nodes.get(path, {}) if path else {}
        if path:
            self.sources[path] = Source(text=own, language=language, node=node)
        if not found and node.below is None:
            return Label(texts=MappingProxyType({language: own}), language=language)
        texts = {name: text for _, name, text in sorted(self._known(node, own, found), key=_height)}
        return Label(texts=MappingProxyType(texts), language=language)

    def _known(self, node: Node, own: str, found: Mapping[str, Node]) -> Iterator[tuple[int, str, str]]:
        """Height of the layer, language and text; of one layer its own text comes before its translations."""
        here: Node | None = node
        while here is not None:
            text = own if here is node else here.text
            if text:
                yield self.height(here), self._package(here).language, text
            here = here.below
        for language, translation in found.items():
            yield self.height(translation), language, translation.text

    def height(self, node: Node) -> int:
        """The place of a node's layer in their order; 0 is the lowest."""
        return self.owners[id(node.source)][0]

    def _package(self, node: Node) -> Package:
        return self.owners[id(node.source)][1]

    def follow(self, former: Mapping[str, str]) -> None:
        """File the texts of renamed objects and fields under their present names."""
        for path in list(self.nodes):
            present = followed(path, former)
            if present != path:
                self.nodes[present] = {**self.nodes.pop(path), **self.nodes.get(present, {})}

    def unused(self) -> tuple[Issue, ...]:
        """A warning for each text that was never asked for."""
        return tuple(
            node.issue(
                codes.UNTRANSLATABLE, f"nothing is called {'.'.join(path)}", at_key=True, severity="warning"
            )
            for path, nodes in self.nodes.items()
            if path not in self.sources
            for node in nodes.values()
        )

    def stale(self) -> tuple[Issue, ...]:
        """A warning for each translation whose source has changed since."""
        return tuple(
            gap.node.issue(
                codes.STALE,
                f"the text was “{_short(gap.source)}” not yet when this was translated",
                hint="Translate it again, or run `strata translations --confirm` when it is still right.",
                at_key=True,
                severity="warning",
            )
            for path, nodes in self.nodes.items()
            if (source := self.sources.get(path)) is not None
            for language in nodes
            if (gap := self._gap(path, source, language)) is not None
        )

    def gaps(self, language: str) -> tuple[Gap, ...]:
        """What is missing or stale in a language, in the order of the model."""
        found = (self._gap(path, source, language) for path, source in self.sources.items())
        return tuple(gap for gap in found if gap is not None)

    def _gap(self, path: Path, source: Source, language: str) -> Gap | None:
        if source.language == language or not source.text:
            return None
        node = self.nodes.get(path, {}).get(language)
        if node is not None and not self._left_behind(path, source, language, node):
            return None
        return Gap(
            kind="missing" if node is None else "stale",
            path=".".join(path),
            language=language,
            source=source.text,
            text="" if node is None else node.text,
            node=source.node if node is None else node,
        )

    def _left_behind(self, path: Path, source: Source, language: str, node: Node) -> bool:
        """By what the translation's package remembers of its source; else when a higher layer's is newer."""
        entry = self._package(node).translated.get(key(path, language))
        if entry is not None and entry.text == digest(node.text):
            return entry.source != digest(source.text)
        return self.height(node) < self.height(source.node)

    def of(self, package: str) -> Texts:
        """The same, of the things alone whose own text stands in the package of this name."""
        mine = {p: s for p, s in self.sources.items() if self._package(s.node).name == package}
        return Texts(nodes=self.nodes, languages=self.languages, owners=self.owners, sources=mine)


def collect(packages: Sequence[Package]) -> Texts:
    """All texts of the packages, in their order; the highest layer's for each path and language."""
    nodes: dict[Path, dict[str, Node]] = {}
    languages: dict[str, None] = {}
    owners: dict[int, tuple[int, Package]] = {}
    for height, package in enumerate(packages):
        languages.update(dict.fromkeys(package.languages))
        for document in package.documents:
            owners[id(document.root.source)] = height, package
            if document.kind == TRANSLATION:
                languages[document.name] = None
                for path, node in leaves(document.root):
                    nodes.setdefault(path, {})[document.name] = node
    return Texts(nodes=nodes, languages=tuple(languages), owners=owners)


def leaves(node: Node, path: Path = ()) -> Iterator[tuple[Path, Node]]:
    """Every text of a translation document with its path."""
    for name, below in node.mapping.items():
        here = (*path, name)
        if below.mapping:
            yield from leaves(below, here)
        elif below.text and here != ("language",):
            # A field or record type given as a bare text means its label.
            yield ((*here, "label") if _is_field(here) else here), below


def followed(path: Path, former: Mapping[str, str]) -> Path:
    """The path under the present names of its object and field."""
    if path[0] != "objects" or len(path) < 2:
        return path
    owner = former.get(path[1], path[1])
    rest = path[2:]
    if len(rest) > 1 and rest[0] == "fields":
        name = former.get(f"{owner}.{rest[1]}", rest[1]).rpartition(".")[2]
        rest = ("fields", name, *rest[2:])
    return ("objects", owner, *rest)


def lock_texts(
    package: Package,
    texts: Texts,
    former: Mapping[str, str],
    confirmed: Callable[[str], bool] = lambda name: False,  # noqa: ARG005
) -> TranslationLock:
    """The translation lock that fits the package: what is new or translated anew notes today's source.

    `former` maps former paths of things to present ones; `confirmed` says of a key (`objects.deal.label
    zh-CN`) that its translation is right still. Locking twice changes nothing.
    """
    known = {followed_key(name, former): entry for name, entry in package.translated.entries.items()}
    return renewed(known, _pairs(package, texts), confirmed)


def _pairs(package: Package, texts: Texts) -> Iterator[tuple[str, str, str]]:
    for path, nodes in texts.nodes.items():
        source = texts.sources.get(path)
        for language, node in nodes.items():
            if source is not None and texts.owners[id(node.source)][1].name == package.name:
                yield key(path, language), source.text, node.text


def followed_key(name: str, former: Mapping[str, str]) -> str:
    """The key of a translation lock under present names."""
    path, _, language = name.rpartition(" ")
    return key(followed(tuple(path.split(".")), former), language)


def _is_field(path: Path) -> bool:
    return len(path) == 4 and path[0] == "objects" and path[2] in ("fields", "record_types")


def _height(known: tuple[int, str, str]) -> int:
    return known[0]


def _short(text: str, most: int = 60) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
