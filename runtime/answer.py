"""The answer to a question as text: columns and rows of plain values, for the API and the command line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from engine.distinct import distinct
from engine.money import in_one_currency
from engine.output import json_of
from engine.query import Bucket, Function
from runtime.question import Question, column_names

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.fields.contract import Codec, FieldType
    from engine.query import Aggregate, Count
    from engine.session import Session
    from metadata.catalog import FieldPath, ObjectType

COUNTS = frozenset({Function.COUNT, Function.DISTINCT})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Answer:
    """Rows in columns. `next` and `previous` are cursors; figures have none."""

    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]
    next: str | None = None
    previous: str | None = None
    counted: Count | None = None

    def json(self) -> dict[str, object]:
        """As the API tells it."""
        told: dict[str, object] = {"columns": self.columns, "rows": self.rows}
        if self.next or self.previous:
            told |= {"next": self.next, "previous": self.previous}
        if self.counted is not None:
            told["count"] = {"number": self.counted.number, "exact": self.counted.exact}
        return told


def page(session: Session, target: ObjectType, given: Mapping[str, str]) -> Answer:
    """A page of records: id, and what was asked for. Raises Problem."""
    found = session.query(Question(session=session, target=target, given=given).query())
    shown = [{"id": record.id, **record.json()} for record in found.records]
    columns = list(shown[0]) if shown else ["id"]
    return Answer(
        columns=columns,
        rows=[[row[name] for name in columns] for row in shown],
        next=found.next,
        previous=found.previous,
        counted=found.count,
    )


def figures(session: Session, target: ObjectType, given: Mapping[str, str]) -> Answer:
    """One row for each group. Raises Problem."""
    asked = in_one_currency(Question(session=session, target=target, given=given).aggregate())
    columns = [names[0] for names in column_names(asked.group, asked.measures)]
    return Answer(columns=columns, rows=_shown(asked, session.aggregate(asked)))


def different(session: Session, target: ObjectType, given: Mapping[str, str]) -> Answer:
    """A page of different values. Raises Problem."""
    asked = Question(session=session, target=target, given=given).distinct()
    found = distinct(session, asked)
    shows = [json_of(path) for path in asked.fields]
    return Answer(
        columns=[path.name for path in asked.fields],
        rows=[
            [
                show(value) if show and value is not None else value
                for show, value in zip(shows, row, strict=True)
            ]
            for row in found.rows
        ],
        next=found.next,
        previous=found.previous,
    )


def _grouped(path: FieldPath) -> Codec | None:
    """How JSON shows what records are grouped by: of a list each value by itself."""
    element = cast("FieldType", path.field.sort).element
    return json_of(path) if element is None else element.shown


def _shown(asked: Aggregate, rows: Sequence[Sequence[Any]]) -> Sequence[Sequence[Any]]:
    """The rows in the units in which JSON writes their fields."""
    groups = [None if isinstance(item, Bucket) else _grouped(item) for item in asked.group]
    measures = [(item.path, item.function) for item in asked.measures]
    shows = [
        *groups,
        *(json_of(path) if path and function not in COUNTS else None for path, function in measures),
    ]
    if not any(shows):
        return rows
    return [
        [show(value) if show and value is not None else value for show, value in zip(shows, row, strict=True)]
        for row in rows
    ]
