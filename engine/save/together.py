"""Several batches in one transaction: a parent with its children, stored all or not at all.

A later batch may refer to records that an earlier one creates, whose ids the writer made. Where an earlier
batch is refused, the later ones are judged as if its records were there, so that one answer lists everything
that is wrong. Called by `Session.apply_all`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from engine import codes
from engine.ids import canonical_id
from engine.mutation import Create
from engine.problem import Detail, Problem
from engine.sentence import said

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from engine.mutation import Mutation, Result

Awaited: TypeAlias = "Mapping[str, frozenset[str]]"
"""Ids by object id: records that would be there, had their batch not been refused."""


def save_all(
    mutations: Sequence[Mutation],
    save: Callable[[Mutation, Awaited], Result],
    check: Callable[[], Iterable[tuple[int, Problem]]],
) -> tuple[Result, ...]:
    """Save batches in their order; raises one `Problem` with all that is wrong, which undoes them all.

    `check` says what is wrong when all are written, with the places of the batches.
    """
    awaited: dict[str, frozenset[str]] = {}
    results: list[Result] = []
    refused: list[tuple[int, Problem]] = []
    for place, mutation in enumerate(mutations):
        assert not mutation.partial, "batches that are stored together are stored whole"
        try:
            results.append(save(mutation, awaited))
        except Problem as problem:
            refused.append((place, problem))
            name = mutation.object.id
            awaited[name] = awaited.get(name, frozenset()).union(_created(mutation))
    if refused or (refused := list(check())):
        raise _joined(refused, len(mutations))
    return tuple(results)


def _created(mutation: Mutation) -> Iterator[str]:
    for change in mutation.changes:
        if isinstance(change, Create) and (found := canonical_id(change.id or "")):
            yield found


def _joined(refused: Sequence[tuple[int, Problem]], size: int) -> Problem:
    """The single Problem as it is, or one that lists several; each detail says in which batch it is."""
    details = [detail for place, problem in refused for detail in _placed(place, problem)]
    first = refused[0][1]
    if len(refused) == 1:
        return Problem(
            *(first.code, first.message),
            status=first.status,
            details=details,
            hint=first.hint,
            data={**first.data, "mutation": refused[0][0]},
        )
    message = said(
        "{refused} of {size} parts are refused; nothing was saved.", refused=len(refused), size=size
    )
    return Problem(codes.INVALID, message, status=first.status, details=details, hint=codes.INVALID.mend)


def _placed(place: int, problem: Problem) -> Iterator[Detail]:
    if not problem.details:
        code, message, hint = problem.code.id, problem.message, problem.hint
        yield Detail(mutation=place, code=code, message=message, hint=hint)
    for detail in problem.details:
        yield replace(detail, mutation=place)
