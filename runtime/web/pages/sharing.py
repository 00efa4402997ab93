"""With whom a record is shared: who is in its team, with whom it was shared by hand; adding and removing.

For whoever may change the record. What is added is typed into the ordinary form of the member; the save
decides as always.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from engine.codes import NOT_FOUND
from engine.members import end, members, shareable, shown
from engine.pointing import pointing
from engine.problem import Problem
from metadata.catalog import FieldPath
from metadata.permission import MembershipKind
from runtime.web.component import Link
from runtime.web.display import record_cell
from runtime.web.pages.flash import Done
from runtime.web.pages.navigation import list_link
from runtime.web.pages.rights import may, readable
from runtime.web.pages.target import ENTRY, fetch, record_id, target_of, title_of
from runtime.web.sharing import Circle, Insider, SharingPage

if TYPE_CHECKING:
    from starlette.responses import Response

    from engine.members import Members
    from engine.record import Record
    from metadata.catalog import Field, ObjectType
    from metadata.permission import Membership
    from runtime.web.pages.visit import Visit


def show_sharing(visit: Visit) -> Response:
    """GET /o/{object}/{id}/sharing"""
    target = _target(visit)
    titled = target.title is not None and readable(visit.signed_in, target.title)
    record = fetch(visit, target, record_id(visit), [target.title] if target.title and titled else [])
    page, title = _address(visit, target, record.id), title_of(record, visit)
    body = SharingPage(
        title=title,
        back=page,
        action=f"{page}/sharing",
        circles=tuple(_circle(visit, each, record) for each in members(visit.signed_in, target, record.id)),
    )
    here = visit.reader.text("sharing.title")
    crumbs = (list_link(visit, target), Link(label=title, href=page), Link(label=here, href=""))
    return visit.page(title=f"{here} · {title}", body=body.component(), crumbs=crumbs)


def end_sharing(visit: Visit) -> Response:
    """POST /o/{object}/{id}/sharing: take somebody out again; `remove` says whom."""
    target, id_ = _target(visit), record_id(visit)
    wanted = str(visit.exchange.form.get("remove", ""))
    ended = end(visit.signed_in, target, id_, wanted, ENTRY)
    done = Done(what="deleted", object=ended.members.name)
    return visit.go(f"{_address(visit, target, id_)}/sharing", done)


def sharing_link(visit: Visit, record: Record) -> str:
    """The way to the page; "" for an object that is not shared record by record, or not by the reader."""
    target = record.object
    offered = shareable(target) and may(visit.signed_in, target, "update")
    return f"{_address(visit, target, record.id)}/sharing" if offered else ""


def _target(visit: Visit) -> ObjectType:
    """The object in the path. Raises Problem 404 where its records are not shared one by one."""
    target = target_of(visit)
    if not shareable(target):
        raise Problem(NOT_FOUND, "There is no such object.", status=404)
    return target


def _address(visit: Visit, target: ObjectType, id_: str) -> str:
    return visit.reader.link(f"/o/{target.name}/{id_}")


def _circle(visit: Visit, told: Members, record: Record) -> Circle:
    membership = told.membership
    columns = _columns(membership)
    return Circle(
        label=visit.reader.text(
            "sharing.team" if membership.kind is MembershipKind.TEAM else "sharing.shares"
        ),
        columns=tuple(field.label.text(visit.reader.language) for field in columns),
        people=tuple(_insider(visit, membership, row, columns) for row in told.records),
        add=_add(visit, membership, record),
    )


def _columns(membership: Membership) -> tuple[Field, ...]:
    parties = {membership.user, membership.group, membership.department}
    return tuple(field for field in shown(membership) if field not in parties)


def _insider(visit: Visit, membership: Membership, row: Record, columns: tuple[Field, ...]) -> Insider:
    parties = (membership.user, membership.group, membership.department)
    party = next((field for field in parties if field is not None and row.values.get(field.name)), None)
    target = party.target if party else None
    name = str(row.values.get(f"{party.name}.title") or "") if party else ""
    return Insider(
        id=row.id,
        name=name or visit.reader.text("record.untitled"),
        sort=target.label.text(visit.reader.language) if target else "",
        symbol=target.icon if target else "",
        cells=tuple(record_cell(FieldPath(field=field), row, visit.reader) for field in columns),
    )


def _add(visit: Visit, membership: Membership, record: Record) -> str:
    """The form for one more, filled with the record and coming back here."""
    if not may(visit.signed_in, membership.members, "create"):
        return ""
    here = f"{_address(visit, record.object, record.id)}/sharing"
    given = {membership.record.name: pointing(membership.record, record.object, record.id), "back": here}
    return visit.reader.link(f"/o/{membership.members.name}/new?{urlencode(given)}")
