"""Revaluation: amounts whose rate is not frozen yet come to be worth what the latest rate says.

Every night the company companions of all records that still follow are made anew, in one change set that
starts no flow, written in chunks; broken off, it goes on where it was. A record is looked at until the day
that freezes its rate has passed, and never again: what counts is the day of the last revaluation that came to
its end. Called by the background worker and by `strata rates refresh`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from engine.changes.undertaking import chunks, undertaking
from engine.codec import id_form
from engine.mutation import Mutation, Nature, Update
from engine.problem import Refusal
from engine.save.sheet import COMPANY, sheet
from engine.statement import Statement, compile_statement
from engine.system import meta, set_meta
from engine.worth import rate_day, worth
from formula.types import Kind
from metadata.catalog import rate_date
from metadata.formulas import CURRENCY_RATE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from engine.session import Session
    from engine.tables import KeptField
    from metadata.catalog import ObjectType

ENTRY = "rates"
DAY = "rates_day"
"""What the tenant remembers: the day of the last revaluation that came to its end."""

PAGE = 1000
"""Records looked at in one reading; those that changed are written in smaller chunks."""

_FIRST = "00000000-0000-0000-0000-000000000000"


@dataclass(frozen=True, slots=True, kw_only=True)
class Revalued:
    """What a revaluation did: records by object; `refused` have no rate, or are too large, and stay.

    `change_set` is None where nothing changed.
    """

    day: date
    change_set: str | None
    records: Mapping[ObjectType, int] = field(default_factory=dict)
    refused: int = 0


def due(session: Session) -> bool:
    """Whether a day has begun, where the company is, on which nothing was revalued yet."""
    with session.reading() as connection:
        return meta(connection, DAY) != session.organisation().day(session.clock()).isoformat()


def revalue(session: Session) -> Revalued:
    """Let the amounts follow; `session` is the system's own. Raises `StaleRelease`: run it again then."""
    day = session.organisation().day(session.clock())
    with session.reading() as connection:
        last = date.fromisoformat(meta(connection, DAY) or date.min.isoformat())
    records: Counter[ObjectType] = Counter()
    refused = 0
    with undertaking(session, entry=ENTRY, reason="", subject=None) as held:
        for target in _followers(session):
            for page in _pages(session, target, last, day):
                for chunk in chunks(page):
                    done = _write(session, target, chunk, held)
                    records[target] += done
                    refused += len(chunk) - done
    with session.database.write() as connection:
        set_meta(connection, DAY, day.isoformat())
    return Revalued(
        day=day, change_set=held if records.total() else None, records=dict(+records), refused=refused
    )


def _write(session: Session, target: ObjectType, ids: Sequence[str], change_set: str) -> int:
    """Make the companions of some records anew; returns of how many."""
    changes = tuple(Update(id=id_, values={}) for id_ in ids)
    mutation = Mutation(
        object=target, changes=changes, entry=ENTRY, automation=False, partial=True, answer=False,
        nature=Nature.REVALUING,
    )  # fmt: skip
    return sum(problem is None for problem in session.apply(mutation, change_set).problems)


def _followers(session: Session) -> Iterator[ObjectType]:
    """The objects whose records may hold amounts in other currencies than the company's."""
    release = session.release
    if session.organisation().currency is None or CURRENCY_RATE not in release.catalog.objects:
        return
    for target in release.catalog.objects.values():
        table = release.tables.get(target.id)
        if table is not None and table.currency is not None and sheet(release, target).companions:
            yield target


def _pages(session: Session, target: ObjectType, last: date, today: date) -> Iterator[list[str]]:
    """The ids of records whose companions are not what they should be, page by page."""
    release, organisation = session.release, session.organisation()
    statement = release.statements.get(("revaluation", target.id), lambda: _build(session, target))
    encode = id_form(release.dialect).encode or str
    params = {
        "company": organisation.currency,
        "since": _since(session, target, last),
        "after": encode(_FIRST),
    }
    while True:
        with session.reading() as connection:
            rows = statement.rows(connection, params)
            found = _astray(session, connection, target, rows, today)
        if found:
            yield found
        if len(rows) < PAGE:
            return
        params["after"] = encode(rows[-1][0])


def _astray(
    session: Session, connection: Any, target: ObjectType, rows: Sequence[Sequence[Any]], today: date
) -> list[str]:
    organisation, frozen_at = session.organisation(), rate_date(target)
    named = [{} if frozen_at is None else {frozen_at.name: row[2]} for row in rows]
    days = [rate_day(frozen_at, values, organisation, today) for values in named]
    pairs = [(str(row[1]), day) for row, day in zip(rows, days, strict=True)]
    known = worth(connection, session.release, str(organisation.currency), pairs)
    found = []
    for row, (code, day) in zip(rows, pairs, strict=True):
        try:
            right = all(known.of(row[n], code, day) == row[n + 1] for n in range(3, len(row), 2))
        except Refusal:
            right = False
        if not right:
            found.append(str(row[0]))
    return found


def _since(session: Session, target: ObjectType, last: date) -> object:
    """The day of the last revaluation as the column of the date that freezes the rate would hold it."""
    frozen_at = rate_date(target)
    if frozen_at is None:
        return None
    held = session.release.tables[target.id].kept[frozen_at.name].value.stored.encode
    value: date | datetime = last
    if frozen_at.sort.type.kind is Kind.DATETIME:
        zone = ZoneInfo(session.organisation().globals["$org.time_zone"] or "UTC")
        value = datetime.combine(max(last, date(1, 1, 3)), time.min, tzinfo=zone).astimezone(UTC)
    return held(value) if held else value


def _build(session: Session, target: ObjectType) -> Statement:
    """Id, currency, the date that freezes the rate, then each amount with what it is worth."""
    release = session.release
    table = release.tables[target.id]
    kept, c, dialect = table.kept, table.table.c, release.dialect
    assert table.currency is not None
    code = table.currency.value
    names = [key.removesuffix(COMPANY) for key in sheet(release, target).companions]
    columns = [kept["id"].value, code, _freezing(table.kept, target), *_pairs(kept, names)]
    rules = [
        c.deleted_at.is_(None), c.id > sa.bindparam("after", type_=c.id.type),
        code.column.is_not(None), code.column != sa.bindparam("company", type_=code.column.type),
    ]  # fmt: skip
    if (frozen_at := rate_date(target)) is not None:
        freezing = kept[frozen_at.name].value.column
        since: sa.BindParameter[Any] = sa.bindparam("since", type_=freezing.type)
        rules.append(sa.or_(freezing.is_(None), freezing >= since))
    rows = sa.select(*(each.column.label(f"c{n}") for n, each in enumerate(columns)))
    limited = rows.where(*rules).order_by(c.id).limit(sa.literal_column(str(PAGE)))
    return compile_statement(limited, dialect, [each.stored.decode for each in columns])


def _freezing(kept: Mapping[str, KeptField], target: ObjectType) -> Any:
    """The date that freezes the rate; without one the id stands in its place."""
    frozen_at = rate_date(target)
    return kept["id" if frozen_at is None else frozen_at.name].value


def _pairs(kept: Mapping[str, KeptField], names: Sequence[str]) -> Iterator[Any]:
    for name in names:
        yield kept[name].value
        yield kept[name].parts["company"]
