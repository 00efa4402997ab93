"""What doors ask of each object: its paths, orders, conditions and groups, each with its answer in Python."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from tests.oracle.shape import OBJECTS, PATHS, Condition, fields_of, number

if TYPE_CHECKING:
    from tests.oracle.judge import Judge
    from tests.oracle.shape import Value
    from tests.oracle.world import Row


def _text(value: Value) -> str:
    return str(value or "")


CONDITIONS = MappingProxyType({
    "depot": (),
    "firm": (
        Condition(text="size > 250", names=("size",), holds=lambda at: number(at("size")) > 250),
        Condition(text="double > 500", names=("double",), holds=lambda at: number(at("double")) > 500),
        Condition(text='region = "north"', names=("region",), holds=lambda at: at("region") == "north"),
        Condition(
            text='CONTAINS(secret, "alder")',
            names=("secret",),
            holds=lambda at: "alder" in _text(at("secret")),
        ),
    ),
    "deal": (
        Condition(text="margin > 0", names=("margin",), holds=lambda at: number(at("margin")) > 0),
        Condition(text="firm.size > 9", names=("firm.size",), holds=lambda at: number(at("firm.size")) > 9),
        Condition(text="firm_size > 9", names=("firm_size",), holds=lambda at: number(at("firm_size")) > 9),
        Condition(text="ISBLANK(firm.name)", names=("firm.name",), holds=lambda at: at("firm.name") is None),
        Condition(
            text='stage = "won" && amount > 100',
            names=("stage", "amount"),
            holds=lambda at: at("stage") == "won" and number(at("amount")) > 100,
        ),
    ),
    "job": (
        Condition(
            text='CONTAINS(deal.firm.secret, "birch")',
            names=("deal.firm.secret",),
            holds=lambda at: "birch" in _text(at("deal.firm.secret")),
        ),
    ),
    "task": (Condition(text="hours > 200", names=("hours",), holds=lambda at: number(at("hours")) > 200),),
    "step": (
        Condition(
            text='CONTAINS(task.job.note, "elm")',
            names=("task.job.note",),
            holds=lambda at: "elm" in _text(at("task.job.note")),
        ),
    ),
})  # fmt: skip

ORDERS = MappingProxyType({
    "depot": ("name",),
    "firm": ("name", "-secret", "double"),
    "deal": ("name", "-firm.name", "amount", "firm_size", "owner.name"),
    "job": ("-name", "deal.firm.name"),
    "task": ("job.name", "hours"),
    "step": ("-task.job.note",),
})  # fmt: skip

GROUPS = MappingProxyType({
    "depot": (),
    "firm": ("region", "owner.name"),
    "deal": ("stage", "firm.name", "partner"),
    "job": ("deal.firm.name",),
    "task": ("job", "job.note"),
    "step": ("task.job.name",),
})  # fmt: skip

FIGURES = MappingProxyType({
    "depot": (),
    "firm": ("size", "double"),
    "deal": ("amount", "margin", "firm.size"),
    "job": ("hours",),
    "task": ("hours",),
    "step": (),
})  # fmt: skip


def paths_of(object_: str) -> tuple[str, ...]:
    """All that is asked for of a record."""
    return (*fields_of(object_), *PATHS[object_])


def holding(judge: Judge, who: str, object_: str, asked: Condition) -> list[Row]:
    """The records that somebody sees and for which a condition holds, as she sees them."""
    seen = judge.seen(who, object_)
    return [row for row in seen if asked.holds(lambda path, row=row: judge.value(who, row, path))]  # type: ignore[misc]


def links() -> tuple[tuple[str, str, str], ...]:
    """Every link of the model to an object of it: the object, the field, and where it leads."""
    return tuple(
        (object_, name, field.to)
        for object_, fields in OBJECTS.items()
        for name, field in fields.items()
        if field.to
    )
