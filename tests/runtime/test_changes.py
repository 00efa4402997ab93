"""Change sets, undo and hand-over as programs, people and operators meet them."""

from typing import Any

from runtime.people import user_id
from tests.runtime.site import Site, email
from tests.runtime.test_impersonation import browsing, post


def _id(site: Site, person: str) -> str:
    with site.tenant() as tenant:
        assert tenant.release is not None
        return user_id(tenant, tenant.release, email(person))


def _changed(site: Site, person: str, *values: dict[str, Any]) -> tuple[str, list[str]]:
    """Make deals and change them in one change set: its id and theirs."""
    ids = [site.made("deal", person, name=f"Before {n}")["id"] for n in range(len(values))]
    changes = [
        {"action": "update", "id": id_, "values": given, "version": "*"}
        for id_, given in zip(ids, values, strict=True)
    ]
    body = {"changes": changes, "reason": "a mistake"}
    return site.call("POST", "/deal/batch", person, json=body).json()["change_set"], ids


def test_a_program_lists_previews_and_undoes_its_change_sets(site: Site) -> None:
    change_set, (first, second) = _changed(site, "boss", {"name": "After"}, {"name": "After"})
    listed = site.call("GET", "/change-sets", params={"limit": 1}).json()
    (latest,) = listed["change_sets"]
    assert (latest["id"], latest["reason"], latest["changes"], latest["undone"]) == (
        change_set, "a mistake", 2, False,
    )  # fmt: skip
    assert listed["next"] == change_set
    one = site.call("GET", f"/change-sets/{change_set}").json()
    assert one["objects"] == {"deal": 2}
    site.call("PATCH", f"/deal/{second}", json={"name": "Hers"}, headers={"If-Match": "*"})

    shown = site.call("GET", f"/change-sets/{change_set}/undo").json()
    done = site.call("POST", f"/change-sets/{change_set}/undo", json={"reason": "back"}).json()

    assert shown["records"] == done["records"] == {"deal": {"updated": 1}}
    assert done["conflicts"] == [
        {"object": "deal", "id": second, "field": "name", "message": "It was changed since."}
    ]
    assert site.call("GET", f"/deal/{first}").json()["name"] == "Before 0"
    assert site.call("GET", f"/change-sets/{change_set}").json()["undone"]
    again = site.call("POST", f"/change-sets/{done['change_set']}/undo").json()
    assert again["records"] == {"deal": {"updated": 1}}
    assert not site.call("GET", f"/change-sets/{change_set}").json()["undone"]


def test_change_sets_of_others_are_for_those_who_may_set_up(site: Site) -> None:
    change_set, _ = _changed(site, "ann", {"name": "Ann's"})
    for person, status in (("ann", 200), ("admin", 200), ("boss", 404), ("guest", 403)):
        assert site.call("GET", f"/change-sets/{change_set}", person).status_code == status
        assert site.call("GET", f"/change-sets/{change_set}/undo", person).status_code == status
    assert site.call("POST", f"/change-sets/{change_set}/undo", "boss").status_code == 404
    for wrong in ({"limit": "0"}, {"limit": "x"}, {"before": "x"}):
        assert site.call("GET", "/change-sets", params=wrong).status_code == 400
    assert site.call("GET", "/change-sets/x").status_code == 404


def test_a_program_hands_over_and_undoes_it(site: Site) -> None:
    ann, bob = _id(site, "ann"), _id(site, "bob")
    deal = site.made("deal", "ann", name="Handed over")["id"]
    path = f"/user/{ann}/hand-over"
    before = site.call("GET", path, "admin", params={"to": bob}).json()["portions"]
    deals = next(one for one in before if one["name"] == "deal")
    assert deals["count"] == deals["gained"] > 0
    body = {"successors": {"deal": bob}, "reason": "left"}
    done = site.call("POST", path, "admin", json=body).json()
    assert (done["moved"], done["refused"]) == ({"deal": deals["count"]}, 0)
    assert site.call("GET", f"/deal/{deal}", "bob").json()["owner"] == bob
    back = site.call("POST", f"/change-sets/{done['change_set']}/undo", "admin").json()
    assert back["records"] == {"deal": {"updated": deals["count"]}}
    assert site.call("GET", f"/deal/{deal}", "ann").json()["owner"] == ann


def test_who_may_not_hands_nothing_over(site: Site) -> None:
    ann, bob = _id(site, "ann"), _id(site, "bob")
    path, body = f"/user/{ann}/hand-over", {"successors": {"deal": bob}}
    for person in ("ann", "guest", "nobody"):
        assert site.call("GET", path, person).status_code == 403
        assert site.call("POST", path, person, json=body).status_code == 403
    assert site.call("POST", path, "admin", json={"successors": {"deal": "x"}}).status_code == 404
    refused = site.call("POST", path, "admin", json={"successors": {"deal": ann}})
    assert refused.json()["code"] == "P222"


def test_pages_list_a_change_set_and_take_it_back(site: Site) -> None:
    change_set, (deal,) = _changed(site, "boss", {"name": "<i>After</i>"})
    with browsing(site, "boss") as browser:
        listed = browser.get("change-sets").text
        assert f"/t/acme/change-sets/{change_set}" in listed
        assert "a mistake" in listed
        page = browser.get(f"change-sets/{change_set}").text
        assert "What the undo will do" in page
        done = post(browser, f"change-sets/{change_set}", reason="back")
        assert done.status_code == 200
        assert "What the undo did" in done.text
        assert "There is nothing left to take back." in browser.get(f"change-sets/{change_set}").text
        assert "Undone" in browser.get("change-sets").text
    assert site.call("GET", f"/deal/{deal}").json()["name"] == "Before 0"


def test_pages_hand_over_what_a_user_holds(site: Site) -> None:
    ann, bob = _id(site, "ann"), _id(site, "bob")
    deal = site.made("deal", "ann", name="On the page")["id"]
    with browsing(site, "admin") as browser:
        assert f"o/user/{ann}/hand-over" in browser.get(f"o/user/{ann}").text
        form = browser.get(f"o/user/{ann}/hand-over").text
        assert 'name="portion" value="deal" checked' in form
        assert "On the page" in form
        assert browser.get(f"o/deal/{deal}/hand-over").status_code == 404
        path = f"o/user/{ann}/hand-over"
        assert "Choose at least one row" in post(browser, path, do="apply").text
        shown = post(browser, path, do="preview", portion="deal", to=bob)
        assert ">Bob</option>" in shown.text
        to_herself = post(browser, path, do="apply", portion="deal", to=ann)
        assert to_herself.status_code == 422
        assert "goes to another user who is active" in to_herself.text
        done = post(browser, path, do="apply", portion="deal", to=bob)
        assert "handed over." in done.text
    assert site.call("GET", f"/deal/{deal}", "bob").json()["owner"] == bob
