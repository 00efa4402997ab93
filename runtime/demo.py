"""Sample records out of a package's `demo/*.yaml`: the same company every time, its dates around today.

`generate` is pure: document, day, ids in; batches of rows out. The forms a value may take are explained at
the head of the document itself (`apps/crm_standard/demo/demo.yaml`). Writing the rows is `demo_data.py`'s.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    Form = Any  # one of the value forms: a scalar, or a mapping that is known by its keys
    Ids = Callable[[], str]

_WORD = re.compile(r"\{(\w+)\}")
_TRIES = 1000
# Keys of a row that are no fields: how others refer to it, and what the loader does with it.
KEY, PERMISSION_SETS, SIGN_IN = "key", "permission_sets", "sign_in"
_MARKS = frozenset({KEY, PERMISSION_SETS, SIGN_IN})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Row:
    """One record to make; a link holds the Row it points to, marks hold what is no field."""

    id: str
    values: Mapping[str, object]
    marks: Mapping[str, Any]

    def fields(self) -> dict[str, object]:
        """The values as a Mutation takes them: links as ids, without auxiliary `_names` and blanks."""
        return {
            name: _sent(value)
            for name, value in self.values.items()
            if not name.startswith("_") and value is not None
        }


def _sent(value: object) -> object:
    if isinstance(value, list):
        return [_sent(each) for each in value]
    return value.id if isinstance(value, Row) else value


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Rows of one object, in the order in which they are made."""

    object: str
    rows: Sequence[Row]


@dataclass(slots=True, kw_only=True)
class _Generator:
    lists: Mapping[str, Sequence[object]]
    titles: Mapping[str, str]
    today: date
    ids: Ids
    chance: random.Random
    made: dict[str, list[Row]] = field(default_factory=dict)


def generate(
    document: Mapping[str, Any], titles: Mapping[str, str], today: date, ids: Ids
) -> Iterator[Batch]:
    """Yield the document's records, batch by batch.

    `titles` says which field names a record of an object (a record put into a text stands for it). The same
    document, day and ids give the same rows.
    """
    generator = _Generator(
        lists=document.get("lists", {}),
        titles=titles,
        today=today,
        ids=ids,
        chance=random.Random(document["seed"]),  # noqa: S311  (repeatable on purpose)
    )
    for entry in document["records"]:
        rows = _explicit(generator, entry) if "rows" in entry else _generated(generator, entry)
        generator.made.setdefault(entry["object"], []).extend(rows)
        yield Batch(object=entry["object"], rows=rows)


def _explicit(generator: _Generator, entry: Mapping[str, Any]) -> list[Row]:
    """Rows written out; each may refer to those above it."""
    rows: list[Row] = []
    known = generator.made.setdefault(entry["object"], [])
    for number, written in enumerate(entry["rows"], 1):
        forms = {name: form for name, form in written.items() if name not in _MARKS}
        row = _row(generator, forms, number, None, marks={k: v for k, v in written.items() if k in _MARKS})
        rows.append(row)
        known.append(row)
    del known[len(known) - len(rows) :]
    return rows


def _generated(generator: _Generator, entry: Mapping[str, Any]) -> list[Row]:
    rows: list[Row] = []
    seen: set[object] = set()
    for number, each in enumerate(_occasions(generator, entry), 1):
        row = _row(generator, entry["values"], number, each, {})
        if unique := entry.get("unique"):
            for _ in range(_TRIES):
                if row.values[unique] not in seen:
                    break
                row = _row(generator, entry["values"], number, each, {})
            seen.add(row.values[unique])
        rows.append(row)
    return rows


def _occasions(generator: _Generator, entry: Mapping[str, Any]) -> Iterator[Row | None]:
    """One item per row to make: the record it is made for, or None."""
    if "for_each" not in entry:
        yield from [None] * entry["count"]
        return
    least, most = entry["count"]
    for record in generator.made[entry["for_each"]]:
        yield from [record] * generator.chance.randint(least, most)


