"""The sample company: the same every time, around today, and as its recipe says."""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import pytest

from engine.clock import frozen_clock
from engine.ids import seeded_ids
from runtime.demo import Batch, Row, generate
from runtime.demo_data import read_recipe

TODAY = date(2026, 5, 1)
TITLES = {"account": "name", "product": "name", "thing": "name", "part": "name"}


def _made(recipe: Mapping[str, Any], today: date = TODAY) -> list[Batch]:
    clock = frozen_clock(datetime(2026, 5, 1, tzinfo=UTC))
    return list(generate(recipe, TITLES, today, seeded_ids(clock, 1)))


def _rows(form: object, count: int = 200, **lists: list[object]) -> list[object]:
    """Values of one field made by `form`."""
    recipe = {
        "seed": 1,
        "lists": lists,
        "records": [{"object": "thing", "count": count, "values": {"name": form}}],
    }
    return [row.values["name"] for row in _made(recipe)[0].rows]


def test_the_same_recipe_and_day_make_the_same_company() -> None:
    once, again = _made(read_recipe()), _made(read_recipe())
    assert [[row.fields() for row in batch.rows] for batch in once] == [
        [row.fields() for row in batch.rows] for batch in again
    ]


def test_the_company_has_the_size_that_is_promised() -> None:
    sizes: Counter[str] = Counter()
    for batch in _made(read_recipe()):
        sizes[batch.object] += len(batch.rows)
    assert (sizes["user"], sizes["account"], sizes["opportunity"]) == (20, 300, 600)


def test_dates_move_with_the_day() -> None:
    def closes(today: date) -> list[int]:
        batches = _made(read_recipe(), today)
        rows = next(batch.rows for batch in batches if batch.object == "opportunity")
        return [(date.fromisoformat(str(row.values["close_date"])) - today).days for row in rows]

    assert closes(TODAY) == closes(date(2027, 1, 31))


def test_links_lead_to_records_made_before() -> None:
    known: set[str] = set()
    for batch in _made(read_recipe()):
        here = {row.id for row in batch.rows}
        for row in batch.rows:
            links = {value.id for value in row.values.values() if isinstance(value, Row)}
            assert links <= known | here
        known |= here


@pytest.mark.parametrize(
    ("form", "allowed"),
    [
        ("plain", {"plain"}),
        ({"pick": "words"}, {"a", "b"}),
        ({"pick": ["x", "y"]}, {"x", "y"}),
        ({"weighted": {"often": 9, "never": 0}}, {"often"}),
        ({"number": [10, 30], "step": 10}, {10, 20, 30}),
        ({"date": [-1, 1]}, {"2026-04-30", "2026-05-01", "2026-05-02"}),
        ({"text": "<{words}>"}, {"<a>", "<b>"}),
        ({"weighted_text": {"{words}!": 1}}, {"a!", "b!"}),
        ({"when": "none", "is": ["x"], "then": 1, "else": {"pick": [2]}}, {2}),
        ({"when": "none", "is": ["x"], "then": 1}, {None}),
    ],
)
def test_a_form_makes_what_it_says(form: object, allowed: set[object]) -> None:
    assert set(_rows(form, words=["a", "b"])) == allowed


def test_a_text_counts_its_rows_and_shows_a_record_by_its_title() -> None:
    recipe = {
        "seed": 1,
        "records": [
            {"object": "thing", "rows": [{"key": "one", "name": "First"}]},
            {
                "object": "part",
                "for_each": "thing",
                "count": [2, 2],
                "values": {"of": {"each": True}, "name": {"text": "{of} part {n}"}},
            },
        ],
    }
    assert [row.values["name"] for row in _made(recipe)[1].rows] == ["First part 1", "First part 2"]


def test_unique_texts_are_made_again_until_they_differ() -> None:
    recipe = {
        "seed": 1,
        "records": [{"object": "thing", "count": 4, "unique": "name", "values": {"name": {"pick": "abcd"}}}],
        "lists": {"abcd": ["a", "b", "c", "d"]},
    }
    assert {row.values["name"] for row in _made(recipe)[0].rows} == {"a", "b", "c", "d"}


def test_auxiliary_names_and_blanks_are_not_written() -> None:
    recipe = {
        "seed": 1,
        "records": [
            {"object": "thing", "count": 1, "values": {"_x": "a", "name": {"text": "{_x}b"}, "no": None}}
        ],
    }
    assert _made(recipe)[0].rows[0].fields() == {"name": "ab"}


def test_some_values_of_a_form_are_a_list_without_repeats() -> None:
    lists = _rows({"some": {"pick": "word"}, "count": [0, 3]}, word=["a", "b", "c"])
    assert None in lists
    assert all(isinstance(each, list) and len(set(each)) == len(each) for each in lists if each is not None)


def test_a_value_of_parts_has_a_form_for_each_of_them() -> None:
    (place,) = _rows({"parts": {"country": "CN", "city": {"pick": "town"}}}, count=1, town=["北京"])
    assert place == {"country": "CN", "city": "北京"}


def test_a_link_names_object_and_record() -> None:
    recipe = {
        "seed": 1,
        "lists": {},
        "records": [
            {"object": "account", "count": 1, "values": {"name": "Acme"}},
            {
                "object": "thing",
                "count": 1,
                "values": {"_about": {"record": "account"}, "name": {"link": "_about"}},
            },
        ],
    }
    accounts, things = _made(recipe)
    assert things.rows[0].fields() == {"name": f"account/{accounts.rows[0].id}"}


def test_an_instant_is_a_working_hour() -> None:
    assert all(1 <= datetime.fromisoformat(str(each)).hour <= 10 for each in _rows({"instant": [-5, 5]}))
