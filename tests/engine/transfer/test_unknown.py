"""What a file leaves unknown is found before it is imported; a first mapping is drafted for who imports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.transfer.binding import bind
from engine.transfer.draft import Drafter, targets
from engine.transfer.guess import Guesser, columns_of
from engine.transfer.heads import vocabulary
from engine.transfer.mapping import read_mapping
from engine.transfer.unknown import unknown

if TYPE_CHECKING:
    from engine.session import Session
    from engine.transfer.mapping import ImportMapping
    from engine.transfer.unknown import Unknown
    from tests.engine.session.company import Company
    from tests.engine.transfer.conftest import Imports

HEADS = ("Deal name", "Account", "Stage")
ROWS = (
    ("Bars", "Acme Ltd", "Won"),
    ("Pipes", "Acmee", "wonn"),
    ("Nuts", "ACME LTD", ""),
    ("Bolts", "Acmee", "Open"),
    ("Rods", "", "gone"),
)


def mapping(**values: dict[str, str]) -> ImportMapping:
    columns = [
        {"column": head, "field": field, "values": values.get(field, {})}
        for head, field in zip(HEADS, ("name", "account", "stage"), strict=True)
    ]
    return read_mapping({"objects": [{"object": "deal", "columns": columns, "key": ["name"]}]})


def asked(session: Session, said: ImportMapping) -> dict[str, Unknown]:
    return {one.source.head: one for one in unknown(session, bind(session, said, HEADS), ROWS)}


def test_texts_that_name_nothing_are_told_once_each_with_what_they_probably_mean(
    imports: Imports, company: Company
) -> None:
    session = company.session()
    acme = company.create(session, "account", name="Acme Ltd")
    found = asked(session, mapping())
    account, stage = found["Account"], found["Stage"]
    assert account.texts == (("Acmee", 2),)
    assert account.proposals["Acmee"][0].candidate.key == acme
    assert stage.texts == (("wonn", 1), ("gone", 1))
    assert stage.proposals["wonn"][0].candidate.key == "won"
    assert "gone" not in stage.proposals
    said = mapping(account={"Acmee": acme}, stage={"wonn": "won", "gone": ""})
    assert asked(session, said) == {}
    done = imports(said, HEADS, *ROWS)
    assert (done.result["created"], done.result["failed"]) == (5, 0)
    assert imports.values("deal", "name", "account", "stage") == [
        ("Bars", acme, "won"),
        ("Bolts", acme, "open"),
        ("Nuts", acme, "open"),
        ("Pipes", acme, "won"),
        ("Rods", None, "open"),
    ]


def test_nobody_is_proposed_what_she_may_not_see(company: Company) -> None:
    company.create(company.session("bob", "s_own"), "account", name="Acme Ltd")
    session = company.session("cy", "s_own")
    account = asked(session, mapping())["Account"]
    assert {text for text, _ in account.texts} == {"Acme Ltd", "Acmee", "ACME LTD"}
    assert (account.proposals, account.candidates) == ({}, ())


def test_what_the_file_brings_along_itself_is_known(company: Company) -> None:
    session = company.session()
    part = {"object": "account", "columns": [{"column": "Account", "field": "name"}], "key": ["name"]}
    deal = {"object": "deal", "columns": [{"column": "Deal name", "field": "name"},
                                          {"column": "Account", "field": "partner"}]}  # fmt: skip
    said = read_mapping({"objects": [part, deal]})
    assert "Account" not in asked(session, said)


def test_a_draft_names_only_what_its_reader_may_write(company: Company) -> None:
    heads = ("Deal", "Account", "Stage", "Cost", "Amount")
    columns = columns_of(heads, [("Bars", "Acme", "won", "1.5", "2.5")])

    def drafted(session: Session) -> dict[str, str]:
        drafter = Drafter(session=session, columns=columns, guesser=Guesser(vocabulary=vocabulary()))
        draft = drafter.draft("deal")
        bind(session, draft.mapping, heads)
        return {each.column: each.field for part in draft.mapping.objects for each in part.columns}

    everything = drafted(company.session("bob", "s_all"))
    assert everything == {
        "Deal": "name",
        "Account": "account",
        "Stage": "stage",
        "Cost": "cost",
        "Amount": "amount",
    }
    assert drafted(company.session("bob", "s_blind")) == {
        "Deal": "name",
        "Account": "account",
        "Amount": "amount",
    }
    assert targets(company.session("bob", "s_reader")) == ()
