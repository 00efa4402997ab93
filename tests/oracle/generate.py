"""Random worlds: the same one for the same seed, in every process and on every machine.

Each text of a record holds a token such as `zq017n` – the number of the record and a letter for the field –,
so that wherever a text comes out, it says from which field of which record.
"""

from __future__ import annotations

import random
import uuid
from dataclasses import replace
from typing import TYPE_CHECKING

from tests.oracle.shape import OBJECTS, WHERES, master_of
from tests.oracle.sharing import with_sharing
from tests.oracle.world import ACTIONS, Grant, Person, Row, World

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from random import Random

    from tests.oracle.shape import Field, Value

LETTERS = {"name": "n", "secret": "s", "note": "t"}
"""The last letter of the tokens, by the name of the text field."""

_WORDS = ("alder", "birch", "cedar", "dogwood", "elm", "fir")
_SCOPES = ("none", "own", "own", "below", "department", "departments", "team", "where", "all")
_READING = ("own", "own", "below", "department", "departments", "team", "where", "all")
_ROWS = {"depot": 3, "firm": 14, "deal": 16, "job": 8, "task": 12, "step": 12}
_RIGHTS = ("none", "read", "edit")


def world(seed: int, people: int = 9) -> World:
    """The world of a seed."""
    dice = random.Random(seed)
    departments = _departments(dice)
    staff = _people(dice, people, sorted(departments))
    groups = [f"group{n}" for n in range(4)]
    sets = {f"set{n}": _set(dice) for n in range(6)}
    made = World(
        departments=departments,
        people=staff,
        members={group: tuple(sorted(dice.sample(sorted(staff), 2))) for group in groups},
        inner={group: _some(dice, groups[n + 1 :], (0, 0, 1)) for n, group in enumerate(groups[:-1])},
        sets=sets,
        rights={name: ("mass_edit", *_some(dice, ("export", "history"), (0, 1, 1, 2))) for name in sets},
        of_people={name: _some(dice, sorted(sets), (0, 1, 1, 1, 2)) for name in staff},
        of_groups={name: _some(dice, sorted(sets), (0, 0, 1)) for name in groups},
        sharing=(),
        restrictions=(),
    )
    return with_sharing(dice, replace(made, rows=_rows(dice, made)))


def _departments(dice: Random) -> dict[str, str | None]:
    names = [f"department{n}" for n in range(6)]
    return {name: dice.choice([None, *names[:n], *names[:n]]) if n else None for n, name in enumerate(names)}


def _people(dice: Random, number: int, departments: Sequence[str]) -> dict[str, Person]:
    """People in the order in which they are hired; one in four has moved since the records were made."""
    found: dict[str, Person] = {}
    for n in range(number):
        hired_in = dice.choice([None, *departments])
        moved = dice.random() < 0.25
        found[f"person{n}"] = Person(
            name=f"person{n}",
            hired_in=hired_in,
            department=dice.choice(departments) if moved else hired_in,
            manager=dice.choice([None, *found, *found]) if found else None,
        )
    return found


def _set(dice: Random) -> dict[str, Grant]:
    """Grants on most of the objects; whom somebody sees of her colleagues varies as well."""
    granted = {name: _grant(dice, name, fields) for name, fields in OBJECTS.items() if dice.random() < 0.8}
    scope = dice.choice(("department", "departments", "all", "all"))
    reach: dict[str, tuple[str | int, ...]] = dict.fromkeys(ACTIONS, ())
    return {**granted, "user": Grant(create=False, reach={**reach, "read": (scope,)}, fields={"*": "read"})}


def _grant(dice: Random, object_: str, fields: Mapping[str, Field]) -> Grant:
    scopes = (_READING, _SCOPES, _SCOPES)
    return Grant(
        create=dice.random() < 0.5,
        reach={a: _reach(dice, object_, chosen) for a, chosen in zip(ACTIONS, scopes, strict=True)},
        fields=_rights(dice, sorted(fields)) if dice.random() < 0.6 else {},
    )


def _reach(dice: Random, object_: str, scopes: Sequence[str]) -> tuple[str | int, ...]:
    """One or two scopes and conditions; what an object has none of is left out."""
    found: list[str | int] = []
    for scope in dice.sample(scopes, dice.choice((1, 1, 2))):
        if scope == "where":
            found += dice.sample(range(len(WHERES.get(object_, ()))), min(1, len(WHERES.get(object_, ()))))
        elif scope not in found and scope != "none" and (scope != "team" or object_ == "firm"):
            found.append(scope)
    return tuple(found)


def _rights(dice: Random, fields: Sequence[str]) -> dict[str, str]:
    named = {name: dice.choice(_RIGHTS) for name in _some(dice, fields, (1, 2, 3))}
    return {"*": dice.choice(("none", "read", "edit", "edit")), **named}


def _some(dice: Random, names: Sequence[str], numbers: Sequence[int]) -> tuple[str, ...]:
    return tuple(sorted(dice.sample(list(names), min(dice.choice(numbers), len(names)))))


def _rows(dice: Random, made: World) -> dict[str, Row]:
    """The records, those first to which others lead; a part has what its whole has."""
    found: dict[str, Row] = {}
    for object_, number in _ROWS.items():
        for _ in range(number):
            row = _row(dice, made, object_, len(found), found)
            found[row.name] = row
    return found


def _row(dice: Random, made: World, object_: str, number: int, known: Mapping[str, Row]) -> Row:
    binned = object_ != "depot" and dice.random() < 0.15
    # What goes into the bin is taken out of the links of all that stays; what lies there keeps its own.
    linked = {name: row for name, row in known.items() if row.binned is binned}
    wholes = {name: row for name, row in known.items() if binned or not row.binned}
    fields = {name: field for name, field in OBJECTS[object_].items() if not field.formula}
    values = {
        name: _value(dice, name, field, number, wholes if field.type == "master_detail" else linked)
        for name, field in fields.items()
    }
    owner = dice.choice([None, *made.people, *made.people])
    department = made.people[owner].hired_in if owner else None
    if master := master_of(object_):
        whole = known[str(values[master])]
        owner, department = whole.owner, whole.department
    return Row(
        name=f"{object_}{number}",
        id=str(uuid.UUID(int=dice.getrandbits(128), version=4)),
        object=object_,
        owner=owner,
        department=department,
        binned=binned,
        values=values,
    )


def _value(dice: Random, name: str, field: Field, number: int, known: Mapping[str, Row]) -> Value:
    match field.type:
        case "number":
            return dice.randrange(1, 500)
        case "picklist":
            return dice.choice(field.options)
        case "lookup":
            return dice.choice([None, *_of(known, field.to)])
        case "master_detail":
            return dice.choice(_of(known, field.to))
        case _:
            return f"{dice.choice(_WORDS)} zq{number:03}{LETTERS[name]}"


def _of(known: Mapping[str, Row], object_: str) -> list[str]:
    return [row.name for row in known.values() if row.object == object_]
