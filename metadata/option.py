"""One choice of a picklist. A type of the Catalog only; `metadata.options` makes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from metadata.label import Label


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Option:
    """One choice of a picklist: `code` is what is stored; `attributes` hold what formulas read of them.

    `when` are the codes of the controlling picklist (`Field.depends_on`) that allow it; None: all do.
    """

    id: str
    code: str
    label: Label
    color: str | None
    attributes: Mapping[str, object]
    when: frozenset[str] | None = None
    retired: bool = False

    def __repr__(self) -> str:
        return f"<Option {self.code}>"
