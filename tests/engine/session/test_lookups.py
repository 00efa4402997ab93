"""Claims about VLOOKUP: what a rule finds in other objects, and what it costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from engine import codes
from engine.mutation import Create
from tests.engine.session.company import Company, compiled, opened
from tests.engine.session.conftest import open_url
from tests.engine.session.test_statements import Counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from metadata.catalog import Catalog

COUNTRY = """
object: country
label: Country
plural: Countries
title: code
fields:
  code: {type: text, label: Code}
  phone_code: {type: text, label: Phone code}
  digits: {type: integer, label: Digits}
  closed: {type: boolean, label: Closed}
"""
CALL = """
object: call
label: Call
plural: Calls
fields:
  country: {type: text, label: Country}
  phone: {type: text, label: Phone}
  digits: {type: integer, label: Digits}
rules:
  prefix:
    when: NOT(BEGINS(phone, VLOOKUP(country.phone_code, country.code, country)))
    message: The number is of another country.
    at: phone
  closed:
    when: VLOOKUP($ObjectType.Country.Fields.Closed, $ObjectType.Country.Fields.Code, UPPER(country))
    message: The country is closed.
    at: country
  chain:
    when: VLOOKUP(country.code, country.digits, VLOOKUP(country.digits, country.code, country)) <> country
    message: The digits lead to another country.
    at: digits
  known:
    when: NOT(ISBLANK(digits)) && ISBLANK(VLOOKUP(country.code, country.digits, digits))
    message: No country has so many digits.
    at: digits
"""


@pytest.fixture(scope="module")
def calling_catalog() -> Catalog:
    """The company's metadata with countries, and calls whose rules look them up."""
    return compiled({"objects/country.yaml": COUNTRY, "objects/call.yaml": CALL})


@pytest.fixture
def office(database_url: str, calling_catalog: Catalog) -> Iterator[Company]:
    """A company that knows some countries."""
    database = open_url(database_url)
    company = opened(database, calling_catalog)
    for code, phone, digits, closed in (
        ("DE", "49", 11, False), ("CN", "86", 10, False), ("CN", "00", 12, False), ("XX", "99", 3, True),
    ):  # fmt: skip
        company.create(
            company.session(), "country", code=code, phone_code=phone, digits=digits, closed=closed
        )
    yield company
    database.close()


def refused(company: Company, **values: object) -> list[str | None]:
    """The fields at which rules refuse a call."""
    changes = Create(values=values)
    result = company.apply(company.session("bob", "s_own"), "call", changes, partial=True)
    (problem,) = result.problems
    details = problem.details if problem else ()
    return [detail.field for detail in details if detail.code == codes.RULE_BROKEN.id]


def test_a_rule_finds_the_record_made_first_with_the_system_s_eyes(office: Company) -> None:
    assert refused(office, country="CN", phone="86 10 1234") == []
    assert refused(office, country="CN", phone="00 10 1234") == ["phone"]
    assert refused(office, country="DE", phone="86 10 1234") == ["phone"]
    assert refused(office, country="XX", phone="99 1") == ["country"]
    assert refused(office, country="DE", phone="49 1", digits=4) == ["digits"]


def test_nothing_found_is_blank_and_false(office: Company) -> None:
    assert refused(office, country="FR", phone="33") == ["digits"]
    assert refused(office, phone="33") == []


def test_a_batch_of_any_size_asks_once_for_each_pair_of_fields(office: Company) -> None:
    counted = Counted(office)

    def sent(size: int) -> int:
        rows = [{"country": ("DE", "CN")[n % 2], "phone": ("49", "86")[n % 2]} for n in range(size)]
        counted.sent()
        office.apply(office.session(), "call", *(Create(values=values) for values in rows))
        return counted.sent()

    assert sent(2) == sent(40)


def test_a_deleted_record_is_not_found(office: Company) -> None:
    door = office.session()
    query = office.query(door, "country", "code", where='code = "DE"')
    office.delete(door, "country", door.query(query).records[0].id)
    assert refused(office, country="DE", phone="49 1") == ["digits"]
