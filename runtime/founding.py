"""A new tenant: its database with system tables, the platform's objects, its entry in the directory.

The entry comes last, so that a founding that was cut off leaves an unused file or schema and no broken
tenant. Called by `strata tenant add` and the demo.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from engine.country import COUNTRIES
from engine.organisation import COUNTRY, country_of_zone
from engine.problem import Problem
from engine.system import set_meta, upgrade
from metadata.package import read_folder
from runtime.codes import BAD_OPTION, TENANT_EXISTS
from runtime.control import require_slug
from runtime.installation import new_entry, open_place
from runtime.packages import APPS, PLATFORM
from runtime.publish import apply, plan

if TYPE_CHECKING:
    from collections.abc import Sequence

    from metadata.package import Package
    from runtime.bootstrap import Composition
    from runtime.config import Settings
    from runtime.control import Entry
    from runtime.tenants import Tenants

CURRENCY_LETTERS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Founding:
    """What is fixed when a tenant is made; `currency` is an ISO 4217 code, `time_zone` an IANA name.

    `name` is what people call the company; without one it is called by its slug. `country` (ISO 3166-1
    alpha-2) is where its telephone numbers are dialled; without one it is that of the time zone.
    """

    slug: str
    name: str = ""
    hosts: tuple[str, ...] = ()
    currency: str = "CNY"
    time_zone: str = "UTC"
    country: str = ""


def found(
    settings: Settings,
    composition: Composition,
    tenants: Tenants,
    founding: Founding,
    packages: Sequence[Package] = (),
) -> Entry:
    """Make a tenant and publish the platform and `packages` in it.

    Raises Problem: the slug or a host is taken or malformed, currency or time zone is none.
    """
    _check(tenants, founding)
    entry = new_entry(settings, tenants.gate.ids(), founding.slug, founding.hosts)
    database = open_place(settings, entry, create=True)
    try:
        upgrade(database, composition.system)
        with database.write() as connection:
            for name, value in (
                ("tenant", entry.id),
                ("name", founding.name or founding.slug),
                ("currency", founding.currency),
                ("time_zone", founding.time_zone),
                (COUNTRY, founding.country or country_of_zone(founding.time_zone)),
            ):
                set_meta(connection, name, value)
    finally:
        database.close()
    tenants.control.add(entry, tenants.gate.clock())
    tenants.refresh()
    platform = read_folder(APPS / PLATFORM)
    with tenants.use(entry) as tenant:
        planned = plan(composition, tenant, [platform, *packages])
        apply(planned, tenant, tenants.control, by=None, reason="founding")
    return entry


def _check(tenants: Tenants, founding: Founding) -> None:
    require_slug(founding.slug)
    if any(entry.slug == founding.slug for entry in tenants.control.all()):
        raise Problem(TENANT_EXISTS, f"There is a tenant {founding.slug!r} already.", status=409)
    if len(founding.currency) != CURRENCY_LETTERS or not founding.currency.isupper():
        raise Problem(BAD_OPTION, f"{founding.currency!r} is no currency.", hint="Write a code such as CNY.")
    try:
        ZoneInfo(founding.time_zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise Problem(
            BAD_OPTION, f"{founding.time_zone!r} is no time zone.", hint="Write one such as Asia/Shanghai."
        ) from error
    if founding.country and founding.country not in COUNTRIES:
        raise Problem(BAD_OPTION, f"{founding.country!r} is no country.", hint="Write a code such as CN.")
