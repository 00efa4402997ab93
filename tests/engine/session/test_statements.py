"""Claims about how many statements a request sends: free of noise, so they guard speed."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from engine.mutation import Create, Delete, Mutation, Update
from engine.query import Aggregate, Function, Measure
from engine.release import prepare
from engine.session import Session
from tests.engine.session.company import LANGUAGE, Company


class Counted:
    """A database that notes the loans it gave, to ask them how much they sent."""

    def __init__(self, company: Company) -> None:
        self._database = company.database
        self.loans: list[object] = []
        company.database = self  # type: ignore[assignment]

    def __getattr__(self, name: str) -> object:
        return getattr(self._database, name)

    @contextmanager
    def read(self) -> Iterator[object]:
        with self._database.read() as connection:
            self.loans.append(connection)
            yield connection

    @contextmanager
    def write(self) -> Iterator[object]:
        with self._database.write() as connection:
            self.loans.append(connection)
            yield connection

    def sent(self) -> int:
        """Statements since the last time this was asked, BEGIN and COMMIT too."""
        loans, self.loans = self.loans, []
        return sum(loan.statements for loan in loans)  # type: ignore[attr-defined]


@pytest.fixture
def counted(company: Company) -> Counted:
    """The company's database, counting."""
    return Counted(company)


def test_a_read_is_one_statement_and_a_list_one_more_for_a_count(company: Company, counted: Counted) -> None:
    account = company.create(company.session(), "account", name="a", owner=company.ids["bob"])
    company.create(company.session(), "account", name="b", owner=company.ids["bob"])
    bob = company.session("bob", "s_departments")
    target = company.release.catalog.object("account")
    for each in ("account", "deal"):
        # How large a table is, is asked once in some minutes, the secret of cursors once.
        bob.query(company.query(bob, each, limit=1))
    counted.sent()
    bob.get(target, account)
    assert counted.sent() == 1
    asked = company.query(bob, "deal", "name", "account.owner.name", order=["account"], where="amount > 3")
    bob.query(asked)
    assert counted.sent() == 1
    bob.query(company.query(bob, "account", "name", order=["name"], limit=1, count=True))
    assert counted.sent() == 2
    bob.query(company.query(bob, "account", "name", order=["name"], count=True))
    assert counted.sent() == 1, "what fits a page was counted with it"


@pytest.mark.parametrize("sets", [("s_own",), ("s_below",), ("s_departments",), ("s_all",)])
def test_a_create_is_at_most_eight_statements_and_one_more_to_look_for_values_that_are_taken(
    company: Company, counted: Counted, sets: tuple[str, ...]
) -> None:
    """The document that search looks into is among them."""
    bob = company.session("bob", *sets)
    counted.sent()
    company.apply(bob, "account", Create(values={"name": "a"}))
    assert counted.sent() <= 8
    company.create(bob, "account", name="a", code="x")  # an id of the client's, a unique value
    assert counted.sent() <= 9


def test_an_update_tells_search_only_what_it_looks_into(company: Company, counted: Counted) -> None:
    bob = company.session("bob", "s_below")
    record = company.create(bob, "account", name="a")
    counted.sent()
    company.update(bob, "account", record, secret="s")
    unsearched = counted.sent()
    company.update(bob, "account", record, name="b")
    assert counted.sent() == unsearched + 1


def test_statements_do_not_grow_with_the_batch(company: Company, counted: Counted) -> None:
    bob = company.session("bob", "s_below")
    account = company.create(bob, "account", name="a")

    def sent(size: int) -> tuple[int, int, int]:
        counted.sent()
        made = company.apply(
            bob, "deal",
            *(
                Create(values={"name": f"d{n}", "account": account, "owner": company.ids["cy"]})
                for n in range(size)
            ),
        )  # fmt: skip
        created = counted.sent()
        ids = [record.id for record in made.records if record]
        company.apply(
            bob, "deal", *(Update(id=i, values={"name": "n", "amount": n}) for n, i in enumerate(ids))
        )
        updated = counted.sent()
        company.apply(bob, "deal", *(Delete(id=i) for i in ids))
        return created, updated, counted.sent()

    assert sent(2) == sent(57)


class OneAtATime(Counted):
    """A database with one connection: who asks for a second while holding one would wait for ever."""

    lent = False

    @contextmanager
    def read(self) -> Iterator[object]:
        with self._alone(), Counted.read(self) as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[object]:
        with self._alone(), Counted.write(self) as connection:
            yield connection

    @contextmanager
    def _alone(self) -> Iterator[None]:
        assert not self.lent, "a second connection is asked for while one is held"
        self.lent = True
        try:
            yield
        finally:
            self.lent = False


def test_nothing_needs_two_connections_at_once_even_when_nothing_is_remembered(company: Company) -> None:
    """Else as many requests as the pool has connections stand still together, after every publish."""
    target = company.release.catalog.object("account")
    first = company.create(company.session(), "account", name="a")
    company.create(company.session(), "account", name="b")
    asked = company.query(company.session(), "account", "name", "owner.name", limit=1, count=True)
    company.session().query(asked)  # the secret that signs cursors is made once in a tenant's life
    OneAtATime(company)

    def cold() -> Session:
        company.release = prepare(company.release.catalog, 1, company.release.dialect, LANGUAGE)
        return company.session()

    page = cold().query(asked)
    cold().query(replace(asked, after=page.next))
    cold().get(target, first)
    cold().aggregate(Aggregate(object=target, measures=(Measure(function=Function.COUNT, path=None),)))
    cold().history(target, first)
    cold().apply(Mutation(object=target, changes=(Create(values={"name": "c"}),), entry="test"))
    cold().apply(Mutation(object=target, changes=(Update(id=first, values={"name": "d"}),), entry="test"))
    cold().preview(target, first, {"name": "e"})
    cold().preview(target, None, {"name": "e"})
    cold().apply(Mutation(object=target, changes=(Delete(id=first),), entry="test"))
