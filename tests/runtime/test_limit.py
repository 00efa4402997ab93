"""Rate limits: a burst of the limit's size, then a steady rate, per key."""

from runtime.limit import KEYS, RateLimit


class Seconds:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_minute_allows_exactly_the_limit_and_each_key_has_its_own() -> None:
    seconds = Seconds()
    limit = RateLimit(3, seconds)
    assert [limit.wait("a") for _ in range(3)] == [0.0, 0.0, 0.0]
    assert limit.wait("a") == 20.0
    assert limit.wait("b") == 0.0


def test_waiting_as_long_as_told_is_enough() -> None:
    seconds = Seconds()
    limit = RateLimit(3, seconds)
    for _ in range(3):
        limit.wait("a")
    seconds.now += limit.wait("a") - 0.001
    assert limit.wait("a") > 0
    seconds.now += 0.002
    assert limit.wait("a") == 0.0


def test_zero_is_no_limit() -> None:
    limit = RateLimit(0, Seconds())
    assert not any(limit.wait("a") for _ in range(1000))


def test_many_keys_do_not_fill_the_memory() -> None:
    limit = RateLimit(1, Seconds())
    for number in range(KEYS + 50):
        limit.wait(str(number))
    assert limit.wait(str(KEYS + 49)) > 0, "a fresh key is still remembered"
    assert limit.wait("0") == 0.0, "the oldest was forgotten"
