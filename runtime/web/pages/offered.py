"""Which options of a picklist a record may hold: by its record type, and by the picklist that controls it.

Only for deciding what to offer; every save decides again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from metadata.record_type import RECORD_TYPE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from metadata.catalog import Field, Option


def offered(field: Field, values: Mapping[str, object]) -> tuple[Option, ...]:
    """The options in their order; what the record holds now stays among them.

    `values` are the record's by field name, as far as they are known.
    """
    now = values.get(field.name)
    kind = field.object.record_types.get(str(values.get(RECORD_TYPE) or ""))
    narrowed = kind.options.get(field.name) if kind else None
    above = field.depends_on
    controller = None if above is None else values.get(above.name)
    return tuple(
        option
        for option in field.options
        if option.code == now
        or (
            not option.retired
            and (narrowed is None or option.code in narrowed)
            and (above is None or option.when is None or controller in option.when)
        )
    )
