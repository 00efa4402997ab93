"""Lists of a million accounts for readers who see none, twenty, two thousand, 400,000 and all of them.

    python -m benchmarks.access [--rows 1000000] [--database sqlite] [--keep FOLDER] [--rounds 25]

In each round the administrator's page, the reader's, its statement and that of the same page by hand take
turns; a ratio is the median of the rounds' ratios: page to page, statement to statement. Then the same list
through API and page of the server, figures, and the move of a department of 500 people. Bars: 2 times the
administrator's page, 3 times the SQL by hand, a median of 40 ms embedded; 2 s for the move. `--keep` leaves
the company there, for the next time.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING, Any

import httpx

from benchmarks.api import DATABASES, empty_database
from benchmarks.crowd import ADMIN, Crowd, opened
from benchmarks.process import serving
from benchmarks.table import figure, render
from engine.codec import id_form
from engine.mutation import Mutation, Update
from engine.planner import read_plan
from engine.query import Aggregate, Function, Measure, Query
from engine.statement import compile_text
from metadata.catalog import Order
from runtime.demo_crowd import READERS, Size

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from engine.database import Connection, Row
    from engine.session import Session
    from engine.statement import Statement

ROWS, USERS, ROUNDS, LIMIT = 1_000_000, 5000, 25, 50
TIMES_ADMIN, TIMES_HAND, MEDIAN_MS, MOVE_MS = 2.0, 3.0, 40.0, 2000.0
COLUMNS = ("name", "type", "level", "industry", "region", "annual_revenue", "owner.name")
ORDERS = {
    "name": "t.name__sort NULLS LAST, t.id",
    "annual_revenue": "t.annual_revenue NULLS LAST, t.id",
    "created_at": "t.created_at NULLS LAST, t.id",
}
"""What the list is sorted by, and the same by hand."""

_HAND = """SELECT t.id, t.version, t.name, t.type, t.level, t.industry, t.region, t.annual_revenue, u.name
FROM account t LEFT JOIN "user" u ON u.id = t.owner AND u.deleted_at IS NULL
WHERE {rule} AND t.deleted_at IS NULL ORDER BY {order} LIMIT 51"""
_OWN = "t.owner = :actor_id"
_BELOW = "{sign}t.department IN (SELECT below FROM s_department_closure WHERE above = :actor_department)"
RULES = {
    "region": (_BELOW.format(sign="+"), _BELOW.format(sign="")),
    "team": (_BELOW.format(sign=""), _BELOW.format(sign="")),
    "few": (_OWN, _OWN),
    "none": (_OWN, _OWN),
}
"""Each reader's predicate for SQLite, whose `+` keeps an engineer's list on the index of its order, and for
PostgreSQL."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What was measured of one list: medians in ms, and medians of the rounds' ratios."""

    name: str
    mine: float
    admin: float
    times_admin: float
    statement: float
    hand: float
    times_hand: float

    def cells(self) -> tuple[str, ...]:
        """The line of a table; what is over its bar is marked."""
        return (
            self.name, _barred(self.mine, MEDIAN_MS), figure(self.admin),
            _barred(self.times_admin, TIMES_ADMIN), figure(self.statement), figure(self.hand),
            _barred(self.times_hand, TIMES_HAND),
        )  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure on each database and print tables."""
    parser = argparse.ArgumentParser(prog="benchmarks.access", description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--users", type=int, default=USERS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--database", choices=DATABASES, action="append", help="default: both")
    parser.add_argument("--keep", type=Path, help="folder of an embedded company that stays there")
    parser.add_argument("--at", default="", help="URL of a PostgreSQL database whose company stays there")
    given = parser.parse_args(arguments)
    for kind in given.database or DATABASES:
        with ExitStack() as stack:
            folder = given.keep or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="strata-")))
            url = given.at if kind != "sqlite" and given.at else stack.enter_context(empty_database(kind))
            size = Size(rows=given.rows, users=given.users)
            crowd = stack.enter_context(opened(folder, url, size))
            _report(f"{kind}, {given.rows:,} accounts", crowd, given.rounds)


def _report(title: str, crowd: Crowd, rounds: int) -> None:
    if crowd.loaded:
        print(f"{title}: loaded in {crowd.loaded:.0f} s")
    columns = ("list of 50", "p50 ms", "admin's", "times admin", "statement ms", "by hand", "times hand")
    lines = [_list(crowd, who, order, rounds).cells() for order in ORDERS for who in READERS]
    print(render(f"{title}: in process", columns, lines))
    head = ("", *(f"{who} ms" for who in crowd.sessions))
    print(render(f"{title}: through the server", head, _served(crowd, rounds)))
    print(render(f"{title}: figures, in process", head, _figures(crowd, max(3, rounds // 8))))
    moved = [_move(crowd, turn) for turn in range(4)]
    print(f"moving a department of about 500 people: {figure(median(moved))} ms (bar {MOVE_MS:,.0f})")
    sys.stdout.flush()


def _list(crowd: Crowd, who: str, order: str, rounds: int) -> Line:
    admin, session, asked = crowd.sessions[ADMIN], crowd.sessions[who], _query(crowd, order)
    hand = _by_hand(crowd, who, order)
    found = len(session.query(asked).records)
    with crowd.tenant.database.read() as connection:
        mine = _planned(connection, session, asked)

        def run(statement: Statement, params: Mapping[str, object]) -> list[Row]:
            return connection.rows(statement.text, params)

        assert found == min(len(run(*hand)), LIMIT), f"{who} by {order} differs"
        turns = [
            (_ms(admin.query, asked), _ms(session.query, asked), _ms(run, *mine), _ms(run, *hand))
            for _ in range(rounds)
        ]
    return Line(
        name=f"{who}, by {order}",
        admin=median(turn[0] for turn in turns),
        mine=median(turn[1] for turn in turns),
        times_admin=median(turn[1] / turn[0] for turn in turns),
        statement=median(turn[2] for turn in turns),
        hand=median(turn[3] for turn in turns),
        times_hand=median(turn[2] / turn[3] for turn in turns),
    )


def _planned(
    connection: Connection, session: Session, asked: Query
) -> tuple[Statement, Mapping[str, object]]:
    """The statement of a page, to be run as that by hand is."""
    reader = session.reader()
    way = reader.way(connection, asked)
    statement = read_plan(session.release, session.policy, asked, None, way).statement
    return statement, statement.params({**reader.params(asked), "row_limit": LIMIT + 1})


def _query(crowd: Crowd, order: str, **more: Any) -> Query:
    catalog = crowd.release.catalog
    account = catalog.object("account")
    return Query(
        object=account,
        fields=tuple(catalog.path(account, name) for name in COLUMNS),
        order=(Order(path=catalog.path(account, order), descending=False),),
        limit=LIMIT,
        **more,
    )


def _by_hand(crowd: Crowd, who: str, order: str) -> tuple[Statement, Mapping[str, object]]:
    dialect, actor = crowd.release.dialect, crowd.sessions[who].actor
    encode = id_form(dialect).encode or str
    rule = RULES[who][0 if dialect.sqlite else 1]
    statement = compile_text(_HAND.format(rule=rule, order=ORDERS[order]), dialect)
    ids = {"actor_id": actor.id or "", "actor_department": actor.department or ""}
    return statement, {name: encode(value) for name, value in ids.items() if name in statement.names}


def _served(crowd: Crowd, rounds: int) -> list[tuple[str, ...]]:
    """Medians over the loopback: the API's answer, the generated page, and their ratios to the admin's."""
    places = {
        "API": f"/t/demo/api/v1/account?limit=50&order=name&fields={','.join(COLUMNS)}",
        "page": "/t/demo/o/account?view=all",
    }
    limits = {"STRATA_ACTOR_LIMIT": "0", "STRATA_LOG_LEVEL": "error"}
    log = crowd.settings.data / "server.log"
    lines: list[tuple[str, ...]] = []
    with serving(
        "runtime.cli.main", ["serve", "--no-worker", *crowd.arguments()], log=log, environment=limits
    ) as server:
        for name, place in places.items():
            turns = _asked(crowd, f"http://127.0.0.1:{server.port}{place}", rounds)
            lines.append((name, *(figure(median(turn[who] for turn in turns)) for who in crowd.sessions)))
            ratios = (median(turn[who] / turn[ADMIN] for turn in turns) for who in crowd.sessions)
            lines.append((f"{name}, times admin", *(_barred(each, TIMES_ADMIN) for each in ratios)))
    return lines


def _asked(crowd: Crowd, address: str, rounds: int) -> list[dict[str, float]]:
    with httpx.Client(trust_env=False) as client:

        def ask(who: str) -> None:
            headers = {"Authorization": f"Bearer {crowd.tokens[who]}", "Accept": "text/html"}
            answer = client.get(address, headers=headers)
            assert answer.status_code == httpx.codes.OK, answer.text[:500]

        turns = [{who: _ms(ask, who) for who in crowd.sessions} for _ in range(rounds + 2)]
    return turns[2:]


def _figures(crowd: Crowd, rounds: int) -> list[tuple[str, ...]]:
    catalog = crowd.release.catalog
    account = catalog.object("account")
    amount = Measure(function=Function.SUM, path=catalog.path(account, "annual_revenue.company"))
    asked = Aggregate(
        object=account, group=(catalog.path(account, "level"),),
        measures=(Measure(function=Function.COUNT), amount),
    )  # fmt: skip
    questions: dict[str, Callable[[Session], object]] = {
        "page and count": lambda session: session.query(_query(crowd, "name", count=True)),
        "find a rare name": lambda session: session.query(_query(crowd, "name", find="quixotic")),
        "find a common one": lambda session: session.query(_query(crowd, "name", find="锐")),
        "count and sum by level": lambda session: session.aggregate(asked),
    }
    return [
        (name, *(figure(median(_ms(ask, session) for _ in range(rounds))) for session in sessions))
        for name, ask in questions.items()
        for sessions in [crowd.sessions.values()]
    ]


def _move(crowd: Crowd, turn: int) -> float:
    """Milliseconds to hang a department of the third level below another one of the second, and back."""
    catalog, door = crowd.release.catalog, crowd.tenant.upkeep(crowd.release)
    department = catalog.object("department")
    name = catalog.path(department, "name")
    made = door.query(
        Query(
            object=department, fields=(name, catalog.path(department, "parent")), limit=1000,
            order=(Order(path=catalog.path(department, "id"), descending=False),),
            where=door.condition(department, 'CONTAINS(name, "大区") || CONTAINS(name, "分公司")'),
        )
    ).records  # fmt: skip
    regions, areas = made[:5], made[5:]
    change = Update(id=areas[0].id, values={"parent": regions[1 - turn % 2].id})
    return _ms(lambda: door.apply(Mutation(object=department, changes=(change,), entry="benchmark")))


def _ms(work: Callable[..., object], *given: object) -> float:
    start = perf_counter()
    work(*given)
    return (perf_counter() - start) * 1000


def _barred(value: float, bar: float) -> str:
    return figure(value) + (" !" if value > bar else "")


if __name__ == "__main__":
    main()
