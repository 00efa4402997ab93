"""Why somebody may do something with a record, or why not, and who sees it: for who sets up the model."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from engine.access import Action
from engine.explanation.explain import explain
from engine.explanation.reason import barred, labelled, told
from engine.explanation.viewers import Level, viewers
from engine.planner import require_right
from engine.rights import SETUP
from metadata.system import USER
from runtime.web.access import GroundRow, Verdict, ViewerRow, WhyPage
from runtime.web.component import Link
from runtime.web.input import Choice, Input
from runtime.web.pages.navigation import list_link
from runtime.web.pages.rights import readable
from runtime.web.pages.target import fetch, record_id, target_of, title_of
from runtime.web.pages.titles import titles

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.responses import Response

    from engine.access import Source
    from engine.explanation.explain import Explanation, Ground
    from engine.record import Record
    from metadata.catalog import Field, ObjectType
    from runtime.web.pages.visit import Visit

PAGE = 50
_TONES = {Level.READ: "", Level.EDIT: "blue", Level.DELETE: "amber"}
_MARKS = {True: ("yes", "green"), False: ("no", ""), None: ("open", "amber")}


def why_link(visit: Visit, record: Record) -> str:
    """The way to the page; "" for who does not set up the model, and for the answers to queries."""
    if not visit.signed_in.policy.holds(SETUP) or record.object.query:
        return ""
    return visit.reader.link(f"/o/{record.object.name}/{record.id}/access")


def show_access(visit: Visit) -> Response:
    """GET /o/{object}/{id}/access: who sees the record; with `user`, why she may or may not."""
    session, given = visit.signed_in, visit.exchange.query
    require_right(session.policy, SETUP, "see who sees a record")
    target = target_of(visit)
    titled = target.title is not None and readable(session, target.title)
    record = fetch(visit, target, record_id(visit), [target.title] if target.title and titled else [])
    page = visit.reader.link(f"/o/{target.name}/{record.id}")
    found = viewers(session, target, record.id, after=given.get("after"), limit=PAGE)
    field = _field(visit, target)
    title = title_of(record, visit)
    body = WhyPage(
        title=title,
        back=page,
        action=f"{page}/access",
        user=_user(visit, target),
        actions=tuple(_actions(visit)),
        fields=tuple(_fields(visit, target, field)),
        verdict=_verdict(visit, record, field) if given.get("user") else None,
        viewers=tuple(
            ViewerRow(
                name=each.name,
                why=f"{page}/access?{urlencode({'user': each.id})}",
                level=visit.reader.text(f"access.{each.level}"),
                tone=_TONES[each.level],
                reasons=tuple(source_words(visit, source) for source in each.sources),
            )
            for each in found.viewers
        ),
        total=visit.reader.formats.number(found.total),
        next=f"{page}/access?{urlencode({'after': found.next})}" if found.next else "",
    )
    here = visit.reader.text("access.title")
    crumbs = (list_link(visit, target), Link(label=title, href=page), Link(label=here, href=""))
    return visit.page(title=f"{here} · {title}", body=body.component(), crumbs=crumbs)


def _verdict(visit: Visit, record: Record, field: Field | None) -> Verdict:
    user = visit.exchange.query["user"]
    found = explain(visit.signed_in, user, _action(visit), record.object, record.id, field)
    said, text, language = visit.reader.said, visit.reader.text, visit.reader.language
    label = record.object.label.text(language)
    levers = found.would_change or found.together
    key = "would" if not found.allowed else "rests" if found.would_change else "together"
    return Verdict(
        allowed=found.allowed,
        headline=_headline(visit, found),
        reasons=tuple(said(barred(each, label)) for each in found.obstacles),
        change_title=text(f"access.{key}"),
        changes=tuple(said(told(each, visit.exchange.release.catalog, language)) for each in levers),
        grounds=tuple(_row(visit, each) for each in found.grounds),
        restrictions=tuple(_row(visit, each) for each in found.restrictions),
        field=field.label.text(language) if field else "",
        field_lines=tuple(_field_lines(visit, found)),
    )


def source_words(visit: Visit, source: Source) -> str:
    """Thanks to what, in the reader's language."""
    known = labelled(source, visit.exchange.release.catalog, visit.reader.language)
    return visit.reader.said(known.reason)


def _headline(visit: Visit, found: Explanation) -> str:
    key = "may" if found.allowed else "may_not"
    action = visit.reader.text(f"access.{found.action}")
    return visit.reader.text(f"access.{key}", name=found.user.name, action=action)


def _field_lines(visit: Visit, found: Explanation) -> Iterator[str]:
    if found.field is None:
        return
    text, language = visit.reader.text, visit.reader.language
    yield text("access.right", right=text(f"access.field_{found.field.right}"))
    sets = visit.exchange.release.catalog.permission_sets
    for name, right in found.field.sets:
        label = sets[name].label.text(language)
        yield text("access.right_by", right=text(f"access.field_{right}"), name=label)
    for hidden in found.field.hidden:
        label = f"{hidden.object.label.text(language)}: {hidden.label.text(language)}"
        yield text("access.closed_by", field=label)


def _row(visit: Visit, ground: Ground) -> GroundRow:
    key, tone = _MARKS[ground.holds]
    return GroundRow(
        action=visit.reader.text(f"access.{ground.action}"),
        records=visit.reader.said(ground.words),
        source=source_words(visit, ground.source),
        mark=visit.reader.text(f"access.mark_{key}"),
        tone=tone,
    )


def _action(visit: Visit) -> Action:
    asked = visit.exchange.query.get("action", "")
    return Action(asked) if asked in (Action.UPDATE, Action.DELETE) else Action.READ


def _actions(visit: Visit) -> Iterator[Choice]:
    for each in (Action.READ, Action.UPDATE, Action.DELETE):
        yield Choice(value=each, text=visit.reader.text(f"access.{each}"), current=each is _action(visit))


def _field(visit: Visit, target: ObjectType) -> Field | None:
    """The field asked about; a record is deleted as a whole."""
    found = target.fields.get(visit.exchange.query.get("field", ""))
    known = found is not None and readable(visit.signed_in, found)
    return found if known and _action(visit) is not Action.DELETE else None


def _fields(visit: Visit, target: ObjectType, chosen: Field | None) -> Iterator[Choice]:
    yield Choice(value="", text=visit.reader.text("access.whole"), current=chosen is None)
    for field in target.fields.values():
        if readable(visit.signed_in, field):
            label = field.label.text(visit.reader.language)
            yield Choice(value=field.name, text=label, current=field is chosen)


def _user(visit: Visit, target: ObjectType) -> Input:
    """A look-up of users; its searches are answered as those of the record's owner."""
    chosen = visit.exchange.query.get("user", "")
    people = titles(visit, visit.exchange.release.catalog.objects[USER], [chosen]) if chosen else {}
    options = (Choice(value=chosen, text=people[chosen], current=True),) if chosen in people else ()
    source = visit.reader.link(f"/lookup/{target.name}/owner")
    return Input(
        kind="lookup", name="user", label=visit.reader.text("access.user"), options=options, source=source
    )