def _row(
    generator: _Generator, forms: Mapping[str, Form], number: int, each: Row | None, marks: Mapping[str, Any]
) -> Row:
    values: dict[str, object] = {}
    for name, form in forms.items():
        values[name] = _value(generator, form, _Place(values=values, number=number, each=each))
    return Row(id=generator.ids(), values=values, marks=marks)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where a form is evaluated: the row so far, its number from 1, the record it is made for."""

    values: Mapping[str, object]
    number: int
    each: Row | None


def _value(generator: _Generator, form: Form, place: _Place) -> object:
    """What a form stands for; a form that is none is a constant."""
    match form:
        case {"text": pattern}:
            return _text(generator, pattern, place)
        case {"weighted_text": weights}:
            return _text(generator, str(_weighted(generator, weights)), place)
        case {"record": name, **rest}:
            return _record(generator, name, rest, place)
        case {"each": True}:
            return place.each
        case {"from": path}:
            return _followed(place.values, path)
        case {"some": part, "count": [least, most]}:
            return _some(generator, part, generator.chance.randint(least, most), place)
        case {"parts": parts}:
            return {name: _value(generator, part, place) for name, part in parts.items()}
        case {"link": name}:
            return _link(generator, place.values[name])
        case {"when": name, "is": options, **rest}:
            branch = "then" if place.values.get(name) in options else "else"
            return _value(generator, rest.get(branch), place)
        case _:
            return _drawn(generator, form)


def _some(generator: _Generator, form: Form, number: int, place: _Place) -> list[object] | None:
    """Different values of one form, at most so many; None for none."""
    found: list[object] = []
    for _ in range(number):
        value = _value(generator, form, place)
        if value is not None and value not in found:
            found.append(value)
    return found or None


def _link(generator: _Generator, record: object) -> str | None:
    """A record as the text that names it and its object."""
    if not isinstance(record, Row):
        return None
    return f"{_object_of(generator, record)}/{record.id}"


def _drawn(generator: _Generator, form: Form) -> object:
    """The forms that depend on chance alone."""
    chance = generator.chance
    match form:
        case {"pick": choice}:
            return chance.choice(generator.lists[choice] if isinstance(choice, str) else choice)
        case {"weighted": weights}:
            return _weighted(generator, weights)
        case {"number": [least, most]}:
            step = form.get("step", 1)
            return chance.randint(least // step, most // step) * step
        case {"instant": [first, last]}:
            moment = generator.today + timedelta(days=chance.randint(first, last))
            return f"{moment.isoformat()}T{chance.randint(1, 10):02}:{chance.choice((0, 30)):02}:00Z"
        case {"date": [first, last]}:
            return (generator.today + timedelta(days=chance.randint(first, last))).isoformat()
        case _:
            return form


def _weighted(generator: _Generator, weights: Mapping[Any, int]) -> object:
    return generator.chance.choices(list(weights), list(weights.values()))[0]


def _record(generator: _Generator, name: str, filters: Mapping[Any, Any], place: _Place) -> Row | None:
    rows: Sequence[Row] = generator.made[name]
    if "key" in filters:
        return next(row for row in rows if row.marks.get(KEY) == filters["key"])
    if "of" in filters:
        rows = [row for row in rows if not set(filters["of"]).isdisjoint(row.marks.get(PERMISSION_SETS, ()))]
    for there, here in filters.get("where", {}).items():
        rows = [row for row in rows if row.values.get(there) is place.values[here]]
    return generator.chance.choice(rows) if rows else None


def _followed(values: Mapping[str, object], path: str) -> object:
    link, _, name = path.partition(".")
    record = values.get(link)
    return record.values.get(name) if isinstance(record, Row) else None


def _text(generator: _Generator, pattern: str, place: _Place) -> str:
    def word(match: re.Match[str]) -> str:
        name = match[1]
        if name == "n":
            return str(place.number)
        if name in place.values:
            return _shown(generator, place.values[name])
        return str(generator.chance.choice(generator.lists[name]))

    return _WORD.sub(word, pattern)


def _shown(generator: _Generator, value: object) -> str:
    if not isinstance(value, Row):
        return str(value)
    return str(value.values[generator.titles[_object_of(generator, value)]])


def _object_of(generator: _Generator, record: Row) -> str:
    return next(name for name, rows in generator.made.items() if record in rows)
