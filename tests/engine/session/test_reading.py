"""Claims about what a Session reads."""

from tests.engine.session.company import Company


def test_a_record_that_was_created_is_read_back(company: Company) -> None:
    door = company.session()
    company.create(door, "account", name="Acme")
    assert company.names(door, "account") == ["Acme"]
