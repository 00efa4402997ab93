"""What is proposed where: names, functions of the place, option codes; nothing where an operator belongs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from formula.completion import Completion, Sort, complete
from formula.sample import SCOPE
from formula.scope import Context

if TYPE_CHECKING:
    from formula.language import Language


def _at(lang: Language, text: str, context: Context = Context.RULE) -> Completion:
    """The proposals where `|` stands."""
    position = text.index("|")
    return complete(lang, text.replace("|", ""), position, SCOPE, context)


def _texts(found: Completion, sort: Sort | None = None) -> list[str]:
    return [item.text for item in found.items if sort in {None, item.sort}]


def test_at_the_beginning_everything_may_stand(lang: Language) -> None:
    found = _at(lang, "|")
    assert (found.start, found.end) == (0, 0)
    assert {"amount", "stage", "account"} <= set(_texts(found, Sort.FIELD))
    assert {"$user", "$org", "$old", "$calendar", "$objecttype"} == set(_texts(found, Sort.GLOBAL))
    assert {"IF", "ROUND", "ISCHANGED"} <= set(_texts(found, Sort.FUNCTION))
    assert _texts(found, Sort.WORD) == ["true", "false", "null"]


@pytest.mark.parametrize(
    ("text", "replaced", "first"),
    [
        ("amo|", "amo", "amount"),
        ("1 + AMO|", "AMO", "amount"),
        ("am|unt > 1", "amunt", "amount"),
        ("IF(is|", "is", "ISBLANK"),
        ("account.na|", "na", "name"),
        ("account.|", "", "name"),
        ("account.owner.|", "", "name"),
        ("$|", "$", "$calendar"),
        ("$us|er.id", "$user", "$user"),
        ("$user.|", "", "id"),
        ("{!amo|}", "amo", "amount"),
        ("NOT(|", "", "account"),
    ],
)
def test_what_has_been_typed_is_completed(lang: Language, text: str, replaced: str, first: str) -> None:
    found = _at(lang, text)
    assert text.replace("|", "")[found.start : found.end] == replaced
    assert found.items[0].text == first


def test_what_contains_the_word_comes_after_what_begins_with_it(lang: Language) -> None:
    texts = _texts(_at(lang, "date|"))
    assert texts.index("DATEVALUE") < texts.index("close_date")


@pytest.mark.parametrize(
    "text",
    [
        "amount |",
        "1|",
        "1 + 2.|",
        '"text"|',
        "amount) |",
        "/* amo|",
        "amount /* a| */ + 1",
        ".|",
        "amount. |",
        "@|",
    ],
)
def test_nothing_is_proposed_where_no_value_may_stand(lang: Language, text: str) -> None:
    assert _at(lang, text).items == ()


@pytest.mark.parametrize(
    "text",
    [
        'stage = "|',
        'stage <> "|"',
        'TEXT(stage) = "|',
        'ISPICKVAL(stage, "|',
        'CASE(stage, "|',
        'CASE(stage, "won", 1, "|", 2, 0)',
        'AND(amount > 1, NOT(ISPICKVAL(stage, "|")))',
        'CASE(TEXT(stage), "|", 1, 2)',
    ],
)
def test_in_quotes_the_options_of_the_picklist_are_proposed(lang: Language, text: str) -> None:
    found = _at(lang, text)
    assert _texts(found) == ["prospecting", "proposal", "won", "lost"]
    assert found.items[0].reference is not None
    assert found.items[0].reference.name == "stage"


def test_an_option_that_is_begun_is_replaced_up_to_the_closing_quote(lang: Language) -> None:
    found = _at(lang, 'stage = "pro|spect" && amount > 1')
    assert (found.start, found.end) == (9, 17)
    assert _texts(found) == ["prospecting", "proposal"]
    assert _texts(_at(lang, "INCLUDES(industries, 'r|")) == ["retail", "energy"]


@pytest.mark.parametrize(
    "text",
    [
        '"|',
        'name = "|',
        'CASE(stage, "won", "|',
        'LEFT("|',
        'stage + "|',
        'ISPICKVAL("|',
        'CASE(LEFT(stage, 1), "|',
    ],
)
def test_in_other_quotes_nothing_is_proposed(lang: Language, text: str) -> None:
    assert _at(lang, text).items == ()


def test_the_place_decides_which_functions_and_globals_there_are(lang: Language) -> None:
    found = _at(lang, "|", Context.FORMULA_FIELD)
    assert "$old" not in _texts(found)
    assert not {"ISCHANGED", "PRIORVALUE", "ISNEW"} & set(_texts(found))
    assert _at(lang, "$old.|", Context.FORMULA_FIELD).items == ()
    assert _texts(_at(lang, "$old.|")) == ["amount", "stage"]


def test_functions_bring_their_ways_to_be_called_and_names_their_type(lang: Language) -> None:
    (item,) = [item for item in _at(lang, "roun|").items if item.text == "ROUND"]
    assert item.detail.startswith("ROUND(")
    assert item.function is not None
    assert item.function.prose.zh
    assert _at(lang, "close_d|").items[0].detail == "Date"


def test_any_position_of_any_text_has_an_answer(lang: Language) -> None:
    text = (
        'IF(stage = "won" && account.owner.name <> \'a\\\'b\', /* x */ $user.id & "ü🎉", -.5 ^ {!amount}) # @'
    )
    for position in range(-1, len(text) + 2):
        for part in (text, text[:position]):
            found = complete(lang, part, position, SCOPE, Context.RULE)
            assert 0 <= found.start <= found.end <= len(part)


@pytest.mark.parametrize(
    ("text", "replaced", "first"),
    [
        ("COUNT(|", "", "line.opportunity"),
        ("1 < SUM(line.o|", "line.o", "line.opportunity"),
        ("EXISTS(line.opportunity, qua|", "qua", "quantity"),
        ("EXISTS(line.opportunity, NOT(ISBLANK(pro|", "pro", "product"),
        ("MAX(line.opportunity, pri|", "pri", "price"),
        ("COUNT(line.opportunity, quantity > 1) > amo|", "amo", "amount"),
    ],
)
def test_within_functions_of_related_records_theirs_are_proposed(
    lang: Language, text: str, replaced: str, first: str
) -> None:
    found = _at(lang, text, Context.FILTER)
    assert text.replace("|", "")[found.start : found.end] == replaced
    assert found.items[0].text == first
    assert "amount" not in _texts(_at(lang, "COUNT(line.opportunity, |", Context.FILTER))
