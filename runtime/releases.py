"""The releases that a tenant has had: listed, and any two compared. They stay for ever.

Reads what publishing wrote down; nothing here changes anything. Called by the command line and the API.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.actor import system_actor
from engine.problem import Problem
from engine.published import Published, find, history
from metadata.compile import compile as compile_packages
from metadata.diff import diff
from runtime.codes import UNKNOWN_RELEASE
from runtime.sources import read_sources

if TYPE_CHECKING:
    from metadata.catalog import Catalog
    from metadata.diff import Change
    from runtime.bootstrap import Composition
    from runtime.tenant import Tenant

MOST = 2**31 - 1
"""No release has a greater number, and what is far beyond it databases do not take."""


def releases(tenant: Tenant) -> tuple[Published, ...]:
    """Every release, the latest first."""
    with tenant.database.read() as connection:
        return history(connection)


def release(tenant: Tenant, number: int) -> Published:
    """The release with this number. Raises Problem when there is none."""
    with tenant.database.read() as connection:
        found = find(connection, number) if 0 < number <= MOST else None
    if found is None:
        message = f"{tenant.slug} never had a release {number}."
        raise Problem(UNKNOWN_RELEASE, message, status=404, hint=UNKNOWN_RELEASE.mend)
    return found


def compared(composition: Composition, tenant: Tenant, old: int, new: int) -> tuple[Change, ...]:
    """What is another in release `new` than it was in `old`, whichever came first. Raises Problem."""
    return diff(_catalog(composition, tenant, old), _catalog(composition, tenant, new))


def _catalog(composition: Composition, tenant: Tenant, number: int) -> Catalog:
    release(tenant, number)
    with tenant.database.read() as connection:
        sources = read_sources(connection, number)
    return compile_packages(sources.all(), composition.kinds, composition.language)


def publisher(tenant: Tenant, published: Published) -> str:
    """Who published: the name of a person, or "" for the program itself."""
    current = tenant.release
    if published.by is None or current is None:
        return ""
    try:
        person = tenant.session(current, system_actor()).get(current.catalog.object("user"), published.by)
    except Problem:
        return published.by
    return person.title() or published.by
