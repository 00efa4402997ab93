"""A question as text: the parameters of a list, of figures or of different values, read into what the engine
takes.

`fields=name,account.name`, `where=amount > 1000`, `order=-close_date`, `group=stage,close_date:month`,
`measures=count,sum(amount)`, `having=sum(amount) > 1000`. One grammar for the API and the command line. All
that is wrong is told at once, each at its column; a name that is hidden from the reader is told like one that
does not exist.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from engine import codes
from engine.having import having, written
from engine.naming import unknown_field
from engine.problem import Detail, Problem
from engine.query import Aggregate, Bucket, Distinct, Function, GroupOrder, Measure, Query, Unit
from metadata.catalog import FieldPath, Order, UnknownNameError, path
from runtime.codes import BAD_PARAMETER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from engine.session import Session
    from formula.expr import Expr
    from metadata.catalog import ObjectType

T = TypeVar("T")

MOST = 500  # records in one page
MOST_GROUPS = 10_000
LIST = ("fields", "where", "order", "limit", "after", "before", "count", "find", "deleted")
FIGURES = ("group", "measures", "having", "order", "limit", "where", "find")
DIFFERENT = ("fields", "where", "limit", "after", "before")
_TRUE, _FALSE = frozenset({"true", "1"}), frozenset({"false", "0", ""})
_ITEM = re.compile(r"[^,]+")
_CALLED = re.compile(r"(\w+)\s*\(\s*([^()]*?)\s*\)")
_SAY = f"Write count or function(field), with {', '.join(Function)}."


class _Faulty(Exception):  # noqa: N818  (what it says is gathered already)
    """Some items of a list are wrong."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Question:
    """The texts that were given by name, for one object and reader; what is wrong gathers in `faults`."""

    session: Session
    target: ObjectType
    given: Mapping[str, str]
    faults: list[Problem] = field(default_factory=list)

    def query(self) -> Query:
        """A list. Raises Problem for what cannot be understood."""
        self._known(LIST)
        asked = Query(
            object=self.target,
            fields=self._listed("fields", self._shown) or visible(self.session, self.target),
            where=self._where(),
            order=self._listed("order", self._ordered),
            limit=self._limit(50, MOST),
            after=self.given.get("after") or None,
            before=self.given.get("before") or None,
            count=self._flag("count"),
            deleted=self._flag("deleted"),
            find=self.given.get("find") or None,
        )
        self._refuse()
        return asked

    def aggregate(self) -> Aggregate:
        """Figures; without measures, how many records there are. Raises Problem."""
        self._known(FIGURES)
        group = self._listed("group", self._group)
        measures = self._listed("measures", self._measure) or (Measure(function=Function.COUNT),)
        text = self.given.get("having")
        limit = self.given.get("limit")
        asked = Aggregate(
            object=self.target,
            group=group,
            measures=measures,
            where=self._where(),
            having=self._tried(lambda: having(self.session.release, measures, text)) if text else None,
            order=tuple(self._group_orders(group, measures)),
            limit=self._limit(MOST_GROUPS, MOST_GROUPS) if limit else None,
            find=self.given.get("find") or None,
        )
        self._refuse()
        return asked

    def distinct(self) -> Distinct:
        """Different values. Raises Problem."""
        self._known(DIFFERENT)
        asked = Distinct(
            object=self.target,
            fields=self._listed("fields", self._path),
            where=self._where(),
            limit=self._limit(50, MOST),
            after=self.given.get("after") or None,
            before=self.given.get("before") or None,
        )
        self._refuse()
        return asked

    def fields(self) -> tuple[FieldPath, ...] | None:
        """The paths of `fields` alone; None without it. Raises Problem."""
        found = self._listed("fields", self._shown) or None
        self._refuse()
        return found

    def _known(self, names: tuple[str, ...]) -> None:
        """A misspelt parameter would silently answer another question."""
        for name in self.given:
            if name not in names:
                message, hint = (
                    f"There is no parameter {name!r} here.",
                    f"Parameters: {', '.join(sorted(names))}.",
                )
                self.faults.append(Problem(BAD_PARAMETER, message, status=400, hint=hint))

    def _where(self) -> Expr | None:
        text = self.given.get("where")
        return self._tried(lambda: self.session.condition(self.target, text)) if text else None

    def _tried(self, read: Callable[[], T]) -> T | None:
        try:
            return read()
        except Problem as problem:
            self.faults.append(problem)
            return None

    def _listed(self, name: str, read: Callable[[str], T]) -> tuple[T, ...]:
        """The items of a list. Programs ask the same again, so each sound text is read once."""
        text = self.given.get(name)
        if not text:
            return ()
        session = self.session
        key = (name, read.__name__, self.target.id, session.policy.key, text)
        try:
            found: tuple[T, ...] = session.release.conditions.get(key, lambda: self._items(name, text, read))
        except _Faulty:
            return ()
        return found

    def _items(self, name: str, text: str, read: Callable[[str], T]) -> tuple[T, ...]:
        found: list[T] = []
        before = len(self.faults)
        for item, start in _items(text):
            try:
                found.append(read(item))
            except Problem as problem:
                self.faults.append(_placed(problem, name, start))
        if len(self.faults) > before:
            raise _Faulty
        return tuple(found)

    def _path(self, name: str) -> FieldPath:
        return self._named(name, self.session.policy.sees)

    def _shown(self, name: str) -> FieldPath:
        return self._named(name, self.session.policy.shows)

    def _named(self, name: str, open_to: Callable[[FieldPath], bool]) -> FieldPath:
        policy = self.session.policy
        try:
            found = path(self.target, name)
        except UnknownNameError as error:
            raise unknown_field(policy, self.target, name) from error
        if not open_to(found):
            raise unknown_field(policy, self.target, name)
        return found

    def _ordered(self, item: str) -> Order:
        return Order(path=self._path(item.lstrip("-+")), descending=item.startswith("-"))

    def _group(self, item: str) -> FieldPath | Bucket:
        called = _CALLED.fullmatch(item)
        name, _, unit = f"{called[2]}:{called[1]}".partition(":") if called else item.partition(":")
        if not unit:
            return self._path(name)
        if unit not in set(Unit):
            raise _bad("group", item, f"A date is grouped by {', '.join(Unit)}.")
        return Bucket(path=self._path(name), unit=Unit(unit))

    def _measure(self, item: str) -> Measure:
        called = _CALLED.fullmatch(item)
        function, _, name = f"{called[1]}:{called[2]}".partition(":") if called else item.partition(":")
        if function not in set(Function) or (not name and function != Function.COUNT):
            raise _bad("measures", item, _SAY)
        return Measure(function=Function(function), path=self._path(name) if name else None)

    def _group_orders(
        self, group: tuple[FieldPath | Bucket, ...], measures: tuple[Measure, ...]
    ) -> Iterator[GroupOrder]:
        """The places of columns in the answer; not kept, for they depend on what else is asked."""
        for item, start in _items(self.given.get("order") or ""):
            try:
                place = self._column(item.lstrip("-+"), group, measures)
            except Problem as problem:
                self.faults.append(_placed(problem, "order", start))
                continue
            yield GroupOrder(place=place, descending=item.startswith("-"))

    def _column(self, item: str, group: tuple[FieldPath | Bucket, ...], measures: tuple[Measure, ...]) -> int:
        for place, name in enumerate(column_names(group, measures)):
            if item in name:
                return place
        known = ", ".join(names[-1] for names in column_names(group, measures))
        raise _bad("order", item, f"Groups are ordered by what the answer shows: {known}.")

    def _limit(self, otherwise: int, most: int) -> int:
        text = self.given.get("limit") or str(otherwise)
        if not text.isdecimal() or len(text) > 9 or not 1 <= int(text) <= most:
            self.faults.append(_bad("limit", text, f"A page has 1 to {most} records."))
            return otherwise
        return int(text)

    def _flag(self, name: str) -> bool:
        text = self.given.get(name, "").lower()
        if text not in _TRUE | _FALSE:
            self.faults.append(_bad(name, text, "Write true or false."))
        return text in _TRUE

    def _refuse(self) -> None:
        """Raise the one Problem there is, or all of them as one."""
        if len(self.faults) == 1:
            raise self.faults[0]
        if self.faults:
            details = [detail for fault in self.faults for detail in fault.details or (_told(fault),)]
            raise Problem(codes.BAD_QUERY, "The question is not understood.", details=details)


