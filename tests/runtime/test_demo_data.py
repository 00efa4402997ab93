"""The demo as it is started: made once, kept, and repaired when its making was cut off."""

from collections.abc import Iterator

import pytest

from engine.problem import Problem
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
        "user": 20, "account": 300, "opportunity": 600, "lead": 240, "activity": 2000, "case": 180,
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
