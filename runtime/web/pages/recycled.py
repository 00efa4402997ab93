"""The page of the recycle bin: what was deleted, bringing it back, and removing it for good."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.changes.bin import recycled
from engine.changes.purge import purge, purgeable
from engine.changes.retention import kept_days
from engine.codes import NOT_FOUND, STILL_REFERENCED
from engine.ids import canonical_id
from engine.problem import Problem
from engine.rights import PURGE
from engine.sentence import said
from metadata.system import USER
from runtime.web.component import Link
from runtime.web.pages.flash import Done
from runtime.web.pages.rights import may, sees_history
from runtime.web.pages.target import target_of
from runtime.web.pages.titles import titles
from runtime.web.recycled import BinLine, BinPage

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from starlette.responses import Response

    from engine.changes.bin import Binned
    from metadata.catalog import ObjectType
    from runtime.web.pages.visit import Visit

PATH = "/bin"
PAGE = 50


def show_bin(visit: Visit) -> Response:
    """GET /bin: what is in it, the last deleted first; `?object=` of one object alone."""
    query, reader = visit.exchange.query, visit.reader
    target = _asked(visit, query.get("object"))
    page = recycled(visit.signed_in, target, limit=PAGE, before=query.get("before"))
    only = f"object={target.name}" if target else ""
    address = reader.link(PATH)
    older = "&".join(filter(None, (f"before={page.next}", only)))
    body = BinPage(
        lines=tuple(_lines(visit, page.records)),
        kept=_kept(visit),
        older=f"{address}?{older}" if page.next else "",
        back=f"{address}?{only}" if only else address,
        shown=Link(label=reader.text("bin.all"), href=address) if target else None,
    )
    return visit.page(title=reader.text("bin.title"), body=body.component(), canvas=True)


def purge_record(visit: Visit) -> Response:
    """POST /o/{object}/purge: remove the record `id` for good, and go back to the bin."""
    target, id_ = target_of(visit), str(visit.exchange.form.get("id", ""))
    done = purge(visit.signed_in, target, [canonical_id(id_) or id_])
    if done.missing:
        message = said("There is no such record in the bin that you may delete.")
        raise Problem(NOT_FOUND, message, status=404)
    if done.held:
        message = said("Other records need this one; remove them first.")
        raise Problem(STILL_REFERENCED, message, status=409, hint=STILL_REFERENCED.mend)
    return visit.go(visit.reader.link(PATH), Done(what="purged", object=target.name))


def _asked(visit: Visit, name: str | None) -> ObjectType | None:
    if name is None:
        return None
    found = visit.exchange.release.catalog.objects.get(name)
    if found is None or found.retired:
        raise Problem(NOT_FOUND, said("There is no such list that you may see."), status=404)
    return found


def _kept(visit: Visit) -> str:
    with visit.signed_in.reading() as connection:
        days = kept_days(connection)
    return visit.reader.text("bin.kept", count=days) if days else visit.reader.text("bin.kept_for_ever")


def _lines(visit: Visit, found: Iterable[Binned]) -> Iterable[BinLine]:
    listed = tuple(found)
    made = [one.change_set for one in listed]
    people = {id_ for each in made for id_ in (each.actor, each.impersonator) if id_}
    names = titles(visit, visit.exchange.release.catalog.objects[USER], people)
    return (_line(visit, one, names) for one in listed)


def _line(visit: Visit, one: Binned, names: Mapping[str, str]) -> BinLine:
    reader, session, target = visit.reader, visit.signed_in, one.object
    deletes = may(session, target, "delete")
    address = reader.link(f"/o/{target.name}")
    return BinLine(
        id=one.record,
        object=target.label.text(reader.language),
        title=one.title or reader.text("record.untitled"),
        href=f"{address}/{one.record}/as-of" if sees_history(session) else "",
        at=one.at.isoformat(),
        when=reader.formats.moment(one.at, reader.now),
        who=_who(visit, one, names),
        reason=one.change_set.reason,
        along=", ".join(
            f"{reader.formats.number(number)} {each.plural.text(reader.language)}"
            for each, number in one.along.items()
        ),
        restore=f"{address}/restore" if deletes else "",
        purge=f"{address}/purge" if deletes and session.policy.holds(PURGE) and purgeable(target) else "",
    )


def _who(visit: Visit, one: Binned, names: Mapping[str, str]) -> str:
    text, made = visit.reader.text, one.change_set
    somebody = text("timeline.somebody")
    actor = names.get(made.actor, somebody) if made.actor else text("timeline.system")
    if made.impersonator is None:
        return actor
    return text("timeline.as", person=names.get(made.impersonator, somebody), user=actor)
