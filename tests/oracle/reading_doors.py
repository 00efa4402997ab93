"""The engine's doors for reading: everything a Session answers without writing."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from engine.problem import Problem
from engine.query import Aggregate, Function, Measure, Query
from metadata.catalog import Order
from tests.oracle.doors import Sample
from tests.oracle.judge import HIDDEN
from tests.oracle.questions import CONDITIONS, FIGURES, GROUPS, ORDERS, holding, links, paths_of
from tests.oracle.shape import OBJECTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from engine.record import Record
    from engine.session import Session
    from metadata.catalog import FieldPath
    from tests.oracle.company import Company
    from tests.oracle.world import Row

REFUSED = "(refused)"
PAGE = 5


class EngineDoor:
    """A door that no route leads through by itself."""

    name = ""
    routes: frozenset[tuple[str, str]] = frozenset()

    def sample(
        self, who: str, record: str, found: object, wanted: object, *, field: str = "", how: str = ""
    ) -> Sample:
        """A sample of reading."""
        told = f"{self.name} {how}".rstrip()
        return Sample(
            who=who, action="read", record=record, field=field, found=found, wanted=wanted, how=told
        )

    def values(
        self, company: Company, who: str, row: Row, record: Record, paths: Sequence[str], how: str
    ) -> Iterator[Sample]:
        """A sample of each path of a record that was shown."""
        for path in paths:
            wanted = company.shown(row, path, company.judge.value(who, row, path))
            found = record.values.get(path, HIDDEN)
            yield self.sample(who, row.name, found, wanted, field=path, how=how)


def asked(run: Callable[[], Any]) -> Any:
    """What is answered, or that it was refused."""
    try:
        return run()
    except Problem as problem:
        if problem.status not in (403, 404, 422):
            raise
        return REFUSED


def path_in(company: Company, object_: str, name: str) -> FieldPath:
    """A path by name."""
    return company.release.catalog.path(company.target(object_), name)


class Get(EngineDoor):
    """One record by its id."""

    name = "get"

    def samples(self, company: Company, who: str) -> Iterator[Sample]:
        session, judge = company.session(who), company.judge
        for row in company.world.rows.values():
            record = asked(lambda row=row: session.get(company.target(row.object), row.id))  # type: ignore[misc]
            wanted = judge.may(who, "read", row)
            yield self.sample(who, row.name, record is not REFUSED, wanted)
            if wanted and record is not REFUSED:
                yield from self.values(company, who, row, record, tuple(OBJECTS[row.object]), "")


class List(EngineDoor):
    """Lists in every order, page by page to the end and back; hidden fields are refused like unknown ones."""

    name = "list"

    def samples(self, company: Company, who: str) -> Iterator[Sample]:
        session = company.session(who)
        for object_ in OBJECTS:
            for order in ("", *ORDERS[object_]):
                yield from self._listed(company, session, who, object_, order)
            for path in paths_of(object_):
                if not company.judge.sees(who, object_, path):
                    yield from self._refused(company, session, who, object_, path)

    def _listed(
        self, company: Company, session: Session, who: str, object_: str, order: str
    ) -> Iterator[Sample]:
        judge, key = company.judge, order.removeprefix("-")
        shown = [path for path in paths_of(object_) if judge.sees(who, object_, path)]
        how = f"ordered by {order or 'nothing'}"
        if not judge.opens(who, "read", object_) or (key and key not in shown):
            found = asked(lambda: session.query(_query(company, object_, (), order)))
            yield self.sample(who, f"{object_}*", found, REFUSED, field=key, how=how)
            return
        records = walked(session, _query(company, object_, shown, order))
        yield from self._rows(company, who, object_, records, shown, how)
        if key:
            wanted = _sorted([judge.value(who, row, key) for row in judge.seen(who, object_)], order)
            yield self.sample(
                who, f"{object_}*", [r.values[key] for r in records], wanted, field=key, how=how
            )

    def _rows(
        self,
        company: Company,
        who: str,
        object_: str,
        records: Sequence[Record],
        shown: Sequence[str],
        how: str,
    ) -> Iterator[Sample]:
        found = {record.id: record for record in records}
        for row in company.world.rows_of(object_):
            wanted = company.judge.may(who, "read", row)
            yield self.sample(who, row.name, row.id in found, wanted, how=how)
            if wanted and row.id in found:
                yield from self.values(company, who, row, found[row.id], shown, how)

    def _refused(
        self, company: Company, session: Session, who: str, object_: str, path: str
    ) -> Iterator[Sample]:
        target = company.target(object_)
        ways: dict[str, Callable[[], object]] = {
            "chosen": lambda: session.query(_query(company, object_, (path,), "")),
            "ordered": lambda: session.query(_query(company, object_, (), path)),
            "filtered": lambda: session.condition(target, f"ISBLANK({path})"),
            "grouped": lambda: session.aggregate(
                Aggregate(object=target, group=(path_in(company, object_, path),))
            ),
            "counted": lambda: session.aggregate(
                Aggregate(
                    object=target,
                    measures=(Measure(function=Function.COUNT, path=path_in(company, object_, path)),),
                )
            ),
        }
        for how, way in ways.items():
            yield self.sample(who, f"{object_}*", asked(way), REFUSED, field=path, how=how)


class Filter(EngineDoor):
    """Conditions, with the count of what fulfils them: they see with the reader's eyes."""

    name = "filter"

    def samples(self, company: Company, who: str) -> Iterator[Sample]:
        session, judge = company.session(who), company.judge
        for object_, conditions in CONDITIONS.items():
            for each in conditions:
                if not judge.opens(who, "read", object_) or not _all_seen(company, who, object_, each.names):
                    continue
                query = _query(company, object_, (), "", where=each.text, session=session, count=True)
                page = session.query(query)
                wanted = {row.id for row in holding(judge, who, object_, each)}
                found = {record.id for record in walked(session, query)}
                count = page.count.number if page.count else None
                for row in company.world.rows_of(object_):
                    yield self.sample(
                        who, row.name, row.id in found, row.id in wanted, field="?", how=each.text
                    )
                yield self.sample(who, f"{object_}*", count, len(wanted), field="?", how=each.text)


