"""The sample company in a tenant: recipe in, records written through a Session like anybody's.

`demo_tenant` makes the tenant `demo` once; a start that was cut off while loading starts over with a new
tenant. Called by `strata demo` and by tests.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from engine.clock import frozen_clock
from engine.codec import EPOCH
from engine.ids import seeded_ids
from engine.mutation import Create, Mutation
from engine.problem import Problem
from engine.system import meta, set_meta
from metadata.package import read_folder
from runtime import credential
from runtime.codes import BAD_OPTION
from runtime.demo import PERMISSION_SETS, SIGN_IN, Batch, Row, generate
from runtime.demo_crowd import accounts, crowd, staff
from runtime.founding import Founding, found
from runtime.packages import APPS
from runtime.people import ASSIGNMENT, USER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from engine.session import Session
    from runtime.bootstrap import Composition
    from runtime.config import Settings
    from runtime.demo_crowd import Size
    from runtime.tenant import Tenant
    from runtime.tenants import Tenants

SLUG = "demo"
PACKAGE = "crm_standard"
RECIPE = APPS / PACKAGE / "demo" / "demo.yaml"
CROWD = RECIPE.with_name("crowd.yaml")
PASSWORD = "strata-demo"  # noqa: S105  (printed at every start, for sample data only)
ENTRY = "demo"
LOADED = "demo_loaded"
CHUNK = 500
TOLD = 100_000
"""After so many accounts more is said how far it is."""


def demo_tenant(
    settings: Settings,
    composition: Composition,
    tenants: Tenants,
    say: Callable[[str], None],
    size: Size | None = None,
) -> bool:
    """Make the demo's tenant, and a company of `size` in it, unless it is there; return whether it was made.

    Raises Problem: it is there in another size.
    """
    wanted = _spelled(size)
    if any(entry.slug == SLUG for entry in tenants.entries()):
        with tenants.use(tenants.control.by_slug(SLUG)) as tenant, tenant.database.read() as connection:
            if loaded := meta(connection, LOADED):
                _require_same(loaded, wanted)
                return False
        tenants.control.remove(tenants.control.by_slug(SLUG).id)
        tenants.refresh()
    recipe = read_recipe()
    say("Publishing the platform and the standard CRM…")
    founding = Founding(
        slug=SLUG, name=recipe["company"], currency=recipe["company_currency"], time_zone="Asia/Shanghai"
    )
    entry = found(settings, composition, tenants, founding, [read_folder(APPS / PACKAGE)])
    with tenants.use(entry) as tenant:
        for name, rows in load(tenant, recipe):
            say(f"  {rows:>9,} {name}")
        for name, rows in load_crowd(tenant, size) if size else ():
            say(f"  {rows:>9,} {name}")
        with tenant.database.write() as connection:
            set_meta(connection, LOADED, wanted)
    return True


def _spelled(size: Size | None) -> str:
    return f"{size.rows} accounts, {size.people} people" if size else "true"


def _require_same(loaded: str, wanted: str) -> None:
    """What was loaded serves whoever asks for no size."""
    if wanted not in ("true", loaded):
        message = f"The demo is there already, with another company than one of {wanted}."
        raise Problem(BAD_OPTION, message, hint="Remove its folder, or name another with --data.")


def read_recipe() -> Mapping[str, Any]:
    """The recipe of the sample company."""
    return _read(RECIPE)


def read_crowd() -> Mapping[str, Any]:
    """The recipe of the large company beside it."""
    return _read(CROWD)


def _read(path: Path) -> Mapping[str, Any]:
    recipe: Mapping[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return recipe


def sign_ins(size: Size | None = None) -> Sequence[tuple[str, ...]]:
    """Who may sign in with which password, and with which rights: rows to print."""
    people: list[Mapping[str, Any]] = [
        row for records in read_recipe()["records"] for row in records.get("rows", ()) if row.get(SIGN_IN)
    ]
    if size:
        readers = crowd(read_crowd(), size, seeded_ids(frozen_clock(EPOCH), 0)).readers
        people += [{**person.row.values, **person.row.marks} for person in readers.values()]
    return [(row["email"], PASSWORD, row["name"], ", ".join(row[PERMISSION_SETS])) for row in people]


def load(tenant: Tenant, recipe: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """Write the sample records, object by object; yield each object's name and number of rows."""
    release = tenant.release
    assert release is not None, "the demo's packages were published just before"
    now = tenant.gate.clock()
    titles = {o.name: o.title.name for o in release.catalog.objects.values() if o.title is not None}
    ids = seeded_ids(frozen_clock(now), recipe["seed"])
    session = tenant.upkeep(release)
    for batch in generate(recipe, titles, now.date(), ids):
        for wave in _waves(batch.rows):
            _write(session, batch.object, [Create(id=row.id, values=row.fields()) for row in wave])
        if batch.object == USER:
            _write(session, ASSIGNMENT, list(_assignments(batch)))
            _set_passwords(tenant, [row for row in batch.rows if row.marks.get(SIGN_IN)])
        yield batch.object, len(batch.rows)


def load_crowd(tenant: Tenant, size: Size) -> Iterator[tuple[str, int]]:
    """Write a large company, through the same door; yield what was written since the last time."""
    document, ids = read_crowd(), seeded_ids(frozen_clock(tenant.gate.clock()), size.rows)
    release = tenant.release
    assert release is not None, "the demo's packages were published just before"
    session, made = tenant.upkeep(release), crowd(document, size, ids)
    for batch in staff(made):
        _write(session, batch.object, [Create(id=row.id, values=row.fields()) for row in batch.rows])
        if batch.object == USER:
            _write(session, ASSIGNMENT, list(_assignments(batch)))
        yield batch.object, len(batch.rows)
    _set_passwords(tenant, [person.row for person in made.readers.values()])
    written = 0
    for batch in accounts(document, made, ids):
        _write(session, batch.object, [Create(id=row.id, values=row.fields()) for row in batch.rows])
        written += len(batch.rows)
        if written % TOLD == 0 or written == size.rows:
            yield f"{batch.object} so far", written


def _waves(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """The rows in parts that link only to earlier parts: a link leads to a record that is there."""
    wave: list[Row] = []
    for row in rows:
        if any(value in wave for value in row.values.values() if isinstance(value, Row)):
            yield wave
            wave = []
        wave.append(row)
    yield wave


def _write(session: Session, name: str, creates: Sequence[Create]) -> None:
    target = session.release.catalog.objects[name]
    for start in range(0, len(creates), CHUNK):
        changes = tuple(creates[start : start + CHUNK])
        mutation = Mutation(
            object=target,
            changes=changes,
            entry=ENTRY,
            automation=False,
            answer=False,
            accept_duplicates=True,
        )
        session.apply(mutation)


def _assignments(batch: Batch) -> Iterator[Create]:
    for row in batch.rows:
        for name in row.marks.get(PERMISSION_SETS, ()):
            yield Create(values={"permission_set": name, "user": row.id})


def _set_passwords(tenant: Tenant, printed: Sequence[Row]) -> None:
    """The printed password for those who are printed; the others cannot sign in."""
    hashed = tenant.gate.passwords.hash(PASSWORD)
    with tenant.database.write() as connection:
        for row in printed:
            credential.keep_hash(connection, row.id, hashed, tenant.gate.clock())
