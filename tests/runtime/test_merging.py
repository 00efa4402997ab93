"""Merging as programs and people meet it: preview, versions, keys, old addresses, the page, jobs."""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING, Any

import pytest

import runtime.api.changes
import runtime.api.merging
import runtime.web.pages.merging
from engine.actor import load_actor
from engine.changes.ledger import recent
from engine.jobs.desk import find_job, queue
from engine.jobs.job import JobState
from engine.jobs.rework import UndoJob
from runtime.jobs import JobWorker, job_kinds
from runtime.log import Log
from runtime.people import user_id
from tests.runtime.site import email
from tests.runtime.test_impersonation import browsing, post

if TYPE_CHECKING:
    from tests.runtime.site import Site


def _deals(site: Site, *names: str, as_: str = "boss") -> list[str]:
    return [site.made("deal", as_, name=name)["id"] for name in names]


def _worked(site: Site) -> None:
    with site.tenant() as tenant:
        hand = JobWorker(kinds=job_kinds(), worker="w", log=Log(StringIO()))
        while hand.turn(tenant, lambda: False) is not None:
            pass


def test_a_program_previews_merges_and_parts(site: Site) -> None:
    first, second = _deals(site, "A", "B")
    body: dict[str, Any] = {
        "survivor": first,
        "losers": [second],
        "take": {"name": second},
        "reason": "twice",
    }
    shown = site.call("POST", "/deal/merge", json={**body, "preview": True}).json()
    assert shown["versions"] == {first: 1, second: 1}
    (name,) = [one for one in shown["fields"] if one["name"] == "name"]
    assert (name["take"], name["value"], name["values"]) == (second, "B", {first: "A", second: "B"})
    assert site.call("POST", "/deal/merge", json=body).status_code == 428
    stale = site.call("POST", "/deal/merge", json={**body, "versions": {first: 1, second: 9}})
    assert (stale.status_code, stale.json()["code"]) == (409, "P203")

    key = {"Idempotency-Key": f"merge {first}"}
    whole = {**body, "versions": shown["versions"]}
    done = site.call("POST", "/deal/merge", json=whole, headers=key)
    assert done.status_code == 200, done.text
    assert (done.json()["record"]["name"], done.json()["survivor"]) == ("B", first)
    assert site.call("POST", "/deal/merge", json=whole, headers=key).json() == done.json()
    back = site.call("POST", f"/change-sets/{done.json()['change_set']}/undo").json()
    assert (back["refused"], back["hidden"]) == (0, 0)
    assert [site.call("GET", f"/deal/{id_}").json()["name"] for id_ in (first, second)] == ["A", "B"]


def test_an_old_address_leads_readers_on_and_refuses_changes(site: Site) -> None:
    first, second = _deals(site, "A", "B")
    body = {"survivor": first, "losers": [second], "versions": "*"}
    assert site.call("POST", "/deal/merge", json=body).status_code == 200
    for path in ("", "/history"):
        moved = site.call("GET", f"/deal/{second}{path}", params={"fields": "name"}, follow_redirects=False)
        assert moved.status_code == 308
        assert moved.headers["location"].endswith(f"/api/v1/deal/{first}{path}?fields=name")
    assert site.call("GET", f"/deal/{second}", follow_redirects=True).json()["id"] == first
    changes: tuple[tuple[str, dict[str, Any]], ...] = (("PATCH", {"json": {"name": "x"}}), ("DELETE", {}))
    for method, options in changes:
        refused = site.call(method, f"/deal/{second}", headers={"If-Match": "*"}, **options)
        assert (refused.status_code, refused.json()["code"]) == (409, "P225")
        assert refused.json()["survivor"] == first
    assert site.call("GET", f"/deal/{second}", "nobody", follow_redirects=False).status_code in (403, 404)


def test_what_cannot_be_merged_is_refused_by_code(site: Site) -> None:
    (mine,) = _deals(site, "Ann's", as_="ann")
    (theirs,) = _deals(site, "Boss's")
    both = {"survivor": mine, "losers": [theirs], "versions": "*"}
    assert site.call("POST", "/deal/merge", "ann", json=both).status_code == 404
    assert site.call("POST", "/deal/merge", "guest", json=both).status_code in (403, 404)
    for wrong, status in (({"losers": []}, 422), ({"losers": ["x"]}, 404), ({"take": {"no": mine}}, 422)):
        assert site.call("POST", "/deal/merge", json={**both, **wrong}).status_code == status
    user = site.call("POST", "/user/merge", "admin", json=both)
    assert (user.status_code, user.json()["code"]) == (422, "P224")


