"""The page of one record, and the move of its stage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlencode

from engine.mutation import Mutation, Update
from engine.problem import Problem
from metadata.catalog import FieldPath
from runtime.web.component import Link
from runtime.web.display import record_cell
from runtime.web.editing import is_wide
from runtime.web.pages.flash import Done
from runtime.web.pages.form import refused_change
from runtime.web.pages.history import timeline
from runtime.web.pages.navigation import list_link, object_label
from runtime.web.pages.related import readable_list, related_list
from runtime.web.pages.rights import editable, may, readable
from runtime.web.pages.target import ENTRY, fetch, record_id, target_of, title_of, version_of
from runtime.web.record import Highlight, RecordPage, SectionView, Stage, StageStep, Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.responses import Response

    from engine.record import Record
    from metadata.catalog import Field, ObjectType, Related, Section
    from runtime.web.cell import Cell
    from runtime.web.component import Component
    from runtime.web.pages.visit import Visit

DETAILS = "details"


def show_record(visit: Visit) -> Response:
    """GET /o/{object}/{id}"""
    target = target_of(visit)
    record = fetch(visit, target, record_id(visit), _shown(visit, target))
    title = title_of(record, visit)
    page = _page(visit, target, record, title)
    crumbs = (list_link(visit, target), Link(label=title, href=""))
    return visit.page(title=title, body=page.component(), crumbs=crumbs)


def move_stage(visit: Visit) -> Response:
    """POST /o/{object}/{id}/stage: set the picklist of the path; what is refused is shown on the form."""
    target, id_ = target_of(visit), record_id(visit)
    path = target.layout.path
    values = {path.name: str(visit.exchange.form.get(path.name, ""))} if path else {}
    change = Update(id=id_, values=dict(values), version=version_of(visit))
    try:
        visit.signed_in.apply(Mutation(object=target, changes=(change,), entry=ENTRY, answer=False))
    except Problem as problem:
        return refused_change(visit, target, values, problem)
    return visit.go(visit.reader.link(f"/o/{target.name}/{id_}"), Done(what="saved", object=target.name))


def _shown(visit: Visit, target: ObjectType) -> tuple[Field, ...]:
    """Every field the page may show, each once."""
    layout = target.layout
    wanted = [*layout.highlights, *(field for section in layout.sections for field in section.fields)]
    wanted += [field for field in (target.title, layout.path) if field is not None]
    return tuple(dict.fromkeys(field for field in wanted if readable(visit.signed_in, field)))


def _page(visit: Visit, target: ObjectType, record: Record, title: str) -> RecordPage:
    address = visit.reader.link(f"/o/{target.name}/{record.id}")
    changing = may(visit.signed_in, target, "update")
    tabs = _tabs(visit, target)
    tab = next((one for one in tabs if one.name == visit.exchange.query.get("tab")), tabs[0])
    return RecordPage(
        object=object_label(target, visit.reader.language),
        id=record.id,
        title=title,
        number="",
        actions=(),
        edit=f"{address}/edit" if changing else "",
        delete=visit.reader.link(f"/o/{target.name}/delete")
        if may(visit.signed_in, target, "delete")
        else "",
        highlights=tuple(_highlights(visit, target, record)),
        stage=_stage(visit, target, record, address),
        tabs=tuple(_links(tabs, tab, address)),
        sections=tuple(_sections(visit, record, tab, address if changing else "")),
        lists=tuple(
            related_list(visit, record, one, full=tab is not tabs[0]).component() for one in tab.related
        ),
        timeline=timeline(visit, target, record.id).component(),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tab:
    """A part of the page that is shown alone; `name` is in its address."""

    name: str
    label: str
    sections: tuple[Section, ...]
    related: tuple[Related, ...]


def _tabs(visit: Visit, target: ObjectType) -> tuple[_Tab, ...]:
    """The details with a few rows of every related list below them, then each list by itself."""
    layout, language = target.layout, visit.reader.language
    lists = tuple(one for one in layout.related if readable_list(visit, one))
    text = visit.reader.text("record.details")
    details = _Tab(name=DETAILS, label=text, sections=layout.sections, related=lists)
    return (
        details,
        *(_Tab(name=one.id, label=one.label.text(language), sections=(), related=(one,)) for one in lists),
    )


def _links(tabs: tuple[_Tab, ...], chosen: _Tab, address: str) -> Iterator[Link]:
    for tab in tabs:
        yield Link(label=tab.label, href=f"{address}?{urlencode({'tab': tab.name})}", current=tab is chosen)


def _highlights(visit: Visit, target: ObjectType, record: Record) -> Iterator[Highlight]:
    for field in target.layout.highlights:
        if readable(visit.signed_in, field):
            yield Highlight(label=field.label.text(visit.reader.language), cell=shown(visit, record, field))


def _sections(visit: Visit, record: Record, tab: _Tab, address: str) -> Iterator[SectionView]:
    """`address` is the record's when the reader may change it, else ""."""
    for section in tab.sections:
        fields = [field for field in section.fields if readable(visit.signed_in, field)]
        if fields:
            values = tuple(value_of(visit, record, field, address).component() for field in fields)
            label = section.label.text(visit.reader.language)
            yield SectionView(label=label, columns=section.columns, fields=values)


def value_of(visit: Visit, record: Record, field: Field, address: str) -> Value:
    """A field of the record, and, with an `address`, the ways to edit it if the reader may."""
    there = address if address and editable(visit.signed_in, field) else ""
    return Value(
        name=field.name,
        label=field.label.text(visit.reader.language),
        value=shown(visit, record, field),
        wide=is_wide(field),
        edit=f"{there}/edit#at-{field.name}" if there else "",
        fragment=f"{there}/field/{field.name}" if there else "",
    )


def shown(visit: Visit, record: Record, field: Field) -> Cell:
    """A field of the record as a cell."""
    return record_cell(FieldPath(field=field), record, visit.reader)


def _stage(visit: Visit, target: ObjectType, record: Record, address: str) -> Component | None:
    field = target.layout.path
    if field is None or not readable(visit.signed_in, field):
        return None
    now = record.values.get(field.name)
    steps = _steps(field, now, visit.reader.language)
    codes = [step.code for step in steps]
    following = codes[codes.index(str(now)) + 1 :][:1] if str(now) in codes else codes[:1]
    movable = may(visit.signed_in, target, "update") and editable(visit.signed_in, field)
    return Stage(
        action=f"{address}/stage", version=record.version, field=field.name,
        label=field.label.text(visit.reader.language), steps=steps, following="".join(following),
        movable=movable,
    ).component()  # fmt: skip


def _steps(field: Field, now: object, language: str) -> tuple[StageStep, ...]:
    """The stages up to success; a record that ended otherwise shows that end as its last stage."""
    failures = _failures(field)
    options = [o for o in field.options if not o.retired and (o.code not in failures or o.code == now)]
    at = next((place for place, option in enumerate(options) if option.code == now), -1)

    def state(place: int) -> Literal["done", "now", "todo", "lost"]:
        if place == at:
            return "lost" if now in failures else "now"
        return "done" if place < at and now not in failures else "todo"

    return tuple(
        StageStep(code=option.code, label=option.label.text(language), state=state(place))
        for place, option in enumerate(options)
    )


def _failures(field: Field) -> frozenset[str]:
    """Codes that close a record without success: not `won` or, where none is, not the first that closes."""
    closed = [option for option in field.options if option.attributes.get("closed")]
    won = [option for option in closed if option.attributes.get("won")] or closed[:1]
    return frozenset(option.code for option in closed) - {option.code for option in won}
