"""The pages of change sets: the latest ones, and one of them with what taking it back would do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.changes.ledger import COUNTED, change_set, objects_of, recent, sees_all
from engine.changes.undo import ENTRY as UNDO
from engine.changes.undo import preview_undo, undo
from engine.handover import ENTRY as HAND_OVER
from engine.jobs.desk import queue
from engine.jobs.rework import LARGE, UndoJob
from engine.merging.moving import ENTRY as MERGE
from metadata.system import USER
from runtime.impersonation import BY_PROGRAM, ENDED, STARTED
from runtime.web.changes import ChangeLine, ChangeList, ChangePage, Effect, Kept
from runtime.web.component import Link
from runtime.web.pages.acting import reason_of
from runtime.web.pages.titles import titles

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from starlette.responses import Response

    from engine.changes.ledger import Listed
    from engine.changes.remedy import Conflict
    from engine.changes.undo import Undone
    from runtime.web.pages.visit import Visit

    Names = Mapping[str, str]

PATH = "/change-sets"
JOBS = "/jobs"
PAGE = 50
ABOUT_PEOPLE = frozenset({HAND_OVER, STARTED, ENDED, BY_PROGRAM})
WITHOUT_RECORDS = frozenset({STARTED, ENDED, BY_PROGRAM})
KNOWN = ABOUT_PEOPLE | {"form", "api", UNDO, MERGE}
"""Entries with a name of their own; others are shown as they are called."""


def show_changes(visit: Visit) -> Response:
    """GET /change-sets: the latest; `?all` everybody's, for who may set the company up."""
    query, session = visit.exchange.query, visit.signed_in
    everybody = sees_all(session) and "all" in query
    found = recent(session, limit=PAGE, before=query.get("before"), own=not everybody)
    address, kept = visit.reader.link(PATH), "&all" if everybody else ""
    more = len(found) == PAGE
    body = ChangeList(
        tabs=_tabs(visit, everybody=everybody) if sees_all(session) else (),
        lines=_lines(visit, found),
        older=f"{address}?before={found[-1].change_set.id}{kept}" if more else "",
    )
    return visit.page(title=visit.reader.text("changes.title"), body=body.component(), canvas=True)


def show_change(visit: Visit) -> Response:
    """GET /change-sets/{id}: one of them, and what an undo would do now."""
    one = change_set(visit.signed_in, visit.exchange.param("id"))
    return _page(visit, one, preview_undo(visit.signed_in, one.change_set.id), done=False)


def undo_change(visit: Visit) -> Response:
    """POST /change-sets/{id}: take it back, and tell what could not be; a large one is a job."""
    one = change_set(visit.signed_in, visit.exchange.param("id"))
    if one.changes >= LARGE:
        subject = {"change_set": one.change_set.id, "reason": reason_of(visit)}
        job = queue(visit.signed_in, UndoJob().name, subject, about=reason_of(visit))
        return visit.go(visit.reader.link(f"{JOBS}/{job.id}"))
    done = undo(visit.signed_in, one.change_set.id, reason=reason_of(visit))
    return _page(visit, change_set(visit.signed_in, one.change_set.id), done, done=True)


def _page(visit: Visit, one: Listed, undone: Undone, *, done: bool) -> Response:
    text, address = visit.reader.text, visit.reader.link(PATH)
    (line,) = _lines(visit, (one,))
    possible = bool(undone.records) and not done
    body = ChangePage(
        line=line,
        objects=_objects(visit, one),
        heading=text("changes.did" if done else "changes.will"),
        effects=_effects(visit, undone),
        kept=tuple(kept(visit, undone.conflicts)),
        refused=undone.refused,
        hidden=undone.hidden,
        action=line.href if possible else "",
        done=done,
        undo=f"{address}/{undone.change_set}" if undone.change_set else "",
    )
    crumbs = (Link(label=text("changes.title"), href=address), Link(label=line.what, href=""))
    return visit.page(title=line.what, body=body.component(), crumbs=crumbs, canvas=True)


