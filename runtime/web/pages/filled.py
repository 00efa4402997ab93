"""A form of one record with all that it holds, on its way from the record or the request to the page.

Made by the handlers in `form.py`; what was typed stays in it, whatever a save says.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

from engine.codes import STALE_VERSION
from formula.expr import Formula
from metadata.catalog import duplicate_rules
from metadata.record_type import RECORD_TYPE
from runtime.web.component import Link
from runtime.web.form import Form, FormPage
from runtime.web.pages.conflict import conflict_form
from runtime.web.pages.entries import Entries, complaints, errors_of, write_was
from runtime.web.pages.inputs import Filling, first_field, form_fields, sections_of
from runtime.web.pages.kinds import new_address, several_kinds
from runtime.web.pages.navigation import list_link, object_label
from runtime.web.pages.rows import batches, form_tables, row_complaint
from runtime.web.pages.standing import OPEN, Standing, computes_defaults, has_conditions, standing
from runtime.web.pages.target import title_of, version_of
from runtime.web.pages.titles import titles
from runtime.web.pages.twins import refused_twins
from runtime.web.posted import raw

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.responses import Response

    from engine.fields.contract import FieldType
    from engine.problem import Problem
    from engine.record import Record
    from metadata.catalog import Field, Layout, ObjectType, RecordType
    from runtime.web.component import Component
    from runtime.web.form import Complaint
    from runtime.web.pages.rows import TypedTable
    from runtime.web.pages.visit import Visit

COPY = "_copy"
"""The hidden input with the id of the record that the new one is a copy of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """`record` is the saved one, None for a new one; `kind` is the type of a new one, if it has one.

    `copied_from` is the id of the record that a new one is a copy of, or ""; `aside` another way to the form.
    """

    target: ObjectType
    layout: Layout
    fields: tuple[Field, ...]
    entries: Entries
    record: Record | None = None
    kind: RecordType | None = None
    tables: tuple[TypedTable, ...] = ()
    back: str = ""
    copied_from: str = ""
    aside: Link | None = None
    problem: Problem | None = None

    @property
    def id(self) -> str | None:
        """The saved record's."""
        return self.record.id if self.record else None

    @property
    def draft(self) -> str:
        """What the browser calls a draft of this form."""
        new = f"copy/{self.copied_from}" if self.copied_from else "new"
        return f"{self.target.name}/{self.id or new}"

    @property
    def copied(self) -> tuple[str, ...]:
        """The fields of a copy that hold something: defaults do not replace it."""
        return tuple(name for name, text in self.entries.now.items() if text and self.copied_from)

    def values(self) -> dict[str, object]:
        """What a save takes: of a new record all that was typed, else what was changed."""
        if self.record is not None:
            return self.entries.changed()
        typed: dict[str, object] = {name: text for name, text in self.entries.now.items() if text}
        blank = (one.name for one in self.fields if _is_plain(one) and self.entries.now.get(one.name) == "")
        kind = {RECORD_TYPE: self.kind.name} if self.kind else {}
        return {**dict.fromkeys(blank, ""), **typed, **kind}


def texts_of(visit: Visit, fields: tuple[Field, ...], record: Record) -> dict[str, str]:
    """What the inputs of the form hold for a record as it is saved."""
    return {
        one.name: raw(cast("FieldType", one.sort), record.values.get(one.name), visit.reader)
        for one in fields
    }


def filled_new(visit: Visit, target: ObjectType, kind: RecordType | None) -> Filled:
    """The form for a new record: its defaults, the reader as owner, and what the address names."""
    layout = target.layout_of(kind.name if kind else None)
    fields = form_fields(visit, layout, new=True)
    plain, given = visit.exchange.release.defaults[target.id], visit.exchange.query
    texts = {
        one.name: given.get(one.name, raw(cast("FieldType", one.sort), plain.get(one.name), visit.reader))
        for one in fields
    }
    if texts.get("owner") == "":
        texts["owner"] = visit.signed_in.actor.id or ""
    made = Filled(
        target=target, layout=layout, fields=fields, entries=Entries(now=texts, was={}), kind=kind,
        back=visit.local(given.get("back", "")),
    )  # fmt: skip
    return replace(made, entries=Entries(now=with_defaults(visit, made, standing_for(visit, made)), was={}))


def with_defaults(visit: Visit, filled: Filled, found: Standing) -> dict[str, str]:
    """The texts of a new record with what formulas fill where nothing is typed."""
    computed = {
        one.name: raw(cast("FieldType", one.sort), found.value(one), visit.reader)
        for one in filled.fields
        if not _is_plain(one) and not filled.entries.now.get(one.name)
    }
    return {**filled.entries.now, **computed}


def standing_for(visit: Visit, filled: Filled) -> Standing:
    """How the fields of the form stand with what it holds."""
    asks = has_conditions(filled.target) or (filled.record is None and computes_defaults(filled.target))
    source = filled.copied_from
    return standing(visit, filled.target, filled.id, filled.values(), source) if asks else OPEN


