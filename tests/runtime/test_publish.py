"""Metadata into a running tenant: planned, applied, served at once, never half."""

import threading
import time
from pathlib import Path
from typing import Any

import pytest

from engine.migration import perform
from engine.problem import Problem
from formula.issue import Rejected
from metadata.identity import lock
from metadata.package import Package, from_files, read_folder
from runtime import publish
from runtime.bootstrap import Composition
from runtime.config import Settings
from runtime.crew import Crew
from runtime.lease import Leases
from runtime.log import open_log
from runtime.publish import Plan, apply, plan
from runtime.wake import Watch
from tests.runtime.site import PACKAGES, Site, opened_site

LAYER = PACKAGES / "layer"
TOO_LONG = 5.0  # seconds; the promise is one, the machine may be busy


def _planned(site: Site, slug: str, *packages: Package) -> Plan:
    with site.tenant(slug) as tenant:
        return plan(site.composition, tenant, packages)


def _published(site: Site, slug: str, *packages: Package) -> Plan:
    with site.tenant(slug) as tenant:
        planned = plan(site.composition, tenant, packages)
        apply(planned, tenant, site.tenants.control, by=None, reason="test")
    return planned


def _changed(path: str, old: str, new: str, folder: Path = PACKAGES / "shop") -> Package:
    files = dict(read_folder(folder).files)
    assert old in files[path]
    files[path] = files[path].replace(old, new)
    return from_files(files, origin=str(folder))


def test_a_folder_that_never_had_what_is_published_does_not_drop_it(site: Site, fresh: str) -> None:
    """Two teams, two folders, one tenant layer: the second is told, and nothing has changed."""
    _published(site, fresh, read_folder(LAYER))
    files = {
        "package.yaml": read_folder(LAYER).files["package.yaml"],
        "permissions/x_other.yaml": "permission_set: x_other\nlabel: Other\nobjects: {}\n",
    }
    files["identity.lock"] = lock(from_files(files)).render()
    with pytest.raises(Rejected) as refused:
        _planned(site, fresh, from_files(files))
    assert {issue.code.id for issue in refused.value.issues} == {"M302"}
    told = " ".join(issue.message for issue in refused.value.issues)
    assert "x_visit" in told
    assert "x_channel" in told
    assert "x_visit." not in told, "what goes with its object is not told again"
    with site.tenant(fresh) as tenant:
        assert tenant.release is not None
        assert "x_visit" in tenant.release.catalog.objects


def test_a_layer_brings_table_fields_and_api_at_once(site: Site, fresh: str) -> None:
    assert site.call("GET", "/x_visit", slug=fresh).status_code == 404
    planned = _published(site, fresh, read_folder(LAYER))
    assert any("x_visit" in change.describe() for change in planned.changes)
    assert {"add column deal.x_channel"} <= {impact.text for impact in planned.impacts}
    assert "account" not in planned.new.catalog.objects, "only what is installed, and what was asked for"
    made = site.made("deal", of=fresh, name="With channel", x_channel="fair")
    assert made["x_channel"] == "fair"
    made = site.made("x_visit", as_="admin", of=fresh, name="First visit")
    assert site.call("GET", f"/x_visit/{made['id']}", "admin", fresh).json()["name"] == "First visit"


def test_planning_writes_nothing(site: Site, fresh: str) -> None:
    first = _planned(site, fresh, read_folder(LAYER))
    second = _planned(site, fresh, read_folder(LAYER))
    assert [impact.text for impact in first.impacts] == [impact.text for impact in second.impacts]
    assert site.call("GET", "/x_visit", slug=fresh).status_code == 404


def test_a_second_plan_after_publishing_is_empty(site: Site, fresh: str) -> None:
    _published(site, fresh, read_folder(LAYER))
    again = _planned(site, fresh, read_folder(LAYER))
    assert again.empty
    assert (again.changes, again.impacts) == ((), ())


def test_what_is_wrong_is_said_all_at_once_and_changes_nothing(site: Site, fresh: str) -> None:
    broken = _changed("objects/deal.yaml", "to: client", "to: cleint")
    broken = from_files(
        {**broken.files, "objects/client.yaml": broken.files["objects/client.yaml"].replace("text", "txet")},
        origin="shop",
    )
    with pytest.raises(Rejected) as caught:
        _planned(site, fresh, broken)
    assert len({issue.place.path for issue in caught.value.issues}) == 2
    assert all("^" in issue.render() for issue in caught.value.issues)
    with site.tenant(fresh) as tenant:
        assert tenant.release is not None
        assert tenant.release.number == 1


