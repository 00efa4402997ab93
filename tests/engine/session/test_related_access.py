"""Conditions of access over related records see what their author sees, and not what the reader may."""

from collections.abc import Iterator

import pytest

from engine.problem import Problem
from tests.engine.session.company import Company, compiled, opened
from tests.engine.session.conftest import open_url
from tests.engine.session.sharing import person

FILES = {
    "permissions/linked.yaml": """
permission_set: s_linked
label: By deals, and deals by accounts
objects:
  account:
    create: true
    read: {where: 'EXISTS(deal.account, stage = "won")'}
    update: {where: 'COUNT(deal.account, amount > 5) >= 2'}
    fields: {"*": edit}
  deal: {read: {where: EXISTS(line.deal)}, fields: {"*": none, name: read}}
""",
    "permissions/quiet.yaml": """
restriction_rule: quiet
label: No account with a lost deal
object: account
where: NOT(EXISTS(deal.account, stage = "lost"))
for: [s_linked]
""",
}


@pytest.fixture
def company(database_url: str) -> Iterator[Company]:
    """Accounts of ann's: one has a won deal, one an open one too, one a lost one, one only an open one."""
    database = open_url(database_url)
    company = opened(database, compiled(FILES))
    door = company.session()
    for name, stages in {"a": ["won"], "b": ["won", "open"], "c": ["won", "lost"], "d": ["open"]}.items():
        account = company.create(door, "account", name=name, owner=company.ids["ann"])
        for number, stage in enumerate(stages):
            company.create(
                door, "deal", name=f"{name}{number}", account=account, stage=stage, amount=6, reason="x"
            )
    yield company
    database.close()


def test_a_condition_over_related_records_reads_what_the_reader_does_not(company: Company) -> None:
    cy = person(company, "cy", "s_linked")
    assert company.names(cy, "account") == ["a", "b"]
    assert company.names(cy, "deal") == [], "and still she sees no deal"
    company.create(company.session(), "line", name="l", deal=company.ids["a0"])
    assert company.names(cy, "deal") == ["a0"]


def test_a_condition_over_related_records_decides_on_saves(company: Company) -> None:
    cy = person(company, "cy", "s_linked")
    company.update(cy, "account", company.ids["b"], code="B")
    with pytest.raises(Problem) as refused:
        company.update(cy, "account", company.ids["a"], code="A")
    assert refused.value.status == 403
    with pytest.raises(Problem) as missing:
        company.update(cy, "account", company.ids["c"], code="C")
    assert missing.value.status == 404
