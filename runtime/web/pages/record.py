"""The page of one record: its head, the chosen tab, and the rail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metadata.catalog import FieldPath
from metadata.presentation import TIMELINE
from metadata.record_type import RECORD_TYPE
from runtime.web.component import Link
from runtime.web.display import with_currencies
from runtime.web.pages import rights
from runtime.web.pages.access import why_link
from runtime.web.pages.acting import offered
from runtime.web.pages.attachments import attachments, attachments_of
from runtime.web.pages.handover import handing
from runtime.web.pages.held import held_link
from runtime.web.pages.history import timeline
from runtime.web.pages.merging import merging
from runtime.web.pages.navigation import list_link, object_label
from runtime.web.pages.related import FEW, readable_link, related_list
from runtime.web.pages.rights import may, sees_history
from runtime.web.pages.sharing import sharing_link
from runtime.web.pages.stage import stage_of
from runtime.web.pages.standing import standing_of
from runtime.web.pages.tabs import HISTORY, chosen_tab, parts_of, tab_links, tabs_of
from runtime.web.pages.target import NUMBER, current_tab, layout_of, record_id, target_of, title_of
from runtime.web.pages.values import highlights
from runtime.web.record import RecordPage

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from starlette.responses import Response

    from engine.record import Record
    from metadata.catalog import ChildTable, Field, Layout, ObjectType, Related
    from runtime.web.component import Component
    from runtime.web.pages.visit import Visit


def show_record(visit: Visit) -> Response:
    """GET /o/{object}/{id}: the whole page; `?tab=` names the part of it."""
    target = target_of(visit)
    record = read_record(visit, target, record_id(visit))
    title = title_of(record, visit)
    body = record_page(visit, record).component()
    crumbs = (list_link(visit, target), Link(label=title, href=""))
    return visit.page(title=title, body=body, crumbs=crumbs)


def read_record(visit: Visit, target: ObjectType, id_: str) -> Record:
    """The record with all that its page may show. Raises Problem 404 when the reader may not see it."""
    session = visit.signed_in
    paths = tuple(FieldPath(field=field) for field in _shown(visit, target))
    return session.get(target, id_, with_currencies(paths, session.policy.sees))


def record_page(visit: Visit, record: Record, focused: str = "") -> RecordPage:
    """The page of a record that `read_record` read; the field called `focused` gets the focus."""
    target, session = record.object, visit.signed_in
    layout, standing = layout_of(record), standing_of(visit, record)
    address = visit.reader.link(f"/o/{target.name}/{record.id}")
    change = address if may(session, target, "update") else ""
    tabs = tabs_of(visit, layout)
    chosen = chosen_tab(tabs, current_tab(visit))
    counts = _counts(visit, record, layout)
    panel = attachments(visit, record)
    return RecordPage(
        object=object_label(target, visit.reader.language),
        id=record.id,
        version=record.version,
        title=title_of(record, visit),
        number=str(record.values.get(NUMBER) or ""),
        kind=_kind(visit, record),
        actions=(
            *handing(visit, record),
            *merging(visit, record),
            *held_link(visit, record),
            *offered(visit, record),
        ),
        edit=f"{change}/edit" if change else "",
        clone=f"{address}/clone" if may(session, target, "create") and not target.singleton else "",
        delete=visit.reader.link(f"/o/{target.name}/delete") if may(session, target, "delete") else "",
        sharing=sharing_link(visit, record),
        access=why_link(visit, record),
        highlights=tuple(highlights(visit, record, layout, standing)),
        stage=stage_of(visit, layout, record, standing, address),
        tabs=tuple(tab_links(tabs, chosen, counts, address)),
        parts=tuple(parts_of(visit, record, chosen, standing, counts, change, focused)),
        rail=(
            *_rail(visit, record, layout, counts, f"{address}?tab={HISTORY}"),
            *((panel,) if panel is not None else ()),
        ),
    )


def _shown(visit: Visit, target: ObjectType) -> Iterator[Field]:
    """Every field that some layout of the object shows and the reader may see, each once."""
    wanted = [target.title, target.fields.get(NUMBER), target.fields.get(RECORD_TYPE), attachments_of(target)]
    for layout in (target.layout, *(kind.layout for kind in target.record_types.values())):
        wanted += [*layout.highlights, layout.path, *(one for part in layout.sections for one in part.fields)]
    for field in dict.fromkeys(wanted):
        if field is not None and rights.shown(visit.signed_in, field):
            yield field


def _counts(visit: Visit, record: Record, layout: Layout) -> Mapping[Field, int]:
    """How many records each list of the layout has, in one statement."""
    lists: tuple[ChildTable | Related, ...] = (*layout.children, *layout.related)
    links = dict.fromkeys(part.link for part in lists)
    seen = tuple(link for link in links if readable_link(visit, link))
    return dict(zip(seen, visit.signed_in.tally(seen, record.id), strict=True))


def _rail(
    visit: Visit, record: Record, layout: Layout, counts: Mapping[Field, int], past: str
) -> Iterator[Component]:
    """What the layout puts beside the record; without a word of it, what happened."""
    related = {one.id: one for one in layout.related if one.link in counts}
    for name in layout.sidebar or (TIMELINE,):
        if name == TIMELINE and sees_history(visit.signed_in):
            yield timeline(visit, record, past).component()
        elif name in related:
            one = related[name]
            count = counts[one.link]
            yield related_list(visit, record, one, count=count, limit=FEW, narrow=True).component()


def _kind(visit: Visit, record: Record) -> str:
    """The label of the record's type; "" where its object has none."""
    kind = record.object.record_types.get(str(record.values.get(RECORD_TYPE)))
    return kind.label.text(visit.reader.language) if kind else ""
