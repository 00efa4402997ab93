"""Masked fields: a part of the value is shown, and nothing can be asked about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from engine.fields.email import Email
from engine.fields.phone import Phone
from engine.fields.text import Text
from engine.mask import mask
from engine.problem import Problem
from engine.query import Aggregate, Function, Measure
from engine.search.reach import search
from metadata.catalog import FieldPath
from tests.engine.session.company import Company, compiled, opened
from tests.engine.session.conftest import open_url

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from engine.session import Session
    from metadata.catalog import Catalog

PHONE = "138 1234 5678"
MORE = {
    "objects/person.yaml": """
object: person
label: Person
plural: People
title: name
fields:
  name: {type: text, label: Name, searchable: true}
  phone: {type: phone, label: Phone, searchable: true}
  boss: {type: lookup, label: Boss, to: person}
  told: {type: formula, label: Told, returns: text, formula: name & phone}
""",
    "permissions/full.yaml": """
permission_set: s_full
label: Full
objects:
  person: {create: true, read: all, update: all, delete: all, fields: {"*": edit}}
rights: [history]
""",
    "permissions/desk.yaml": """
permission_set: s_desk
label: Desk
objects:
  person: {create: true, read: all, update: all, delete: all, fields: {"*": edit, phone: masked}}
rights: [history, export]
""",
    "permissions/dim.yaml": """
permission_set: s_dim
label: Dim
objects:
  person: {create: true, read: all, update: all, delete: all, fields: {"*": masked, name: read}}
""",
}


@pytest.mark.parametrize(
    ("sort", "value", "shown"),
    [
        (Phone(), "138 1234 5678", "138****5678"),
        (Phone(), "+86 138-1234-5678", "861****5678"),
        (Phone(), "010 1234", "****"),
        (Email(), "mei.lin@example.com", "m****@example.com"),
        (Text(), "王小明", "王****"),
        (Text(), "X", "****"),
    ],
)
def test_a_mask_leaves_enough_to_recognise(sort: Any, value: str, shown: str) -> None:
    assert mask(sort, value) == shown


@pytest.fixture(scope="module")
def people_catalog() -> Catalog:
    """The company's model with people whose phones are masked for some."""
    return compiled(MORE)


@pytest.fixture
def firm(database_url: str, people_catalog: Catalog) -> Iterator[Company]:
    """A company with two people on file."""
    database = open_url(database_url)
    company = opened(database, people_catalog)
    door = company.session()
    company.create(door, "person", name="Mei", phone=PHONE)
    company.create(door, "person", name="Bo", boss=company.ids["Mei"])
    yield company
    database.close()


def test_a_masked_value_is_shown_in_part_and_a_wider_right_shows_it_all(firm: Company) -> None:
    target = firm.release.catalog.object("person")
    desk = firm.session("ann", "s_desk")
    found = desk.get(target, firm.ids["Mei"])
    assert found.json()["phone"] == "138****5678"
    assert "told" not in found.values
    assert desk.get(target, firm.ids["Bo"]).json()["phone"] is None
    both = firm.session("ann", "s_desk", "s_full").get(target, firm.ids["Mei"])
    assert both.json()["phone"] == PHONE
    views = {view.field.name: view for view in desk.describe("person").fields}
    assert (views["phone"].masked, views["phone"].editable) == (True, False)


ASKED: dict[str, Callable[[Company, Session], object]] = {
    "filter": lambda firm, desk: firm.names(desk, "person", where=f'phone = "{PHONE}"'),
    "form": lambda firm, desk: firm.names(desk, "person", where='phone.e164 = "+8613812345678"'),
    "order": lambda firm, desk: desk.query(firm.query(desk, "person", "name", order=["phone"])),
    "through a link": lambda firm, desk: desk.query(firm.query(desk, "person", "boss.phone")),
    "part": lambda firm, desk: desk.query(firm.query(desk, "person", "phone.e164")),
    "group": lambda firm, desk: desk.aggregate(
        Aggregate(
            object=firm.release.catalog.object("person"),
            group=(FieldPath(field=firm.release.catalog.object("person").fields["phone"]),),
            measures=(Measure(function=Function.COUNT),),
        )
    ),
    "write": lambda firm, desk: firm.update(desk, "person", firm.ids["Mei"], phone="139 0000 0000"),
}


@pytest.mark.parametrize("question", ASKED)
def test_nothing_can_be_asked_about_a_masked_field_nor_written(firm: Company, question: str) -> None:
    ASKED[question](firm, firm.session("ann", "s_full"))
    with pytest.raises(Problem) as refused:
        ASKED[question](firm, firm.session("ann", "s_desk"))
    told = {refused.value.code.id, *(detail.code for detail in refused.value.details)}
    assert told & {"P118", "F101"}, refused.value.json()


def test_search_and_history_keep_it(firm: Company) -> None:
    target = firm.release.catalog.object("person")
    for sets, hits in (("s_full", 1), ("s_desk", 0)):
        session = firm.session("ann", sets)
        found = [one for _, group in search(session, "5678", [target]).groups for one in group]
        assert len(found) == hits
        told = repr(session.history(target, firm.ids["Mei"]))
        assert ("1234" in told) is (sets == "s_full")


def test_what_is_no_text_is_hidden_where_the_rest_is_masked(firm: Company) -> None:
    target = firm.release.catalog.object("person")
    found = firm.session("ann", "s_dim").get(target, firm.ids["Bo"])
    assert set(found.values) == {"name", "phone"}


def test_only_texts_can_be_masked() -> None:
    wrong = MORE["permissions/desk.yaml"].replace("phone: masked", "boss: masked")
    with pytest.raises(Exception, match="no text that can be shown in part"):
        compiled({**MORE, "permissions/desk.yaml": wrong})
