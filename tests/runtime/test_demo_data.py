"""The demo as it is started: made once, kept, and repaired when its making was cut off."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import UUID

import pytest

from engine.actor import load_actor
from engine.mutation import Mutation, Update
from engine.problem import Problem
from engine.query import Query
from engine.session import Session
from runtime import demo_data
from runtime.bootstrap import Composition
from runtime.codes import INTERNAL
from runtime.config import Settings
from runtime.demo_data import PASSWORD, demo_tenant, sign_ins
from runtime.installation import open_installation
from runtime.log import open_log
from runtime.password import Passwords
from runtime.tenants import Tenants
from runtime.work import worker_of


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The demo is embedded whatever is configured."""
    return Settings(data=tmp_path_factory.mktemp("demo"), log_level="error")


@pytest.fixture(scope="module")
def demo(settings: Settings, composition: Composition) -> Iterator[Tenants]:
    """The demo, made after a first attempt that was cut off."""
    tenants = open_installation(
        settings, composition, create=True, passwords=Passwords(memory_kib=8, passes=1)
    )
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(demo_data, "_set_passwords", _cut)
        with pytest.raises(Problem, match="power"):
            demo_tenant(settings, composition, tenants, lambda _: None)
    assert demo_tenant(settings, composition, tenants, lambda _: None)
    yield tenants
    tenants.close()


def _cut(*_: object) -> None:
    raise Problem(INTERNAL, "the power failed")


def test_a_second_start_keeps_what_is_there(
    demo: Tenants, settings: Settings, composition: Composition
) -> None:
    before = demo.control.by_slug("demo")
    assert not demo_tenant(settings, composition, demo, lambda _: None)
    assert demo.control.by_slug("demo") == before


def test_the_company_is_complete(demo: Tenants) -> None:
    with demo.use(demo.control.by_slug("demo")) as tenant, tenant.database.read() as connection:
        sizes = {
            name: connection.rows(f'SELECT count(*) FROM "{name}"')[0][0]
            for name in ("user", "account", "opportunity", "lead", "activity", "case")
        }
    assert sizes == {
        "user": 20, "account": 300, "opportunity": 600, "lead": 270, "activity": 2000, "case": 180,
    }  # fmt: skip


def test_those_who_are_printed_may_sign_in_and_differ_in_rights(demo: Tenants) -> None:
    people = sign_ins()
    assert [(row[1], row[3]) for row in people] == [
        (PASSWORD, "administrator"),
        (PASSWORD, "sales_manager"),
        (PASSWORD, "sales_rep"),
        (PASSWORD, "service_agent"),
    ]
    with demo.use(demo.control.by_slug("demo")) as tenant:
        assert tenant.release is not None
        assert all(tenant.user_by_email(tenant.release, row[0]) for row in people)


def test_sample_records_start_no_flow(demo: Tenants, composition: Composition, settings: Settings) -> None:
    rounds = worker_of(composition, demo, open_log(settings))
    for entry in list(rounds.due()):
        with demo.use(entry) as tenant:
            while rounds.visit(tenant):
                pass
    with demo.use(demo.control.by_slug("demo")) as tenant, tenant.database.read() as connection:
        assert connection.rows("SELECT count(*) FROM s_run") == [(0,)]
        assert connection.rows("SELECT count(*) FROM activity") == [(2000,)]


@contextmanager
def doors(demo: Tenants) -> Iterator[Callable[[str], Session]]:
    """The demo's data through the eyes of whoever has an e-mail that begins so."""
    with demo.use(demo.control.by_slug("demo")) as tenant:
        release = tenant.release
        assert release is not None

        def door(name: str) -> Session:
            with tenant.database.read() as connection:
                (found,) = connection.rows(
                    'SELECT lower(hex(id)) FROM "user" WHERE email = :email',
                    {"email": f"{name}@demo.example"},
                )
                actor = load_actor(connection, release, str(UUID(found[0])))
            assert actor is not None
            return tenant.session(release, actor)

        yield door


def seen(door: Session, name: str, where: str | None = None) -> set[str]:
    """The ids of the records of an object that somebody sees."""
    target = door.release.catalog.objects[name]
    condition = None if where is None else door.condition(target, where)
    page = door.query(Query(object=target, where=condition, limit=500))
    assert page.next is None
    return {record.id for record in page.records}


def rows(demo: Tenants, text: str) -> set[str]:
    """The ids that a statement gives."""
    with demo.use(demo.control.by_slug("demo")) as tenant, tenant.database.read() as connection:
        return {str(UUID(row[0])) for row in connection.rows(text)}


def test_a_rep_sees_her_accounts_and_those_of_team_share_desk_and_whom_she_stands_in_for(
    demo: Tenants,
) -> None:
    me = "(SELECT id FROM \"user\" WHERE email = 'rep@demo.example')"
    away = "(SELECT id FROM \"user\" WHERE email = 'zhao@demo.example')"
    parts = {
        "own": f"owner = {me}",
        "stand-in": f"owner = {away}",
        "rule": "level = 'key'",
        "team": f'id IN (SELECT account FROM account_team_member WHERE "user" = {me})',
        "share": f'id IN (SELECT record__id FROM record_share WHERE "user" = {me})',
    }
    found = {name: rows(demo, f"SELECT lower(hex(id)) FROM account WHERE {p}") for name, p in parts.items()}
    assert all(found.values()), "the demo has a case of each"
    with doors(demo) as door:
        assert seen(door("rep"), "account") == set[str]().union(*found.values())


def take(me: Session, lead: str) -> None:
    """Become the owner of a lead."""
    taking = Update(id=lead, values={"owner": me.actor.id})
    me.apply(Mutation(object=me.release.catalog.objects["lead"], changes=(taking,), entry="test"))


def test_a_pool_is_seen_by_its_members_and_fished_by_those_who_may_edit(demo: Tenants) -> None:
    with doors(demo) as door:
        pool = seen(door("rep"), "lead", "ISBLANK(owner)")
        assert len(pool) == 30
        assert seen(door("weber"), "lead", "ISBLANK(owner)") == pool
        assert seen(door("wang"), "lead", "ISBLANK(owner)") == set()
        lead = min(pool)
        with pytest.raises(Problem) as refused:
            take(door("weber"), lead)
        assert refused.value.status == 403
        take(door("rep"), lead)
        assert seen(door("xu"), "lead", "ISBLANK(owner)") == pool - {lead}


def test_the_office_reads_the_deals_of_sales_and_reps_no_draft_products(demo: Tenants) -> None:
    with doors(demo) as door:
        office = door("zhu")
        target = office.release.catalog.objects["opportunity"]
        page = office.query(Query(object=target, limit=1, count=True))
        assert page.count is not None
        assert page.count.number == 600
        drafts = seen(door("manager"), "product", 'status = "draft"')
        assert len(drafts) == 1
        assert not seen(door("rep"), "product") & drafts