def test_the_page_shows_records_side_by_side_and_merges_them(site: Site) -> None:
    first, second = _deals(site, "One thing", "Same thing")
    with browsing(site, "boss") as browser:
        page = browser.get(f"o/deal/merge?ids={first},{second}").text
        assert "One thing" in page
        assert f'name="take.name" value="{second}"' in page
        chosen = post(browser, "o/deal/merge", id=second, survivor=first)
        assert chosen.status_code == 200, "a single record asks for another one"
        stale = post(
            browser, f"o/deal/merge?ids={first},{second}", do="apply", survivor=first,
            **{f"version.{first}": "9"},
        )  # fmt: skip
        assert stale.status_code == 422
        done = post(
            browser, f"o/deal/merge?ids={first},{second}", do="apply", survivor=second,
            **{"take.name": first, f"version.{first}": "1", f"version.{second}": "1"},
        )  # fmt: skip
        assert (done.status_code, done.headers["location"]) == (303, f"/t/acme/o/deal/{second}")
        old = browser.get(f"o/deal/{first}")
        assert (old.status_code, old.headers["location"]) == (303, f"/t/acme/o/deal/{second}")
        assert "One thing" in browser.get(f"o/deal/{second}").text


def test_looking_for_another_record_finds_it_by_words(site: Site) -> None:
    first, second = _deals(site, "Looked for", "Zebra crossing")
    with browsing(site, "boss") as browser:
        found = browser.get(f"o/deal/merge?ids={first}&pick=1&q=zebra").text
        assert f"/o/deal/merge?ids={first},{second}" in found
        assert f"/o/deal/merge?ids={first}" in browser.get(f"o/deal/{first}").text


@pytest.mark.parametrize("door", ["api", "page"])
def test_a_large_merge_and_its_undo_are_jobs(site: Site, door: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (runtime.api.merging, runtime.api.changes, runtime.web.pages.merging):
        monkeypatch.setattr(module, "LARGE", 0)
    first, second = _deals(site, "A", "B")
    if door == "api":
        body = {"survivor": first, "losers": [second], "versions": "*"}
        asked = site.call("POST", "/deal/merge", json=body)
        assert (asked.status_code, "/jobs/" in asked.headers["location"]) == (202, True)
        job = asked.json()["id"]
    else:
        with browsing(site, "boss") as browser:
            sent = post(browser, f"o/deal/merge?ids={first},{second}", do="apply", survivor=first)
            job = sent.headers["location"].rpartition("/")[2]
    _worked(site)
    done = site.call("GET", f"/jobs/{job}").json()
    assert (done["kind"], done["state"]) == ("merge", "done")
    undone = site.call("POST", f"/change-sets/{done['result']['change_set']}/undo", json={})
    assert undone.status_code == 202
    _worked(site)
    told = site.call("GET", f"/jobs/{undone.json()['id']}").json()
    assert (told["state"], told["result"]["refused"]) == ("done", 0)
    assert site.call("GET", f"/deal/{second}").json()["name"] == "B"


def test_a_large_undo_that_makes_way_goes_on_in_the_same_change_set(site: Site) -> None:
    rows = [{"name": f"D{n}"} for n in range(450)]
    made = site.call("POST", "/deal", json=rows).json()["change_set"]
    with site.tenant() as tenant:
        release = tenant.release
        assert release is not None
        with tenant.database.read() as connection:
            actor = load_actor(connection, release, user_id(tenant, release, email("boss")))
        assert actor is not None
        session = tenant.session(release, actor)
        job = queue(session, UndoJob().name, {"change_set": made, "reason": "large"})
        hand = JobWorker(kinds=job_kinds(), worker="w", log=Log(StringIO()))
        busy = iter((False, True))
        assert hand.turn(tenant, lambda: next(busy, True), job.id) is not None
        begun = find_job(session, job.id)
        assert begun.state is JobState.QUEUED
        sets = [one.change_set for one in recent(session) if one.change_set.subject == made]
        assert [one.open for one in sets] == [True]
        _worked(site)
        ended = find_job(session, job.id)
        assert (ended.state, ended.result["refused"], ended.result["change_set"]) == (
            JobState.DONE, 0, sets[0].id,
        )  # fmt: skip
        assert [one.change_set.open for one in recent(session) if one.change_set.subject == made] == [False]
