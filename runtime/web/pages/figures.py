"""The figures below a list: how many records match, and sum and average of its columns of money."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, cast

from engine.fields.currency import Currency
from engine.query import Aggregate, Function, Measure
from metadata.catalog import FieldPath
from runtime.web.display import cell
from runtime.web.pages.columns import heading

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.query import Count, Query
    from runtime.web.pages.visit import Visit

MOST = 2
"""Columns of money that are added up; more would not fit below the list."""
WANTED = (Function.SUM, Function.AVG)


def figures(visit: Visit, asked: Query, count: Count | None) -> Iterator[str]:
    """The figures over all records that a list's query matches, in one more statement at most."""
    if count is not None:
        yield visit.reader.text("list.records", count=count.number, number=counted(visit, count))
    money = [path for path in asked.fields if isinstance(path.field.sort, Currency) and not path.links]
    shown = list(dict.fromkeys(FieldPath(field=path.field) for path in money))[:MOST]
    if not shown:
        return
    measures = tuple(
        Measure(function=function, path=FieldPath(field=path.field, part="company"))
        for path in shown
        for function in WANTED
    )
    over = Aggregate(object=asked.object, measures=measures, where=asked.where, find=asked.find)
    for line in visit.signed_in.aggregate(over):
        for place, path in enumerate(shown):
            yield from _said(visit, path, line[place * 2], line[place * 2 + 1])


def counted(visit: Visit, count: Count) -> str:
    """A count as people write it; "10,000+" where counting stopped."""
    return visit.reader.formats.number(count.number) + ("" if count.exact else "+")


def _said(visit: Visit, path: FieldPath, total: object, average: object) -> Iterator[str]:
    label = heading(path, visit.reader.language)
    for key, value in (("list.sum", total), ("list.average", average)):
        if value is not None:
            amount = cast("Decimal", value).quantize(Decimal("0.01"))
            yield visit.reader.text(key, field=label, amount=cell(path, amount, None, visit.reader).text)
