"""Claims about computed values over REST: errors carry their reason, days are those of the signed-in user."""

from datetime import UTC, datetime
from typing import Any

import pytest

from engine.actor import system_actor
from engine.mutation import Mutation, Update
from engine.session import Session
from runtime.people import user_id
from tests.runtime.site import Site, email, found_company

COMPANY = "sums"
ZONES = {"kiri": "Pacific/Kiritimati", "niue": "Pacific/Niue", "berta": "Europe/Berlin"}


NOON = datetime(2027, 3, 27, 12, tzinfo=UTC)
"""It is this instant: already tomorrow on Kiritimati, in the small hours on Niue."""


@pytest.fixture(scope="module")
def sums(site: Site) -> Site:
    """A company whose people live in different zones."""
    site.clock.ahead = NOON - datetime.now(UTC)
    found_company(
        site, COMPANY, "sums", {"boss": ["boss"], "clerk": ["clerk"], **{each: ["boss"] for each in ZONES}}
    )
    for person, zone in ZONES.items():
        _move(site, person, zone)
    return site


def _move(site: Site, person: str, zone: str) -> None:
    with site.tenant(COMPANY) as tenant:
        release = tenant.release
        assert release is not None
        target = release.catalog.object("user")
        change = Update(id=user_id(tenant, release, email(person)), values={"time_zone": zone})
        door = Session(
            database=tenant.database, release=release, actor=system_actor(), clock=site.clock,
            ids=tenant.gate.ids,
        )  # fmt: skip
        door.apply(Mutation(object=target, changes=(change,), entry="test"))


def call(site: Site, method: str, path: str, person: str = "boss", **more: Any) -> Any:
    response = site.call(method, path, person, COMPANY, **more)
    assert response.status_code < 300, response.text
    return response.json()


def test_an_error_is_null_with_its_reason_beside_it(sums: Site) -> None:
    reason = "division by zero in amount / discount"
    made = call(sums, "POST", "/sum", json={"name": "Zero", "amount": 1, "discount": 0})
    assert (made["ratio"], made["ratio.error"]) == (None, reason)
    assert call(sums, "GET", f"/sum/{made['id']}") == made
    (listed,) = call(sums, "GET", "/sum", params={"fields": "ratio", "where": 'name = "Zero"'})["records"]
    assert (listed["ratio"], listed["ratio.error"]) == (None, reason)
    mended = call(sums, "PATCH", f"/sum/{made['id']}", json={"discount": 2, "version": made["version"]})
    assert (mended["ratio"], "ratio.error" in mended) == (0.5, False)


def test_who_may_not_see_what_an_error_is_made_of_sees_neither(sums: Site) -> None:
    made = call(sums, "POST", "/sum", json={"name": "Hidden", "amount": 1, "discount": 0})
    seen = call(sums, "GET", f"/sum/{made['id']}", "clerk")
    assert [name for name in seen if name.startswith(("ratio", "discount"))] == []


def test_a_rule_that_errs_refuses_the_save_with_the_reason(sums: Site) -> None:
    given = {"name": "Refused", "amount": 5, "discount": 0, "code": "A"}
    refused = sums.call("POST", "/sum", "boss", COMPANY, json=given)
    assert refused.status_code == 422
    (error,) = refused.json()["errors"]
    assert (error["field"], error["code"]) == ("amount", "P123")
    assert error["message"] == (
        "The rule not_free cannot be computed: ratio: division by zero in amount / discount."
    )


def test_the_description_names_the_reasons_of_computed_fields(sums: Site) -> None:
    document = call(sums, "GET", "/openapi.json")
    known = document["components"]["schemas"]["sum.record"]["properties"]
    assert known["ratio.error"]["type"] == "string"
    assert "amount.error" not in known
    assert "ratio.error" not in document["components"]["schemas"]["sum.create"]["properties"]


@pytest.mark.parametrize(("person", "today"), [("kiri", "2027-03-28"), ("niue", "2027-03-27")])
def test_today_is_the_day_of_the_signed_in_user(sums: Site, person: str, today: str) -> None:
    made = call(sums, "POST", "/sum", person, json={"name": f"Day of {person}"})
    assert (made["opened"], made["today"]) == (today, today)
    found = call(
        sums, "GET", "/sum", person, params={"where": f'opened = TODAY() && name = "Day of {person}"'}
    )
    assert [record["id"] for record in found["records"]] == [made["id"]]


def test_a_rule_knows_the_day_of_who_saves(sums: Site) -> None:
    given = {"name": "Planned", "planned": "2027-03-27"}
    refused = sums.call("POST", "/sum", "kiri", COMPANY, json=given)
    assert [error["message"] for error in refused.json()["errors"]] == ["The day has passed."]
    assert call(sums, "POST", "/sum", "niue", json=given)["planned"] == "2027-03-27"


def test_an_instant_is_a_day_of_the_reader_and_text_in_utc(sums: Site) -> None:
    made = call(sums, "POST", "/sum", json={"name": "Seen", "seen": "2026-10-24T22:00:00Z"})
    days = {person: call(sums, "GET", f"/sum/{made['id']}", person)["day"] for person in ZONES}
    assert days == {"kiri": "2026-10-25", "niue": "2026-10-24", "berta": "2026-10-25"}
    told = {call(sums, "GET", f"/sum/{made['id']}", person)["told"] for person in ZONES}
    assert told == {"2026-10-24 22:00:00Z"}


def test_figures_of_days_are_grouped_by_the_readers_days(sums: Site) -> None:
    for minute in ("21:59", "22:00"):
        call(sums, "POST", "/sum", json={"name": "Bucket", "seen": f"2025-10-24T{minute}:00Z"})
    asked = {"group": "seen:day", "measures": "count", "where": 'name = "Bucket"'}
    berlin = call(sums, "GET", "/sum/aggregate", "berta", params=asked)["rows"]
    assert berlin == [["2025-10-24", 1], ["2025-10-25", 1]]
    assert call(sums, "GET", "/sum/aggregate", "niue", params=asked)["rows"] == [["2025-10-24", 2]]