class Figures(EngineDoor):
    """Groups, counts, sums, least and greatest values."""

    name = "aggregate"

    def samples(self, company: Company, who: str) -> Iterator[Sample]:
        session, judge = company.session(who), company.judge
        for object_ in OBJECTS:
            if not judge.opens(who, "read", object_):
                asking = Aggregate(
                    object=company.target(object_), measures=(Measure(function=Function.COUNT),)
                )
                yield self.sample(who, f"{object_}*", asked(lambda a=asking: session.aggregate(a)), REFUSED)  # type: ignore[misc]
                continue
            figures = [path for path in FIGURES[object_] if judge.sees(who, object_, path)]
            for group in ("", *(path for path in GROUPS[object_] if judge.sees(who, object_, path))):
                found = self._found(company, session, object_, group, figures)
                wanted = _figures(company, who, object_, group, figures)
                yield self.sample(who, f"{object_}*", found, wanted, field=group, how=f"by {group}")

    def _found(
        self, company: Company, session: Session, object_: str, group: str, figures: Sequence[str]
    ) -> dict[object, tuple[object, ...]]:
        measures = [Measure(function=Function.COUNT)]
        for path in figures:
            at = path_in(company, object_, path)
            measures += [
                Measure(function=each, path=at) for each in (Function.SUM, Function.MIN, Function.MAX)
            ]
        rows = session.aggregate(
            Aggregate(
                object=company.target(object_),
                group=(path_in(company, object_, group),) if group else (),
                measures=tuple(measures),
            )
        )
        return {row[0] if group else "": row[1:] if group else row for row in rows}


def _figures(
    company: Company, who: str, object_: str, group: str, figures: Sequence[str]
) -> dict[object, tuple[object, ...]]:
    judge = company.judge
    groups: dict[object, list[Row]] = {} if group else {"": []}
    for row in judge.seen(who, object_):
        key = company.shown(row, group, judge.value(who, row, group)) if group else ""
        groups.setdefault(key, []).append(row)
    return {key: _measured(company, who, rows, figures) for key, rows in groups.items()}


def _measured(company: Company, who: str, rows: Sequence[Row], figures: Sequence[str]) -> tuple[object, ...]:
    measured: list[object] = [len(rows)]
    for path in figures:
        found = [company.judge.value(who, row, path) for row in rows]
        numbers = [value for value in found if isinstance(value, int)]
        measured += [sum(numbers), min(numbers), max(numbers)] if numbers else [None, None, None]
    return tuple(measured)


class Tally(EngineDoor):
    """How many records lead to one: the numbers on the tabs of a record's page."""

    name = "tally"

    def samples(self, company: Company, who: str) -> Iterator[Sample]:
        session, judge = company.session(who), company.judge
        for object_, link, to in links():
            field = company.target(object_).fields[link]
            counts = Counter(row.values[link] for row in judge.seen(who, object_))
            refused = not judge.opens(who, "read", object_) or not judge.sees(who, object_, link)
            for row in company.world.rows_of(to):
                found = asked(lambda f=field, r=row: session.tally((f,), r.id))  # type: ignore[misc]
                wanted = REFUSED if refused else (counts[row.name],)
                yield self.sample(who, row.name, found, wanted, field=f"{object_}.{link}")


