"""Claims about many writers at once: no change of a figure is lost, and what must hold holds."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from random import Random

from engine.database import Database
from engine.derived.repair import check
from engine.ids import seeded_ids
from engine.mutation import Create, Delete, Mutation, Update
from engine.problem import Problem
from engine.session import Session
from tests.engine.derived.generate import Writer, model
from tests.engine.derived.test_following import values
from tests.engine.derived.test_random import SEED, differing
from tests.engine.session.company import START, Company, compiled, opened

WRITERS = 16
TRIES = 40
"""How often a writer comes back who was told that others are in the way; a request would say 503."""


def session_of(company: Company, number: int) -> Session:
    """A session of a thread's own: ids of two are never the same."""
    base = company.session()
    return Session(
        database=company.database, release=company.release, actor=base.actor, clock=company.clock,
        ids=seeded_ids(lambda: START, 1000 + number), vault=base.vault,
    )  # fmt: skip


def patient(work: Callable[[], object]) -> bool:
    """Do it, coming back while others are in the way; whether it was done, or refused for what it is."""
    for _ in range(TRIES):
        try:
            work()
        except Problem as problem:
            if problem.status != 503:
                return False
        else:
            return True
    raise AssertionError("others were in the way all the time")


def at_once(company: Company, work: Callable[[Session, Random], int]) -> int:
    """What all writers together come to."""
    with ThreadPoolExecutor(WRITERS) as pool:
        runs = [pool.submit(work, session_of(company, n), Random(f"{SEED} {n}")) for n in range(WRITERS)]
        return sum(run.result() for run in runs)


def test_sixteen_writers_of_one_records_parts_lose_nothing(ledger: Company) -> None:
    acme = ledger.create(ledger.session(), "client", name="Acme")
    contract, catalog = (
        ledger.create(ledger.session(), "contract", name="C", client=acme, amount=1),
        ledger.release.catalog,
    )

    def work(session: Session, random: Random) -> int:
        total = 0
        for turn in range(2):
            pieces, id_ = random.randrange(1, 9), session.ids()
            values_ = {"contract": contract, "pieces": pieces}
            made = Mutation(
                object=catalog.object("item"), changes=(Create(id=id_, values=values_),), entry="test"
            )
            assert patient(lambda: session.apply(made))  # noqa: B023  (called at once)
            if turn % 2:
                gone = Mutation(object=catalog.object("item"), changes=(Delete(id=id_),), entry="test")
                assert patient(lambda: session.apply(gone))  # noqa: B023
            else:
                total += pieces
            more = Mutation(
                object=catalog.object("contract"),
                changes=(Create(values={"name": "D", "client": acme, "amount": 2}),), entry="test",
            )  # fmt: skip
            assert patient(lambda: session.apply(more))  # noqa: B023
        return total

    total = at_once(ledger, work)
    assert values(ledger, "contract", contract, "pieces")["pieces"] == total
    assert values(ledger, "client", acme, "contracts", "total") == {"contracts": 33, "total": 65}
    assert list(check(ledger.session())) == []


def test_sixteen_writers_never_bill_more_than_was_ordered(ledger: Company) -> None:
    order = ledger.create(ledger.session(), "order", name="O", amount=20)
    target = ledger.release.catalog.object("bill")

    def work(session: Session, random: Random) -> int:
        done = 0
        for _ in range(2):
            create = Create(
                id=session.ids(), values={"order": order, "amount": 1, "draft": random.random() < 0.3}
            )
            assert create.id is not None
            made = Mutation(object=target, changes=(create,), entry="test")
            sent = patient(lambda: session.apply(made))  # noqa: B023  (called at once)
            done += sent and not create.values["draft"]
            if sent and create.values["draft"]:
                final = Mutation(
                    object=target, changes=(Update(id=create.id, values={"draft": False}),), entry="test"
                )
                done += patient(lambda: session.apply(final))  # noqa: B023
        return done

    assert at_once(ledger, work) == 20
    assert values(ledger, "order", order, "billed")["billed"] == 20


def test_many_writers_of_any_model_leave_what_would_be_computed_at_once(database: Database) -> None:
    company = opened(database, compiled(model(Random(f"{SEED} writers"))))
    first = Writer(company=company, session=company.session(), random=Random(SEED))
    for _ in range(6):
        first.write(6)

    def work(session: Session, random: Random) -> int:
        writer = Writer(company=company, session=session, random=random)
        writer.look()
        for _ in range(2):
            writer.write(2)
        return writer.written

    assert at_once(company, work) > 0
    assert differing(company) == []
