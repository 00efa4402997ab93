"""Create and edit a record: the form, the save, and the form again when something is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from engine.codes import FORBIDDEN, STALE_VERSION
from engine.mutation import Create, Mutation, Update
from engine.problem import Problem
from formula.expr import Formula
from runtime.web.component import Link
from runtime.web.editing import raw
from runtime.web.form import Form, FormPage
from runtime.web.pages.conflict import conflict_form
from runtime.web.pages.entries import (
    Entries,
    complaints,
    form_fields,
    read_entries,
    sections_of,
    write_was,
)
from runtime.web.pages.flash import Done
from runtime.web.pages.navigation import list_link, object_label
from runtime.web.pages.rights import may
from runtime.web.pages.target import ENTRY, fetch, record_id, target_of, title_of, version_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.responses import Response

    from engine.fields.contract import FieldType
    from engine.record import Record
    from metadata.catalog import Field, ObjectType
    from runtime.web.component import Component
    from runtime.web.pages.visit import Visit


def show_new(visit: Visit) -> Response:
    """GET /o/{object}/new: the defaults, and the fields that the address names (`?account=<id>`)."""
    target = _creatable(visit)
    given = visit.exchange.query
    texts = {name: given.get(name, text) for name, text in _defaults(visit, target).items()}
    form = _form(visit, target, None, Entries(now=texts, was={}), back=visit.local(given.get("back", "")))
    return _page(visit, target, None, form)


def create(visit: Visit) -> Response:
    """POST /o/{object}/new"""
    target = _creatable(visit)
    entries = read_entries(visit, form_fields(visit, target))
    mutation = Mutation(object=target, changes=(Create(values=_given(target, entries)),), entry=ENTRY)
    try:
        made = visit.signed_in.apply(mutation).records[0]
    except Problem as problem:
        return _again(visit, target, None, entries, problem)
    place = visit.reader.link(f"/o/{target.name}" + (f"/{made.id}" if made else ""))
    return visit.go(
        _back(visit) or place, Done(what="created", object=target.name, draft=_draft(target, None))
    )


def show_edit(visit: Visit) -> Response:
    """GET /o/{object}/{id}/edit"""
    target = _changeable(visit)
    record = _record(visit, target)
    texts = texts_of(visit, target, record)
    return _page(visit, target, record, _form(visit, target, record, Entries(now=texts, was=texts)))


def save(visit: Visit) -> Response:
    """POST /o/{object}/{id}/edit: only what the reader changed; both sides after a conflict."""
    target, id_ = _changeable(visit), record_id(visit)
    entries = read_entries(visit, form_fields(visit, target))
    change = Update(id=id_, values=entries.changed(), version=version_of(visit))
    try:
        visit.signed_in.apply(Mutation(object=target, changes=(change,), entry=ENTRY, answer=False))
    except Problem as problem:
        return _again(visit, target, _record(visit, target), entries, problem)
    place = visit.reader.link(f"/o/{target.name}/{id_}")
    return visit.go(_back(visit) or place, Done(what="saved", object=target.name, draft=_draft(target, id_)))


def refused_change(visit: Visit, target: ObjectType, values: Mapping[str, str], problem: Problem) -> Response:
    """The form with `values` filled in, after a change made elsewhere on the page was refused."""
    record = _record(visit, target)
    texts = texts_of(visit, target, record)
    return _again(visit, target, record, Entries(now={**texts, **values}, was=texts), problem)


def texts_of(visit: Visit, target: ObjectType, record: Record) -> dict[str, str]:
    """What the inputs of the form hold for a record as it is saved."""
    return {
        field.name: raw(cast("FieldType", field.sort), record.values.get(field.name), visit.reader)
        for field in form_fields(visit, target)
    }


def _again(
    visit: Visit, target: ObjectType, record: Record | None, entries: Entries, problem: Problem
) -> Response:
    """The form with what was typed and what was refused; nothing is lost. Raises what no entry can mend."""
    if problem.status in (403, 404):
        raise problem
    if problem.code is STALE_VERSION and record is not None:
        body = conflict_form(
            visit, record, form_fields(visit, target), entries, texts_of(visit, target, record)
        )
    else:
        body = _form(visit, target, record, entries, back=_back(visit), problem=problem)
    return (
        visit.answer(body, problem.status)
        if visit.partial
        else _page(visit, target, record, body, problem.status)
    )


def _form(
    visit: Visit, target: ObjectType, record: Record | None, entries: Entries, *, back: str = "",
    problem: Problem | None = None,
) -> Component:  # fmt: skip
    address = visit.reader.link(f"/o/{target.name}")
    place = f"{address}/{record.id}" if record else address
    said = complaints(visit, target, problem)
    return Form(
        action=f"{place}/edit" if record else f"{place}/new",
        version=_seen_version(visit, record),
        back=back,
        draft=_draft(target, record.id if record else None),
        cancel=back or place,
        was=write_was(entries.was),
        sections=sections_of(visit, target, entries.now, problem),
        problems=said,
        summary=visit.reader.text("form.refused", count=len(said)) if said else "",
    ).component()


def _page(
    visit: Visit, target: ObjectType, record: Record | None, form: Component, status: int = 200
) -> Response:
    text, language = visit.reader.text, visit.reader.language
    title = title_of(record, visit) if record else text("record.new", object=target.label.text(language))
    heading = text("record.edit_title", title=title) if record else title
    page = FormPage(object=object_label(target, language), heading=heading, form=form)
    crumbs = [list_link(visit, target)]
    if record:
        crumbs.append(Link(label=title, href=visit.reader.link(f"/o/{target.name}/{record.id}")))
    crumbs.append(Link(label=text("record.edit") if record else title, href=""))
    return visit.page(title=heading, body=page.component(), crumbs=tuple(crumbs), canvas=True, status=status)


def _given(target: ObjectType, entries: Entries) -> dict[str, object]:
    """What was typed; a blank where a formula is the default leaves the field to that formula."""
    return {
        name: text
        for name, text in entries.now.items()
        if text or not isinstance(target.fields[name].default, Formula)
    }


def _defaults(visit: Visit, target: ObjectType) -> dict[str, str]:
    """The plain defaults as texts, and the reader as owner; formulas are computed by the save."""
    plain = visit.exchange.release.defaults[target.id]
    me = visit.signed_in.actor.id

    def start(field: Field) -> str:
        value = me if field.name == "owner" else plain.get(field.name)
        return raw(cast("FieldType", field.sort), value, visit.reader)

    return {field.name: start(field) for field in form_fields(visit, target)}


def _creatable(visit: Visit) -> ObjectType:
    target = target_of(visit)
    if not may(visit.signed_in, target, "create"):
        raise Problem(FORBIDDEN, f"You may not create {target.name} records.", status=403)
    return target


def _changeable(visit: Visit) -> ObjectType:
    target = target_of(visit)
    if not may(visit.signed_in, target, "update"):
        raise Problem(FORBIDDEN, f"You may not change {target.name} records.", status=403)
    return target


def _record(visit: Visit, target: ObjectType) -> Record:
    fields = [*form_fields(visit, target), *([target.title] if target.title else [])]
    return fetch(visit, target, record_id(visit), dict.fromkeys(fields))


def _seen_version(visit: Visit, record: Record | None) -> int | None:
    """The version the reader's entries belong to: the one the form came with, else the record's."""
    return version_of(visit) or (record.version if record else None)


def _back(visit: Visit) -> str:
    return visit.local(str(visit.exchange.form.get("_back", "")))


def _draft(target: ObjectType, id_: str | None) -> str:
    return f"{target.name}/{id_ or 'new'}"
