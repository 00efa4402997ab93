"""Ids and the clock: handed in, ordered, repeatable."""

from datetime import UTC, datetime, timedelta, timezone

from engine.clock import frozen_clock, system_clock
from engine.ids import Ids, canonical_id, seeded_ids

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)


def test_an_id_is_a_version_7_uuid_of_its_millisecond() -> None:
    """The example of RFC 9562, appendix A.6: 2022-02-22 19:22:22 UTC is 017F22E279B0."""
    moment = datetime(2022, 2, 22, 19, 22, 22, tzinfo=UTC)
    made = Ids(frozen_clock(moment), lambda bits: (1 << bits) - 1)()
    assert made == "017f22e2-79b0-77ff-bfff-ffffffffffff"


def test_ids_of_one_millisecond_sort_in_the_order_of_asking_even_when_the_counter_runs_out() -> None:
    ids = seeded_ids(frozen_clock(NOON), seed=7)
    made = [ids() for _ in range(20_000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)


def test_ids_never_go_back_when_the_clock_does() -> None:
    moments = iter([NOON, NOON - timedelta(hours=1), NOON + timedelta(milliseconds=1)])
    ids = Ids(lambda: next(moments))
    made = [ids() for _ in range(3)]
    assert made == sorted(made)


def test_a_seed_and_a_clock_decide_every_id() -> None:
    first, second = (seeded_ids(frozen_clock(NOON), seed=3) for _ in range(2))
    assert [first() for _ in range(5)] == [second() for _ in range(5)]
    assert first() != seeded_ids(frozen_clock(NOON), seed=4)()


def test_ids_are_read_in_any_case_and_nothing_else_is_taken_for_one() -> None:
    assert canonical_id(" 0190A0B0-0000-7000-8000-00000000000F ") == "0190a0b0-0000-7000-8000-00000000000f"
    assert canonical_id("0190a0b0000070008000000000000001") is None
    assert canonical_id("") is None


def test_clocks_answer_in_utc() -> None:
    assert system_clock().tzinfo is UTC
    assert frozen_clock(NOON.astimezone(timezone(timedelta(hours=8))))() == NOON
    assert frozen_clock(NOON.astimezone(timezone(timedelta(hours=8))))().tzinfo is UTC
