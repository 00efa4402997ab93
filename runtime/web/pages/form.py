"""Create and edit a record: the form, the save with its child rows, the form again when it was refused."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from starlette.responses import Response

from engine.ids import canonical_id
from engine.mutation import Create, Mutation, Update
from engine.pointing import pointing
from engine.problem import Problem
from runtime.web.pages.entries import Entries, read_entries
from runtime.web.pages.filled import COPY, Filled, answer, filled_new, in_dialog, texts_of
from runtime.web.pages.flash import Done
from runtime.web.pages.inputs import form_fields
from runtime.web.pages.kinds import choose_kind, default_kind, kind_for, must_choose
from runtime.web.pages.rights import require
from runtime.web.pages.rows import batches, saved_tables, typed_tables
from runtime.web.pages.target import ENTRY, form_record, layout_of, record_id, target_of, title_of, version_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.mutation import Change, Result
    from engine.record import Record
    from metadata.catalog import ObjectType
    from runtime.web.pages.visit import Visit


def show_new(visit: Visit) -> Response:
    """GET /o/{object}/new: the defaults, and the fields that the address names (`?account=<id>`)."""
    target = _creatable(visit)
    if must_choose(visit, target) and not in_dialog(visit):
        return choose_kind(visit, target)
    filled = filled_new(visit, target, kind_for(visit, target) or default_kind(target))
    return answer(visit, replace(filled, tables=saved_tables(visit, filled.layout, None)))


def create(visit: Visit) -> Response:
    """POST /o/{object}/new"""
    target = _creatable(visit)
    filled = posted_form(visit, target, None)
    identity = visit.exchange.tenant.gate.ids()
    try:
        made = _save(visit, filled, _new(identity, filled), identity)[0].records[0]
    except Problem as problem:
        return _again(visit, filled, problem)
    if in_dialog(visit):
        return _chosen(identity, title_of(made, visit) if made else "")
    place = visit.reader.link(f"/o/{target.name}" + (f"/{identity}" if made else ""))
    return visit.go(filled.back or place, Done(what="created", object=target.name, draft=filled.draft))


def show_edit(visit: Visit) -> Response:
    """GET /o/{object}/{id}/edit"""
    record = form_record(visit, _changeable(visit))
    layout = layout_of(record)
    fields = form_fields(visit, layout)
    texts = texts_of(visit, fields, record)
    filled = Filled(
        target=record.object,
        layout=layout,
        fields=fields,
        record=record,
        entries=Entries(now=texts, was=texts),
        tables=saved_tables(visit, layout, record),
        back=visit.local(visit.exchange.query.get("back", "")),
    )
    return answer(visit, filled)


def save(visit: Visit) -> Response:
    """POST /o/{object}/{id}/edit: only what the reader changed; both sides after a conflict."""
    target, id_ = _changeable(visit), record_id(visit)
    filled = posted_form(visit, target, form_record(visit, target))
    change = Update(id=id_, values=filled.values(), version=version_of(visit))
    try:
        _save(visit, filled, change, id_)
    except Problem as problem:
        return _again(visit, filled, problem)
    place = visit.reader.link(f"/o/{target.name}/{id_}")
    return visit.go(filled.back or place, Done(what="saved", object=target.name, draft=filled.draft))


def refused_change(visit: Visit, target: ObjectType, values: Mapping[str, str], problem: Problem) -> Response:
    """The form with `values` filled in, after a change made elsewhere on the page was refused."""
    record = form_record(visit, target)
    layout = layout_of(record)
    fields = form_fields(visit, layout)
    texts = texts_of(visit, fields, record)
    return _again(visit, Filled(
        target=target, layout=layout, fields=fields, entries=Entries(now={**texts, **values}, was=texts),
        record=record, tables=saved_tables(visit, layout, record),
    ), problem)  # fmt: skip


def posted_form(visit: Visit, target: ObjectType, record: Record | None) -> Filled:
    """The form as the request has it."""
    kind = (kind_for(visit, target) or default_kind(target)) if record is None else None
    layout = target.layout_of(kind.name if kind else None) if record is None else layout_of(record)
    fields = form_fields(visit, layout, new=record is None)
    return Filled(
        target=target, layout=layout, fields=fields, record=record, kind=kind,
        entries=read_entries(visit, fields), tables=typed_tables(visit, layout, record),
        back=visit.local(str(visit.exchange.form.get("_back", ""))),
        copied_from="" if record else canonical_id(str(visit.exchange.form.get(COPY, ""))) or "",
    )  # fmt: skip


def _save(visit: Visit, filled: Filled, change: Change, identity: str) -> tuple[Result, ...]:
    """Save the record and its rows, all or nothing."""
    parent = Mutation(
        object=filled.target,
        changes=(change,),
        entry=ENTRY,
        answer=filled.record is None,
        accept_duplicates=bool(visit.exchange.form.get("_accept")),
    )
    rows = tuple(mutation for _, mutation in batches(filled.tables, _pointers(filled, identity)))
    session = visit.signed_in
    return session.apply_all((parent, *rows)) if rows else (session.apply(parent),)


def _new(identity: str, filled: Filled) -> Create:
    return Create(id=identity, values=filled.values(), copied_from=filled.copied_from or None)


def _pointers(filled: Filled, identity: str) -> Mapping[str, str]:
    """What the links of new rows hold, by table."""
    links = {typed.table.id: typed.table.link for typed in filled.tables}
    return {id_: pointing(link, filled.target, identity) for id_, link in links.items()}


def _again(visit: Visit, filled: Filled, problem: Problem) -> Response:
    """The form with what was typed and what was refused; nothing is lost. Raises what no entry can mend."""
    if problem.status in (403, 404):
        raise problem
    return answer(visit, replace(filled, problem=problem))


def _chosen(identity: str, title: str) -> Response:
    """What tells the form behind the dialog which record was made."""
    told = {"strata:created": {"value": identity, "text": title}}
    return Response(status_code=200, headers={"HX-Trigger": json.dumps(told)})  # a header is ASCII


def _creatable(visit: Visit) -> ObjectType:
    target = target_of(visit)
    require(visit.signed_in, target, "create")
    return target


def _changeable(visit: Visit) -> ObjectType:
    target = target_of(visit)
    require(visit.signed_in, target, "update")
    return target
