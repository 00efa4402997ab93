"""What the platform keeps for access – shares, stand-ins, groups in groups – refuses what makes no sense."""

from typing import Any

import pytest

from tests.runtime.site import Site

RULE = "P122"


@pytest.fixture(scope="module")
def ids(site: Site) -> dict[str, str]:
    """A user, a department and two groups."""
    department = site.made("department", as_="admin", name="Share department", code="shared")["id"]
    user = site.made("user", as_="admin", name="Share user", email="share@example.com")["id"]
    groups = {
        name: site.made("group", as_="admin", name=f"Share {name}", code=name)["id"] for name in ("g", "h")
    }
    return {"department": department, "user": user, **groups}


def real(values: dict[str, Any], ids: dict[str, str]) -> dict[str, Any]:
    """The values with ids in place of words in braces."""
    return {name: value.format(**ids) if isinstance(value, str) else value for name, value in values.items()}


_SHARE = {"record": "department/{department}"}
_AWAY = {"absent": "{user}", "first_day": "2026-05-02", "last_day": "2026-05-09"}


@pytest.mark.parametrize(
    ("name", "wrong", "at", "mend"),
    [
        ("record_share", _SHARE, "user", {"user": "{user}"}),
        ("record_share", {**_SHARE, "user": "{user}", "group": "{g}"}, "user", {"user": None}),
        (
            "record_share",
            {**_SHARE, "department": "{department}", "group": "{g}"},
            "user",
            {"group": None},
        ),
        ("delegation", {**_AWAY, "deputy": "{user}"}, "deputy", {"absent": None}),
        (
            "delegation",
            {**_AWAY, "absent": None, "deputy": "{user}", "last_day": "2026-05-01"},
            "last_day",
            {"last_day": "2026-05-02"},
        ),
        ("group_member", {"group": "{g}"}, "user", {"user": "{user}"}),
        ("group_member", {"group": "{g}", "user": "{user}", "member_group": "{h}"}, "user", {"user": None}),
        ("group_member", {"group": "{g}", "member_group": "{g}"}, "member_group", {"member_group": "{h}"}),
    ],
)
def test_it_refuses_at_its_field_and_accepts_the_mend(
    site: Site, ids: dict[str, str], name: str, wrong: dict[str, Any], at: str, mend: dict[str, Any]
) -> None:
    refused = site.call("POST", f"/{name}", "admin", json=real(_given(wrong), ids))
    assert refused.status_code == 422, refused.text
    assert [(detail["field"], detail["code"]) for detail in refused.json()["errors"]] == [(at, RULE)]
    accepted = site.call("POST", f"/{name}", "admin", json=real(_given({**wrong, **mend}), ids))
    assert accepted.status_code == 201, accepted.text


def _given(values: dict[str, Any]) -> dict[str, Any]:
    """Without what is left out, so that its default fills it."""
    return {name: value for name, value in values.items() if value is not None}


def test_the_codes_of_groups_and_departments_are_unique(site: Site, ids: dict[str, str]) -> None:
    assert ids
    for name, code in (("group", "g"), ("department", "shared")):
        again = site.call("POST", f"/{name}", "admin", json={"name": "Again", "code": code})
        assert again.status_code == 422
        assert again.json()["errors"][0]["field"] == "code"


def test_a_share_goes_with_its_record_and_with_whom_it_is_for(site: Site, ids: dict[str, str]) -> None:
    assert ids
    record = site.made("department", as_="admin", name="Short-lived")["id"]
    person = site.made("user", as_="admin", name="Leaver", email="leaver@example.com")["id"]
    shares = [
        site.made("record_share", as_="admin", record=f"department/{about}", user=user)["id"]
        for about, user in ((record, ids["user"]), (ids["department"], person))
    ]
    for path in (f"/department/{record}", f"/user/{person}"):
        assert site.call("DELETE", path, "admin", headers={"If-Match": "*"}).status_code == 204
    assert [site.call("GET", f"/record_share/{share}", "admin").status_code for share in shares] == [404, 404]
