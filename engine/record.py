"""One row as one Actor may see it: values keyed by path name, hidden fields absent.

A lookup comes as `<path>` (the id) and `<path>.title` (what people see), the latter only when the
linked record is readable. Made by `Session`; entries turn it into JSON or a page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.sight import seen
from metadata.catalog import FieldPath

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.fields.contract import Codec
    from metadata.catalog import ObjectType


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Record:
    """A row of `object`; `version` is None when the query did not select it.

    `shown` says how JSON shows the values which it does not show as they are.
    """

    object: ObjectType
    id: str
    version: int | None
    values: Mapping[str, Any]
    shown: tuple[tuple[str, Codec], ...] = ()

    def json(self) -> dict[str, Any]:
        """The values as JSON can hold them and the API accepts them back; Decimals are exact JSON numbers."""
        values = dict(self.values)
        for name, show in self.shown:
            if (value := values[name]) is not None:
                values[name] = show(value)
        return values

    def title(self) -> str | None:
        """What people see as the record's name, or None when it is blank, hidden or not selected."""
        field = self.object.title
        value = None if field is None else seen(FieldPath(field=field), self.values)
        return None if value is None else str(value)