def visible(session: Session, target: ObjectType) -> tuple[FieldPath, ...]:
    """All fields of which something is shown to the reader: what a list has when nothing is chosen."""
    paths = (FieldPath(field=field) for field in target.fields.values() if not field.retired)
    return tuple(filter(session.policy.shows, paths))


def column_names(
    group: tuple[FieldPath | Bucket, ...], measures: tuple[Measure, ...]
) -> Iterator[tuple[str, ...]]:
    """What each column of figures may be called; first as the answer calls it, last as people write it."""
    for each in group:
        name = f"{each.path.name}:{each.unit}" if isinstance(each, Bucket) else each.name
        yield (name, f"{each.unit}({each.path.name})", name) if isinstance(each, Bucket) else (name,)
    for measure in measures:
        short = f"{measure.function}:{measure.path.name}" if measure.path else str(measure.function)
        yield short, written(measure)


def _items(text: str) -> Iterator[tuple[str, int]]:
    """The items of a list with the places where they start, from 0."""
    for found in _ITEM.finditer(text):
        item = found[0].strip()
        if item:
            yield item, found.start() + len(found[0]) - len(found[0].lstrip())


def _placed(problem: Problem, name: str, start: int) -> Problem:
    """The same, with the parameter and the column at which it stands."""
    detail = Detail(
        field=name, column=start + 1, code=problem.code.id, message=problem.message, hint=problem.hint
    )
    return Problem(problem.code, problem.message, status=problem.status, hint=problem.hint, details=[detail])


def _told(problem: Problem) -> Detail:
    return Detail(code=problem.code.id, message=problem.message, hint=problem.hint)


def _bad(name: str, value: str, hint: str) -> Problem:
    return Problem(BAD_PARAMETER, f"{name}={value} cannot be understood.", status=400, hint=hint)
