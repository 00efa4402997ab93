"""Step of the compiler: objects that are the answer to a query.

`query:` names the source, which records of it are read and how they are grouped; each field says with
`value:` and `function:` what it shows. Nothing of such an object is stored, so what is about writing is
refused.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, cast

from formula.expr import references
from formula.scope import Context
from formula.types import BOOLEAN, NUMBER, Kind
from metadata import codes
from metadata.catalog import FieldPath
from metadata.projection import Projection, Shown

if TYPE_CHECKING:
    from collections.abc import Container

    from formula.expr import Formula
    from metadata.catalog import Field, ObjectType
    from metadata.draft import Draft
    from metadata.formulas import Checker
    from metadata.node import Node
    from metadata.projection import Figure

_WRITING = (
    "rules",
    "invariants",
    "duplicates",
    "process",
    "number",
    "singleton",
    "tree",
    "indexes",
    "record_types",
)
_WRITING_FIELD = ("default", "required", "unique", "visible_when", "required_when", "read_only_when")
_ADDING = ("sum", "avg")
_ORDERED = (Kind.NUMBER, Kind.TEXT, Kind.DATE, Kind.DATETIME, Kind.TIME)
COMPANY, CURRENCY = "company", "currency"


def is_query(draft: Draft, object_: ObjectType) -> bool:
    """Whether the object is the answer to a query."""
    return draft.documents[object_.name].root.get("query") is not None


def projection(checker: Checker, object_: ObjectType) -> Projection | None:
    """What the object reads; None where it is no query, or one that is wrong (reported)."""
    draft, root = checker.draft, checker.draft.documents[object_.name].root
    node = root.get("query")
    if node is None:
        _refuse_shown(draft, root)
        return None
    _refuse_writing(draft, root)
    source = draft.object(node.string("from"), node.walk("from"))
    if source is None:
        return None
    if is_query(draft, source):
        draft.report(node.walk("from"), codes.QUERY, f"{source.name} is the answer to a query itself")
        return None
    where = node.get("where")
    condition = checker.check(source, where, Context.FILTER, expect=BOOLEAN) if where is not None else None
    group = tuple(path for item in node.elements("group") if (path := draft.path(source, item)))
    nodes = root.entries("fields")
    grouped = node.get("group") is not None or any(n.get("function") for n in nodes.values())
    shown: dict[str, Shown] = {}
    for name, each in nodes.items():
        field = object_.fields.get(name)
        if field is not None and field.sort.stored and not field.system:
            found = _shown(checker, source, field, each)
            if found and grouped and found.figure is None:
                _check_group(draft, each, found, group)
            if found:
                shown[name] = found
    return Projection(
        source=source, where=condition, grouped=grouped, group=group, shown=MappingProxyType(shown)
    )


def _shown(checker: Checker, source: ObjectType, field: Field, node: Node) -> Shown | None:
    draft = checker.draft
    text, figure = node.get("value"), node.string("function")
    if not field.sort.plain:
        message = f"a {field.sort.kind} cannot show what a formula computes"
        draft.report(node.walk("type"), codes.QUERY, message, hint="Show a part of it, as text.")
        return None
    if text is None:
        if figure == "count":
            return Shown(value=None, figure="count")
        hint = "Give it `value:`, a formula over the source."
        draft.report(node, codes.QUERY, f"`{field.name}` shows nothing", hint=hint, at_key=True)
        return None
    wanted = NUMBER if figure in _ADDING else None if figure == "count" else field.sort.type
    formula = checker.check(source, text, Context.FORMULA_FIELD, expect=wanted)
    if formula is None or not _fits(draft, field, formula, text, figure):
        return None
    return Shown(value=formula, figure=cast("Figure", figure) if figure else None)


def _fits(draft: Draft, field: Field, formula: Formula, node: Node, figure: str) -> bool:
    if field.target is not None and formula.type.target != field.target.name:
        draft.report(node, codes.QUERY, f"`{field.name}` links to {field.target.name}, and this does not")
        return False
    if figure in ("min", "max") and formula.type.kind not in _ORDERED:
        draft.report(node, codes.QUERY, f"{figure} compares numbers, texts and times")
        return False
    if figure in (*_ADDING, "min", "max") and (amount := _mixed(formula)):
        message = f"`{amount.name}` is in each record's own currency, and these are not added or compared"
        draft.report(node, codes.QUERY, message, hint=f"Write `{amount.name}.company`.")
        return False
    return True


def _mixed(formula: Formula) -> FieldPath | None:
    """An amount in the currency of its record, where records say their own."""
    paths = [ref.key for ref in references(formula.expr) if isinstance(ref.key, FieldPath)]
    amounts = [path for path in paths if not path.part and COMPANY in path.field.sort.parts]
    return next((path for path in amounts if CURRENCY in path.field.object.fields), None)


def _check_group(draft: Draft, node: Node, shown: Shown, group: tuple[FieldPath, ...]) -> None:
    """What is no figure must be the same in all rows of a group."""
    assert shown.value is not None
    for reference in references(shown.value.expr):
        if isinstance(path := reference.key, FieldPath) and path not in group:
            hint = f"Add `{path.name}` to `group:`, or say with `function:` what is computed of it."
            message = f"`{path.name}` may differ within a group"
            draft.report(node.walk("value"), codes.QUERY, message, hint=hint)


def _refuse_writing(draft: Draft, root: Node) -> None:
    about = [(name, root.get(name)) for name in _WRITING]
    about += [(name, node.get(name)) for node in root.entries("fields").values() for name in _WRITING_FIELD]
    for name, node in about:
        if node is not None:
            message = f"`{name}` is about records that are stored, and the answer to a query is not"
            draft.report(node, codes.QUERY, message, hint="Take it out.", at_key=True)


def _refuse_shown(draft: Draft, root: Node) -> None:
    for node in root.entries("fields").values():
        kind = draft.kinds.fields.get(node.string("type"))
        own = kind.schema.get("properties", ()) if kind else ()
        for name in ("value", "function"):
            if (found := node.get(name)) is not None and name not in cast("Container[str]", own):
                hint = "A computed field is `type: formula`."
                message = f"`{name}` says what an object with `query:` shows"
                draft.report(found, codes.QUERY, message, hint=hint, at_key=True)
