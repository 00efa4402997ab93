"""Merging records: from a list, from a record or from a set of duplicates to one record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.changes.remedy import Conflict
from engine.ids import canonical_id
from engine.jobs.desk import queue
from engine.jobs.rework import LARGE, MergeJob, merge_subject
from engine.matching.sets import MEMBER, SET
from engine.merging.merge import MOST, Merge, merge, mergeable, propose, weight
from engine.merging.proposal import UNION
from engine.pointing import pointed
from engine.problem import Problem
from engine.query import Query
from metadata.catalog import FieldPath
from runtime.web.component import Link
from runtime.web.display import with_currencies
from runtime.web.merging import Column, MergedPage, MergePage, MergePick, MergeRow, Pick
from runtime.web.pages.acting import reason_of
from runtime.web.pages.changes import JOBS, kept
from runtime.web.pages.changes import PATH as CHANGES
from runtime.web.pages.flash import Done
from runtime.web.pages.navigation import list_link
from runtime.web.pages.refused import messages_of
from runtime.web.pages.rights import may
from runtime.web.pages.target import target_of, title_of
from runtime.web.pages.titles import titles
from runtime.web.pages.values import shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from starlette.responses import Response

    from engine.merging.merge import Merged, Proposal
    from engine.merging.proposal import Choice
    from engine.record import Record
    from metadata.catalog import ObjectType
    from runtime.web.pages.visit import Visit

OFFERED = 20
"""Records that are offered to be merged with one."""
TAKE, VERSION = "take.", "version."


def merging(visit: Visit, record: Record) -> Iterator[Link]:
    """The way from a record to merging it with others, for who may; from a set to merging its members."""
    if record.object.name == SET:
        yield from _members(visit, record)
    elif mergeable(visit.signed_in, record.object):
        href = visit.reader.link(f"/o/{record.object.name}/merge?ids={record.id}")
        yield Link(label=visit.reader.text("merge.open"), href=href, icon="git-merge")


def _members(visit: Visit, record: Record) -> Iterator[Link]:
    """For each object of which the reader sees several in the set."""
    session, objects = visit.signed_in, visit.exchange.release.catalog.objects
    rows = objects[MEMBER]
    if not may(session, rows, "read"):
        return
    where = session.condition(rows, f'set = "{record.id}"')
    link = FieldPath(field=rows.fields["record"])
    found = session.query(Query(object=rows, fields=(link,), where=where, limit=MOST)).records
    by: dict[ObjectType, list[str]] = {}
    for one in found:
        target, id_ = pointed(link.field, one.values["record"])
        if target is not None and mergeable(session, target):
            by.setdefault(target, []).append(id_)
    for target, ids in by.items():
        if len(ids) > 1:
            told = visit.reader.text("merge.title", objects=target.plural.text(visit.reader.language))
            href = visit.reader.link(f"/o/{target.name}/merge?ids={','.join(ids)}")
            yield Link(label=told, href=href, icon="git-merge")


def show_merge(visit: Visit) -> Response:
    """GET /o/{object}/merge?ids=…: side by side; with a single id, what it could be merged with."""
    return _shown(visit, target_of(visit))


def merge_chosen(visit: Visit) -> Response:
    """POST /o/{object}/merge: from a list, with other choices, or to do it."""
    target, form = target_of(visit), visit.exchange.form
    if form.get("do") != "apply":
        return _shown(visit, target)
    asked = _asked(visit, target)
    try:
        if weight(visit.signed_in, asked, LARGE) >= LARGE:
            propose(visit.signed_in, asked)
            job = queue(visit.signed_in, MergeJob().name, merge_subject(asked), about=asked.reason)
            return visit.go(visit.reader.link(f"{JOBS}/{job.id}"))
        done = merge(visit.signed_in, asked)
    except Problem as problem:
        if problem.status == 404:
            raise
        return _form(visit, asked, messages_of(visit, problem), 422)
    return _told(visit, target, done)


def _shown(visit: Visit, target: ObjectType) -> Response:
    asked = _asked(visit, target)
    if not asked.losers or "pick" in visit.exchange.query:
        return _pick(visit, asked)
    return _form(visit, asked)


def _asked(visit: Visit, target: ObjectType) -> Merge:
    """What the address or the form says; records that are named twice count once."""
    form, query = visit.exchange.form, visit.exchange.query
    given = [*query.get("ids", "").split(","), *(str(one) for one in form.getlist("id"))]
    ids = list(dict.fromkeys(known for one in given if (known := canonical_id(one.strip()))))
    kept_one = canonical_id(str(form.get("survivor") or query.get("survivor", "")))
    if kept_one in ids:
        ids.remove(kept_one)
        ids.insert(0, kept_one)
    return Merge(
        object=target,
        survivor=ids[0] if ids else "",
        losers=tuple(ids[1:]),
        take={key.removeprefix(TAKE): str(form[key]) for key in form if key.startswith(TAKE)},
        versions={
            key.removeprefix(VERSION): int(str(form[key]))
            for key in form
            if key.startswith(VERSION) and str(form[key]).isdecimal() and len(str(form[key])) < 19
        },
        reason=reason_of(visit),
    )


def _form(visit: Visit, asked: Merge, messages: tuple[str, ...] = (), status: int = 200) -> Response:
    """Side by side; choices that cannot be made are told, and those that are proposed stand instead."""
    target, session = asked.object, visit.signed_in
    plain = Merge(object=target, survivor=asked.survivor, losers=asked.losers)
    try:
        found = propose(session, plain if messages else asked)
    except Problem as problem:
        if messages or not (asked.take or asked.versions):
            raise
        return _form(visit, asked, messages_of(visit, problem), 422)
    paths = tuple(FieldPath(field=one.field) for one in found.choices)
    wanted = with_currencies((*paths, *_title(target, visit)), session.policy.sees)
    records = {id_: session.get(target, id_, wanted) for id_ in found.rows}
    rows = [_row(visit, one, records, asked.take if messages else {}) for one in found.choices]
    body = MergePage(
        title=visit.reader.text("merge.title", objects=target.plural.text(visit.reader.language)),
        action=visit.reader.link(f"/o/{target.name}/merge"),
        back=visit.reader.link(f"/o/{target.name}"),
        columns=tuple(_column(visit, found, record, asked) for record in records.values()),
        rows=tuple(sorted(rows, key=lambda row: not row.differs)),
        moving=tuple(_moving(visit, found)),
        reason=asked.reason,
        messages=messages,
        more=visit.reader.link(f"/o/{target.name}/merge?ids={','.join(asked.ids)}&pick=1"),
    )
    return visit.page(
        title=body.title,
        body=body.component(),
        crumbs=(list_link(visit, target),),
        canvas=True,
        status=status,
    )


def _title(target: ObjectType, visit: Visit) -> tuple[FieldPath, ...]:
    title = target.title
    return (FieldPath(field=title),) if title and visit.signed_in.policy.readable(title) else ()


def _column(visit: Visit, found: Proposal, record: Record, asked: Merge) -> Column:
    row, reader = found.rows[record.id], visit.reader
    rest = [id_ for id_ in found.rows if id_ != record.id]
    address = reader.link(f"/o/{asked.object.name}")
    return Column(
        id=record.id,
        title=title_of(record, visit),
        href=f"{address}/{record.id}",
        version=asked.versions.get(record.id) or int(row["version"]),
        when=reader.formats.moment(row["modified_at"], reader.now),
        keeps=record.id == asked.survivor,
        remove=f"{address}/merge?ids={','.join(rest)}" if len(rest) > 1 else "",
    )


def _row(visit: Visit, one: Choice, records: Mapping[str, Record], take: Mapping[str, str]) -> MergeRow:
    taken = take.get(one.field.name, one.taken)
    picks = tuple(
        Pick(
            value=id_, label=title_of(record, visit), cells=(shown(visit, record, one.field),),
            chosen=taken == id_,
        )
        for id_, record in records.items()
    )  # fmt: skip
    values = [record.values.get(one.field.name) for record in records.values()]
    return MergeRow(
        name=one.field.name,
        label=one.field.label.text(visit.reader.language),
        picks=picks,
        together=_together(visit, chosen=taken == UNION) if one.field.many else None,
        differs=any(value != values[0] for value in values),
    )


def _together(visit: Visit, *, chosen: bool) -> Pick:
    return Pick(value=UNION, label=visit.reader.text("merge.together"), cells=(), chosen=chosen)


def _moving(visit: Visit, found: Proposal) -> Iterator[str]:
    language, number = visit.reader.language, visit.reader.formats.number
    for link, count in found.moving.items():
        objects, field = link.object.plural.text(language), link.label.text(language)
        yield visit.reader.text("merge.moves", objects=objects, field=field, number=number(count))


def _pick(visit: Visit, asked: Merge) -> Response:
    """What else there is, found by words; nothing is offered before something is looked for."""
    session, text, target = visit.signed_in, visit.reader.text, asked.object
    ids = [one for one in asked.ids if one]
    q = visit.exchange.query.get("q", "").strip()
    named = titles(visit, target, ids)
    address = visit.reader.link(f"/o/{target.name}")
    found: tuple[Record, ...] = ()
    if q:
        found = session.query(
            Query(object=target, fields=_title(target, visit), find=q, limit=OFFERED)
        ).records
    offered = tuple(
        Link(label=title_of(one, visit), href=f"{address}/merge?ids={','.join((*ids, one.id))}")
        for one in found
        if one.id not in ids
    )
    body = MergePick(
        title=text("merge.title", objects=target.plural.text(visit.reader.language)),
        action=f"{address}/merge",
        back=f"{address}/{ids[0]}" if ids else address,
        chosen=tuple(
            Link(label=named.get(one) or text("record.untitled"), href=f"{address}/{one}") for one in ids
        ),
        ids=",".join(ids),
        q=q,
        found=offered,
        message="" if offered or not q else text("form.nothing_found"),
    )
    return visit.page(
        title=body.title, body=body.component(), crumbs=(list_link(visit, target),), canvas=True
    )


def _told(visit: Visit, target: ObjectType, done: Merged) -> Response:
    """Back to the record; where something gave way that is told first."""
    back, text = visit.reader.link(f"/o/{target.name}/{done.survivor}"), visit.reader.text
    if not done.gave_way:
        return visit.go(back, Done(what="merged", object=target.name))
    gave_way = tuple(
        Conflict(object=one.object, record=one.record, field=None, message=one.message)
        for one in done.gave_way
    )
    name = titles(visit, target, (done.survivor,)).get(done.survivor) or text("record.untitled")
    body = MergedPage(
        title=text("merge.done", name=name), text=text("merge.gave_way"), kept=tuple(kept(visit, gave_way)),
        changes=visit.reader.link(f"{CHANGES}/{done.change_set}"), back=back, name=name,
    )  # fmt: skip
    return visit.page(
        title=body.title, body=body.component(), crumbs=(list_link(visit, target),), canvas=True
    )
