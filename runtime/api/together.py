"""Changes of several objects in one request and one transaction: an order with its lines, all or nothing.

A later part may refer to records that an earlier one creates, by ids that the client made. Everything that is
wrong in any part is told at once; each entry of `errors` says in which `mutation`, `row` and `field` it is.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import msgspec

from engine.mutation import Mutation
from engine.problem import Detail, Problem
from runtime.api.answers import answer_json
from runtime.api.batch import ChangeRow, change_of, missing_versions, outcome
from runtime.api.body import Reason, decoder, read_json
from runtime.api.parameters import object_named
from runtime.api.records import ENTRY, within
from runtime.codes import NO_PAGE, NO_VERSION

if TYPE_CHECKING:
    from starlette.responses import Response

    from metadata.catalog import ObjectType
    from runtime.exchange import Exchange


class Part(msgspec.Struct, forbid_unknown_fields=True):
    """Changes of one object, in order."""

    object: str
    changes: Annotated[list[ChangeRow], msgspec.Meta(min_length=1)]


class Parts(msgspec.Struct, forbid_unknown_fields=True):
    """The body: parts in order, why they are changed, whether flows start."""

    parts: list[Part]
    reason: Reason = ""
    automation: bool = True
    accept_duplicates: bool = False


_PARTS = decoder(Parts)


def apply_parts(exchange: Exchange) -> Response:
    """POST /api/v1/$batch: changes of several objects, all or none."""
    body = read_json(exchange, _PARTS)
    within(sum(len(part.changes) for part in body.parts))
    targets = _targets(exchange, body)
    _check_versions(body)
    mutations = [
        Mutation(
            object=target,
            changes=tuple(change_of(row) for row in part.changes),
            entry=ENTRY,
            reason=body.reason,
            automation=body.automation,
            several=True,
            accept_duplicates=body.accept_duplicates,
        )
        for target, part in zip(targets, body.parts, strict=True)
    ]
    results = exchange.signed_in.apply_all(mutations)
    answers = [
        {
            "object": mutation.object.name,
            "results": [
                outcome(row, record, None) for row, record in zip(part.changes, result.records, strict=True)
            ],
        }
        for mutation, part, result in zip(mutations, body.parts, results, strict=True)
    ]
    return answer_json({"change_set": results[0].change_set, "parts": answers})


def _targets(exchange: Exchange, body: Parts) -> list[ObjectType]:
    """The objects of the parts. Raises Problem 404 with every one that there is not."""
    found: list[ObjectType] = []
    missing: list[Detail] = []
    for place, part in enumerate(body.parts):
        try:
            found.append(object_named(exchange, part.object))
        except Problem as problem:
            missing.append(
                Detail(field="object", mutation=place, code=problem.code.id, message=problem.message)
            )
    if missing:
        raise Problem(NO_PAGE, missing[0].message, status=404, details=missing)
    return found


def _check_versions(body: Parts) -> None:
    missing = [
        replace(detail, mutation=place)
        for place, part in enumerate(body.parts)
        for detail in missing_versions(part.changes)
    ]
    if missing:
        raise Problem(NO_VERSION, missing[0].message, status=428, details=missing, hint=missing[0].hint)
