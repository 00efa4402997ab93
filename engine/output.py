"""One asked path as columns of a statement: its value, and for a lookup also the label of what it leads to.

A value made of parts is kept whole, as records show it, and as the text that formulas and groups see. Says
how the driver's value becomes a Python value, from how the field is stored or, for what is computed, from the
type of the expression.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

import sqlalchemy as sa

from engine import codes
from engine.codec import boolean_form, date_form, datetime_form, id_form, number_form, time_form
from engine.lists import gathered
from engine.mask import mask
from engine.problem import Problem
from engine.titles import title_of, title_of_any, titles_of_list
from formula.number import shortest
from formula.sql import decimals
from formula.types import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from engine.database import Dialect
    from engine.fields.contract import Codec, FieldType
    from engine.joins import Joins
    from formula.types import Type
    from metadata.catalog import FieldPath

MOST_COLUMNS = 1600
"""PostgreSQL answers 1,664 columns at most, SQLite 2,000."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Failing:
    """A computed path, and the condition that its value is an error."""

    path: FieldPath
    condition: sa.ColumnElement[bool]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Output:
    """A named column; `decode` is None where the driver's value is the value.

    `json` is None where the value is what JSON shows; a percentage, kept as 0.1, is shown as 10. `failing` is
    None where the value is never an error.
    """

    name: str
    element: sa.ColumnElement[Any]
    decode: Callable[[Any], Any] | None
    json: Codec | None = None
    failing: Failing | None = None


def outputs_of(joins: Joins, path: FieldPath) -> Iterator[Output]:
    """The value of a path, and what people see of the records it leads to, as far as the reader may see it:
    `<path>.title` for a lookup, `<path>.titles` for a list of links.
    """
    if not path.part and joins.policy.masks(path.field):
        yield _masked(joins, path)
        return
    if path.field.many:
        yield from _list_outputs(joins, path)
        return
    yield _whole(joins, path) or output(joins, path)
    if title := title_of(joins, path):
        label = output(joins, title)
        yield Output(name=f"{path.name}.title", element=label.element, decode=label.decode)
    elif (element := title_of_any(joins, path, lambda each, title: each.column(title).element)) is not None:
        yield Output(name=f"{path.name}.title", element=element, decode=None)


def _masked(joins: Joins, path: FieldPath) -> Output:
    whole = output(joins, path)
    sort, decode = cast("FieldType", path.field.sort), whole.decode
    return replace(whole, decode=lambda raw: mask(sort, decode(raw) if decode else raw))


def _list_outputs(joins: Joins, path: FieldPath) -> Iterator[Output]:
    yield output(joins, path)
    if (titles := titles_of_list(joins, path)) is not None:
        element, decode = gathered(*joins.list_of(path), joins.dialect, titles)
        yield Output(name=f"{path.name}.titles", element=element, decode=decode)


def _whole(joins: Joins, path: FieldPath) -> Output | None:
    """The value that formulas see as something else; None where they see it as it is, or nobody sees it."""
    sort = cast("FieldType", path.field.sort)
    if not sort.seen or sort.sealed or path.part:
        return None
    kept, element = joins.form(path.field), joins.stored(path)
    if kept is None or element is None:
        return None
    return Output(name=path.name, element=element, decode=kept.decode, json=sort.shown)


def output(joins: Joins, path: FieldPath) -> Output:
    """A path as formulas see it; a list as a tuple."""
    if path.field.many:
        values, read = gathered(*joins.list_of(path), joins.dialect)
        return Output(name=path.name, element=values, decode=read, json=json_of(path))
    found = joins.column(path)
    sort = cast("FieldType", path.field.sort)
    computed = path.part or path.field.formula is not None or sort.seen
    kept = None if computed else joins.form(path.field)
    decode = kept.decode if kept else decoder(found.type, joins.dialect)
    failing = None if found.failure is None else Failing(path=path, condition=found.failure)
    return Output(
        name=path.name, element=found.element, decode=decode, json=json_of(path), failing=failing
    )  # fmt: skip


def json_of(path: FieldPath) -> Codec | None:
    """How JSON shows what formulas see of the path; None where it is shown as it is."""
    sort = cast("FieldType", path.field.sort)
    return None if path.part or sort.seen else sort.shown


def decoder(type_: Type, dialect: Dialect) -> Callable[[Any], Any] | None:
    """How a computed value of a type comes back from the database; a number with no needless zeros, so that
    it has the same digits from either one.
    """
    match type_.kind:
        case Kind.ID:
            return id_form(dialect).decode
        case Kind.NUMBER if not dialect.sqlite:
            return shortest
        case Kind.NUMBER if type_.scale is not None:
            scaled = number_form(dialect, type_.scale).decode or Decimal
            return lambda raw: shortest(scaled(raw))
        case Kind.NUMBER:
            return decimals.decode
        case Kind.BOOLEAN:
            return boolean_form(dialect).decode
        case Kind.DATE:
            return date_form(dialect).decode
        case Kind.DATETIME:
            return datetime_form(dialect).decode
        case Kind.TIME:
            return time_form(dialect).decode
        case _:
            return None


def columns_of(outputs: Sequence[Output]) -> list[sa.ColumnElement[Any]]:
    """The values, and behind them which of them are errors."""
    failing = (output.failing.condition for output in outputs if output.failing)
    return [*(output.element for output in outputs), *failing]


def selected(columns: Iterable[sa.ColumnElement[Any]], joins: Joins) -> sa.Select[Any]:
    """The rows of the joined tables, read by position: labels keep equal columns apart.

    Raises `Problem` for more columns than both databases answer.
    """
    labelled = [column.label(f"c{n}") for n, column in enumerate(columns)]
    if len(labelled) > MOST_COLUMNS:
        message = f"The query asks for more than {MOST_COLUMNS:,} columns."
        raise Problem(codes.BAD_QUERY, message, hint="Ask for fewer fields.")
    return sa.select(*labelled).select_from(joins.source)
