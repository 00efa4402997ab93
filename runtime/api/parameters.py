"""The parameters of a list or of figures, read into a Query or an Aggregate.

`?fields=name,account.name&where=amount > 1000&order=-close_date&limit=50&after=…&count=true&find=…`. A name
that does not exist and a name that is hidden from the reader are refused alike.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.naming import unknown_field
from engine.problem import Problem
from engine.query import Aggregate, Bucket, Function, Measure, Query, Unit
from metadata.catalog import FieldPath, Order, UnknownNameError, path
from runtime.codes import BAD_PARAMETER, NO_PAGE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from metadata.catalog import ObjectType
    from runtime.exchange import Exchange

MOST = 500  # records in one page
_LIST = frozenset({"fields", "where", "order", "limit", "after", "before", "count", "find", "deleted"})
_FIGURES = frozenset({"group", "measures", "where", "find"})
_TRUE, _FALSE = frozenset({"true", "1"}), frozenset({"false", "0", ""})


def object_of(exchange: Exchange) -> ObjectType:
    """The object that the path names. Raises Problem 404 when there is none."""
    return object_named(exchange, exchange.param("object"))


def object_named(exchange: Exchange, name: str) -> ObjectType:
    """The object of this name. Raises Problem 404 when there is none."""
    found = exchange.release.catalog.objects.get(name)
    if found is None or found.retired:
        raise Problem(NO_PAGE, f"There is no object {name!r}.", status=404)
    return found


def query_of(exchange: Exchange, target: ObjectType) -> Query:
    """The Query that the parameters of a list ask. Raises Problem for what cannot be understood."""
    _known(exchange, _LIST)
    given = exchange.query
    return Query(
        object=target,
        fields=fields_of(exchange, target) or _visible(exchange, target),
        where=exchange.signed_in.condition(target, given["where"]) if given.get("where") else None,
        order=tuple(_orders(exchange, target, _names(given.get("order", "")))),
        limit=_limit(given.get("limit", "50")),
        after=given.get("after") or None,
        before=given.get("before") or None,
        count=_flag("count", given.get("count", "")),
        deleted=_flag("deleted", given.get("deleted", "")),
        find=given.get("find") or None,
    )


def fields_of(exchange: Exchange, target: ObjectType) -> tuple[FieldPath, ...] | None:
    """The paths of `fields`; None without it. Programs ask the same again, so each text is read once."""
    text = exchange.query.get("fields")
    if not text:
        return None
    # An unknown name raises and nothing is kept; a hidden one is refused when the plan is made.
    return exchange.release.conditions.get(
        ("fields", target.id, text),
        lambda: tuple(_path(exchange, target, name) for name in _names(text)) or None,
    )


def aggregate_of(exchange: Exchange, target: ObjectType) -> Aggregate:
    """The Aggregate that the parameters ask: `group=stage,close_date:month&measures=count,sum:amount`."""
    _known(exchange, _FIGURES)
    given = exchange.query
    return Aggregate(
        object=target,
        group=tuple(_group(exchange, target, item) for item in _names(given.get("group", ""))),
        measures=tuple(_measure(exchange, target, item) for item in _names(given.get("measures") or "count")),
        where=exchange.signed_in.condition(target, given["where"]) if given.get("where") else None,
        find=given.get("find") or None,
    )


def _visible(exchange: Exchange, target: ObjectType) -> tuple[FieldPath, ...]:
    """All fields that the reader may see: what a list shows when nothing is chosen."""
    readable = exchange.signed_in.policy.readable
    return tuple(FieldPath(field=f) for f in target.fields.values() if not f.retired and readable(f))


def _known(exchange: Exchange, names: frozenset[str]) -> None:
    """A misspelt parameter would silently answer another question."""
    for name in exchange.query:
        if name not in names:
            raise Problem(
                BAD_PARAMETER,
                f"There is no parameter {name!r} here.",
                status=400,
                hint=f"Parameters: {', '.join(sorted(names))}.",
            )


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _path(exchange: Exchange, target: ObjectType, name: str) -> FieldPath:
    try:
        return path(target, name)
    except UnknownNameError as error:
        raise unknown_field(exchange.signed_in.policy, target, name) from error


def _orders(exchange: Exchange, target: ObjectType, names: Iterable[str]) -> Iterable[Order]:
    for name in names:
        yield Order(path=_path(exchange, target, name.lstrip("-+")), descending=name.startswith("-"))


def _group(exchange: Exchange, target: ObjectType, item: str) -> FieldPath | Bucket:
    name, _, unit = item.partition(":")
    if not unit:
        return _path(exchange, target, name)
    if unit not in set(Unit):
        raise _bad("group", item, f"A date is grouped by {', '.join(Unit)}.")
    return Bucket(path=_path(exchange, target, name), unit=Unit(unit))


def _measure(exchange: Exchange, target: ObjectType, item: str) -> Measure:
    function, _, name = item.partition(":")
    if function not in set(Function) or (not name and function != Function.COUNT):
        raise _bad("measures", item, f"Write count or function:field, with {', '.join(Function)}.")
    return Measure(function=Function(function), path=_path(exchange, target, name) if name else None)


def _limit(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= MOST:
        raise _bad("limit", text, f"A page has 1 to {MOST} records.")
    return int(text)


def _flag(name: str, text: str) -> bool:
    if text.lower() not in _TRUE | _FALSE:
        raise _bad(name, text, "Write true or false.")
    return text.lower() in _TRUE


def _bad(name: str, value: str, hint: str) -> Problem:
    return Problem(BAD_PARAMETER, f"{name}={value} cannot be understood.", status=400, hint=hint)
