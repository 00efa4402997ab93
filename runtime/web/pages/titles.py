"""What people call records that are known by their ids alone, as far as the reader may see them."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from engine.called import called

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from metadata.catalog import ObjectType
    from runtime.web.pages.visit import Visit

MOST = 500
"""Ids of an object asked for at once; no page names more."""


def titles(visit: Visit, target: ObjectType, ids: Iterable[str]) -> Mapping[str, str]:
    """Titles by id; without those that the reader may not see, or that have none."""
    return titles_of(visit, {target: ids})


def titles_of(visit: Visit, wanted: Mapping[ObjectType, Iterable[str]]) -> Mapping[str, str]:
    """The same for records of several objects, in one statement."""
    return called(visit.signed_in, {target: islice(ids, MOST) for target, ids in wanted.items()})
