"""Pass: give new records their numbers, when nothing else can refuse them any more.

The counters of gap-free numbers are held from here to the commit; so the pass stands as late as it can.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import sqlalchemy as sa

from engine.codec import id_form
from engine.save.sheet import sheet
from engine.save.work import Kind
from engine.series import give
from engine.statement import Statement, among_ids, compile_statement, id_list
from metadata.system import DEPARTMENT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from engine.release import Release
    from engine.save.work import Row, Work
    from engine.series import Frame

CODE = "code"
"""The field of departments that numbers tell."""


def take_numbers(work: Work) -> None:
    """Number the sound new rows, in the order of the batch; a statement, one more where departments count."""
    numbered = sheet(work.release, work.object).numbered
    rows = work.sound(Kind.CREATED) if numbered else []
    if not rows:
        return
    today = work.organisation.day(work.now)
    departmental = any(pattern.departmental for _, _, pattern in numbered)
    codes = _codes(work, rows) if departmental else {}
    frames = [
        (row, name, pattern, (series, pattern.frame(today, codes.get(row.after.get("department") or ""))))
        for name, series, pattern in numbered
        for row in rows
    ]
    given: dict[Frame, Iterator[int]] = {}
    always = work.release.dialect.sqlite  # one writer at a time leaves no gaps
    for gap_free in (False, True):
        wanted = Counter(frame for *_, pattern, frame in frames if (always or pattern.gap_free) is gap_free)
        found = give(work.connection, wanted, gap_free=gap_free) if wanted else {}
        given |= {frame: iter(numbers) for frame, numbers in found.items()}
    for row, name, pattern, frame in frames:
        row.after[name] = pattern.number(frame[1], next(given[frame]))


def _codes(work: Work, rows: Sequence[Row]) -> Mapping[str, str | None]:
    """The codes of the rows' departments, by their ids."""
    ids = {str(found) for row in rows if (found := row.after.get("department"))}
    if not ids or CODE not in work.release.catalog.objects[DEPARTMENT].fields:
        return {}
    statement = work.release.statements.get(("department codes",), lambda: _build(work.release))
    return dict(statement.rows(work.connection, {"ids": id_list(sorted(ids), work.release.dialect)}))


def _build(release: Release) -> Statement:
    department = release.catalog.objects[DEPARTMENT]
    table = release.tables[department.id].table
    rows = sa.select(table.c.id, table.c[department.fields[CODE].column])
    dialect = release.dialect
    return compile_statement(
        rows.where(among_ids(table.c.id, "ids", dialect)), dialect, (id_form(dialect).decode, None)
    )
