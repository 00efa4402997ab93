"""Step of the compiler: every formula of the documents, checked in the scope of its object.

`ObjectScope` gives the language the names of a record: own fields, paths over links, option attributes,
`$user`, `$old` and what is `common` to all. Also finds formula fields that refer to each other in a circle.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from formula.expr import Call, Literal, Reference, children
from formula.issue import Issue, Rejected
from formula.scope import Context, related
from formula.types import BOOLEAN, TEXT, Kind
from metadata import codes
from metadata.backlink import backlink, backlinks, link_reference, name_of
from metadata.catalog import FieldPath, Global
from metadata.draft import MAX_HOPS, DamagedError, TooManyHopsError
from metadata.embedded import embedded
from metadata.names import is_name
from metadata.system import USER

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping

    from formula.expr import Expr, Formula
    from formula.language import Blanks
    from formula.scope import Related
    from formula.types import Type
    from metadata.catalog import ObjectType
    from metadata.draft import Draft
    from metadata.node import Node

ORGANISATION = {"name": TEXT, "currency": TEXT, "language": TEXT, "time_zone": TEXT}
"""What `$org.` knows."""

CURRENCY_RATE, BUSINESS_CALENDAR = "currency_rate", "business_calendar"
"""The objects whose records `$rates` and `$calendar` stand for."""

_GLOBALS = ("$user", "$old", "$org", "$rates", "$calendar")


COMMON_NAMES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"$org": tuple(ORGANISATION), "$rates": ("today",), "$calendar": ("default",)}
)
"""What may follow the names that are the same for all records; other calendars are records, and not known."""


def common(parts: tuple[str, ...], objects: Container[str]) -> Reference | None:
    """A name that is the same for all records, where the company keeps what it stands for."""
    name = ".".join(parts)
    match parts:
        case ("$org", entry) if entry in ORGANISATION:
            return Reference(name=name, type=ORGANISATION[entry], key=Global(root="$org", path=None))
        case ("$rates", "today") if CURRENCY_RATE in objects:
            return Reference(name=name, type=TEXT, key=Global(root="$rates", path=None))
        case ("$calendar", code) if BUSINESS_CALENDAR in objects and is_name(code):
            return Reference(name=name, type=TEXT, key=Global(root="$calendar", path=None))
        case _:
            return None


@dataclass(slots=True)
class ObjectScope:
    """The names a formula over one object may use."""

    draft: Draft
    object: ObjectType
    known: dict[tuple[str, ...], Reference | None] = field(default_factory=dict)

    def resolve(self, parts: tuple[str, ...]) -> Reference | None:
        """The reference for a path in lower case. Raises `DamagedError`, `TooManyHopsError`."""
        if parts not in self.known:
            self.known[parts] = self._find(parts)
        return self.known[parts]

    def _find(self, parts: tuple[str, ...]) -> Reference | None:
        match parts:
            case ("$user", *rest):
                return self._user(parts, tuple(rest))
            case ("$old", *rest):
                return _reference(self.draft.resolve(self.object, tuple(rest)), "$old") if rest else None
            case ("$objecttype", name, "fields", field):
                return self._of_another(parts, name, field)
            case (root, *_) if root.startswith("$"):
                return common(parts, self.draft.objects)
            case _:
                return _reference(self.draft.resolve(self.object, parts))

    def _of_another(self, parts: tuple[str, ...], name: str, field: str) -> Reference | None:
        """A field of any object, for VLOOKUP."""
        target = self.draft.objects.get(name)
        path = None if target is None else self.draft.resolve(target, (field,))
        if path is None or path.field.many:
            return None
        return Reference(name=".".join(parts), type=path.type, key=Global(root="$objecttype", path=path))

    def _user(self, parts: tuple[str, ...], rest: tuple[str, ...]) -> Reference | None:
        """A field of the acting user; not further, so that it needs no query."""
        user = self.draft.objects.get(USER)
        if user is None:
            raise DamagedError
        return _reference(self.draft.resolve(user, rest), "$user") if len(parts) == 2 else None

    def names(self, prefix: tuple[str, ...]) -> Iterable[str]:
        """What may follow `prefix`, for hints."""
        match prefix:
            case ():
                return (*self.object.fields, *_GLOBALS)
            case ("$org" | "$rates" | "$calendar" as root,):
                return COMMON_NAMES[root]
            case ("$user",):
                user = self.draft.objects.get(USER)
                return () if user is None else tuple(user.fields)
            case ("$old", *rest):
                return self.draft.names(self.object, tuple(rest))
            case _:
                return self.draft.names(self.object, prefix)

    def related(self, parts: tuple[str, ...]) -> Related | None:
        """The records that a link of another object leads from. Raises `DamagedError`."""
        if parts and self.draft.aliases.get(parts[0], parts[0]) in self.draft.damaged:
            raise DamagedError
        link = backlink(self.draft.objects, self.object, parts)
        return None if link is None else related(link_reference(link), ObjectScope(self.draft, link.object))

    def links(self) -> Iterable[str]:
        """The links that lead here, for hints."""
        return map(name_of, backlinks(self.draft.objects, self.object))


def _reference(path: FieldPath | None, root: str = "") -> Reference | None:
    if path is None:
        return None
    computed = not (path.field.sort.stored or path.part)
    match root:
        case "$old":
            key, name = Global(root="$old", path=path), f"$old.{path.name}"
            return Reference(name=name, type=path.type, key=key, computed=computed)
        case "$user":
            return Reference(name=f"$user.{path.name}", type=path.type, key=Global(root="$user", path=path))
        case _:
            return Reference(name=path.name, type=path.type, key=path, computed=computed)


@dataclass(slots=True)
class Checker:
    """Checks formulas into a draft; one per compile, so that scopes are shared."""

    draft: Draft
    scopes: dict[str, ObjectScope] = field(default_factory=dict)
    checked: list[Formula] = field(default_factory=list)

    def scope(self, object: ObjectType) -> ObjectScope:  # noqa: A002
        """The scope of an object."""
        return self.scopes.setdefault(object.name, ObjectScope(self.draft, object))

    def check(
        self,
        object: ObjectType,  # noqa: A002
        node: Node,
        context: Context,
        *,
        expect: Type | None = None,
        blanks: Blanks = "as_blank",
        skip: int = 0,
    ) -> Formula | None:
        """The formula in `node` from character `skip` on; None when it is wrong (reported) or damaged."""
        source = embedded(node, skip)
        try:
            formula = self.draft.language.check(
                source, self.scope(object), context, expect=expect, blanks=blanks
            )
        except Rejected as error:
            self.draft.issues.extend(error.issues)
            return None
        except DamagedError:
            return None
        except TooManyHopsError:
            self.draft.report(node, codes.TOO_MANY_HOPS, f"a path in it follows more than {MAX_HOPS} links")
            return None
        self.draft.warnings.extend(formula.warnings)
        if context is Context.FORMULA_FIELD and formula.type.kind is Kind.BOOLEAN:
            formula = replace(formula, expr=self.or_false(formula.expr))
        self.draft.issues.extend(_no_values(formula))
        self.checked.append(formula)
        return formula

    def or_false(self, expr: Expr) -> Expr:
        """What a field shows that is true or false: false where a comparison with blank is neither."""
        function = self.draft.language.functions["NULLVALUE"]
        false = Literal(value=False, type=BOOLEAN, span=expr.span)
        return Call(function=function, arguments=(expr, false), type=BOOLEAN, span=expr.span)


def _no_values(formula: Formula) -> Iterator[Issue]:
    """Fields of other objects where they are taken for values, or looked in while they are not stored."""
    pending: list[tuple[Expr, bool]] = [(formula.expr, False)]
    while pending:
        node, named = pending.pop()
        names = node.function.names if isinstance(node, Call) else 0
        pending += [(each, place < names) for place, each in enumerate(children(node))]
        if not isinstance(node, Reference) or not isinstance(node.key, Global) or node.key.path is None:
            continue
        if node.key.root == "$objecttype" and not (named and node.key.path.field.sort.stored):
            message = f"{node.name} is no value here: VLOOKUP() takes stored fields of other objects"
            yield Issue(code=codes.NOT_A_VALUE, message=message, source=formula.source, span=node.span)


def formula_fields(checker: Checker, object_: ObjectType) -> dict[str, Formula]:
    """The expressions of an object's computed fields, by name; those of stored ones are its derivations."""
    draft = checker.draft
    found: dict[str, Formula] = {}
    derivations = draft.parts[object_.name].derivations
    for name, node in draft.documents[object_.name].root.entries("fields").items():
        text, target = node.get("formula"), object_.fields.get(name)
        if text is None or target is None:
            continue
        kept = derivations if target.sort.stored else found
        context = Context.STORED_FIELD if target.sort.stored else Context.FORMULA_FIELD
        formula = checker.check(object_, text, context, expect=target.sort.type, blanks=blanks_of(node))
        if formula is not None and target.sort.stored and formula.type.kind is Kind.BOOLEAN:
            formula = replace(formula, expr=checker.or_false(formula.expr))
        if formula is not None:
            kept[name] = formula
    return found


def blanks_of(node: Node) -> Blanks:
    """How the formula of a field or a rule reads blank numbers."""
    return "as_zero" if node.string("blanks") == "as_zero" else "as_blank"
