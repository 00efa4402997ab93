"""Saved mappings as the pages of imports offer them: everybody may use them, who saved one may remove it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.rights import SETUP
from engine.transfer.saved import delete_mapping, find_mapping, saved_mappings
from metadata.system import USER
from runtime.web.importing import SavedLine
from runtime.web.pages.titles import titles

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.session import Session
    from engine.transfer.mapping import ImportMapping
    from runtime.web.pages.visit import Visit


def lines(visit: Visit) -> Iterator[SavedLine]:
    """All of them, by name."""
    catalog, session = visit.exchange.release.catalog, visit.signed_in
    found = saved_mappings(session)
    names = titles(visit, catalog.objects[USER], {each.actor for each in found if each.actor})
    for each in found:
        target = catalog.objects.get(each.object)
        owned = each.actor == session.actor.id or session.policy.holds(SETUP)
        yield SavedLine(
            name=each.name,
            object=target.plural.text(visit.reader.language) if target is not None else each.object,
            owner=names.get(each.actor or "", ""),
            remove=each.name if owned else "",
        )


def mapping_named(session: Session, name: str) -> ImportMapping | None:
    """The mapping of that name, None for "". Raises `Problem` 404 where there is none."""
    return find_mapping(session, name).mapping if name else None


def remove_named(session: Session, name: str) -> None:
    """Remove one. Raises `Problem` 404 where there is none, 403 where it is somebody else's."""
    delete_mapping(session, name)
