"""All that a user may do, from her record: sets, rights, how far she reaches; for who sets up the model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.access import Action
from engine.codes import NOT_FOUND
from engine.explanation.holdings import holdings
from engine.problem import Problem
from engine.rights import SETUP
from metadata.system import USER
from runtime.web.access import HeldPage, HeldRow
from runtime.web.component import Link
from runtime.web.pages.access import source_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.responses import Response

    from engine.explanation.holdings import Held, Reached
    from engine.record import Record
    from runtime.web.pages.visit import Visit

FEW = 6
"""So many hidden fields are named; of more it is told how many."""


def held_link(visit: Visit, record: Record) -> Iterator[Link]:
    """The way from a user's record to all that she may do."""
    if record.object.name == USER and visit.signed_in.policy.holds(SETUP):
        href = visit.reader.link(f"/o/{USER}/{record.id}/held")
        yield Link(label=visit.reader.text("held.title"), href=href, icon="shield-check")


def show_held(visit: Visit) -> Response:
    """GET /o/user/{id}/held: all that she may do."""
    if visit.exchange.param("object") != USER:
        raise Problem(NOT_FOUND, "Only users may do something.", status=404)
    id_, text = visit.exchange.param("id"), visit.reader.text
    found = holdings(visit.signed_in, id_)
    back = visit.reader.link(f"/o/{USER}/{id_}")
    body = HeldPage(
        name=found.user.name,
        back=back,
        sets=tuple(_set(visit, each) for each in found.sets),
        rights=tuple(text(f"rights.{each}") for each in found.rights),
        notes=tuple(_notes(visit, found.objects)),
        columns=tuple(text(f"access.{each}") for each in Action),
        rows=tuple(_row(visit, each) for each in found.objects),
    )
    here = text("held.title")
    crumbs = (Link(label=found.user.name, href=back), Link(label=here, href=""))
    return visit.page(title=f"{here} · {found.user.name}", body=body.component(), crumbs=crumbs)


def _set(visit: Visit, held: Held) -> tuple[str, str]:
    known = visit.exchange.release.catalog.permission_sets.get(held.set)
    label = known.label.text(visit.reader.language) if known else held.set
    if held.group is None:
        return label, visit.reader.text("held.assigned")
    return label, visit.reader.text("held.by_group", group=held.group)


def _notes(visit: Visit, objects: tuple[Reached, ...]) -> Iterator[str]:
    """The restrictions that bind her."""
    for each in objects:
        label = each.object.plural.text(visit.reader.language)
        yield from (f"{label}: {source_words(visit, source)}" for source in each.restrictions)


def _row(visit: Visit, reached: Reached) -> HeldRow:
    language, said = visit.reader.language, visit.reader.said
    names = [field.label.text(language) for field in reached.hidden]
    more = visit.reader.text("held.more", count=len(names) - FEW) if len(names) > FEW else ""
    return HeldRow(
        label=reached.object.plural.text(language),
        icon=reached.object.icon,
        reach=tuple(
            "; ".join(
                f"{said(words)} ({source_words(visit, source)})"
                for words, source in reached.records.get(each, ())
            )
            for each in Action
        ),
        hidden=", ".join((*names[:FEW], *([more] if more else []))),
    )
