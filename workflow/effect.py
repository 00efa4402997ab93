"""What a step wants done, as a value. Performing it is the worker's job, once, in the transaction of the run.

There are only writes inside the tenant's own database.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateRecord:
    """Make a record of the object named `target` with `values` by field name."""

    target: str
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateRecord:
    """Give the record `record` of the object named `target` new `values` by field name."""

    target: str
    record: str
    values: Mapping[str, object]


Effect = CreateRecord | UpdateRecord
