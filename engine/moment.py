"""The instant and the time zone that a statement's expressions run in, as parameters.

Formulas name them `env_now` and `env_today`; date buckets take the zone too, `env_zone`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.codec import date_form, datetime_form

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from engine.database import Dialect


def moment_params(now: datetime, zone: ZoneInfo, dialect: Dialect) -> dict[str, object]:
    """The parameters for one instant, seen from one zone."""
    moment, day = datetime_form(dialect).encode, date_form(dialect).encode
    today = now.astimezone(zone).date()
    return {
        "env_now": moment(now) if moment else now,
        "env_today": day(today) if day else today,
        "env_zone": zone.key,
    }
