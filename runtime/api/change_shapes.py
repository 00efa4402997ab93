"""How change sets, undo and hand-over look in the description of the API."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.handover import What
from engine.rights import HISTORY, MASS_EDIT
from engine.save.work import Kind
from metadata.system import USER
from runtime.api.body import MOST_REASON
from runtime.api.shapes import ID, Shape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.session import Session

MOST_SETS = 200
_TEXT: Shape = {"type": "string"}
_FLAG: Shape = {"type": "boolean"}
_COUNT: Shape = {"type": "integer", "minimum": 0}
_MAYBE_ID: Shape = {"anyOf": [{"type": "null"}, ID]}
_MAYBE: Shape = {"type": ["string", "null"]}
_REASON: Shape = {"type": "string", "maxLength": MOST_REASON, "pattern": r"^[^\x00]*$"}
_PATH: Shape = {"name": "id", "in": "path", "required": True, "schema": ID, "description": "The id."}


@dataclass(frozen=True, slots=True, kw_only=True)
class Verb:
    """One method of an address that is no object's; `body` and `answer` are schemas.

    `media` is how the body is sent, `status` that of an answer that is not a refusal.
    `also` are statuses that it may answer with besides 200 and the usual refusals.
    """

    method: str
    path: str
    name: str
    about: str
    answer: Shape
    parameters: tuple[Shape, ...] = ()
    body: Shape | None = None
    media: str = "application/json"
    status: int = 200
    also: tuple[int, ...] = ()


def verbs(session: Session) -> Iterator[Verb]:
    """What the caller may ask of change sets, and whether she may hand over."""
    if session.policy.holds(HISTORY):
        yield from _about_sets()
    users = session.release.catalog.objects[USER]
    if session.policy.holds(MASS_EDIT) and session.policy.reads(users):
        yield from _about_handing_over()


def _about_sets() -> Iterator[Verb]:
    address = "/api/v1/change-sets"
    limit: Shape = {"type": "integer", "minimum": 1, "maximum": MOST_SETS}
    named = (
        ("limit", limit, "How many."),
        ("before", ID, "The `next` of another page."),
        ("own", _FLAG, "Only one's own."),
    )
    parameters: tuple[Shape, ...] = tuple(
        {"name": name, "in": "query", "schema": schema, "description": about} for name, schema, about in named
    )
    listed = _whole(change_sets={"type": "array", "items": _change_set()}, next=_MAYBE_ID)
    yield Verb(
        method="get", path=address, name="change_sets.list", about="The newest change sets.", answer=listed,
        parameters=parameters,
    )  # fmt: skip
    one = _change_set(objects={"type": "object", "additionalProperties": _COUNT})
    path, undo = f"{address}/{{id}}", f"{address}/{{id}}/undo"
    yield Verb(
        method="get", path=path, name="change_sets.get", about="One change set.", answer=one,
        parameters=(_PATH,),
    )  # fmt: skip
    about = "What taking a change set back would do now."
    yield Verb(
        method="get", path=undo, name="change_sets.show_undo", about=about, answer=_undone(),
        parameters=(_PATH,),
    )  # fmt: skip
    about = "Take a change set back, as far as nobody touched its records since."
    yield Verb(
        method="post", path=undo, name="change_sets.undo", about=about, answer=_undone(),
        parameters=(_PATH,), body=_object({"reason": _REASON}), also=(202,),
    )  # fmt: skip


def _about_handing_over() -> Iterator[Verb]:
    path = f"/api/v1/{USER}/{{id}}/hand-over"
    to: Shape = {"name": "to", "in": "query", "schema": ID, "description": "Who would get it all."}
    title = _whole(id=ID, title=_MAYBE)
    portion = _whole(
        name=_TEXT, what={"enum": list(What)}, usual=_FLAG, count=_COUNT,
        gained={"type": ["integer", "null"]}, examples={"type": "array", "items": title},
    )  # fmt: skip
    yield Verb(
        method="get", path=path, name=f"{USER}.show_hand_over", about="What a user holds that is open.",
        answer=_whole(portions={"type": "array", "items": portion}), parameters=(_PATH, to),
    )  # fmt: skip
    body = _object(
        {"successors": {"type": "object", "additionalProperties": ID}, "reason": _REASON}, "successors"
    )
    moved = _whole(
        change_set=_MAYBE_ID, moved={"type": "object", "additionalProperties": _COUNT}, refused=_COUNT,
        conflicts={"type": "array", "items": _conflict()},
    )  # fmt: skip
    yield Verb(
        method="post", path=path, name=f"{USER}.hand_over", about="Give what a user holds to others.",
        answer=moved, parameters=(_PATH,), body=body, also=(202,),
    )  # fmt: skip


def _change_set(**more: Shape) -> Shape:
    instant: Shape = {"type": "string", "format": "date-time"}
    return _whole(
        id=ID, at=instant, by=_MAYBE_ID, impersonator=_MAYBE_ID, entry=_TEXT, reason=_TEXT,
        subject=_MAYBE_ID, open=_FLAG, changes=_COUNT, undone=_FLAG, **more,
    )  # fmt: skip


def _undone() -> Shape:
    kinds: Shape = {"type": "object", "propertyNames": {"enum": list(Kind)}, "additionalProperties": _COUNT}
    return _whole(
        change_set=_MAYBE_ID, records={"type": "object", "additionalProperties": kinds}, refused=_COUNT,
        hidden=_COUNT, conflicts={"type": "array", "items": _conflict()},
    )  # fmt: skip


def _conflict() -> Shape:
    return _whole(object=_MAYBE, id=ID, field=_MAYBE, message=_TEXT)


def _whole(**parts: Shape) -> Shape:
    """An object that always has all of its parts."""
    return _object(parts, *parts)


def _object(parts: dict[str, Shape], *required: str) -> Shape:
    return {
        "type": "object",
        "properties": parts,
        "required": list(required),
        "additionalProperties": False,
    }
