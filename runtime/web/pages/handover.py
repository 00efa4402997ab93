"""Handing over what a user holds, from her record: choose, preview, do it, see what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.codes import BAD_SUCCESSOR, NOT_FOUND
from engine.handover import What, hand_over, held_by
from engine.jobs.desk import queue
from engine.jobs.rework import LARGE, HandOverJob
from engine.problem import Problem
from engine.rights import MASS_EDIT
from metadata.system import USER
from runtime.handover import offers
from runtime.web.component import Link
from runtime.web.handover import HandedOverPage, HandOverPage, HandOverRow
from runtime.web.input import Choice, Input
from runtime.web.pages.acting import reason_of
from runtime.web.pages.changes import JOBS, PATH, kept
from runtime.web.pages.target import title_of
from runtime.web.pages.titles import titles

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from starlette.responses import Response

    from engine.handover import HandedOver, Portion
    from engine.record import Record
    from runtime.handover import Offer
    from runtime.web.pages.visit import Visit

TO, PORTION = "to", "portion"


def handing(visit: Visit, record: Record) -> Iterator[Link]:
    """The way from a user's record to handing over what she holds, for who may change several records."""
    if record.object.name == USER and visit.signed_in.policy.holds(MASS_EDIT):
        href = visit.reader.link(f"/o/{USER}/{record.id}/hand-over")
        yield Link(label=visit.reader.text("handover.open"), href=href, icon="arrow-forward-up")


def show_hand_over(visit: Visit) -> Response:
    """GET /o/user/{id}/hand-over: what she holds."""
    return _form(visit, _leaver(visit))


def hand_over_records(visit: Visit) -> Response:
    """POST /o/user/{id}/hand-over: show what the new owners would gain, or do it."""
    leaver, successors = _leaver(visit), _successors(visit)
    if visit.exchange.form.get("do") != "apply":
        return _form(visit, leaver)
    if not successors:
        return _form(visit, leaver, visit.reader.text("handover.chosen"))
    try:
        if held_by(visit.signed_in, leaver.id, successors) >= LARGE:
            subject = {"leaver": leaver.id, "successors": successors, "reason": reason_of(visit)}
            job = queue(visit.signed_in, HandOverJob().name, subject, about=title_of(leaver, visit))
            return visit.go(visit.reader.link(f"{JOBS}/{job.id}"))
        done = hand_over(visit.signed_in, leaver.id, successors, reason=reason_of(visit))
    except Problem as problem:
        if problem.code is not BAD_SUCCESSOR:
            raise
        return _form(visit, leaver, visit.reader.said(problem.message))
    return _told(visit, leaver, done)


def _leaver(visit: Visit) -> Record:
    if visit.exchange.param("object") != USER:
        raise Problem(NOT_FOUND, "Only what a user holds is handed over.", status=404)
    return visit.signed_in.get(visit.exchange.release.catalog.objects[USER], visit.exchange.param("id"))


def _owner(visit: Visit, name: str) -> str:
    return str(visit.exchange.form.get(name, ""))


def _successors(visit: Visit) -> dict[str, str]:
    """New owners by the names of the chosen portions."""
    everything = _owner(visit, TO)
    chosen = [str(name) for name in visit.exchange.form.getlist(PORTION)]
    named = {name: _owner(visit, f"{TO}.{name}") or everything for name in chosen}
    return {name: user for name, user in named.items() if user}


def _asked(visit: Visit) -> Iterator[str]:
    """The inputs of the form that name a new owner."""
    return (key for key in visit.exchange.form if key == TO or key.startswith(f"{TO}."))


def _form(visit: Visit, leaver: Record, message: str = "") -> Response:
    exchange, name = visit.exchange, title_of(leaver, visit)
    owners = {key.removeprefix(TO).removeprefix("."): _owner(visit, key) for key in _asked(visit)}
    found = offers(exchange.tenant, exchange.release, visit.signed_in, leaver.id, owners)
    people = titles(visit, leaver.object, filter(None, owners.values()))
    back = visit.reader.link(f"/o/{USER}/{leaver.id}")
    body = HandOverPage(
        name=name,
        action=f"{back}/hand-over",
        back=back,
        to=_to(visit, TO, visit.reader.text("handover.to_all"), found, people),
        reason=reason_of(visit),
        rows=tuple(_row(visit, one, found, people) for one in found),
        message=message,
    )
    title = visit.reader.text("handover.title", name=name)
    return visit.page(
        title=title, body=body.component(), crumbs=(Link(label=name, href=back),), canvas=True,
        status=422 if message else 200,
    )  # fmt: skip


def _row(visit: Visit, one: Offer, found: tuple[Offer, ...], people: Mapping[str, str]) -> HandOverRow:
    portion, form, number = one.holding.portion, visit.exchange.form, visit.reader.formats.number
    label = _label(visit, portion)
    sent = [str(name) for name in form.getlist(PORTION)]
    return HandOverRow(
        name=portion.name,
        label=label,
        chosen=portion.name in sent if form else portion.usual,
        count=number(one.holding.count),
        examples=tuple(_example(visit, record) for record in one.holding.examples),
        gained="" if one.gained is None else number(one.gained),
        to=_to(visit, f"{TO}.{portion.name}", f"{visit.reader.text('handover.to')}: {label}", found, people),
    )


def _to(visit: Visit, name: str, label: str, found: tuple[Offer, ...], people: Mapping[str, str]) -> Input:
    """A look-up of users; its searches are answered as those of any field that links to one."""
    chosen = _owner(visit, name)
    options = (Choice(value=chosen, text=people[chosen], current=True),) if chosen in people else ()
    link = found[0].holding.portion.link if found else None
    source = visit.reader.link(f"/lookup/{link.object.name}/{link.name}") if link else ""
    return Input(kind="lookup", name=name, label=label, options=options, source=source)


def _label(visit: Visit, portion: Portion) -> str:
    language = visit.reader.language
    objects, field = portion.link.object.plural.text(language), portion.link.label.text(language)
    match portion.what:
        case What.REPORTS:
            return visit.reader.text("handover.reports", objects=objects)
        case What.PLACES:
            return visit.reader.text("handover.places", objects=objects, field=field)
        case _:
            return objects


def _example(visit: Visit, record: Record) -> Link:
    return Link(label=title_of(record, visit), href=visit.reader.link(f"/o/{record.object.name}/{record.id}"))


def _told(visit: Visit, leaver: Record, done: HandedOver) -> Response:
    text, name, back = visit.reader.text, title_of(leaver, visit), visit.reader.link(f"/o/{USER}/{leaver.id}")
    title = text("handover.title", name=name)
    body = HandedOverPage(
        title=title,
        text=text("handover.done", count=sum(done.moved.values())),
        name=name,
        kept=tuple(kept(visit, done.conflicts)),
        refused=done.refused,
        changes=visit.reader.link(f"{PATH}/{done.change_set}") if done.change_set else "",
        back=back,
    )
    return visit.page(title=title, body=body.component(), crumbs=(Link(label=name, href=back),), canvas=True)
