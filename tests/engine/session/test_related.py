"""Claims about conditions over related records: what they select, and what no reader learns by them."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine import codes
from engine.mutation import Create
from engine.problem import Problem
from formula.issue import Rejected
from tests.engine.session.company import FILES, Company, compiled, opened
from tests.engine.session.conftest import open_url
from tests.engine.session.test_statements import Counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from engine.record import Record
    from engine.session import Session
    from formula.expr import Expr

CASES = yaml.safe_load(Path(__file__).with_name("cases").joinpath("related.yaml").read_text(encoding="utf-8"))
MORE = {
    "objects/account.yaml": FILES["objects/account.yaml"]
    + "  above: {type: lookup, label: Above, to: account, on_delete: set_null}\n",
    "objects/activity.yaml": "object: activity\nlabel: Activity\nplural: Activities\ntitle: name\nfields:\n"
    "  name: {type: text, label: Name}\n  about: {type: any_lookup, label: About, to: [account, deal]}\n",
    "objects/campaign.yaml": "object: campaign\nlabel: Campaign\nplural: Campaigns\ntitle: name\nfields:\n"
    "  name: {type: text, label: Name}\n  accounts: {type: many_to_many, label: Accounts, to: account}\n",
    "objects/site.yaml": "object: site\nlabel: Site\nplural: Sites\ntitle: name\nfields:\n"
    "  name: {type: text, label: Name}\n  account: {type: master_detail, label: Account, to: account}\n",
    "permissions/narrow.yaml": """
permission_set: s_narrow
label: Own deals, all else
objects:
  "*": {create: false, read: all, update: none, delete: none, fields: {"*": read}}
  deal: {create: false, read: own, update: none, delete: none, fields: {"*": read}}
  line: {create: false, read: own, update: none, delete: none, fields: {"*": read}}
rights: []
""",
    "permissions/dim.yaml": """
permission_set: s_dim
label: No links, no amounts, no lines
objects:
  account: {create: false, read: all, update: none, delete: none, fields: {"*": read}}
  deal:
    {create: false, read: all, update: none, delete: none, fields: {"*": read, amount: none, partner: none}}
