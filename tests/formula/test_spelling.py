"""Formulas as admins of Salesforce write them are read, whatever their spelling, spacing and length."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formula.language import language
from formula.parser import parse
from formula.syntax import Apply, Constant, Name

if TYPE_CHECKING:
    from formula.syntax import Node

TABLES = language().tables


def read(text: str) -> Node:
    found = parse(TABLES, text)
    assert found is not None, text
    return found


@pytest.mark.parametrize(
    "name",
    [
        "Amount__c",
        "ns__Amount__c",
        "Account__r.Owner:User.Name",
        "Owner:Queue.DeveloperName",
        "X1st_Year__c",
        "$Setup.X__c.Y__c",
        "$Setup.ns__X__c.ns__Y__c",
        "$CustomMetadata.A__mdt.B.C__c",
        "$Label.Z",
        "$Label.ns.Z",
        "$ObjectType.X__c.Fields.Y__c",
        "$User.Id",
        "$Permission.Edit_2",
        "$Api.Partner_Server_URL_140",
        "$System.OriginDateTime",
        "$Record__Prior.Stage__c",
        "AMOUNT:SUM",
        "Account$Name",
        "Opportunity.Amount#",
        "Größe__c",
        "金额__c",
        "Date",
        "text",
        "VALUE",
        "If",
        "nothing",
        "True__c",
        "nullable",
        "Not_Sent__c",
        "_x",
        "a.b.c.d.e.f.g.h.i.j",
        "in",
        "and",
    ],
)
def test_a_name_is_one_name(name: str) -> None:
    assert read(name) == Name(name, read(name).span)
    assert read(f"{{!{name}}}") == Name(name, read(f"{{!{name}}}").span)
    found = read(f"TEXT({name} )")
    assert isinstance(found, Apply)
    assert found.arguments[0] == Name(name, found.arguments[0].span)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (".5", Decimal("0.5")),
        ("1.", Decimal(1)),
        ("007", Decimal(7)),
        ("1234567890.12", Decimal("1234567890.12")),
        ("'it\\'s'", "it's"),
        ('"a\\"b"', 'a"b'),
        ('"\\\\d{3}"', "\\d{3}"),
        ('"a\\nb\\tc"', "a\nb\tc"),
        ('"50\\% \\d"', "50\\% \\d"),
        ('"two\nlines"', "two\nlines"),
        ('"“smart” ‘quotes’ &amp; 中"', "“smart” ‘quotes’ &amp; 中"),
        ("'\"'", '"'),
        ('"/* no comment */"', "/* no comment */"),
        ('""', ""),
        ("TRUE", True),
        ("False", False),
        ("NuLl", None),
    ],
)
def test_a_constant_is_what_it_stands_for(text: str, value: object) -> None:
    found = read(text)
    assert isinstance(found, Constant)
    assert found.value == value


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("a&&b||c", "(a && b) || c"),
        ("a<>b", "a <> b"),
        ("NOT a && b", "(!a) && b"),
        ("not ISBLANK(a)", "!ISBLANK(a)"),
        ("NOT (a)=b", "NOT(a) = b"),
        ("/* x */IF/**/(a,/* ) */b,c)/* ***/", "IF(a, b, c)"),
        ("IF (\r\n\ta ,\r\n\n  b\u00a0,\f c\r)\r\n", "IF(a, b, c)"),
        ("- -1", "-(-1)"),
        ("a+-b", "a + (-b)"),
        ("((((a))))", "a"),
        ("a - b - c", "(a - b) - c"),
        ("{!a} & {! b.c }", "a & b.c"),
        ("F( )", "F()"),
    ],
)
def test_spacing_comments_and_parentheses_change_nothing(text: str, same: str) -> None:
    assert shape(read(text)) == shape(read(same))


@given(
    st.lists(
        st.sampled_from([" ", "\t", "\n", "\r\n", "/* c */", "\u00a0", "\u200b", ""]), min_size=9, max_size=9
    )
)
@settings(max_examples=50)
def test_blanks_may_stand_between_any_two_words(gaps: list[str]) -> None:
    words = ["IF", "(", "a", ">=", "1", ",", "{!b}", ",", "'c'", ")"]
    text = words[0] + "".join(f"{gap}{word}" for gap, word in zip(gaps, words[1:], strict=True))
    assert shape(read(text)) == shape(read("IF(a >= 1, b, 'c')"))


def test_fifty_one_calls_deep_and_four_thousand_characters_long() -> None:
    deep = "IF(ISPICKVAL(Status__c, 'x'), Amount__c, " * 51 + "0" + ")" * 51
    assert isinstance(read(deep), Apply)
    long = " & ".join(['"some words of a text "', "Account__r.Owner:User.Name"] * 75)
    assert len(long) > 3900
    assert isinstance(read(long), Apply)


def shape(node: Node) -> object:
    """A tree without places, and with one spelling of NOT."""
    match node:
        case Name(text=text):
            return text
        case Constant(value=value):
            return ("constant", value)
        case Apply(name=name, arguments=arguments):
            return ({"!": "NOT"}.get(name, name.upper()), *(shape(each) for each in arguments))
        case _:
            return None
