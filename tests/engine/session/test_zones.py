"""Claims about days: an instant is a day of who looks, in Python and both databases; all else is in UTC."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
import yaml

from engine.mutation import Create
from engine.problem import Problem
from engine.query import Aggregate, Bucket, Function, Measure, Unit
from engine.session import Session
from formula.program import Env, compile_python
from metadata.catalog import FieldPath
from tests.engine.session.company import Company, compiled, opened
from tests.engine.session.conftest import open_url

if TYPE_CHECKING:
    from collections.abc import Iterator

ZONES: dict[str, list[tuple[datetime, date]]] = yaml.safe_load(
    Path(__file__).with_name("zones.yaml").read_text("utf-8")
)
INSTANTS = sorted({instant for cases in ZONES.values() for instant, _ in cases})
STAY = """
object: stay
label: Stay
plural: Stays
title: name
fields:
  name: {type: text, label: Name, required: true}
  at: {type: datetime, label: At}
  day: {type: formula, label: Day, returns: date, formula: DATEVALUE(at)}
  days: {type: formula, label: Days, returns: number, scale: 0, formula: TODAY() - DATEVALUE(at)}
  told: {type: formula, label: Told, returns: text, formula: TEXT(at)}
  clock: {type: formula, label: Clock, returns: time, formula: TIMEVALUE(at)}
  same: {type: formula, label: Same, returns: boolean, formula: 'at = DATETIMEVALUE(LEFT(TEXT(at), 19))'}
  now: {type: formula, label: Now, returns: text, formula: TEXT(NOW())}
  midnight: {type: formula, label: Midnight, returns: text, formula: TEXT(DATETIMEVALUE(DATEVALUE(at)))}
  opens: {type: date, label: Opens, default: "=TODAY()"}
  ends: {type: date, label: Ends}
rules:
  past: {when: ends < TODAY(), message: That day is over., at: ends}
"""


@pytest.fixture
def inn(database_url: str) -> Iterator[Company]:
    """A company with a stay at each instant."""
    database = open_url(database_url)
    company = opened(database, compiled({"objects/stay.yaml": STAY}))
    stays = [Create(values={"name": instant.isoformat(), "at": instant}) for instant in INSTANTS]
    company.apply(company.session(), "stay", *stays)
    yield company
    database.close()


def door(company: Company, zone: str) -> Session:
    """Ann, in a zone."""
    actor = replace(company.actor("ann", "s_all"), zone=ZoneInfo(zone))
    return Session(
        database=company.database, release=company.release, actor=actor, clock=company.clock,
        ids=company.make_id,
    )  # fmt: skip


def shown(company: Company, zone: str, *names: str) -> dict[datetime, dict[str, Any]]:
    session = door(company, zone)
    query = company.query(session, "stay", "at", *names, limit=500)
    return {record.values["at"]: record.json() for record in session.query(query).records}


def test_an_instant_is_a_day_of_who_looks(inn: Company) -> None:
    stay = inn.release.catalog.object("stay")
    formula = stay.fields["day"].formula
    assert formula is not None
    program = compile_python(formula)
    for zone, cases in ZONES.items():
        found = shown(inn, zone, "day")
        wanted = dict(cases)
        assert {at: found[at]["day"] for at in wanted} == wanted, zone
        env = Env(now=inn.now, zone=ZoneInfo(zone))
        assert {at: program({"at": at}, env) for at in wanted} == wanted, zone


def test_lists_filter_and_figures_group_by_the_days_of_who_looks(inn: Company) -> None:
    stay = inn.release.catalog.object("stay")
    at = FieldPath(field=stay.fields["at"])
    for zone, cases in ZONES.items():
        session = door(inn, zone)
        for instant, day in cases:
            where = (
                f'DATEVALUE(at) = DATE({day.year}, {day.month}, {day.day}) && name = "{instant.isoformat()}"'
            )
            assert inn.names(session, "stay", where=where) == [instant.isoformat()], (zone, instant)
        asked = Aggregate(
            object=stay,
            group=(Bucket(path=at, unit=Unit.DAY),),
            measures=(Measure(function=Function.COUNT),),
        )
        grouped: dict[object, object] = dict(session.aggregate(asked))  # type: ignore[arg-type]
        for day in {day for _, day in cases}:
            assert grouped[day] == sum(value["day"] == day for value in shown(inn, zone, "day").values())


def test_text_times_and_midnights_are_in_utc_for_everybody(inn: Company) -> None:
    for zone in ("Asia/Kathmandu", "America/New_York"):
        for at, values in shown(inn, zone, "told", "clock", "same").items():
            assert values["told"] == at.strftime("%Y-%m-%d %H:%M:%SZ")
            assert (values["clock"], values["same"]) == (at.time(), True)
    night = datetime(2026, 1, 1, 18, 15, tzinfo=UTC)
    assert shown(inn, "Asia/Kathmandu", "midnight")[night]["midnight"] == "2026-01-02 00:00:00Z"
    assert shown(inn, "UTC", "midnight")[night]["midnight"] == "2026-01-01 00:00:00Z"


@pytest.mark.parametrize(
    ("zone", "today"),
    [("Europe/Berlin", date(2026, 3, 29)), ("UTC", date(2026, 3, 28)), ("Pacific/Apia", date(2026, 3, 29))],
)
def test_today_is_the_day_of_who_saves_and_looks(inn: Company, zone: str, today: date) -> None:
    inn.now = datetime(2026, 3, 28, 23, 30, tzinfo=UTC)
    session = door(inn, zone)
    made = inn.create(session, "stay", name="new", at=inn.now, ends=today)
    record = session.get(inn.release.catalog.object("stay"), made)
    assert (record.values["opens"], record.values["day"], record.values["days"]) == (today, today, 0)
    assert record.values["now"] == "2026-03-28 23:30:00Z"
    assert inn.names(session, "stay", where='opens = TODAY() && DATEVALUE(at) = TODAY() && name = "new"') == [
        "new"
    ]
    with pytest.raises(Problem, match="refused") as refused:
        inn.create(session, "stay", name="old", ends=today.replace(day=today.day - 1))
    assert refused.value.details[0].message == "That day is over."


def test_an_instant_at_the_end_of_time_has_no_day_beyond_it(inn: Company) -> None:
    end = datetime.combine(date.max, time(23, 30), UTC)
    inn.create(inn.session(), "stay", name="end", at=end)
    assert shown(inn, "UTC", "day")[end]["day"] == date.max
    late = shown(inn, "Asia/Shanghai", "day")[end]
    assert (late["day"], late["day.error"]) == (None, "the value is out of range in DATEVALUE(at)")