rights: []
""",
}
VIEW = """
view: idle
object: account
label: Idle
columns: [name]
where: COUNT(deal.account, amount > 5) = 0
"""
BY_SYSTEM = """
object: busy
label: Busy
plural: Busy
title: name
query: {from: account, where: COUNT(deal.account) > 1}
fields: {name: {type: text, label: Name, value: name}}
"""


@pytest.fixture
def related(database_url: str) -> Iterator[Company]:
    """Four accounts with deals, lines, activities, campaigns and sites; one deal is in the recycle bin."""
    more = {**MORE, "views/account/idle.yaml": VIEW, "objects/busy.yaml": BY_SYSTEM}
    company = opened(open_url(database_url), compiled(more))
    door, ids = company.session(), company.ids
    for name in ("None", "Acme", "Apple", "Quiet"):
        above = ids["Acme"] if name == "Apple" else None
        company.create(door, "account", name=name, above=above)
    _deal(
        company, "A1", "Acme", owner="bob", stage="won", amount=20, closes="2026-03-01", partner=ids["None"]
    )
    _deal(company, "A2", "Acme", amount=5, closes="2026-09-09")
    _deal(company, "P1", "Apple", stage="won", amount=300, cost=100, closes="2027-01-01")
    _deal(company, "P2", "Apple", stage="won", amount=10, cost=0, closes="2025-01-01")
    _deal(company, "Gone", "Quiet", stage="won", amount=900)
    company.delete(door, "deal", ids["Gone"])
    for name in ("x1", "x2", "y"):
        company.create(door, "line", name=name, deal=ids["P1"])
    company.create(door, "line", name="z", deal=ids["P2"])
    for name, about in (("call", "account/" + ids["Acme"]), ("mail", "account/" + ids["Quiet"])):
        company.create(door, "activity", name=name, about=about)
    company.create(door, "activity", name="visit", about="deal/" + ids["P1"])
    company.create(door, "campaign", name="Spring", accounts=[ids["Apple"], ids["Quiet"]])
    company.create(door, "campaign", name="Fall", accounts=[ids["Quiet"]])
    company.create(door, "site", name="Plant", account=ids["Apple"])
    yield company
    company.database.close()


def _deal(company: Company, name: str, account: str, owner: str = "ann", **values: Any) -> None:
    given = {"account": company.ids[account], "owner": company.ids[owner], **values}
    company.create(company.session(), "deal", name=name, **given)


def test_conditions_over_related_records_select_what_the_reader_may_know_of(related: Company) -> None:
    readers = {"all": related.session("dee", "s_reader"), "own": related.session("bob", "s_narrow")}
    found = {
        (text, who): related.names(readers[who], "account", where=text)
        for text, wanted in CASES
        for who in wanted
    }
    assert found == {(text, who): names for text, wanted in CASES for who, names in wanted.items()}


def test_a_list_with_conditions_over_related_records_is_one_statement(related: Company) -> None:
    door = related.session("dee", "s_reader")
    where = "COUNT(deal.account, EXISTS(line.deal)) >= 1 || SUM(deal.account, amount) > 5"
    query = related.query(door, "account", "name", where=where, count=True)
    door.query(query)
    counted = Counted(related)
    assert [each.values["name"] for each in related.session("dee", "s_reader").query(query).records]
    assert counted.sent() == 1, "what fits a page is counted with it"


def test_constants_within_are_parameters(related: Company) -> None:
    door = related.session("dee", "s_reader")
    before = len(related.release.statements)
    sizes = []
    for stage in ("open", "won", "lost"):
        related.names(door, "account", where=f'EXISTS(deal.account, stage = "{stage}")')
        sizes.append(len(related.release.statements) - before)
    assert sizes[1] == sizes[2]


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("EXISTS(deal.account, amount > 1)", 22),
        ("EXISTS(deal.partner)", 8),
        ("EXISTS(line.deal)", 8),
        ("EXISTS(deal.account, EXISTS(line.deal))", 29),
        ("EXISTS(deal.account, expected > 1)", 22),
        ("SUM(deal.account, amount) > 1", 19),
    ],
)
def test_what_is_hidden_within_is_refused_as_what_does_not_exist(
    related: Company, text: str, column: int
) -> None:
    reader = related.session("cy", "s_dim")
    with pytest.raises(Problem) as hidden:
        reader.condition(related.release.catalog.object("account"), text)
    word = text[column - 1 :].split(")")[0].split(" ")[0].split(",")[0]
    nothing = "qqq.zzz" if "." in word else "qqq"
    with pytest.raises(Problem) as unknown:
        reader.condition(related.release.catalog.object("account"), text.replace(word, nothing))
    told, other = hidden.value.details[0], unknown.value.details[0]
    assert (told.column, told.code) == (column, other.code) == (other.column, told.code)
    assert told.message.replace(word, "?") == other.message.replace(nothing, "?")
    assert f"did you mean {word}" not in told.hint


def test_a_view_that_asks_for_what_is_hidden_within_is_refused(related: Company) -> None:
    target = related.release.catalog.object("account")
    where = target.views["idle"].where
    assert where is not None
    with pytest.raises(Problem) as refused:
        _run(related, related.session("cy", "s_dim"), where.expr)
    assert refused.value.code is codes.UNKNOWN_FIELD
    assert len(_run(related, related.session("dee", "s_reader"), where.expr)) == 2


def _run(company: Company, session: Session, where: Expr) -> tuple[Record, ...]:
    return session.query(replace(company.query(session, "account", "name"), where=where)).records


def test_an_object_that_is_a_query_sees_related_records_with_the_systems_eyes(related: Company) -> None:
    assert related.names(related.session("dee", "s_reader"), "busy") == ["Acme", "Apple"]
    assert related.names(related.session("bob", "s_narrow"), "busy") == ["Acme", "Apple"]


def test_catalogs_refuse_functions_of_related_records_where_no_database_answers(related: Company) -> None:
    rule = "rules:\n  r: {when: COUNT(deal.account) > 3, message: Too many}\n"
    with pytest.raises(Rejected) as refused:
        compiled({"objects/account.yaml": FILES["objects/account.yaml"] + rule})
    assert [issue.code.id for issue in refused.value.issues] == ["F301"]
    assert related.names(related.session(), "account", where="COUNT(deal.account) > 3") == []


def test_too_many_levels_are_refused_and_as_many_as_are_allowed_run_on_either_database(
    related: Company,
) -> None:
    door, target = related.session(), related.release.catalog.object("account")
    deep = "EXISTS(account.above, " * 3 + 'name = "x" && (active || true)' + ")" * 3
    assert related.names(door, "account", where=deep) == []
    with pytest.raises(Problem) as refused:
        door.condition(target, "EXISTS(account.above, " * 4 + "true" + ")" * 4)
    assert refused.value.details[0].code == "F008"


def test_hostile_conditions_end_in_an_answer_or_a_problem(related: Company) -> None:
    door = related.session()
    wide = " || ".join(["COUNT(deal.account, amount > 1) > 2"] * 90)
    tall = "COUNT(deal.account, " + "NOT(" * 60 + "amount > 1" + ")" * 60 + ") > 2"
    mixed = "EXISTS(account.above, " * 3 + "IF(" * 25 + "active" + ", active, false)" * 25 + ")" * 3
    for text in (
        wide,
        tall,
        mixed,
        "COUNT(" * 100 + "deal.account" + ")" * 100,
        "SUM(deal.account, 10^120) > 1",
    ):
        assert _answered(related, door, text) in (True, codes.BAD_QUERY), text[:60]


def _answered(company: Company, door: Session, text: str) -> object:
    """True, or the code of the Problem."""
    try:
        company.names(door, "account", where=text)
    except Problem as problem:
        return problem.code
    return True


AMOUNTS = st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 9), st.booleans()), max_size=8)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(deals=AMOUNTS, least=st.integers(0, 3), over=st.integers(0, 20))
def test_figures_of_related_records_are_those_that_python_reckons(
    company: Company, deals: list[tuple[str, int, bool]], least: int, over: int
) -> None:
    door = company.session()
    accounts = {name: company.make_id() for name in "abc"}
    tag = company.make_id()
    company.apply(door, "account", *(Create(id=accounts[n], values={"name": n + tag}) for n in "abc"))
    rows: list[Mapping[str, Any]] = [
        {"name": "d", "account": accounts[n], "amount": amount, "stage": "won" if won else "open"}
        for n, amount, won in deals
    ]
    if rows:
        company.apply(door, "deal", *(Create(values=row) for row in rows))
    for text, holds in (
        (f"COUNT(deal.account) >= {least}", lambda own: len(own) >= least),
        (f'COUNT(deal.account, stage = "won") < {least}', lambda own: sum(won for _, won in own) < least),
        (f"SUM(deal.account, amount) > {over}", lambda own: sum(a for a, _ in own) > over),
        (f"AVG(deal.account, amount) * 2 <= {over}", lambda own: bool(own) and 2 * _mean(own) <= over),
        (f'MAX(deal.account, amount, stage = "won") < {over}', lambda own: _most(own) < over),
    ):
        wanted = [n + tag for n in "abc" if holds([(a, w) for name, a, w in deals if name == n])]
        assert company.names(door, "account", where=f'CONTAINS(name, "{tag}") && {text}') == wanted, text


def _mean(own: list[tuple[int, bool]]) -> Fraction:
    return Fraction(sum(amount for amount, _ in own), len(own))


def _most(own: list[tuple[int, bool]]) -> int:
    """The greatest of those won; of none it is blank, which is less than nothing."""
    return max((amount for amount, won in own if won), default=1000)
