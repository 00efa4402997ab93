"""The stages of a record, and its move from one to another, as far as the process allows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from engine.mutation import Mutation, Update
from engine.problem import Problem
from runtime.web.pages.flash import Done
from runtime.web.pages.form import refused_change
from runtime.web.pages.offered import offered
from runtime.web.pages.rights import editable, may, readable
from runtime.web.pages.target import ENTRY, record_id, target_of, version_of
from runtime.web.stage import Stage, StageStep

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.responses import Response

    from engine.record import Record
    from metadata.catalog import Field, Layout, ObjectType, Option
    from runtime.web.component import Component
    from runtime.web.pages.standing import Standing
    from runtime.web.pages.visit import Visit


def move_stage(visit: Visit) -> Response:
    """POST /o/{object}/{id}/stage: set the picklist of the path; what is refused is shown on the form."""
    target, id_ = target_of(visit), record_id(visit)
    paths = {layout.path.name for layout in _layouts(target) if layout.path}
    values = {name: str(visit.exchange.form.get(name, "")) for name in paths if name in visit.exchange.form}
    change = Update(id=id_, values=dict(values), version=version_of(visit))
    try:
        visit.signed_in.apply(Mutation(object=target, changes=(change,), entry=ENTRY, answer=False))
    except Problem as problem:
        return refused_change(visit, target, values, problem)
    return visit.go(visit.reader.link(f"/o/{target.name}/{id_}"), Done(what="saved", object=target.name))


def stage_of(
    visit: Visit, layout: Layout, record: Record, standing: Standing, address: str
) -> Component | None:
    """The path of the record, or None where its layout has none or the reader may not see it."""
    field, target = layout.path, record.object
    if field is None or not readable(visit.signed_in, field):
        return None
    now = record.values.get(field.name)
    options = offered(field, record.values)
    lost = _failures(options)
    steps = _steps(visit, field, options, lost, now, standing)
    codes = [step.code for step in steps]
    following = steps[codes.index(str(now)) + 1 :][:1] if str(now) in codes else steps[:1]
    endings = (_step(visit, field, one, "lost", standing) for one in options if one.code in lost - {now})
    return Stage(
        action=f"{address}/stage", version=record.version, field=field.name,
        label=field.label.text(visit.reader.language), steps=steps,
        following="".join(step.code for step in following if step.open),
        movable=may(visit.signed_in, target, "update") and editable(visit.signed_in, field),
        endings=tuple(step for step in endings if step.open),
    ).component()  # fmt: skip


def _steps(
    visit: Visit, field: Field, options: tuple[Option, ...], lost: frozenset[str], now: object,
    standing: Standing,
) -> tuple[StageStep, ...]:  # fmt: skip
    """The stages up to success; a record that ended otherwise shows that end as its last stage."""
    shown = [option for option in options if option.code not in lost or option.code == now]
    at = next((place for place, option in enumerate(shown) if option.code == now), -1)

    def state(place: int) -> Literal["done", "now", "todo", "lost"]:
        if place == at:
            return "lost" if now in lost else "now"
        return "done" if place < at and now not in lost else "todo"

    return tuple(_step(visit, field, option, state(place), standing) for place, option in enumerate(shown))


def _step(
    visit: Visit,
    field: Field,
    option: Option,
    state: Literal["done", "now", "todo", "lost"],
    standing: Standing,
) -> StageStep:
    """One stage, with what the process says of a move there."""
    way, language = standing.way(field, option.code), visit.reader.language
    hint = ""
    if way is not None and state != "now":
        hint = " ".join(visit.reader.said(detail.message) for detail in way.refused)
        names = ", ".join(needed.label.text(language) for needed in way.missing)
        hint = hint or (visit.reader.text("record.stage_needs", fields=names) if names else "")
    return StageStep(
        code=option.code, label=option.label.text(language), state=state,
        open=way is None or not way.refused, hint=hint,
    )  # fmt: skip


def _failures(options: Iterable[Option]) -> frozenset[str]:
    """Codes that close a record without success: not `won` or, where none is, not the first that closes."""
    closed = [option for option in options if option.attributes.get("closed")]
    won = [option for option in closed if option.attributes.get("won")] or closed[:1]
    return frozenset(option.code for option in closed) - {option.code for option in won}


def _layouts(target: ObjectType) -> tuple[Layout, ...]:
    return (target.layout, *(kind.layout for kind in target.record_types.values()))
