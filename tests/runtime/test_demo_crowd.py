"""The large company of `strata demo --rows`: the same every time, a deep tree, readers who see a part."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice

import pytest

from engine.actor import load_actor
from engine.clock import frozen_clock
from engine.ids import seeded_ids
from engine.problem import Problem
from engine.query import Aggregate, Function, Measure
from runtime.bootstrap import Composition
from runtime.config import Settings
from runtime.demo_crowd import READERS, Crowd, Department, Size, accounts, crowd, staff
from runtime.demo_data import demo_tenant, read_crowd, sign_ins
from runtime.installation import open_installation
from runtime.password import Passwords
from runtime.tenants import Tenants

SMALL = Size(rows=1000)


def _crowd(size: Size) -> Crowd:
    return crowd(read_crowd(), size, seeded_ids(frozen_clock(datetime(2026, 5, 1, tzinfo=UTC)), 1))


@pytest.fixture(scope="module")
def large() -> Crowd:
    """The company of a million accounts, without these."""
    return _crowd(Size(rows=1_000_000, users=5000))


def test_the_same_size_makes_the_same_company() -> None:
    def rows() -> list[object]:
        made, ids = _crowd(SMALL), seeded_ids(frozen_clock(datetime(2026, 5, 1, tzinfo=UTC)), 2)
        batches = [*staff(made), *islice(accounts(read_crowd(), made, ids), 2)]
        return [(row.id, row.fields()) for batch in batches for row in batch.rows]

    assert rows() == rows()


def test_five_thousand_people_stand_in_a_tree_of_six_levels(large: Crowd) -> None:
    assert Counter(each.level for each in large.departments) == {1: 1, 2: 5, 3: 10, 4: 50, 5: 200, 6: 400}
    assert len(large.people) == 5000
    area = next(each for each in large.departments if each.level == 3)
    assert 450 <= sum(person.place.within(area) for person in large.people) <= 550


def test_of_a_million_accounts_readers_have_so_many(large: Crowd) -> None:
    owned, place = Counter(large.owners), {person: n for n, person in enumerate(large.people)}
    region, team, few, none = (large.readers[name] for name in READERS)

    def within(other: Department) -> int:
        return sum(owned[n] for person, n in place.items() if person.place.within(other))

    assert (within(region.place), within(team.place)) == (400_000, 2000)
    assert (owned[place[few]], owned[place[none]]) == (20, 0)
    assert len(large.owners) == 1_000_000


def test_who_is_reported_to_and_what_lies_above_comes_first(large: Crowd) -> None:
    known: set[object] = {None}
    for batch in staff(large):
        links = ("parent",) if batch.object == "department" else ("department", "manager")
        assert all(row.values[link] in known for row in batch.rows for link in links)
        known |= {row.id for row in batch.rows}


@pytest.fixture(scope="module")
def demo(
    tmp_path_factory: pytest.TempPathFactory, composition: Composition
) -> Iterator[tuple[Settings, Tenants]]:
    """The demo with a small crowd in it."""
    settings = Settings(data=tmp_path_factory.mktemp("crowd"), log_level="error")
    cheap = Passwords(memory_kib=8, passes=1)
    tenants = open_installation(settings, composition, create=True, passwords=cheap)
    assert demo_tenant(settings, composition, tenants, lambda _: None, SMALL)
    yield settings, tenants
    tenants.close()


def test_readers_see_what_was_promised(demo: tuple[Settings, Tenants]) -> None:
    _, tenants = demo
    counts: list[object] = []
    with tenants.use(tenants.control.by_slug("demo")) as tenant:
        release = tenant.release
        assert release is not None
        asked = Aggregate(
            object=release.catalog.objects["account"], measures=(Measure(function=Function.COUNT),)
        )
        for email, *_ in sign_ins(SMALL)[-len(READERS) :]:
            with tenant.database.read() as connection:
                actor = load_actor(connection, release, tenant.user_by_email(release, email) or "")
            assert actor is not None
            counts.append(tenant.session(release, actor).aggregate(asked)[0][0])
    assert counts == [400, 2, 2, 0]


def test_a_demo_of_another_size_is_kept_and_the_start_refused(
    demo: tuple[Settings, Tenants], composition: Composition
) -> None:
    settings, tenants = demo
    assert not demo_tenant(settings, composition, tenants, lambda _: None)
    assert not demo_tenant(settings, composition, tenants, lambda _: None, SMALL)
    with pytest.raises(Problem, match="already"):
        demo_tenant(settings, composition, tenants, lambda _: None, Size(rows=10))
