"""What people call records that are known by their ids alone, as far as the reader may see them.

One statement for each object, whatever the number of ids.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.access import Action, Never
from engine.query import Query
from metadata.catalog import FieldPath
from runtime.web.pages.rights import readable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from metadata.catalog import ObjectType
    from runtime.web.pages.visit import Visit

MOST = 64
"""Ids asked for at once; a list of choices never shows more."""


def titles(visit: Visit, target: ObjectType, ids: Iterable[str]) -> Mapping[str, str]:
    """Titles by id; without those that the reader may not see, or that have none."""
    wanted = sorted(set(ids))[:MOST]
    title = target.title
    closed = isinstance(visit.signed_in.policy.decide(target, Action.READ), Never)
    if not wanted or title is None or closed or not readable(visit.signed_in, title):
        return {}
    where = " || ".join(f'id = "{id_}"' for id_ in _rounded(wanted))
    asked = Query(
        object=target, fields=(FieldPath(field=title),), limit=MOST,
        where=visit.signed_in.condition(target, where),
    )  # fmt: skip
    return {found.id: name for found in visit.signed_in.query(asked).records if (name := found.title())}


def _rounded(ids: list[str]) -> list[str]:
    """The ids, the last repeated up to a power of two: few different statements serve all numbers of ids."""
    return ids + ids[-1:] * ((1 << (len(ids) - 1).bit_length()) - len(ids))
