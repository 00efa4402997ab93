"""Filters joined by a logic: the text that comes of it is true exactly when the logic is."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formula import logic
from formula.logic import Every, Logic, Not, Some
from runtime.web.joining import read, with_one_more, without_one, written

COUNT = 3


def trees(leaf: st.SearchStrategy[Logic]) -> st.SearchStrategy[Logic]:
    several = st.lists(leaf, min_size=2, max_size=3).map(tuple)
    return several.map(Every) | several.map(Some) | leaf.map(Not)


NUMBERS: st.SearchStrategy[Logic] = st.integers(1, COUNT)
# Every number has a place in the logic, as a text must name them all.
TREES = st.recursive(NUMBERS, trees, max_leaves=5).map(lambda tree: Some((tree, Every((1, 2, 3)))))


def holds(tree: Logic, known: dict[int, bool]) -> bool | None:
    """Whether the logic holds; of what is not known nothing is said."""
    match tree:
        case int(number):
            return known.get(number)
        case Not(part=part):
            inner = holds(part, known)
            return None if inner is None else not inner
        case Every(parts=parts) | Some(parts=parts):
            said = [one for part in parts if (one := holds(part, known)) is not None]
            return (all if isinstance(tree, Every) else any)(said) if said else None


def evaluated(text: str) -> bool:
    words = (("&&", " and "), ("||", " or "), ("NOT", "not "))
    for symbol, word in words:
        text = text.replace(symbol, word)
    return bool(eval(text))


@given(TREES, st.sets(st.integers(1, COUNT)))
def test_the_condition_says_what_the_logic_says_without_filters_that_are_left_out(
    tree: Logic, left_out: set[int]
) -> None:
    assert read(logic.show(tree), COUNT).tree is not None
    for values in product((True, False), repeat=COUNT):
        known = {n: value for n, value in enumerate(values, 1) if n not in left_out}
        texts = ["" if n in left_out else str(value) for n, value in enumerate(values, 1)]
        text = written(tree, texts)
        assert (evaluated(text) if text else None) == holds(tree, known)


@given(TREES, st.integers(1, COUNT))
def test_a_logic_goes_on_without_a_filter_as_if_nothing_were_said_of_it(tree: Logic, gone: int) -> None:
    left = without_one(logic.show(tree), COUNT, gone)
    for values in product((True, False), repeat=COUNT):
        known = {n: value for n, value in enumerate(values, 1) if n != gone}
        moved = {n - (n > gone): value for n, value in known.items()}
        then = read(left, COUNT - 1).tree
        assert then is not None
        assert holds(then, moved) == holds(tree, known)


@given(TREES)
def test_a_new_filter_must_hold_besides(tree: Logic) -> None:
    then = read(with_one_more(logic.show(tree), COUNT), COUNT + 1).tree
    assert then is not None
    for values in product((True, False), repeat=COUNT + 1):
        known = dict(enumerate(values, 1))
        assert holds(then, known) == (holds(tree, known) and values[-1])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", []),
        ("  ", []),
        ("1 and (2 or 3)", []),
        ("!1 && (2 || 3)", []),
        ("1 AND 2", [("list.logic_unused", "3")]),
        ("1 AND 2 AND 3 AND 4", [("list.logic_unknown", "4")]),
        ("0 AND 1 AND 2 AND 3", [("list.logic_unknown", "0")]),
        ("1 AND 2 OR 3", [("list.logic_bad", "OR 3")]),
        ("1 2 3", [("list.logic_bad", "2 3")]),
        ("(1 AND 2 AND 3", [("list.logic_bad", "(1 AND 2 AND 3")]),
        ("1 AND 2 AND 3)", [("list.logic_bad", ")")]),
        ("stage = won", [("list.logic_bad", "stage = won")]),
        ("(" * 60 + "1" + ")" * 60, [("list.logic_bad", "(" * 10 + "1" + ")" * 9)]),
    ],
)
def test_what_is_wrong_in_a_logic_is_told(text: str, said: list[tuple[str, str]]) -> None:
    assert [(one.key, one.about) for one in read(text, COUNT).faults] == said
