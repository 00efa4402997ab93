"""The model while it is being compiled: what is known so far, and everything that is wrong.

Each step of `metadata.compile` reads and fills it; nobody else sees it. Something damaged (a file that
breaks off, a field with a wrong type) is remembered by name, so that what refers to it is not reported on
top.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from metadata import codes
from metadata.catalog import Body, Field, FieldPath, ListView, ObjectType
from metadata.lock import Entry
from metadata.names import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from formula.issue import Code, Issue
    from formula.language import Language
    from metadata.catalog import App, Flow, PermissionSet
    from metadata.derivation import Derivation
    from metadata.kinds import Kinds
    from metadata.label import Label
    from metadata.layers import Merged
    from metadata.lock import Lock
    from metadata.node import Node
    from metadata.package import Package
    from metadata.permission import RestrictionRule, SharingRule
    from metadata.shape import Shapes
    from metadata.translations import Texts

MAX_HOPS = 10


class DamagedError(Exception):
    """A name leads to something that has an Issue of its own; what refers to it cannot be judged yet."""


class TooManyHopsError(Exception):
    """A path follows more than `MAX_HOPS` links."""


@dataclass(slots=True, kw_only=True)
class Parts:
    """The mappings behind one ObjectType, to be filled."""

    fields: dict[str, Field] = field(default_factory=dict)
    views: dict[str, ListView] = field(default_factory=dict)
    late: dict[Literal["body"], Body] = field(default_factory=dict)
    derivations: dict[str, Derivation] = field(default_factory=dict)
    identities: dict[str, tuple[Package, str]] = field(default_factory=dict)
    """Field name → the package that defines it and its path in that package's lock."""
    view_nodes: dict[str, Node] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class Draft:
    """See the module."""

    packages: Sequence[Package]
    things: Mapping[str, Mapping[str, Merged]]
    """By kind and name, in the order of layers and files."""
    kinds: Kinds
    language: Language
    shapes: Shapes
    texts: Texts
    locks: Mapping[str, Lock]
    """By package name."""
    owners: Mapping[int, Package]
    """By `id` of a document's Source; documents outlive the draft."""
    issues: list[Issue] = field(default_factory=list)
    warnings: list[Issue] = field(default_factory=list)
    objects: dict[str, ObjectType] = field(default_factory=dict)
    documents: dict[str, Merged] = field(default_factory=dict)
    parts: dict[str, Parts] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    damaged: set[str] = field(default_factory=set)
    apps: dict[str, App] = field(default_factory=dict)
    permission_sets: dict[str, PermissionSet] = field(default_factory=dict)
    sharing_rules: dict[str, SharingRule] = field(default_factory=dict)
    restriction_rules: dict[str, RestrictionRule] = field(default_factory=dict)
    flows: dict[str, Flow] = field(default_factory=dict)

    def of(self, kind: str) -> Iterable[Merged]:
        """The merged documents of one kind that can be judged, in the order of layers and files."""
        return (thing for thing in self.things.get(kind, {}).values() if not thing.broken)

    def report(self, node: Node, code: Code, message: str, *, hint: str = "", at_key: bool = False) -> None:
        """Note an Issue."""
        self.issues.append(node.issue(code, message, hint=hint, at_key=at_key))

    def owner(self, node: Node) -> Package:
        """The package whose file a node stands in."""
        return self.owners[id(node.source)]

    def entry(self, package: Package, path: str) -> Entry:
        """An identity. What has none could not be filed either, and that has been reported."""
        found = self.locks[package.name].entries.get(path)
        return found or Entry(id=path, slot="", physical=path.rpartition(".")[2])

    def part_id(self, object: ObjectType, node: Node, mark: str, name: str) -> str:  # noqa: A002
        """The identity of a rule or view of an object, which another package may have added."""
        package = self.owner(node)
        home = self.documents[object.name].package
        return self.entry(package, f"{mark}{object.name if package is home else object.id}.{name}").id

    def label(self, node: Node, own: str, *path: str) -> Label:
        """The Label of a text that stands in `node`'s file."""
        return self.texts.label(node, own, *path)

    def object(self, name: str, node: Node, *, at_key: bool = False) -> ObjectType | None:
        """The object called `name`; None when there is none (reported at `node`) or it is damaged."""
        found = self.objects.get(self.aliases.get(name, name))
        if found is None and name not in self.damaged:
            hint = nearest(name, self.objects)
            self.report(node, codes.UNKNOWN_OBJECT, f"there is no object `{name}`", hint=hint, at_key=at_key)
        return found

    def field(
        self,
        object: ObjectType,  # noqa: A002
        node: Node,
        name: str | None = None,
        *,
        at_key: bool = False,
    ) -> Field | None:
        """The field of `object` that `node` names; None when there is none (reported) or it is damaged."""
        name = node.text if name is None else name
        found = object.field(name)
        if found is None and not {object.name, f"{object.name}.{name}"} & self.damaged:
            message = f"{object.name} has no field `{name}`"
            hint = nearest(name, object.fields)
            self.report(node, codes.UNKNOWN_FIELD, message, hint=hint, at_key=at_key)
        return found

    def fields(self, object: ObjectType, node: Node | None) -> tuple[Field, ...]:  # noqa: A002
        """The fields that a list names, each once."""
        found: dict[str, Field] = {}
        for item in node.items if node is not None else ():
            field_ = self.field(object, item)
            if field_ is not None and field_.name in found:
                self.report(item, codes.REPEATED, f"`{item.text}` stands here twice")
            elif field_ is not None:
                found[field_.name] = field_
        return tuple(found.values())

    def path(self, object: ObjectType, node: Node, name: str | None = None) -> FieldPath | None:  # noqa: A002
        """The path that `node` names from `object`; None when it leads nowhere (reported) or is damaged."""
        name = node.text if name is None else name
        try:
            found = self.resolve(object, tuple(name.split(".")))
        except DamagedError:
            return None
        except TooManyHopsError:
            self.report(node, codes.TOO_MANY_HOPS, f"`{name}` follows more than {MAX_HOPS} links")
            return None
        if found is None:
            message = f"`{name}` leads to no field of {object.name}"
            hint = nearest(name.split(".")[-1], self.names(object, tuple(name.split(".")[:-1])))
            self.report(node, codes.UNKNOWN_FIELD, message, hint=hint)
        return found

    def resolve(self, object: ObjectType, parts: tuple[str, ...]) -> FieldPath | None:  # noqa: A002
        """The path from `object`, or None. Raises `DamagedError`, `TooManyHopsError`."""
        links: list[Field] = []
        here = object
        for position, part in enumerate(parts):
            if {here.name, f"{here.name}.{part}"} & self.damaged:
                raise DamagedError
            found = here.field(part)
            rest = parts[position + 1 :]
            if found is None or not rest:
                return None if found is None else FieldPath(links=tuple(links), field=found)
            if len(rest) == 1 and rest[0] in found.parts:
                return FieldPath(links=tuple(links), field=found, part=rest[0])
            if found.target is None:
                return None
            links.append(found)
            if len(links) > MAX_HOPS:
                raise TooManyHopsError
            here = found.target
        return None

    def names(self, object: ObjectType, prefix: tuple[str, ...]) -> tuple[str, ...]:  # noqa: A002
        """What may follow `prefix`, for hints."""
        here = object
        for part in prefix:
            found = here.field(part)
            if found is None:
                return ()
            if found.target is None:
                return tuple(found.parts)
            here = found.target
        return tuple(here.fields)
