"""Claims about changing several records at once: a right of its own, in the one save that all doors use."""

import pytest

from engine.codes import FORBIDDEN
from engine.database import Database
from engine.mutation import Change, Create, Delete, Restore, Update
from engine.problem import Problem
from tests.engine.session.company import Company, compiled, opened

SETS = {
    "objects/line.yaml": """
object: line
label: Line
plural: Lines
title: name
fields:
  name: {type: text, label: Name}
  deal: {type: master_detail, label: Deal, to: deal}
""",
    **{
        f"permissions/{name}.yaml": f"""
permission_set: s_{name}
label: {name}
objects:
  "*": {{create: true, read: all, update: all, delete: all, fields: {{"*": edit}}}}
rights: {rights}
"""
        for name, rights in (("one", "[]"), ("mass", "[mass_edit]"))
    },
}


@pytest.fixture
def office(database: Database) -> Company:
    """A company with two deals of two lines each."""
    company = opened(database, compiled(SETS))
    door = company.session()
    for deal in ("p", "q"):
        company.create(door, "deal", name=deal)
        for line in ("1", "2"):
            company.create(door, "line", name=f"{deal}{line}", deal=company.ids[deal])
    return company


def changes(office: Company, kind: str, *names: str) -> tuple[Change, ...]:
    ids = [office.ids[name] for name in names]
    match kind:
        case "update":
            return tuple(Update(id=id_, values={"name": "n"}) for id_ in ids)
        case "delete":
            return tuple(Delete(id=id_) for id_ in ids)
        case _:
            return tuple(Restore(id=id_) for id_ in ids)


@pytest.mark.parametrize("kind", ["update", "delete", "restore"])
def test_two_records_picked_at_once_ask_for_the_right(office: Company, kind: str) -> None:
    if kind == "restore":
        for name in ("p", "q"):
            office.delete(office.session(), "deal", office.ids[name])
    both = changes(office, kind, "p", "q")
    with pytest.raises(Problem) as raised:
        office.apply(office.session("ann", "s_one"), "deal", *both, several=True, partial=True)
    assert raised.value.code is FORBIDDEN
    assert "mass_edit" in raised.value.message
    result = office.apply(office.session("ann", "s_mass"), "deal", *both, several=True)
    assert result.problems == (None, None)


def test_one_record_new_ones_and_the_rows_of_one_whole_do_not(office: Company) -> None:
    ann = office.session("ann", "s_one")
    office.apply(ann, "deal", *changes(office, "update", "p"), several=True)
    office.apply(ann, "deal", *(Create(values={"name": name}) for name in "xyz"), several=True)
    office.apply(ann, "line", *changes(office, "update", "p1", "p2"), several=True)
    with pytest.raises(Problem) as raised:
        office.apply(ann, "line", *changes(office, "update", "p1", "q1"), several=True)
    assert raised.value.code is FORBIDDEN


def test_what_the_product_itself_writes_is_not_asked(office: Company) -> None:
    office.apply(office.session("ann", "s_one"), "deal", *changes(office, "update", "p", "q"))