class History(EngineDoor):
    """What happened to a record: for those with the right, without the fields that they may not see."""

    name = "history"

    def samples(self, company: Company, who: str) -> Iterator[Sample]:
        session, judge = company.session(who), company.judge
        for row in company.world.rows.values():
            changes = asked(lambda row=row: session.history(company.target(row.object), row.id))  # type: ignore[misc]
            wanted = judge.may(who, "read", row) and judge.holds(who, "history")
            yield self.sample(who, row.name, changes is not REFUSED, wanted, field="history")
            if not wanted or changes is REFUSED:
                continue
            told = {changed.field.name for change in changes for changed in change.fields}
            for name, value in row.values.items():
                if value is not None:
                    yield self.sample(
                        who,
                        row.name,
                        name in told,
                        judge.sees(who, row.object, name),
                        field=f"history.{name}",
                    )


class Find(EngineDoor):
    """The words of a search box: they are looked for only where the reader may look."""

    name = "find"

    def samples(self, company: Company, who: str) -> Iterator[Sample]:
        session, judge = company.session(who), company.judge
        for object_ in OBJECTS:
            if not judge.opens(who, "read", object_):
                continue
            for word in sought(company, object_):
                query = _query(company, object_, (), "", find=word)
                found = {record.id for record in walked(session, query)}
                for row in company.world.rows_of(object_):
                    wanted = judge.may(who, "read", row) and finds(company, who, row, word)
                    yield self.sample(who, row.name, row.id in found, wanted, field="find", how=word)


def sought(company: Company, object_: str) -> list[str]:
    """A common word, and the tokens of a few records."""
    texts = [str(v) for row in company.world.rows_of(object_)[::3] for v in row.values.values() if v]
    tokens = [token for text in texts for token in re.findall(r"zq\d{3}[a-z]", text)]
    return ["alder", *tokens]


def finds(company: Company, who: str, row: Row, word: str) -> bool:
    """Whether a field that is searched, and that she sees, holds the word."""
    searched = [name for name, field in OBJECTS[row.object].items() if field.searchable]
    seen = [name for name in searched if company.judge.sees(who, row.object, name)]
    return any(word in str(row.values[name]) for name in seen)


class Bin(EngineDoor):
    """The recycle bin: what lies there, for those who could see it before."""

    name = "bin"

    def samples(self, company: Company, who: str) -> Iterator[Sample]:
        session, judge = company.session(who), company.judge
        for object_ in OBJECTS:
            if not judge.opens(who, "read", object_):
                continue
            shown = [path for path in paths_of(object_) if judge.sees(who, object_, path)]
            records = {r.id: r for r in walked(session, _query(company, object_, shown, "", deleted=True))}
            for row in company.world.rows_of(object_):
                wanted = row.binned and judge.allows(who, "read", row)
                yield self.sample(who, row.name, row.id in records, wanted, field="bin")
                if wanted and row.id in records:
                    yield from self.values(company, who, row, records[row.id], shown, "bin")


def _query(
    company: Company,
    object_: str,
    fields: Sequence[str],
    order: str,
    *,
    where: str = "",
    session: Session | None = None,
    **more: Any,
) -> Query:
    target = company.target(object_)
    key = order.removeprefix("-")
    return Query(
        object=target,
        fields=tuple(path_in(company, object_, path) for path in fields),
        order=(Order(path=path_in(company, object_, key), descending=order != key),) if key else (),
        where=session.condition(target, where) if session and where else None,
        limit=PAGE,
        **more,
    )


def walked(session: Session, query: Query) -> list[Record]:
    """The records of all pages, which are the same on the way back."""
    pages = [session.query(query)]
    while pages[-1].next:
        pages.append(session.query(replace(query, after=pages[-1].next)))
    back = [pages[-1]]
    while back[-1].previous:
        back.append(session.query(replace(query, before=back[-1].previous)))
    forth = [record for page in pages for record in page.records]
    assert [r.id for page in reversed(back) for r in page.records] == [r.id for r in forth]
    return forth


def _all_seen(company: Company, who: str, object_: str, names: Sequence[str]) -> bool:
    return all(company.judge.sees(who, object_, name) for name in names)


def _sorted(values: Sequence[Any], order: str) -> list[Any]:
    filled = sorted((value for value in values if value is not None), reverse=order.startswith("-"))
    return [*filled, *(value for value in values if value is None)]


READING = (Get(), List(), Filter(), Figures(), Tally(), History(), Find(), Bin())
