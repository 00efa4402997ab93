"""What formulas call `$org`: the company's name, currency, language and time zone.

Kept in `s_meta` since the tenant was made, and fixed; so a Release reads them once. Sessions hand them to
formulas, in Python by name and in SQL as parameters.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from engine.country import COUNTRIES
from engine.statement import compile_text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from engine.database import Connection

COUNTRY = "country"
"""The entry of `s_meta` with the country (ISO 3166-1 alpha-2) where numbers are dialled, or ""."""

_ENTRIES = ("name", "currency", "language", "time_zone")
_READ = "SELECT name, value FROM s_meta WHERE name IN ('name', 'currency', 'language', 'time_zone')"


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """`globals` are the values by name in formulas (`$org.currency`), `params` by parameter name in SQL."""

    globals: Mapping[str, str | None]
    params: Mapping[str, str | None]

    @property
    def currency(self) -> str | None:
        """The ISO 4217 code of the company's currency; None where none was ever set."""
        return self.globals["$org.currency"]

    def day(self, now: datetime) -> date:
        """The day it is where the company is."""
        return now.astimezone(ZoneInfo(self.globals["$org.time_zone"] or "UTC")).date()


def country_of_zone(name: str) -> str:
    """The country of a time zone by the names of IANA (`zone.tab`), or ""."""
    from babel.core import get_global  # its tables are of no use to a running server

    found = str(get_global("zone_territories").get(name, ""))
    return found if found in COUNTRIES else ""


def read_organisation(connection: Connection) -> Organisation:
    """Read it; one statement."""
    found: dict[str, str] = dict(compile_text(_READ, connection.dialect).rows(connection))
    return Organisation(
        globals={f"$org.{name}": found.get(name) for name in _ENTRIES},
        params={f"env_org_{name}": found.get(name) for name in _ENTRIES},
    )
