"""The state of a list and its address are two forms of one thing."""

from __future__ import annotations

from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.web.state import Filter, ListState, Paint, parse_filter, parse_state

NAME = st.from_regex(r"[a-z][a-z_.]{0,12}", fullmatch=True)
TYPED = st.text(st.characters(codec="utf-8"), max_size=20)
VALUES = st.lists(TYPED.filter(bool), max_size=3, unique=True).map(tuple)
FILTERS = st.builds(Filter, field=NAME, operator=NAME, values=VALUES)
PAINTS = st.builds(Paint, color=NAME.filter(lambda text: "." not in text), cell=st.booleans(), filter=FILTERS)
PLACES = st.one_of(st.tuples(NAME, st.just("")), st.tuples(st.just(""), NAME), st.just(("", "")))


@st.composite
def states(draw: st.DrawFn) -> ListState:
    after, before = draw(PLACES)
    return ListState(
        view=draw(NAME | st.just("")),
        mine=draw(NAME | st.just("")),
        find=draw(TYPED).strip(),
        filters=tuple(draw(st.lists(FILTERS, max_size=4, unique=True))),
        logic=draw(TYPED).strip(),
        sort=draw(NAME | st.just("")),
        group=draw(NAME | st.just("")),
        folded=tuple(draw(st.lists(TYPED, max_size=3, unique=True))),
        paints=tuple(draw(st.lists(PAINTS, max_size=3, unique=True))),
        within=draw(st.none() | TYPED),
        columns=tuple(draw(st.lists(NAME, max_size=4, unique=True))),
        after=after,
        before=before,
    )


@given(states())
def test_a_state_survives_its_address(state: ListState) -> None:
    assert parse_state(parse_qsl(state.query().removeprefix("?"), keep_blank_values=True)) == state


@given(states())
def test_a_filter_that_is_removed_is_gone_and_nothing_else(state: ListState) -> None:
    for one in state.filters:
        left = state.without(one)
        assert one not in left.filters
        assert set(left.filters) | {one} == set(state.filters)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                ["f", "q", "col", "sort", "logic", "view", "paint", "fold", "group", "in", "color", "x"]
            ),
            TYPED,
        ),
        max_size=8,
    )
)
def test_no_address_is_too_strange_to_read(pairs: list[tuple[str, str]]) -> None:
    state = parse_state(pairs)
    assert parse_state(state.pairs()) == state


WON = Filter(field="stage", operator="equal", values=("won",))


def test_a_filter_form_adds_one_filter() -> None:
    state = parse_state([("f", "stage:equal:won"), ("field", "amount"), ("op", "at_least"), ("value", "5")])
    assert state.filters == (WON, Filter(field="amount", operator="at_least", values=("5",)))


def test_a_filter_form_sends_several_values_and_its_blanks_say_nothing() -> None:
    form = [("field", "stage"), ("op", "equal"), ("value", ""), ("value", "won"), ("value", "lost")]
    assert parse_state(form).filters[0].values == ("won", "lost")


def test_a_filter_that_is_edited_keeps_its_place() -> None:
    form = [("f", "stage:equal:won"), ("f", "amount:blank:"), ("was", "stage:equal:won")]
    changed = parse_state([*form, ("field", "stage"), ("op", "equal"), ("value", "lost")])
    assert [one.text() for one in changed.filters] == ["stage:equal:lost", "amount:blank:"]


def test_several_values_are_told_apart_whatever_is_in_them() -> None:
    one = Filter(field="name", operator="equal", values=("a|b", "back\\slash", "|"))
    assert parse_filter(one.text()) == one


@pytest.mark.parametrize(
    ("move", "order"),
    [("up", "b a c"), ("down", "a c b")],
)
def test_a_column_changes_places_with_its_neighbour(move: str, order: str) -> None:
    state = parse_state([("col", "a"), ("col", "b"), ("col", "c"), (move, "b")])
    assert state.columns == tuple(order.split())


def test_a_column_at_the_end_stays_there() -> None:
    assert parse_state([("col", "a"), ("col", "b"), ("up", "a"), ("down", "b")]).columns == ("a", "b")


def test_sorting_and_filtering_start_from_the_first_page() -> None:
    state = ListState(after="cursor")
    assert state.sorted_by("name").after == ""
    assert state.keeping("sort") == ()


def test_a_logic_takes_up_a_new_filter_and_goes_on_without_one_that_is_removed() -> None:
    given = [("f", f"{name}:blank:") for name in ("a", "b", "c")]
    form = [("field", "d"), ("op", "blank")]
    state = parse_state([*given, ("logic", "1 OR (2 AND NOT 3)"), *form])
    assert (len(state.filters), state.logic) == (4, "(1 OR (2 AND NOT 3)) AND 4")
    assert state.without(state.filters[0]).logic == "1 AND NOT 2 AND 3"
    assert state.without(state.filters[1]).logic == "(1 OR NOT 2) AND 3"
    assert state.unfiltered().logic == ""
    alike = parse_state([*given, ("logic", "1 AND 2 AND 3")])
    assert alike.without(alike.filters[1]).logic == ""
    broken = parse_state([*given, ("logic", "1 OR"), *form])
    assert (broken.logic, broken.without(broken.filters[0]).logic) == ("1 OR", "1 OR")


def test_a_changed_filter_keeps_its_number() -> None:
    form = [("was", "stage:equal:won"), ("field", "stage"), ("op", "equal"), ("value", "lost")]
    state = parse_state([("f", "stage:equal:won"), ("f", "b:blank:"), ("logic", "1 OR 2"), *form])
    assert [one.field for one in state.filters] == ["stage", "b"]
    assert state.logic == "1 OR 2"