def _tabs(visit: Visit, *, everybody: bool) -> tuple[Link, ...]:
    text, address = visit.reader.text, visit.reader.link(PATH)
    return (
        Link(label=text("changes.mine"), href=address, current=not everybody),
        Link(label=text("changes.everybodys"), href=f"{address}?all", current=everybody),
    )


def _lines(visit: Visit, found: Iterable[Listed]) -> tuple[ChangeLine, ...]:
    listed = tuple(found)
    names = _people(visit, listed)
    return tuple(_line(visit, one, names) for one in listed)


def _people(visit: Visit, found: tuple[Listed, ...]) -> Names:
    sets = [one.change_set for one in found]
    ids = {id_ for made in sets for id_ in (made.actor, made.impersonator) if id_}
    ids |= {made.subject for made in sets if made.subject and made.entry in ABOUT_PEOPLE}
    return titles(visit, visit.exchange.release.catalog.objects[USER], ids)


def _line(visit: Visit, one: Listed, names: Names) -> ChangeLine:
    made, reader = one.change_set, visit.reader
    state, tone = ("undone", "gray") if one.undone else ("open", "amber") if made.open else ("", "")
    more = "+" if one.changes == COUNTED else ""
    return ChangeLine(
        href=reader.link(f"{PATH}/{made.id}"),
        at=made.at.isoformat(),
        when=reader.formats.moment(made.at, reader.now),
        who=_who(visit, one, names),
        what=_what(visit, one, names),
        count=reader.formats.number(one.changes) + more,
        reason=made.reason,
        state=reader.text(f"changes.{state}") if state else "",
        tone=tone,
    )


def _who(visit: Visit, one: Listed, names: Names) -> str:
    text, made = visit.reader.text, one.change_set
    somebody = text("timeline.somebody")
    actor = names.get(made.actor, somebody) if made.actor else text("timeline.system")
    if made.impersonator is None:
        return actor
    return text("timeline.as", person=names.get(made.impersonator, somebody), user=actor)


def _what(visit: Visit, one: Listed, names: Names) -> str:
    made = one.change_set
    if made.entry not in KNOWN:
        return made.entry
    name = names.get(made.subject or "") or visit.reader.text("timeline.somebody")
    return visit.reader.text(f"changes.entry_{made.entry}", name=name)


def _objects(visit: Visit, one: Listed) -> tuple[Effect, ...]:
    return tuple(
        Effect(
            object=target.plural.text(visit.reader.language), what="", count=visit.reader.formats.number(n)
        )
        for target, n in objects_of(visit.signed_in, one.change_set.id).items()
    )


def _effects(visit: Visit, undone: Undone) -> tuple[Effect, ...]:
    reader = visit.reader
    return tuple(
        Effect(
            object=target.plural.text(reader.language),
            what=reader.text(f"changes.{kind.value}"),
            count=reader.formats.number(number),
        )
        for (target, kind), number in undone.records.items()
        if visit.signed_in.policy.reads(target)
    )


def kept(visit: Visit, conflicts: tuple[Conflict, ...]) -> Iterable[Kept]:
    """Each with the record's title; one that has none that the reader may see is named by its id."""
    by: dict[object, set[str]] = {}
    for one in conflicts:
        by.setdefault(one.object, set()).add(one.record)
    reads = visit.signed_in.policy.reads
    objects = {one.object for one in conflicts if one.object is not None and reads(one.object)}
    names = {target: titles(visit, target, by[target]) for target in objects}
    language = visit.reader.language
    for one in conflicts:
        name = names[one.object].get(one.record) if one.object in names else None
        yield Kept(
            object=one.object.label.text(language) if one.object in names else "",
            title=name or one.record,
            href=visit.reader.link(f"/o/{one.object.name}/{one.record}") if one.object and name else "",
            field=one.field.label.text(language) if one.field else "",
            why=visit.reader.said(one.message),
        )
