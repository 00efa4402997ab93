"""How a command gets at one tenant: open the installation, find the tenant, close everything after."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from engine.problem import Problem
from runtime.codes import BAD_OPTION, NOT_PUBLISHED, UNKNOWN_THING

if TYPE_CHECKING:
    from engine.release import Release
    from metadata.catalog import ObjectType
    from runtime.bootstrap import Composition
    from runtime.config import Settings
    from runtime.control import Entry
    from runtime.log import Log
    from runtime.tenant import Tenant
    from runtime.tenants import Tenants


@contextmanager
def opened(settings: "Settings", composition: "Composition", log: "Log | None" = None) -> Iterator["Tenants"]:
    """The installation, closed at the end."""
    from runtime.installation import open_installation

    tenants = open_installation(settings, composition, log=log)
    try:
        yield tenants
    finally:
        tenants.close()


@contextmanager
def opened_tenant(
    settings: "Settings", composition: "Composition", slug: str | None
) -> Iterator[tuple["Tenants", "Tenant"]]:
    """One tenant of the installation: the one named, or the only one."""
    with opened(settings, composition) as tenants, tenants.use(choose(tenants, slug)) as tenant:
        yield tenants, tenant


def choose(tenants: "Tenants", slug: str | None) -> "Entry":
    """The entry named. Raises Problem for an unknown name, or without one among several."""
    if slug is not None:
        return tenants.control.by_slug(slug)
    entries = tenants.entries()
    if len(entries) != 1:
        known = ", ".join(entry.slug for entry in entries) or "none yet"
        raise Problem(BAD_OPTION, "Say which tenant with --tenant.", hint=f"Tenants: {known}.")
    return entries[0]


def object_named(release: "Release", name: str) -> "ObjectType":
    """An object of the model that is not retired. Raises Problem for an unknown name."""
    from formula.suggest import did_you_mean

    known = release.catalog.objects
    found = known.get(name)
    if found is None or found.retired:
        raise Problem(UNKNOWN_THING, f"There is no object called `{name}`.", hint=did_you_mean(name, known))
    return found


def published(tenant: "Tenant") -> "Release":
    """The tenant's Release. Raises Problem when nothing was published yet."""
    if tenant.release is None:
        raise Problem(
            NOT_PUBLISHED, f"Nothing is published in {tenant.slug} yet.", hint="Run `strata publish`."
        )
    return tenant.release
