"""How a formula's row sees a path of the record itself: a text for an address, a part of one by its name.

The same that `Joins.column` is in SQL, for rows in memory: those of a save, and those of a flow.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.fields.contract import Codec, FieldType
    from metadata.catalog import FieldPath


def sight(path: FieldPath) -> Codec | None:
    """How what a path shows follows from its field's value; None where it is that, or is kept beside it."""
    sort = cast("FieldType", path.field.sort)
    return sort.derived.get(path.part) if path.part else sort.seen


def seen(path: FieldPath, values: Mapping[str, object]) -> object:
    """What a path of the record itself shows, from its values by field name."""
    see = sight(path)
    if see is None:
        return values.get(path.name)
    value = values.get(path.field.name)
    return None if value is None else see(value)
