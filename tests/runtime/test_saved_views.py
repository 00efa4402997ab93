"""Views that people save and share: who finds one on her shelf."""

import pytest

from runtime.saved_views import DEPARTMENT, EVERYONE, GROUP, USER, Share, Shelf
from tests.runtime.site import Site

SHARES: dict[str, tuple[tuple[Share, ...], set[str]]] = {
    "nobody": ((), set()),
    "everybody": ((Share(kind=EVERYONE, subject=""),), {"eve", "gus", "dot"}),
    "a user": ((Share(kind=USER, subject="eve"),), {"eve"}),
    "a group": ((Share(kind=GROUP, subject="g2"),), {"gus"}),
    "a department, with those below it": ((Share(kind=DEPARTMENT, subject="d0"),), {"dot"}),
    "several": ((Share(kind=USER, subject="eve"), Share(kind=GROUP, subject="g1")), {"eve", "gus"}),
    "a group that bears the id of a user": ((Share(kind=GROUP, subject="eve"),), set()),
}


@pytest.mark.parametrize("who", SHARES)
def test_a_view_is_found_by_those_it_is_shared_with(site: Site, who: str) -> None:
    shares, wanted = SHARES[who]
    with site.tenant() as tenant, tenant.database.write() as connection:

        def shelf(user: str, groups: tuple[str, ...] = (), places: tuple[str, ...] = ()) -> Shelf:
            return Shelf(connection=connection, user=user, object=f"o {who}", groups=groups, places=places)

        owner = shelf("amy")
        assert owner.add(f"v {who}", "Mine", "?q=x")
        assert owner.share(f"v {who}", shares)
        people = {
            "eve": shelf("eve"),
            "gus": shelf("gus", groups=("g1", "g2")), "dot": shelf("dot", places=("d1", "d0")),
        }  # fmt: skip
        assert {name for name, one in people.items() if one.views()} == wanted
        assert not people["eve"].share(f"v {who}", (Share(kind=EVERYONE, subject=""),))
        people["eve"].remove(f"v {who}")
        assert [view.shared for view in owner.views()] == [bool(shares)]
        owner.remove(f"v {who}")
        assert not any(one.views() for one in (owner, *people.values()))
        assert owner.shares(f"v {who}") == ()
