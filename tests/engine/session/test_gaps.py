"""Conditions of access that a kind of database cannot answer stop the publication, each at its place."""

import pytest

from engine import postgres, sqlite
from engine.database import Dialect
from engine.release import prepare
from formula.issue import Rejected
from metadata.catalog import Catalog
from tests.engine.session.company import LANGUAGE, compiled

ODD = 'REGEX(name, "a+")'
FILES = {
    "permissions/odd.yaml": "permission_set: odd\nlabel: Odd\nobjects:\n"
    f"  deal: {{read: [own, {{where: '{ODD}'}}], update: {{where: '{ODD}'}}}}\n",
    "permissions/odd_desk.yaml": "sharing_rule: odd_desk\nlabel: Odd\nobject: account\n"
    f"where: {ODD}\nto: [{{group: desk}}]\naccess: read\n",
    "permissions/odd_only.yaml": f"restriction_rule: odd_only\nlabel: Odd\nobject: account\nwhere: {ODD}\n",
}


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    """A company whose access hangs on patterns, which PostgreSQL has of another dialect."""
    return compiled(FILES)


def refused(catalog: Catalog, dialect: Dialect) -> list[str]:
    """Where a publication is refused."""
    try:
        prepare(catalog, 1, dialect, LANGUAGE)
    except Rejected as rejected:
        return [f"{issue.code.id} {issue.place}" for issue in rejected.issues]
    return []


def test_a_condition_without_a_form_is_refused_at_its_place_where_there_is_none(catalog: Catalog) -> None:
    assert refused(catalog, sqlite.DIALECT) == []
    assert refused(catalog, postgres.DIALECT) == [
        "P309 permissions/odd.yaml:4:31",
        "P309 permissions/odd.yaml:4:70",
        "P309 permissions/odd_desk.yaml:4:8",
        "P309 permissions/odd_only.yaml:4:8",
    ]
