"""How the change feed, the recycle bin and the past of a record look in the description of the API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.changes.bin import MOST as MOST_BINNED
from engine.changes.feed import MOST as MOST_CHANGES
from engine.changes.past import Lost
from engine.rights import HISTORY
from engine.save.work import Kind
from runtime.api.body import MOST_REASON
from runtime.api.change_shapes import Verb
from runtime.api.past import MOST_FIELDS
from runtime.api.shapes import ID, Shape

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from engine.session import Session

_TEXT: Shape = {"type": "string"}
_FLAG: Shape = {"type": "boolean"}
_COUNT: Shape = {"type": "integer", "minimum": 0}
_INSTANT: Shape = {"type": "string", "format": "date-time"}
_MAYBE: Shape = {"type": ["string", "null"]}
_MAYBE_ID: Shape = {"anyOf": [{"type": "null"}, ID]}
_REASON: Shape = {"type": "string", "maxLength": MOST_REASON, "pattern": r"^[^\x00]*$"}


def past_verbs(session: Session, readable: Sequence[str]) -> Iterator[Verb]:
    """What the caller may ask of the bin and, with the right to see history, of the feed."""
    if not readable:
        return
    named: Shape = {"enum": [*readable]}
    yield Verb(
        method="get", path="/api/v1/bin", name="bin.list", about="What was deleted, newest first.",
        answer=_whole(records=_list(_binned(named)), next=_MAYBE_ID),
        parameters=_parameters(named, MOST_BINNED, before=ID),
    )  # fmt: skip
    if session.policy.holds(HISTORY):
        yield Verb(
            method="get", path="/api/v1/changes", name="changes.list", about="What happened after a cursor.",
            answer=_whole(changes=_list(_told(named)), next=_TEXT, more=_FLAG),
            parameters=_parameters(named, MOST_CHANGES, since=_TEXT),
        )  # fmt: skip


def past_shapes() -> dict[str, Shape]:
    """The answers about one record's past, and about removing it for good, by name."""
    was = _whole(
        name=_TEXT, then={}, now={}, differs=_FLAG, lost={"enum": [None, *(each.value for each in Lost)]}
    )
    return {
        "past": _whole(
            object=_TEXT, id=ID, at=_INSTANT, since={"anyOf": [{"type": "null"}, _INSTANT]},
            version=_COUNT, deleted=_FLAG, now=_whole(version=_COUNT, deleted=_FLAG), fields=_list(was),
        ),
        "purged": _whole(
            change_set=_MAYBE_ID, records={"type": "object", "additionalProperties": _COUNT}
        ),
    }  # fmt: skip


def past_bodies() -> dict[str, Shape]:
    """The bodies of requests about one record's past, by name."""
    fields: Shape = {"type": "array", "items": _TEXT, "minItems": 1, "maxItems": MOST_FIELDS}
    back: dict[str, Shape] = {
        "at": _TEXT,
        "fields": fields,
        "version": {"type": ["integer", "string", "null"]},
        "reason": _REASON,
    }
    return {"bring_back": _object(back, "at", "fields"), "purge": _object({"reason": _REASON})}


def _parameters(named: Shape, most: int, **start: Shape) -> tuple[Shape, ...]:
    limit: Shape = {"type": "integer", "minimum": 1, "maximum": most}
    about = {
        "object": "Only records of this object.",
        "limit": "How many.",
        "since": "The `next` of another page, or `now`.",
        "before": "The `next` of another page.",
    }
    return tuple(
        {"name": name, "in": "query", "schema": schema, "description": about[name]}
        for name, schema in {"object": named, "limit": limit, **start}.items()
    )


def _binned(named: Shape) -> Shape:
    return _whole(
        object=named, id=ID, title=_MAYBE, deleted_at=_INSTANT, by=_MAYBE_ID, impersonator=_MAYBE_ID,
        reason=_TEXT, change_set=ID, along={"type": "object", "additionalProperties": _COUNT},
    )  # fmt: skip


def _told(named: Shape) -> Shape:
    field = {"name": _TEXT, "old": {}, "new": {}, "erased": _FLAG}
    always: dict[str, Shape] = {
        "object": named, "id": ID, "version": _COUNT, "kind": {"enum": list(Kind)}, "at": _INSTANT,
        "gone": _FLAG,
    }  # fmt: skip
    more: dict[str, Shape] = {
        "by": _MAYBE_ID, "impersonator": _MAYBE_ID, "entry": _TEXT, "reason": _TEXT, "change_set": ID,
        "fields": _list(_object(field, "name", "old", "new")),
    }  # fmt: skip
    return _object({**always, **more}, *always)


def _list(items: Shape) -> Shape:
    return {"type": "array", "items": items}


def _whole(**parts: Shape) -> Shape:
    return _object(parts, *parts)


def _object(parts: dict[str, Shape], *required: str) -> Shape:
    return {
        "type": "object",
        "properties": parts,
        "required": list(required),
        "additionalProperties": False,
    }
