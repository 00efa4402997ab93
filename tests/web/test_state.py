"""The state of a list and its address are two forms of one thing."""

from __future__ import annotations

from urllib.parse import parse_qsl

from hypothesis import given
from hypothesis import strategies as st

from runtime.web.state import Filter, ListState, parse_state

NAME = st.from_regex(r"[a-z][a-z_.]{0,12}", fullmatch=True)
TYPED = st.text(st.characters(codec="utf-8"), max_size=20)
FILTERS = st.builds(Filter, field=NAME, operator=NAME, value=TYPED)
PLACES = st.one_of(st.tuples(NAME, st.just("")), st.tuples(st.just(""), NAME), st.just(("", "")))


@st.composite
def states(draw: st.DrawFn) -> ListState:
    after, before = draw(PLACES)
    return ListState(
        view=draw(NAME | st.just("")),
        find=draw(TYPED).strip(),
        filters=tuple(draw(st.lists(FILTERS, max_size=4, unique=True))),
        sort=draw(NAME | st.just("")),
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


@given(st.lists(st.tuples(st.sampled_from(["f", "q", "col", "sort", "view", "x"]), TYPED), max_size=8))
def test_no_address_is_too_strange_to_read(pairs: list[tuple[str, str]]) -> None:
    state = parse_state(pairs)
    assert parse_state(state.pairs()) == state


def test_a_filter_form_adds_one_filter() -> None:
    state = parse_state([("f", "stage:equal:won"), ("field", "amount"), ("op", "at_least"), ("value", "5")])
    assert state.filters == (Filter(field="stage", operator="equal", value="won"),
                             Filter(field="amount", operator="at_least", value="5"))  # fmt: skip


def test_sorting_and_filtering_start_from_the_first_page() -> None:
    state = ListState(after="cursor")
    assert state.sorted_by("name").after == ""
    assert state.keeping("sort") == ()
