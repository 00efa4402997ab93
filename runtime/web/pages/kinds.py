"""Record types on the way to a new record: which one it is to be, and the question where there are many."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from metadata.record_type import RECORD_TYPE
from runtime.web.component import Link
from runtime.web.form import KindPage
from runtime.web.pages.navigation import list_link, object_label

if TYPE_CHECKING:
    from starlette.responses import Response

    from metadata.catalog import ObjectType, RecordType
    from runtime.web.pages.visit import Visit


def kind_for(visit: Visit, target: ObjectType) -> RecordType | None:
    """The type that the request names, else the only active one; None where it is still to be chosen."""
    form, query = visit.exchange.form, visit.exchange.query
    named = str(form.get(RECORD_TYPE, "") or query.get(RECORD_TYPE, ""))
    active = _active(target)
    return active_kind(target, named) or (active[0] if len(active) == 1 else None)


def must_choose(visit: Visit, target: ObjectType) -> bool:
    """Whether the reader is to be asked first."""
    return len(_active(target)) > 1 and kind_for(visit, target) is None


def active_kind(target: ObjectType, name: str) -> RecordType | None:
    """The type of this name, if new records may be of it."""
    return next((kind for kind in _active(target) if kind.name == name), None)


def default_kind(target: ObjectType) -> RecordType | None:
    """The type of a new record of which nothing is said."""
    return next((kind for kind in _active(target) if kind.default), None)


def choose_kind(visit: Visit, target: ObjectType) -> Response:
    """The question, with a way to the form of each type; what the address names goes along."""
    text, language = visit.reader.text, visit.reader.language
    heading = text("record.new", object=target.label.text(language))
    page = KindPage(
        object=object_label(target, language), heading=heading,
        kinds=tuple(
            Link(
                label=kind.label.text(language), href=new_address(visit, target, kind),
                icon=kind.icon or target.icon,
            )
            for kind in _active(target)
        ),
        cancel=visit.local(visit.exchange.query.get("back", "")) or visit.reader.link(f"/o/{target.name}"),
    )  # fmt: skip
    crumbs = (list_link(visit, target), Link(label=heading, href=""))
    return visit.page(title=heading, body=page.component(), crumbs=crumbs, canvas=True)


def new_address(visit: Visit, target: ObjectType, kind: RecordType | None) -> str:
    """The form for a new record of a type, or, without one, the question; with all else the address says."""
    given = {name: value for name, value in visit.exchange.query.items() if name != RECORD_TYPE}
    query = urlencode({**given, RECORD_TYPE: kind.name} if kind else given)
    return visit.reader.link(f"/o/{target.name}/new") + (f"?{query}" if query else "")


def several_kinds(target: ObjectType) -> bool:
    """Whether there is a type to choose."""
    return len(_active(target)) > 1


def _active(target: ObjectType) -> tuple[RecordType, ...]:
    return tuple(kind for kind in target.record_types.values() if kind.active)
