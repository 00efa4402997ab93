"""The objects that have invariants, from the Release."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metadata.rule import invariants

if TYPE_CHECKING:
    from engine.release import Release
    from metadata.catalog import ObjectType


def guarded(release: Release) -> tuple[ObjectType, ...]:
    """The objects of whose records something must hold."""

    def find() -> tuple[ObjectType, ...]:
        objects = release.catalog.objects.values()
        return tuple(each for each in objects if not (each.retired or each.query) and invariants(each))

    return release.statements.get(("guarded",), find)
