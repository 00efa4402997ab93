"""The command line on PostgreSQL: the same sentences, for what can be wrong with a server."""

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from engine import postgres
from tests.runtime.terminal import Run, program

PASSWORD = "not-to-be-told"


@pytest.fixture
def strata(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], postgres_url: str) -> Run:
    """Run the program on an empty PostgreSQL database; return exit code, standard output, standard error."""
    monkeypatch.setenv("STRATA_DATABASE", postgres_url)
    monkeypatch.setenv("STRATA_USER_PASSWORD", "correct horse")
    return program(monkeypatch, capsys)


@pytest.fixture
def acme(strata: Run, postgres_url: str) -> str:
    """The schema of the tenant `acme`."""
    assert strata("tenant", "add", "acme")[0] == 0
    with psycopg.connect(postgres_url) as connection:
        found = connection.execute("SELECT place FROM strata_control.tenant").fetchone()
    assert found is not None
    return str(found[0])


def _refused(answer: tuple[int, str, str], said: str) -> None:
    """One line, and at most one more with a hint."""
    code, _, err = answer
    assert (code, err.startswith("error P")) == (1, True), err
    assert said in err
    assert err.count("\n") <= 2
    assert PASSWORD not in err


OPENING: tuple[tuple[str, ...], ...] = (
    ("serve", "--port", "0"),
    ("worker",),
    ("migrate", "--all"),
    ("tenant", "list"),
    ("user", "add", "x@example.com"),
    ("token", "list"),
)


@pytest.mark.parametrize("command", OPENING, ids=" ".join)
def test_where_nothing_was_set_up_that_is_said(strata: Run, command: tuple[str, ...]) -> None:
    _refused(strata(*command), "There is no installation in this database.")


@pytest.mark.parametrize(
    ("address", "said"),
    [
        (f"mysql://me:{PASSWORD}@host/x", "mysql:// is no address of a PostgreSQL database"),
        (f"postgresql://me:{PASSWORD}@127.0.0.1:1/x", "PostgreSQL cannot be used"),
    ],
)
@pytest.mark.parametrize("command", OPENING[:2], ids=" ".join)
def test_a_wrong_address_is_said_without_the_password_in_it(
    strata: Run, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...], address: str, said: str
) -> None:
    monkeypatch.setenv("STRATA_DATABASE", address)
    _refused(strata(*command), said)


def test_what_is_wrong_with_one_tenant_is_said(
    strata: Run, acme: str, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _refused(strata("migrate", "--tenant", "nix"), "There is no tenant 'nix'.")
    with psycopg.connect(postgres_url) as connection:
        connection.execute(f'LOCK TABLE "{acme}".s_meta IN ACCESS EXCLUSIVE MODE')
        impatient = postgres._OPTIONS.replace(f"lock_timeout={postgres.LOCK_SECONDS}s", "lock_timeout=50")
        assert impatient != postgres._OPTIONS
        monkeypatch.setattr(postgres, "_OPTIONS", impatient)
        _refused(strata("token", "list"), "in use or out of reach: canceling statement due to lock timeout.")
    with psycopg.connect(postgres_url) as connection:
        connection.execute(f"UPDATE \"{acme}\".s_meta SET value = '99' WHERE name = 'system_version.engine'")
    _refused(strata("migrate"), "install the newer version")
    with psycopg.connect(postgres_url) as connection:
        connection.execute(f'DROP SCHEMA "{acme}" CASCADE')
    _refused(strata("token", "list"), f"no schema “{acme}”")


def test_a_role_needs_a_schema_of_its_own_and_nothing_else(
    strata: Run, acme: str, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    role = f"weak_{acme}"
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f'CREATE ROLE "{role}" LOGIN')
        name = connection.info.dbname
        try:
            monkeypatch.setenv("STRATA_DATABASE", make_conninfo(postgres_url, user=role))
            _refused(strata("tenant", "list"), f"The role “{role}” may not make tables")
            connection.execute("DROP SCHEMA strata_control CASCADE")
            _refused(strata("tenant", "add", "beta"), "permission denied for database")
            connection.execute(f'GRANT CREATE ON DATABASE "{name}" TO "{role}"')
            assert strata("tenant", "add", "beta")[0] == 0
            assert strata("user", "add", "x@example.com")[0] == 0
        finally:
            connection.execute(f'DROP OWNED BY "{role}" CASCADE')
            connection.execute(f'DROP ROLE "{role}"')
