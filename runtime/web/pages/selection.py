"""What can be done with chosen records: change one field of all, delete them, and take that back.

Chosen are the ids that were ticked, or all records that match the list. More than one at once needs the right
`mass_edit`. Each batch is one change set; what is refused in it is told record by record.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal
from urllib.parse import parse_qsl

from engine.codes import BAD_QUERY, NOT_FOUND
from engine.ids import canonical_id
from engine.mutation import Delete, Mutation, Restore, Update
from engine.planner import require_right
from engine.problem import Problem
from engine.query import Query
from engine.rights import MASS_EDIT
from metadata.catalog import FieldPath
from runtime.web.bulk import BulkEdit, BulkPage, BulkResult, Failure
from runtime.web.component import Link
from runtime.web.input import Choice
from runtime.web.pages.columns import fits_a_cell, offered
from runtime.web.pages.entries import read_entries
from runtime.web.pages.flash import Done
from runtime.web.pages.inputs import Filling, inputs_for
from runtime.web.pages.listed import listed_of
from runtime.web.pages.refused import messages_of
from runtime.web.pages.target import ENTRY, target_of
from runtime.web.pages.titles import titles
from runtime.web.state import parse_state

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.responses import Response

    from engine.mutation import Change, Result
    from engine.session import Session
    from metadata.catalog import Field, ObjectType
    from runtime.web.component import Component
    from runtime.web.input import Input
    from runtime.web.pages.visit import Visit

MOST = 5000
"""Records changed at once."""
TOLD = 50
"""Refused records that are listed one by one."""
PAGE = 1000
"""Ids read at once."""


def changes_several(session: Session) -> bool:
    """Whether the reader may change several records at once."""
    return session.policy.holds(MASS_EDIT)


def show_bulk(visit: Visit) -> Response:
    """POST /o/{object}/bulk: the form that changes one field of the chosen records."""
    target = target_of(visit)
    require_right(visit.signed_in.policy, MASS_EDIT, "change several records at once")
    return _answer(visit, target, _form(visit, target, _chosen(visit, target)).component())


def save_bulk(visit: Visit) -> Response:
    """POST /o/{object}/bulk/save: give the field the value, in every chosen record that can take it."""
    target = target_of(visit)
    require_right(visit.signed_in.policy, MASS_EDIT, "change several records at once")
    ids, field = _chosen(visit, target), _field(visit, target)
    if field is None:
        return _answer(visit, target, _form(visit, target, ids).component(), 422)
    text = read_entries(visit, (field,)).now.get(field.name, "")
    result = _apply(visit, target, tuple(Update(id=id_, values={field.name: text}) for id_ in ids))
    messages = _shared(visit, result)
    if messages:
        return _answer(visit, target, _form(visit, target, ids, text, messages).component(), 422)
    return _told(visit, target, ids, result, "changed")


def delete_records(visit: Visit) -> Response:
    """POST /o/{object}/delete: the chosen ids go into the recycle bin; the next page offers to undo it."""
    target = target_of(visit)
    ids = _chosen(visit, target)
    if len(ids) > 1:
        require_right(visit.signed_in.policy, MASS_EDIT, "delete several records at once")
    result = _apply(visit, target, tuple(Delete(id=id_) for id_ in ids))
    if len(ids) == 1 and result is not None and result.problems[0] is not None:
        raise result.problems[0]
    return _told(visit, target, ids, result, "deleted")


def restore_records(visit: Visit) -> Response:
    """POST /o/{object}/restore: the ids come back out of the recycle bin."""
    target, ids = target_of(visit), _ids(visit)
    if ids:
        changes = tuple(Restore(id=id_) for id_ in ids)
        visit.signed_in.apply(
            Mutation(object=target, changes=changes, entry=ENTRY, answer=False, several=True)
        )
    return visit.go(_back(visit, target), Done(what="restored", object=target.name, count=len(ids)))


def _apply(visit: Visit, target: ObjectType, changes: tuple[Change, ...]) -> Result | None:
    if not changes:
        return None
    mutation = Mutation(object=target, changes=changes, entry=ENTRY, answer=False, partial=True, several=True)
    return visit.signed_in.apply(mutation)


def _told(
    visit: Visit, target: ObjectType, ids: tuple[str, ...], result: Result | None,
    what: Literal["changed", "deleted"],
) -> Response:  # fmt: skip
    """Back to the list when all went well, else what did not."""
    problems = result.problems if result is not None else ()
    refused = [(id_, problem) for id_, problem in zip(ids, problems, strict=True) if problem is not None]
    if not refused:
        done = Done(what=what, object=target.name, count=len(ids), ids=ids if what == "deleted" else ())
        return visit.go(_back(visit, target), done)
    text, done_count = visit.reader.text, len(ids) - len(refused)
    page = BulkResult(
        title=text("list.partly" if done_count else "list.refused"),
        text=text(f"list.{what}", count=done_count),
        failures=tuple(_failures(visit, target, refused[:TOLD])),
        more=text("list.more_refused", count=len(refused) - TOLD) if len(refused) > TOLD else "",
        back=_back(visit, target),
    )  # fmt: skip
    return _answer(visit, target, page.component(), 200 if done_count else 422)


def _failures(visit: Visit, target: ObjectType, refused: list[tuple[str, Problem]]) -> Iterator[Failure]:
    known = titles(visit, target, (id_ for id_, _ in refused))
    for id_, problem in refused:
        yield Failure(
            title=known.get(id_) or visit.reader.text("record.untitled"),
            href=visit.reader.link(f"/o/{target.name}/{id_}"),
            messages=messages_of(visit, problem),
        )


def _shared(visit: Visit, result: Result | None) -> tuple[str, ...]:
    """What every record was refused for: then the value is wrong, and the form says so."""
    problems = result.problems if result is not None else ()
    told = {messages_of(visit, problem) if problem is not None else () for problem in problems}
    return next(iter(told)) if len(told) == 1 else ()


def _form(
    visit: Visit, target: ObjectType, ids: tuple[str, ...], text: str = "", messages: tuple[str, ...] = ()
) -> BulkEdit:
    form, field = visit.exchange.form, _field(visit, target)
    everything = _everything(visit)
    address = visit.reader.link(f"/o/{target.name}/bulk")
    return BulkEdit(
        title=visit.reader.text("list.bulk_title", count=len(ids)), show=address, action=f"{address}/save",
        back=_back(visit, target), query=str(form.get("query", "")), all=everything,
        ids=() if everything else ids,
        fields=tuple(
            Choice(value=one.name, text=one.label.text(visit.reader.language), current=one is field)
            for one in _changeable(visit, target)
        ),
        input=_input(visit, field, text, messages) if field is not None else None,
        messages=() if field is not None else messages,
    )  # fmt: skip


def _input(visit: Visit, field: Field, text: str, messages: tuple[str, ...]) -> Input:
    errors = {field.name: messages} if messages else {}
    filling = Filling(texts={field.name: text}, errors=errors, focused=field.name)
    (made,) = inputs_for(visit, (field,), filling)
    return made


def _changeable(visit: Visit, target: ObjectType) -> Iterator[Field]:
    """The fields whose value several records may share."""
    for field in offered(visit, target):
        if fits_a_cell(visit, FieldPath(field=field)) and not field.unique:
            yield field


def _field(visit: Visit, target: ObjectType) -> Field | None:
    """The field that the form names; raises Problem for one that may not be changed."""
    name = str(visit.exchange.form.get("field", ""))
    if not name:
        return None
    found = next((field for field in _changeable(visit, target) if field.name == name), None)
    if found is None:
        raise Problem(NOT_FOUND, "There is no such field that you may change.", status=404)
    return found


def _chosen(visit: Visit, target: ObjectType) -> tuple[str, ...]:
    """The ids that were ticked or, when all are wanted, those of every record that matches the list.

    Raises Problem when these are more than `MOST`.
    """
    if not _everything(visit):
        return _ids(visit)
    require_right(visit.signed_in.policy, MASS_EDIT, "change several records at once")
    query = str(visit.exchange.form.get("query", "")).removeprefix("?")
    listed = listed_of(visit, target, parse_state(parse_qsl(query, keep_blank_values=True)))
    asked = Query(object=target, where=listed.query.where, find=listed.query.find, limit=PAGE)
    return tuple(_matching(visit, asked))


def _matching(visit: Visit, asked: Query) -> Iterator[str]:
    after: str | None = None
    for _ in range(MOST // PAGE):
        page = visit.signed_in.query(replace(asked, after=after))
        yield from (record.id for record in page.records)
        after = page.next
        if after is None:
            return
    raise Problem(
        BAD_QUERY, f"More than {MOST:,} records match.", hint="Add a filter, and take them in parts."
    )


def _everything(visit: Visit) -> bool:
    return bool(visit.exchange.form.get("all"))


def _ids(visit: Visit) -> tuple[str, ...]:
    given = (canonical_id(str(value)) for value in visit.exchange.form.getlist("id"))
    return tuple(dict.fromkeys(id_ for id_ in given if id_))


def _back(visit: Visit, target: ObjectType) -> str:
    return visit.local(str(visit.exchange.form.get("back", ""))) or visit.reader.link(f"/o/{target.name}")


def _answer(visit: Visit, target: ObjectType, body: Component, status: int = 200) -> Response:
    if visit.partial:
        return visit.answer(body, status)
    title = target.plural.text(visit.reader.language)
    crumbs = (Link(label=title, href=_back(visit, target)),)
    return visit.page(
        title=title, body=BulkPage(body=body).component(), crumbs=crumbs, canvas=True, status=status
    )
