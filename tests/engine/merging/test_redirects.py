"""Old ids lead to what their records became: for links, along merges of merges, until they come back."""

from engine.changes.undo import undo
from engine.merging.redirect import survivor_of
from tests.engine.merging.hanging import links, merged
from tests.engine.session.company import Company


def _leads(company: Company, name: str, who: str = "system", *sets: str) -> str | None:
    session = company.session(who, *sets)
    found = survivor_of(session, company.release.catalog.object("account"), company.ids[name])
    return None if found is None else next(word for word, id_ in company.ids.items() if id_ == found)


def _accounts(company: Company) -> None:
    for name in "ABCD":
        company.create(company.session(), "account", name=name)


def test_an_old_id_leads_along_merges_of_merges_to_what_the_reader_may_see(merging: Company) -> None:
    _accounts(merging)
    admin = merging.session()
    first = merged(merging, admin, "B", "A")
    second = merged(merging, admin, "C", "B")
    assert [_leads(merging, name) for name in "ABCD"] == ["C", "C", None, None]
    assert _leads(merging, "A", "dee", "s_own") is None, "she may not see C"
    back = undo(admin, second.change_set)
    assert [_leads(merging, name) for name in "ABC"] == ["B", None, None]
    assert back.change_set is not None
    again = undo(admin, back.change_set)
    assert [_leads(merging, name) for name in "ABC"] == ["C", "C", None]
    assert again.change_set is not None
    undo(admin, again.change_set)
    assert [_leads(merging, name) for name in "ABC"] == ["B", None, None]
    undo(admin, first.change_set)
    assert [_leads(merging, name) for name in "ABC"] == [None, None, None]


def test_links_to_old_ids_lead_to_the_survivor_in_every_kind_of_link(merging: Company) -> None:
    _accounts(merging)
    admin, ids = merging.session(), merging.ids
    merging.create(admin, "deal", name="binned", account=ids["A"])
    merging.delete(admin, "deal", ids["binned"])
    merged(merging, admin, "B", "A")
    merging.create(admin, "deal", name="d", account=ids["A"])
    merging.create(
        admin, "note", name="n", about=f"account/{ids['A']}", others=[ids["A"], ids["B"], ids["C"]]
    )
    merging.create(admin, "site", name="s", account=ids["A"])
    merging.restore(admin, "deal", ids["binned"])
    assert links(merging, "deal", "account") == {"d": ids["B"], "binned": ids["B"]}
    assert links(merging, "note", "about") == {"n": f"account/{ids['B']}"}
    assert links(merging, "note", "others") == {"n": (ids["B"], ids["C"])}
    assert links(merging, "site", "account") == {"s": ids["B"]}


def test_a_loser_that_is_restored_by_itself_is_itself_again(merging: Company) -> None:
    _accounts(merging)
    admin = merging.session()
    merged(merging, admin, "B", "A")
    merging.restore(admin, "account", merging.ids["A"])
    assert _leads(merging, "A") is None
    merging.delete(admin, "account", merging.ids["A"])
    assert _leads(merging, "A") is None