def answer(visit: Visit, filled: Filled) -> Response:
    """The form as a page, or alone for htmx; after a conflict the choice between both versions."""
    status = filled.problem.status if filled.problem else 200
    if filled.problem is not None and filled.record is not None and _is_stale(filled.problem):
        saved = texts_of(visit, filled.fields, filled.record)
        body = conflict_form(visit, filled.record, filled.fields, filled.entries, saved)
        status = 409
    else:
        body = _form(visit, filled).component()
    return visit.answer(body, status) if visit.partial else _page(visit, filled, body, status)


def _form(visit: Visit, filled: Filled) -> Form:
    address = visit.reader.link(f"/o/{filled.target.name}")
    source = filled.id or filled.copied_from
    place = f"{address}/{source}" if source else address
    asked = place if filled.record else f"{address}/new"
    saved = texts_of(visit, filled.fields, filled.record) if filled.record else {}
    filling = Filling(
        texts={**saved, **filled.entries.now}, record=filled.record, standing=standing_for(visit, filled),
        errors=errors_of(visit, filled.problem),
    )  # fmt: skip
    said = _complaints(visit, filled)
    return Form(
        action=f"{place}/edit" if filled.record else f"{address}/new",
        version=version_of(visit) or (filled.record.version if filled.record else None),
        back=filled.back, draft=filled.draft, cancel=filled.back or place, was=write_was(filled.entries.was),
        sections=sections_of(
            visit, filled.layout, replace(filling, focused=first_field(filled.fields, filling))
        ),
        tables=form_tables(visit, filled.tables, filled.problem),
        carried=tuple(_carried(filled)),
        copied=" ".join(filled.copied),
        preview=f"{asked}/preview" if has_conditions(filled.target) or _fills(filled) else "",
        problems=said, summary=visit.reader.text("form.refused", count=len(said)) if said else "",
        dialog="1" if in_dialog(visit) else "",
        twins=refused_twins(visit, filled.target, filled.problem),
    )  # fmt: skip


def _carried(filled: Filled) -> Iterator[tuple[str, str]]:
    """What the form of a new record brings back unseen."""
    if filled.kind:
        yield RECORD_TYPE, filled.kind.name
    if filled.copied_from:
        yield COPY, filled.copied_from


def in_dialog(visit: Visit) -> bool:
    """Whether the form stands in a dialog over another form, which waits for the new record."""
    return bool(visit.exchange.query.get("dialog") or visit.exchange.form.get("_dialog"))


def _watch(visit: Visit, filled: Filled) -> str:
    """Who is asked about records that may be the same as the new one."""
    if filled.record is not None or not duplicate_rules(filled.target):
        return ""
    return visit.reader.link(f"/o/{filled.target.name}/new/duplicates")


def _fills(filled: Filled) -> bool:
    return filled.record is None and computes_defaults(filled.target)


def _complaints(visit: Visit, filled: Filled) -> tuple[Complaint, ...]:
    """What was refused of the record, then of its rows."""
    said = complaints(visit, filled.fields, filled.problem)
    if filled.problem is None:
        return said
    named = dict(enumerate((table for table, _ in batches(filled.tables, {})), 1))
    rows = (detail for detail in filled.problem.details if detail.mutation)
    return (*said, *(row_complaint(visit, named[detail.mutation or 0], detail) for detail in rows))


def _page(visit: Visit, filled: Filled, form: Component, status: int) -> Response:
    text, language, target = visit.reader.text, visit.reader.language, filled.target
    record, source = filled.record, filled.copied_from
    title = title_of(record, visit) if record else text("record.new", object=target.label.text(language))
    heading = text("record.edit_title", title=title) if record else title
    if source:
        known = titles(visit, target, (source,)).get(source) or text("record.untitled")
        title = heading = text("record.clone_title", title=known)
    page = FormPage(
        object=object_label(target, language), heading=heading, form=form,
        kind=filled.kind.label.text(language) if filled.kind else "",
        kinds=new_address(visit, target, None) if several_kinds(target) and not (record or source) else "",
        aside=filled.aside, watch=_watch(visit, filled),
    )  # fmt: skip
    crumbs = [list_link(visit, target)]
    if record:
        crumbs.append(Link(label=title, href=visit.reader.link(f"/o/{target.name}/{record.id}")))
    crumbs.append(Link(label=text("record.edit") if record else title, href=""))
    return visit.page(title=heading, body=page.component(), crumbs=tuple(crumbs), canvas=True, status=status)


def _is_stale(problem: Problem) -> bool:
    """Whether the record itself, not a row of it, was saved by somebody else meanwhile."""
    alone = problem.code is STALE_VERSION and not problem.data.get("mutation")
    return alone or any(one.code == STALE_VERSION.id and not one.mutation for one in problem.details)


def _is_plain(field: Field) -> bool:
    """Whether no formula fills the field when it is left blank."""
    return not isinstance(field.default, Formula)
