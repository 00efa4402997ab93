"""Merging over REST: what it would come to, and doing it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, cast

import msgspec

from engine.jobs.desk import queue
from engine.jobs.rework import LARGE, MergeJob, merge_subject, merged_told
from engine.merging.merge import Merge, merge, propose, weight
from engine.problem import Problem
from runtime.api.answers import answer_json, record_json
from runtime.api.body import Reason, decoder, read_json
from runtime.api.jobs import accepted
from runtime.api.parameters import object_of
from runtime.api.records import missing_version
from runtime.codes import NO_VERSION

if TYPE_CHECKING:
    from starlette.responses import Response

    from engine.fields.contract import FieldType
    from engine.merging.merge import Proposal
    from runtime.exchange import Exchange

ANY: Literal["*"] = "*"


class Asked(msgspec.Struct, forbid_unknown_fields=True):
    """The body: what becomes one, whose values are taken, and the versions seen, or `*`."""

    survivor: str
    losers: list[str]
    take: dict[str, str] = {}
    versions: dict[str, int] | Literal["*"] = {}
    reason: Reason = ""
    preview: bool = False


_BODY = decoder(Asked)


def merge_records(exchange: Exchange) -> Response:
    """POST /api/v1/{object}/merge: several records become one; with `preview` only what that comes to.

    A large one is a job: 202, and where it stands.
    """
    session, body = exchange.signed_in, read_json(exchange, _BODY)
    asked = Merge(
        object=object_of(exchange), survivor=body.survivor, losers=tuple(body.losers), take=body.take,
        versions=body.versions if isinstance(body.versions, dict) else {}, reason=body.reason,
    )  # fmt: skip
    found = propose(session, asked)
    if body.preview:
        return answer_json(_proposal_json(found))
    if body.versions != ANY and not set(asked.ids) <= asked.versions.keys():
        detail = missing_version()
        raise Problem(NO_VERSION, detail.message, status=428, hint=detail.hint)
    if weight(session, asked, LARGE) >= LARGE:
        return accepted(exchange, queue(session, MergeJob().name, merge_subject(asked), about=body.reason))
    done = merge(session, asked)
    return answer_json({**merged_told(done), "record": record_json(session.get(asked.object, done.survivor))})


def _proposal_json(found: Proposal) -> dict[str, Any]:
    fields = []
    for one in found.choices:
        kind = cast("FieldType", one.field.sort)
        values = {id_: kind.json(row[one.field.name]) for id_, row in found.rows.items()}
        fields.append(
            {"name": one.field.name, "take": one.taken, "value": kind.json(one.value), "values": values}
        )
    return {
        "versions": {id_: int(row["version"]) for id_, row in found.rows.items()},
        "fields": fields,
        "moving": {f"{link.object.name}.{link.name}": number for link, number in found.moving.items()},
    }
