"""What was told to the reader: the bell with its count, the latest, and each one opened and marked as read.

A notification is a record of the platform's object; whoever may not read her own has no bell.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.codes import NOT_FOUND
from engine.ids import canonical_id
from engine.mutation import Mutation, Update
from engine.problem import Problem
from engine.query import Aggregate, Function, Measure, Query
from metadata.catalog import FieldPath, Order
from runtime.web.notifications import Notice, NoticePage
from runtime.web.pages.rights import may

if TYPE_CHECKING:
    from starlette.responses import Response

    from engine.record import Record
    from formula.expr import Expr
    from metadata.catalog import ObjectType
    from runtime.web.component import Component
    from runtime.web.pages.visit import Visit

OBJECT = "notification"
FIELDS = ("message", "about_object", "about_record", "read", "created_at")
MINE = "user = $user.id"
UNREAD = f"{MINE} && NOT(read)"
LATEST = 8
PAGE = 50
MOST_MARKED = 300
"""So many are marked as read at once; whoever has more presses again."""


def unread(visit: Visit) -> int | None:
    """How many notifications the reader has not read; None where she gets none."""
    target = visit.exchange.release.catalog.objects.get(OBJECT)
    if target is None or not may(visit.signed_in, target, "read"):
        return None
    asked = Aggregate(
        object=target, measures=(Measure(function=Function.COUNT),), where=_where(visit, UNREAD)
    )
    ((count,),) = visit.signed_in.aggregate(asked)
    return int(str(count))


def show_notifications(visit: Visit) -> Response:
    """GET /notifications: all of them, the latest first; a fragment of the latest for the bell's menu."""
    after = visit.exchange.query.get("after")
    if visit.partial:
        return visit.answer(_list(visit, LATEST, None))
    return visit.page(title=visit.reader.text("notice.title"), body=_list(visit, PAGE, after), canvas=True)


def open_notification(visit: Visit) -> Response:
    """POST /notifications/{id}: mark it as read and go to the record it is about."""
    target = _object(visit)
    paths = _paths(target, "about_object", "about_record", "read")
    record = visit.signed_in.get(target, visit.exchange.param("id"), paths)
    if not record.values.get("read"):
        _mark(visit, target, (record.id,))
    return visit.go(_about(visit, record) or visit.reader.link("/notifications"))


def mark_all(visit: Visit) -> Response:
    """POST /notifications: mark all as read."""
    target = _object(visit)
    asked = Query(object=target, where=_where(visit, UNREAD), limit=MOST_MARKED)
    _mark(visit, target, tuple(record.id for record in visit.signed_in.query(asked).records))
    return visit.go(
        visit.local(str(visit.exchange.form.get("back", ""))) or visit.reader.link("/notifications")
    )


def _mark(visit: Visit, target: ObjectType, ids: tuple[str, ...]) -> None:
    changes = tuple(Update(id=id_, values={"read": True}) for id_ in ids)
    if changes:
        visit.signed_in.apply(Mutation(object=target, changes=changes, entry="page", answer=False))


def _list(visit: Visit, limit: int, after: str | None) -> Component:
    target = _object(visit)
    order = (Order(path=FieldPath(field=target.fields["created_at"]), descending=True),)
    page = visit.signed_in.query(
        Query(
            object=target,
            fields=_paths(target, *FIELDS),
            where=_where(visit, MINE),
            order=order,
            limit=limit,
            after=after,
        )
    )
    further = visit.reader.link(f"/notifications?after={page.next}") if page.next else ""
    return NoticePage(
        notices=tuple(_notice(visit, record) for record in page.records),
        next=further,
        back=visit.reader.link("/notifications"),
        whole=not visit.partial,
    ).component()


def _notice(visit: Visit, record: Record) -> Notice:
    about = visit.exchange.release.catalog.objects.get(str(record.values.get("about_object") or ""))
    at = record.values.get("created_at")
    return Notice(
        text=str(record.values.get("message") or ""),
        action=visit.reader.link(f"/notifications/{record.id}"),
        icon=about.icon if about else "bell",
        when=visit.reader.formats.ago(at, visit.reader.now) if at else "",
        exact=visit.reader.formats.datetime(at) if at else "",
        unread=not record.values.get("read"),
    )


def _about(visit: Visit, record: Record) -> str:
    """The address of the record that a notification is about, or "" when there is none to go to."""
    name, id_ = record.values.get("about_object"), canonical_id(str(record.values.get("about_record") or ""))
    known = visit.exchange.release.catalog.objects
    return visit.reader.link(f"/o/{name}/{id_}") if name in known and id_ else ""


def _object(visit: Visit) -> ObjectType:
    target = visit.exchange.release.catalog.objects.get(OBJECT)
    if target is None or not may(visit.signed_in, target, "read"):
        raise Problem(NOT_FOUND, "There are no notifications that you may see.", status=404)
    return target


def _paths(target: ObjectType, *names: str) -> tuple[FieldPath, ...]:
    return tuple(FieldPath(field=target.fields[name]) for name in names)


def _where(visit: Visit, text: str) -> Expr:
    """The condition, read once per Release and combination of permission sets."""
    session = visit.signed_in
    target = session.release.catalog.objects[OBJECT]
    return session.release.statements.get(
        ("notifications", text, session.policy.key), lambda: session.condition(target, text)
    )
