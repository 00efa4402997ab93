"""How jobs look in the description of the API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.jobs.job import JobState
from engine.transfer.sheet import Format
from runtime.api.change_shapes import Verb
from runtime.api.shapes import ID, Shape

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_JOBS = 200
_TEXT: Shape = {"type": "string"}
_COUNT: Shape = {"type": "integer", "minimum": 0}
_MAYBE_ID: Shape = {"anyOf": [{"type": "null"}, ID]}
_PATH: Shape = {"name": "id", "in": "path", "required": True, "schema": ID, "description": "The id."}


def job_verbs() -> Iterator[Verb]:
    """What everybody may ask of jobs: her own, or all with the right to set up."""
    address = "/api/v1/jobs"
    limit: Shape = {"type": "integer", "minimum": 1, "maximum": MOST_JOBS}
    named = (
        ("limit", limit, "How many."),
        ("before", ID, "The `next` of another page."),
        ("own", {"type": "boolean"}, "Only one's own."),
    )
    parameters: tuple[Shape, ...] = tuple(
        {"name": name, "in": "query", "schema": schema, "description": about} for name, schema, about in named
    )
    yield Verb(
        method="get", path=address, name="jobs.list", about="The newest jobs.", parameters=parameters,
        answer=_whole(jobs={"type": "array", "items": job_shape()}, next=_MAYBE_ID),
    )  # fmt: skip
    file = _whole(name=_TEXT, bytes=_COUNT, url=_TEXT)
    yield Verb(
        method="get", path=f"{address}/{{id}}", name="jobs.get", about="How a job stands.",
        answer=job_shape(files={"type": "array", "items": file}), parameters=(_PATH,),
    )  # fmt: skip
    yield Verb(
        method="post", path=f"{address}/{{id}}/cancel", name="jobs.cancel", about="Let a job stop.",
        answer=job_shape(), parameters=(_PATH,),
    )  # fmt: skip


def import_verbs() -> Iterator[Verb]:
    """How files go in: a form, which queues a job, and the mappings that are kept by name."""
    address = "/api/v1/import"
    binary: Shape = {"type": "string", "contentMediaType": "application/octet-stream"}
    form: Shape = {
        "type": "object", "required": ["file", "mapping"],
        "properties": {"file": binary, "mapping": {"type": "string", "description": "JSON, or a saved name."},
                       "dry_run": {"enum": ["true", "false"]}},
    }  # fmt: skip
    yield Verb(
        method="post", path=address, name="import.start", about="Queue an import.", answer=job_shape(),
        body=form, media="multipart/form-data", status=202,
    )  # fmt: skip
    named: Shape = {"name": "object", "in": "query", "schema": _TEXT, "description": "Only of this object."}
    saved = _whole(name=_TEXT, object=_TEXT, at=_TEXT, by=_MAYBE_ID, mapping={"type": "object"})
    yield Verb(
        method="get", path=f"{address}/mappings", name="import.mappings", about="The saved mappings.",
        answer=_whole(mappings={"type": "array", "items": saved}), parameters=(named,),
    )  # fmt: skip
    one, path = f"{address}/mappings/{{name}}", dict(_PATH) | {"name": "name", "schema": _TEXT}
    yield Verb(
        method="get",
        path=one,
        name="import.get_mapping",
        about="One of them.",
        answer=saved,
        parameters=(path,),
    )
    yield Verb(
        method="put", path=one, name="import.save_mapping", about="Save a mapping under this name.",
        answer=saved, parameters=(path,), body={"type": "object"},
    )  # fmt: skip


def export_verb() -> Verb:
    """How a list of any length leaves: a job, whose file waits to be fetched."""
    asked: dict[str, Shape] = dict.fromkeys(("fields", "where", "order", "find"), _TEXT)
    how: dict[str, Shape] = {"format": {"enum": list(Format)}, "names": {"enum": ["label", "api"]}}
    path: Shape = {
        "name": "object",
        "in": "path",
        "required": True,
        "schema": _TEXT,
        "description": "The object.",
    }
    return Verb(
        method="post", path="/api/v1/{object}/export", name="export.start", about="Queue an export.",
        answer=job_shape(), parameters=(path,), status=202,
        body={"type": "object", "properties": {**asked, **how}, "additionalProperties": False},
    )  # fmt: skip


def job_shape(**more: Shape) -> Shape:
    """A job."""
    instant: Shape = {"type": "string", "format": "date-time"}
    maybe: Shape = {"type": ["string", "null"], "format": "date-time"}
    return _whole(
        id=ID, kind=_TEXT, state={"enum": list(JobState)}, about=_TEXT, by=_MAYBE_ID, impersonator=_MAYBE_ID,
        done=_COUNT, total={"type": ["integer", "null"]}, cancelling={"type": "boolean"}, made_at=instant,
        started_at=maybe, ended_at=maybe, result={"type": "object"}, problem={"type": ["object", "null"]},
        url=_TEXT, **more,
    )  # fmt: skip


def _whole(**parts: Shape) -> Shape:
    return {"type": "object", "properties": parts, "required": list(parts), "additionalProperties": False}
