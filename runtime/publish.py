"""Metadata into a running tenant: plan, then apply.

`plan` compiles, compares, and prepares the new Release, so that whatever fails does so before anything is
touched; it writes nothing. `apply` performs the steps – restartable, they only add – and lets the Release
serve by one small transaction. Running requests finish on the old one. Used by the command line and the demo.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.advice import advice
from engine.database import Conflict
from engine.derived.filling import fillings
from engine.impact import impact, tightened
from engine.migration import perform, steps
from engine.organisation import COUNTRY
from engine.problem import Problem
from engine.published import Published, latest, record, release_no
from engine.release import prepare
from engine.singleton import found_singletons
from engine.system import meta
from formula.issue import Rejected
from metadata.compile import compile as compile_packages
from metadata.diff import diff
from metadata.identity import succeed
from metadata.seen import differences, from_plain, plain, remembered
from runtime.codes import PUBLISH_RACE
from runtime.lease import await_leases
from runtime.packages import TENANT, bundled_package, with_required
from runtime.sources import Sources, keep_sources, read_sources

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from engine.database import Connection, Database
    from engine.impact import Impact
    from engine.release import Release
    from engine.steps import MigrationStep
    from metadata.catalog import Catalog
    from metadata.diff import Change
    from metadata.merged import Difference
    from metadata.package import Package
    from runtime.bootstrap import Composition
    from runtime.control import Control
    from runtime.tenant import Load, Tenant


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Plan:
    """What publishing would do. `old` is None before the first; `new` is prepared but does not serve.

    `seen` are the differences of the tenant's layer, each with what it found below when it was made; `advice`
    names views that lack an index.
    """

    old: Release | None
    new: Release
    sources: Sources
    changes: tuple[Change, ...]
    steps: tuple[MigrationStep, ...]
    impacts: tuple[Impact, ...]
    seen: tuple[Difference, ...] = ()
    advice: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether the tenant has this model already, tables and all."""
        return (
            self.old is not None and self.old.catalog.digest == self.new.catalog.digest and not self.impacts
        )


def loader(composition: Composition) -> Load:
    """How an open tenant reads the Release that is published, from its own database."""

    def load(database: Database, current: Release | None) -> Release | None:
        with database.read() as connection:
            number = release_no(connection)
            if number == 0 or (current is not None and current.number == number):
                return current
            sources = read_sources(connection, number)
            catalog = _compiled(composition, sources, meta(connection, COUNTRY))
        return prepare(catalog, number, database.dialect, composition.language)

    return load


def plan(composition: Composition, tenant: Tenant, packages: Sequence[Package]) -> Plan:
    """What it would do to publish `packages` (with what they require) on top of what is published.

    Raises Rejected with all Issues of the documents; Problem for what the stored data does not allow.
    """
    tenant.reload()
    old = tenant.release
    with tenant.database.read() as connection:
        sources = read_sources(connection)
        before = latest(connection)
        country = meta(connection, COUNTRY)
    known = {package.name for package in sources.packages}
    added = with_required(packages, lambda name: None if name in known else bundled_package(name))
    wanted = sources.updated(added)
    catalog = _succeeding(composition, sources, packages, wanted, country)
    number = (old.number if old else 0) + 1
    new = prepare(catalog, number, tenant.database.dialect, composition.language)
    tables = old.tables if old else {}
    migration = (*steps(tables, new.tables), *fillings(old, new))
    with tenant.database.read() as connection:
        impacts = (*impact(migration, connection), *tightened(tables, new.tables, connection))
        advised = tuple(_advised(new, connection))
    return Plan(
        old=old,
        new=new,
        sources=wanted,
        changes=diff(old.catalog if old else None, catalog),
        steps=migration,
        impacts=impacts,
        seen=remembered(differences(wanted.all(), TENANT), from_plain(before.seen if before else ())),
        advice=advised,
    )


def apply(planned: Plan, tenant: Tenant, control: Control, *, by: str | None, reason: str) -> Release:
    """Perform a plan and let its Release serve; `by` is the id of the user who publishes, if it was one.

    Cut off at any point, it leaves the old Release serving, and can be run again from a new plan. Raises
    Problem when somebody else has published since the plan, or values are in the way of a unique field.
    """
    perform(planned.steps, tenant.database)
    new = planned.new
    published = Published(
        number=new.number,
        digest=new.catalog.digest,
        layer=planned.sources.layer,
        packages={package.name: package.version for package in planned.sources.packages},
        at=tenant.gate.clock(),
        by=by,
        reason=reason,
        changes=tuple(change.describe() for change in planned.changes),
        seen=plain(planned.seen),
    )
    door = tenant.upkeep(new)
    try:
        with tenant.database.write() as connection:
            if release_no(connection) != new.number - 1:
                raise _overtaken()
            record(connection, published)
            keep_sources(connection, new.number, planned.sources)
            with door.transaction(connection):
                found_singletons(door)
    except Conflict as conflict:
        raise _overtaken() from conflict
    tenant.swap(new)
    control.published(tenant.id, new.number)
    if later := [step for step in planned.steps if step.phase == "values"]:
        await_leases(control, tenant.id, new.number, tenant.gate.clock)
        perform(later, tenant.database)  # what the old Release wrote until its last request was done
    return new


def _advised(release: Release, connection: Connection) -> Iterator[str]:
    """What to say of each view that asks a big table without an index."""
    for target in release.catalog.objects.values():
        for view in () if target.retired else target.views.values():
            where = view.where.expr if view.where is not None else None
            if (found := advice(release, connection, target, where, view.order)) is not None:
                yield found.describe(view.name)


def _succeeding(
    composition: Composition,
    sources: Sources,
    packages: Sequence[Package],
    wanted: Sources,
    country: str | None,
) -> Catalog:
    """The model of what is wanted; raises Rejected too where a package drops what is published of it."""
    former = {package.name: package for package in sources.all()}
    dropped = [
        issue for package in packages if (old := former.get(package.name)) for issue in succeed(package, old)
    ]
    try:
        catalog = _compiled(composition, wanted, country)
    except Rejected as rejected:
        raise Rejected((*dropped, *rejected.issues)) from None
    if dropped:
        raise Rejected(dropped)
    return catalog


def _compiled(composition: Composition, sources: Sources, country: str | None) -> Catalog:
    return compile_packages(sources.all(), composition.kinds_of(country), composition.language)


def _overtaken() -> Problem:
    return Problem(PUBLISH_RACE, "Somebody else has published meanwhile.", status=409, hint="Plan again.")
