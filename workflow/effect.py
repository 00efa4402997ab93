"""What a step wants done, as a value. Performing it is the worker's job, once, in the transaction of the run.

Only writes inside the tenant's database exist so far; outward effects will be kept in the same transaction and
performed after it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateRecord:
    """Make a record of the object named `object` with `values` by field name."""

    object: str
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateRecord:
    """Give the record `record` of the object named `object` new `values` by field name."""

    object: str
    record: str
    values: Mapping[str, object]


Effect = CreateRecord | UpdateRecord
