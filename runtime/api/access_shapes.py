"""How the questions about access look in the description of the API: their parameters and answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.access import Action, Origin
from engine.explanation.explain import Obstacle
from engine.explanation.viewers import Level
from engine.rights import SETUP
from metadata.catalog import FieldRight
from metadata.permission import Access
from runtime.api.shapes import ID, Shape

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.session import Session

_TEXT: Shape = {"type": "string"}
_FLAG: Shape = {"type": "boolean"}


def explained() -> Shape:
    """An explanation."""
    right: Shape = {"enum": list(FieldRight)}
    field = _whole(
        name=_TEXT,
        right=right,
        sets=_many(_whole(name=_TEXT, right=right)),
        hidden=_many(_TEXT),
    )
    ground = _whole(
        **{"for": {"enum": list(Action)}},
        kind={"enum": list(Origin)},
        name=_TEXT,
        part_of=_many(_TEXT),
        records=_TEXT,
        text=_TEXT,
        holds={"type": ["boolean", "null"]},
    )
    return _whole(
        user=ID,
        name=_TEXT,
        action={"enum": list(Action)},
        object=_TEXT,
        record={"type": ["string", "null"]},
        allowed=_FLAG,
        obstacles=_many(_whole(kind={"enum": list(Obstacle)}, text=_TEXT)),
        grounds=_many(ground),
        restrictions=_many(ground),
        field={"anyOf": [{"type": "null"}, field]},
        would_change=_many(_lever()),
        together=_many(_lever()),
    )


def seen_by() -> Shape:
    """A page of those who see a record."""
    viewer = _whole(user=ID, name=_TEXT, level={"enum": list(Level)}, reasons=_many(_TEXT))
    return _whole(users=_many(viewer), total={"type": "integer"}, next={"type": ["string", "null"]})


def altered() -> Shape:
    """What a user gains and loses."""
    number: Shape = {"type": "integer"}
    counts = ("people", "counted", "gaining", "gained", "losing", "lost")
    records = _whole(object=_TEXT, action={"enum": list(Action)}, **dict.fromkeys(counts, number))
    return _whole(
        records=_many(records), fields=_many(_whole(object=_TEXT, field=_TEXT, shown=number, hidden=number))
    )


def questions(session: Session) -> Mapping[str, tuple[str, list[Shape], Shape]]:
    """Summary, parameters and answer of each address that the caller may ask."""
    name, record = _asked("object", "An object.", needed=True), "The id of a record."
    found = {
        "/api/v1/access/explain": (
            "Why a user may do something, or why not, and the single grants that would change it.",
            [
                name,
                _asked("user", "The id of a user; else the caller."),
                _asked("action", "What is to be done.", {"enum": list(Action), "default": Action.READ}),
                _asked("record", f"{record} Without it: on any record at all."),
                _asked("field", "A field that is read or written."),
            ],
            explained(),
        )
    }
    if session.policy.holds(SETUP):
        limit: Shape = {"type": "integer", "minimum": 1, "maximum": 500}
        found["/api/v1/access/who"] = (
            "Who can see a record, how far and why, by name.",
            [
                name,
                _asked("record", record, needed=True),
                _asked("limit", "Users in the page.", limit),
                _asked("after", "The `next` of another page."),
            ],
            seen_by(),
        )
        found["/api/v1/access/preview"] = (
            "What a user would gain and lose with other permission sets.",
            [
                _asked("user", "The id of a user.", needed=True),
                _asked("assign", "Permission sets to be assigned, separated by commas."),
                _asked("remove", "Permission sets to be taken away, separated by commas."),
            ],
            altered(),
        )
    return found


def _lever() -> Shape:
    return _whole(
        kind={"enum": list(Origin)},
        name=_TEXT,
        access={"enum": [*Access, None]},
        removes=_FLAG,
        text=_TEXT,
    )


def _asked(name: str, about: str, schema: Shape = _TEXT, *, needed: bool = False) -> Shape:
    return {"name": name, "in": "query", "description": about, "schema": schema, "required": needed}


def _whole(**properties: object) -> Shape:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _many(items: Shape) -> Shape:
    return {"type": "array", "items": items}
