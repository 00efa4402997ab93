"""The objects of every random company: their fields, and what is computed of them, as Python beside its text.

`documents.py` writes them as YAML for the engine; the judge reads the Python. The look-ups lead to records
that somebody may not see, the parts are two levels deep, and of each kind of field some grant hides one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias

Value: TypeAlias = str | int | None
Known: TypeAlias = Callable[[str], Value]
"""Gives the value at a path of a record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field. `to` is the object that a link leads to; a formula has its text, its inputs and its Python."""

    type: str = "text"
    to: str = ""
    options: tuple[str, ...] = ()
    searchable: bool = False
    formula: str = ""
    made_of: tuple[str, ...] = ()
    compute: Callable[[Known], Value] = lambda _: None


def _times(value: Value, factor: int) -> Value:
    return value * factor if isinstance(value, int) else None


def _less(value: Value, other: Value) -> Value:
    return value - other if isinstance(value, int) and isinstance(other, int) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A condition as text, and whether it holds for what stands at the paths that it names.

    `$user` is the path of her whose access it is. `names` are the paths, where a reader asks it.
    """

    text: str
    holds: Callable[[Known], bool]
    names: tuple[str, ...] = ()


def number(value: Value) -> int:
    """A number to compare with; a blank is less than any of them."""
    return value if isinstance(value, int) else -(10**6)


NAME = Field(searchable=True)
OWNER = Field(type="lookup", to="user")
NUMBER = Field(type="number")

OBJECTS = MappingProxyType({
    "depot": {"name": NAME},
    "firm": {
        "name": NAME,
        "depot": Field(type="lookup", to="depot"),
        "region": Field(type="picklist", options=("north", "south", "east")),
        "size": NUMBER,
        "secret": Field(searchable=True),
        "double": Field(
            type="formula",
            formula="size * 2",
            made_of=("size",),
            compute=lambda at: _times(at("size"), 2),
        ),
    },
    "deal": {
        "name": NAME,
        "firm": Field(type="lookup", to="firm"),
        "partner": Field(type="lookup", to="firm"),
        "stage": Field(type="picklist", options=("open", "won")),
        "amount": NUMBER,
        "cost": NUMBER,
        "margin": Field(
            type="formula",
            formula="amount - cost",
            made_of=("amount", "cost"),
            compute=lambda at: _less(at("amount"), at("cost")),
        ),
        "firm_size": Field(
            type="formula",
            formula="firm.size",
            made_of=("firm.size",),
            compute=lambda at: at("firm.size"),
        ),
    },
    "job": {"name": NAME, "deal": Field(type="lookup", to="deal"), "hours": NUMBER, "note": Field()},
    "task": {"name": NAME, "job": Field(type="master_detail", to="job"), "hours": NUMBER},
    "step": {"name": NAME, "task": Field(type="master_detail", to="task"), "note": Field(searchable=True)},
})  # fmt: skip
"""By name, in the order in which their records are made."""

PATHS = MappingProxyType({
    "depot": ("owner.name",),
    "firm": ("owner.name", "depot.name"),
    "deal": ("owner.name", "firm.name", "firm.size", "firm.secret", "firm.double", "partner.name"),
    "job": ("owner.name", "deal.name", "deal.firm.name", "deal.firm.secret"),
    "task": ("job.name", "job.note", "job.deal.name"),
    "step": ("task.name", "task.job.name", "task.job.note"),
})  # fmt: skip
"""Fields of other records that are asked for through links, by object."""

FEATURES: Mapping[str, Mapping[str, object]] = MappingProxyType({
    "firm": {
        "features": ["sharing"],
        "team": {
            "members": "mate",
            "record": "firm",
            **{name: name for name in ("user", "group", "department", "access", "until")},
        },
        "pool": {
            "field": "depot",
            "members": "depot_mate",
            "record": "depot",
            **{name: name for name in ("user", "group", "department")},
        },
    },
    "deal": {"features": ["sharing"]},
    "job": {"features": ["sharing"]},
})  # fmt: skip
"""What else an object's document says: who may come at its records besides those with a grant."""

WHERES = MappingProxyType({
    "firm": (
        Condition(text='region = "north"', holds=lambda at: at("region") == "north"),
        Condition(text="double > 500", holds=lambda at: number(at("double")) > 500),
        Condition(text="ISBLANK(depot)", holds=lambda at: at("depot") is None),
        Condition(text="owner.manager = $user.id", holds=lambda at: at("owner.manager") == at("$user")),
    ),
    "deal": (
        Condition(text="amount > 250", holds=lambda at: number(at("amount")) > 250),
        Condition(text='firm.region = "north"', holds=lambda at: at("firm.region") == "north"),
        Condition(text="firm.owner = $user.id", holds=lambda at: at("firm.owner") == at("$user")),
        Condition(text='stage = "won"', holds=lambda at: at("stage") == "won"),
    ),
    "job": (
        Condition(text="hours < 300", holds=lambda at: 0 <= number(at("hours")) < 300),
        Condition(text='deal.stage = "won"', holds=lambda at: at("deal.stage") == "won"),
        Condition(text="deal.firm.size > 200", holds=lambda at: number(at("deal.firm.size")) > 200),
    ),
})  # fmt: skip
"""The conditions of grants and rules, by object. They are their author's: nothing is hidden from them."""

USER_FIELDS = MappingProxyType({"name": Field(), "manager": Field(type="lookup", to="user")})
"""What is looked at of people."""


def fields_of(object_: str) -> dict[str, Field]:
    """The fields of an object, with the owner that every record has."""
    own = USER_FIELDS if object_ == "user" else OBJECTS[object_]
    return {**own, "owner": OWNER}


def master_of(object_: str) -> str | None:
    """The link to the record of which these are parts, if they are parts."""
    own = OBJECTS.get(object_, {})
    return next((name for name, each in own.items() if each.type == "master_detail"), None)
