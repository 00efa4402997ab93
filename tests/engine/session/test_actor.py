"""Claims about how a person becomes an Actor."""

from engine.actor import Actor, load_actor
from tests.engine.session.company import Company


def loaded(company: Company, who: str) -> Actor | None:
    """The actor of one of the people, from the database."""
    with company.database.read() as connection:
        return load_actor(connection, company.release, company.ids[who])


def test_a_person_has_the_sets_given_to_her_and_to_her_groups(company: Company) -> None:
    door = company.session()
    team, other = (company.create(door, "group", name=name) for name in ("team", "other"))
    company.create(door, "group_member", group=team, user=company.ids["bob"])
    company.create(door, "permission_assignment", permission_set="s_own", user=company.ids["bob"])
    company.create(door, "permission_assignment", permission_set="s_below", group=team)
    company.create(door, "permission_assignment", permission_set="s_all", group=other)
    gone = company.create(door, "permission_assignment", permission_set="s_reader", user=company.ids["bob"])
    company.delete(door, "permission_assignment", gone)
    bob = loaded(company, "bob")
    assert bob is not None
    assert bob.permission_sets == ("s_below", "s_own")
    assert (bob.name, bob.department, bob.zone.key) == ("bob", company.ids["north"], "UTC")


def test_who_is_unknown_deleted_or_not_active_is_no_actor(company: Company) -> None:
    door = company.session()
    company.update(door, "user", company.ids["bob"], active=False)
    company.delete(door, "user", company.ids["cy"])
    company.ids["ghost"] = company.make_id()
    assert [loaded(company, who) for who in ("bob", "cy", "ghost")] == [None, None, None]