def test_a_cut_off_publish_leaves_the_old_release_and_can_be_run_again(
    site: Site, fresh: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class PowerCutError(Exception):
        pass

    def cut(*_: object) -> None:
        raise PowerCutError

    with monkeypatch.context() as patched:
        patched.setattr("runtime.publish.keep_sources", cut)
        with pytest.raises(PowerCutError):
            _published(site, fresh, read_folder(LAYER))
    assert site.call("GET", "/x_visit", slug=fresh).status_code == 404
    site.made("deal", of=fresh, name="Meanwhile")
    assert [impact.text for impact in _published(site, fresh, read_folder(LAYER)).impacts] == []
    assert site.call("GET", "/x_visit", "admin", fresh).status_code == 200


def test_what_the_old_release_writes_until_the_last_moment_gets_its_sort_key(
    site: Site, fresh: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = _changed("objects/deal.yaml", "max: 80,", "max: 80, sortable: false,")
    _published(site, fresh, plain)
    site.made("deal", of=fresh, name="Before")
    moments = iter(["Between"])

    def performed(*arguments: Any) -> int:
        done = perform(*arguments)
        for name in moments:
            site.made("deal", of=fresh, name=name)
        return done

    monkeypatch.setattr(publish, "perform", performed)
    _published(site, fresh, read_folder(PACKAGES / "shop"))
    with site.tenant(fresh) as tenant, tenant.database.read() as connection:
        kept = connection.rows("SELECT name, name__sort IS NOT NULL FROM deal ORDER BY id")
    assert [(name, bool(filled)) for name, filled in kept] == [("Before", True), ("Between", True)]


def test_a_field_that_becomes_required_counts_the_records_without_a_value(site: Site, fresh: str) -> None:
    for number in range(3):
        site.made("deal", of=fresh, name=f"Deal {number}", **({"closes": "2026-05-01"} if number else {}))
    site.call(
        "DELETE",
        f"/deal/{site.made('deal', of=fresh, name='Gone')['id']}",
        slug=fresh,
        headers={"If-Match": "*"},
    )
    tighter = _changed("objects/deal.yaml", "label: Closes", "label: Closes, required: true")
    planned = _planned(site, fresh, tighter)
    assert [change.describe() for change in planned.changes] == ["~ field deal.closes: required no → yes"]
    assert [impact.describe() for impact in planned.impacts] == ["require deal.closes; 1 record has no value"]
    _published(site, fresh, tighter)
    assert _planned(site, fresh, tighter).impacts == ()


def test_a_new_field_that_is_required_is_lacked_by_every_record(site: Site, fresh: str) -> None:
    site.made("deal", of=fresh, name="One")
    site.made("deal", of=fresh, name="Two")
    layer = _changed("objects/deal.yaml", "label: Channel", "label: Channel, required: true", LAYER)
    told = [impact.describe() for impact in _planned(site, fresh, layer).impacts]
    assert "require deal.x_channel; 2 records have no value" in told


def test_of_two_publishes_at_once_one_is_told_to_plan_again(site: Site, fresh: str) -> None:
    with site.tenant(fresh) as tenant:
        one = plan(site.composition, tenant, [read_folder(LAYER)])
        other = plan(
            site.composition, tenant, [_changed("objects/deal.yaml", "label: Closes", "label: Ends")]
        )
        apply(one, tenant, site.tenants.control, by=None, reason="one")
        with pytest.raises(Problem, match="published meanwhile"):
            apply(other, tenant, site.tenants.control, by=None, reason="other")
    assert site.call("GET", "/x_visit", "admin", fresh).status_code == 200


def test_another_process_serves_the_new_release_within_a_second(
    site: Site, fresh: str, settings: Settings, composition: Composition
) -> None:
    leases = Leases(site.tenants.control, "test", site.tenants.gate.clock)
    crew = Crew((Watch(tenants=site.tenants, leases=leases, log=open_log(settings)),))
    crew.start()
    try:
        site.made("deal", of=fresh, name="Before")
        with opened_site(settings, composition) as other:
            _published(other, fresh, read_folder(LAYER))
            since = time.monotonic()
            while site.call("GET", "/x_visit", "admin", fresh).status_code != 200:
                assert time.monotonic() - since < TOO_LONG
                time.sleep(0.05)
    finally:
        crew.stop()


def test_a_write_never_lands_on_a_replaced_release(
    site: Site, fresh: str, settings: Settings, composition: Composition
) -> None:
    """Without any watcher: the write itself notices, reloads and is made on the new Release."""
    site.made("deal", of=fresh, name="Warm")
    with opened_site(settings, composition) as other:
        _published(other, fresh, read_folder(LAYER))
    with site.tenant(fresh) as tenant:
        assert tenant.release is not None
        assert tenant.release.number == 1, "nobody has told this process yet"
    assert site.made("deal", of=fresh, name="After", x_channel="phone")["x_channel"] == "phone"


def test_every_request_is_answered_while_releases_come_and_go(site: Site, fresh: str) -> None:
    site.token("boss", fresh)
    answers: list[int] = []
    stop = threading.Event()

    def ask() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            answers.append(site.call("POST", "/deal", slug=fresh, json={"name": f"n{number}"}).status_code)
            answers.append(site.call("GET", "/deal", slug=fresh).status_code)

    asking = threading.Thread(target=ask)
    asking.start()
    for number in range(5):
        _published(site, fresh, _changed("objects/deal.yaml", "label: Closes", f"label: Closes {number}"))
    stop.set()
    asking.join(30)
    assert set(answers) == {200, 201}
    assert len(answers) > 5


def test_a_release_does_not_depend_on_the_folder_it_came_from(
    site: Site, fresh: str, settings: Settings, composition: Composition
) -> None:
    label = "Ends (changed only in memory)"
    _published(site, fresh, _changed("objects/deal.yaml", "label: Closes", f'label: "{label}"'))
    with opened_site(settings, composition) as other:
        fields = other.call("GET", "/deal/describe", slug=fresh).json()["fields"]
        assert label in [field["label"] for field in fields]
