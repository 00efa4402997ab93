"""Columns are taken for the right fields: measured over files of other systems, and the sales files."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from engine.transfer.guess import Guesser, Target, columns_of
from engine.transfer.heads import Reason, vocabulary
from metadata.compile import compile as compile_packages
from metadata.package import read_folder
from runtime.bootstrap import compose
from runtime.packages import APPS
from tests.acceptance.dirty_files import CHINESE, in_chinese, with_spaces
from tests.acceptance.sales_files import sales_files

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from engine.transfer.guess import Guess
    from metadata.catalog import Catalog, ObjectType

HERE = Path(__file__).parent
OTHERS = yaml.safe_load((HERE / "guesses.yaml").read_text(encoding="utf-8"))
SALES = yaml.safe_load((HERE / "sales_guesses.yaml").read_text(encoding="utf-8"))
OWNER = "owner"
LEAST = 0.97
"""The share of heads that must be guessed right, of all the files together."""


@cache
def catalog() -> Catalog:
    """The standard CRM."""
    made = compose()
    return compile_packages(
        [read_folder(APPS / "platform"), read_folder(APPS / "crm_standard")], made.kinds, made.language
    )


def target(object_: ObjectType) -> Target:
    """All its fields that one can write."""
    return Target(
        object=object_,
        fields=tuple(
            field
            for field in object_.fields.values()
            if field.sort.stored and not field.retired and (not field.system or field.name == OWNER)
        ),
    )


def guessed(name: str, heads: Sequence[str], rows: Sequence[Sequence[object]]) -> dict[str, str | None]:
    found = Guesser(vocabulary=vocabulary()).guess(columns_of(heads, rows), target(catalog().objects[name]))
    names = {guess.column: guess.field.name for guess in found}
    return {head: names.get(number) for number, head in enumerate(heads)}


def misses(cases: Iterable[tuple[str, dict[str, str | None], dict[str, str | None]]]) -> list[str]:
    return [
        f"{file}: {head} is {got[head]}, not {want}"
        for file, wanted, got in cases
        for head, want in wanted.items()
        if got[head] != want
    ]


def test_heads_of_other_systems_and_people_are_guessed_right() -> None:
    """In English, Simplified and Traditional Chinese, with slips of the pen."""
    cases = [
        (one["file"], one["heads"], guessed(one["object"], tuple(one["heads"]), one["cells"]))
        for one in OTHERS
    ]
    heads = sum(len(one["heads"]) for one in OTHERS)
    wrong = misses(cases)
    assert heads > 100
    assert 1 - len(wrong) / heads >= LEAST, wrong


@pytest.mark.parametrize("spoil", [lambda file: file, in_chinese, with_spaces])
def test_every_head_of_the_sales_files_is_guessed_right(spoil: Any) -> None:
    files = {file.name: file for file in sales_files(deals=400)}
    for one in SALES:
        file = spoil(files[one["file"]])
        got = guessed(one["object"], file.head, file.rows)
        assert list(got.values()) == list(one["heads"].values()), got


def test_the_object_that_a_file_is_about_is_found() -> None:
    targets = [target(each) for each in catalog().objects.values()]
    files = {file.name: file for file in sales_files(deals=400)}
    for one in SALES:
        for file in (files[one["file"]], in_chinese(files[one["file"]])):
            ranked = Guesser(vocabulary=vocabulary()).rank(columns_of(file.head, file.rows), targets)
            assert ranked[0].target.object.name == one["object"]
    assert set(CHINESE) == {head for one in SALES for head in one["heads"]}


def test_cells_speak_where_the_head_says_nothing() -> None:
    heads, rows = (
        ("A", "B", "C"),
        [("ada@acme.example", "Hot", "2026-01-01"), ("bob@bolt.example", "cold", "")],
    )
    found = {guess.column: guess for guess in _guesses("lead", heads, rows)}
    assert {column: guess.field.name for column, guess in found.items()} == {0: "email", 1: "rating"}
    assert [found[0].reason, found[1].reason] == [Reason.CONTENT, Reason.VALUES]


def test_titles_of_records_speak_for_a_link_and_no_field_is_given_twice() -> None:
    heads, rows = ("X", "Account", "Customer"), [("Acme", "Bolt", "y"), ("Bolt", "Acme", "z")]
    titles = {"account": frozenset({"acme", "bolt"})}
    found = _guesses("contact", heads, rows, titles)
    assert [(guess.column, guess.field.name) for guess in found] == [(1, "account")]
    alone = _guesses("contact", heads[:1], [row[:1] for row in rows], titles)
    assert [(guess.field.name, guess.reason) for guess in alone] == [("account", Reason.VALUES)]


def test_a_head_that_cells_contradict_is_less_sure() -> None:
    (good,) = _guesses("opportunity", ("Amount",), [("12.50",), ("1,000",)])
    (doubtful,) = _guesses("opportunity", ("Amount",), [("12.50",), ("many",)])
    assert good.sure == 1.0
    assert doubtful.sure < 0.7
    assert _guesses("opportunity", ("Amount",), [("few",), ("many",)]) == ()


def _guesses(name: str, heads: Sequence[str], rows: Any, titles: Any = None) -> tuple[Guess, ...]:
    guesser = Guesser(vocabulary=vocabulary(), titles=titles or {})
    return guesser.guess(columns_of(heads, rows), target(catalog().objects[name]))
