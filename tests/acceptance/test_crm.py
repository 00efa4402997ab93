"""The standard CRM over HTTP: what it refuses and accepts, what each set of permissions may open, its flow.

Every rule, condition, process and depending picklist of the package is named by a case of `crm_cases.py`; one
that has none fails `test_every_rule_condition_and_process_has_a_case`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from runtime.log import open_log
from runtime.work import worker_of
from tests.acceptance.crm import COMPANY, MADE, PEOPLE, TWINS, Crm, founded_crm
from tests.acceptance.crm_cases import OWN_FIELDS, REFUSALS, TREES, Refusal, activity
from tests.runtime.conftest import composition, settings
from tests.web.reader import Reader

if TYPE_CHECKING:
    from collections.abc import Iterator

    from runtime.bootstrap import Composition
    from runtime.config import Settings

__all__ = ["composition", "settings"]


@pytest.fixture(scope="module")
def crm(settings: Settings, composition: Composition) -> Iterator[Crm]:
    """The company, once for all tests of one database."""
    with founded_crm(settings, composition) as founded:
        yield founded


@pytest.mark.parametrize("case", REFUSALS.values(), ids=list(REFUSALS))
def test_it_refuses_at_its_place_and_accepts_the_mend(crm: Crm, case: Refusal) -> None:
    path = _beginning(crm, case)
    refused = _saved(crm, path, crm.real(case.wrong))
    assert refused.status_code == 422, refused.text
    assert (case.at, case.code) in {(one["field"], one["code"]) for one in refused.json()["errors"]}
    accepted = _saved(crm, path, crm.real({**case.wrong, **case.mend}))
    assert accepted.status_code in (200, 201), accepted.text


def _beginning(crm: Crm, case: Refusal) -> str:
    """Where the save goes to: the object, or a record that has come as far as the case wants it."""
    if case.first is None:
        return f"/{case.object}"
    path = f"/{case.object}/{crm.made(case.object, case.first[0])['id']}"
    for values in case.first[1:]:
        assert crm.changed(path, values).status_code == 200
    return path


def _saved(crm: Crm, path: str, values: dict[str, Any]) -> Any:
    if path.count("/") > 1:
        return crm.changed(path, values)
    return crm.call("POST", f"{path}?{TWINS}", json=values)


def test_every_rule_condition_and_process_has_a_case(crm: Crm) -> None:
    named = {(case.object, case.at) for case in REFUSALS.values()}
    named |= {("activity", name) for name in OWN_FIELDS}
    for target in crm.objects:
        wanted = {rule.at.name for rule in target.rules if rule.at is not None}
        wanted |= {*target.processes}
        for field in target.fields.values():
            conditions = field.conditions
            if conditions.visible or conditions.required or field.depends_on:
                wanted.add(field.name)
        assert {(target.name, name) for name in wanted} - named == set()


@pytest.mark.parametrize("name", OWN_FIELDS)
def test_a_record_type_has_its_own_fields_and_refuses_those_of_others(crm: Crm, name: str) -> None:
    value, without, with_ = OWN_FIELDS[name]
    refused = crm.call("POST", "/activity", json=crm.real(activity(without, **{name: value})))
    assert refused.status_code == 422, refused.text
    assert (name, "P160") in {(one["field"], one["code"]) for one in refused.json()["errors"]}
    assert crm.made("activity", activity(with_, **{name: value}))[name] is not None


def test_duplicates_of_companies_and_people_are_warned_of_across_objects(crm: Crm) -> None:
    """The company by any spelling of its name, the person by number or address; a lead knows the account."""
    crm.made("account", {"name": "北京恒锐精密机械有限公司"})
    crm.made("contact", {"name": "王伟", "account": "{account}", "other_phones": ["+86 138-1234-5678"]})
    for path, values, rule in (
        ("/account", {"name": "恒銳精密機械（北京）股份有限公司"}, "same_company"),
        ("/account", {"name": "北京恒瑞精密机械公司"}, "similar_company"),
        ("/contact", {"name": "W", "account": "{account}", "mobile": "008613812345678"}, "same_person"),
        ("/lead", {"name": "W", "company": "X", "phone": "+86 138 1234 5678"}, "same_person"),
        ("/lead", {"name": "V", "company": "北京市恒锐精密机械", "phone": "110"}, "known_company"),
    ):
        refused = crm.call("POST", path, json=crm.real(values))
        assert refused.status_code == 422
        assert rule in {each["rule"] for each in refused.json()["duplicates"]}
        assert crm.call("POST", f"{path}?{TWINS}", json=crm.real(values)).status_code == 201


@pytest.mark.parametrize("name", TREES)
def test_a_tree_takes_a_record_above_and_refuses_a_ring(crm: Crm, name: str) -> None:
    link, values = TREES[name]
    above = crm.made(name, values)["id"]
    below = crm.made(name, {**values, link: above})["id"]
    refused = crm.changed(f"/{name}/{above}", {link: below})
    assert [(one["field"], one["code"]) for one in refused.json()["errors"]] == [(link, "P127")]


def test_numbers_run_on_and_cannot_be_given(crm: Crm) -> None:
    for name, values, pattern in (
        ("opportunity", {"name": "A", "account": "{account}"}, r"OPP-20\d\d-(\d{5})"),
        ("case", {"subject": "A"}, r"CASE-20\d\d-(\d{5})"),
    ):
        first, second = (re.fullmatch(pattern, crm.made(name, values)["number"]) for _ in range(2))
        assert first is not None
        assert second is not None
        assert int(second[1]) == int(first[1]) + 1
        refused = crm.call("POST", f"/{name}", json=crm.real({**values, "number": "X-1"}))
        assert [one["code"] for one in refused.json()["errors"]] == ["P170"]


def test_a_line_takes_name_price_and_currency_from_its_product_and_deal(crm: Crm) -> None:
    line = crm.made("opportunity_line", {"opportunity": "{deal}", "product": "{product}", "quantity": "2"})
    assert line["product_name"] == "Bar"
    assert (line["unit_price"], line["currency"], line["total"]) == (12.5, "CNY", 25)


def test_parts_go_with_their_deal_and_what_they_name_stays(crm: Crm) -> None:
    deal = crm.made("opportunity", {"name": "Short", "account": "{account}"})["id"]
    line = crm.made("opportunity_line", {"opportunity": deal, "product": "{product}"})["id"]
    kept = crm.real(["/product/{product}", "/contact/{contact}", "/competitor/{rival}"])
    for path in kept:
        refused = crm.call("DELETE", path, headers={"If-Match": "*"})
        assert [one["code"] for one in refused.json()["errors"]] == ["P206"], path
    assert crm.call("DELETE", f"/opportunity/{deal}", headers={"If-Match": "*"}).status_code == 204
    assert crm.call("GET", f"/opportunity_line/{line}").status_code == 404


@pytest.mark.parametrize("person", PEOPLE)
def test_each_set_opens_what_it_grants_and_nothing_else(crm: Crm, person: str) -> None:
    page = Reader(crm.site, person, COMPANY)
    grants = crm.catalog.permission_sets[PEOPLE[person]].grants
    for target in crm.objects:
        granted = grants.get(target.name)
        reads = granted is not None and bool(granted.read)
        creates = granted is not None and granted.create
        described = crm.call("GET", f"/{target.name}/describe", person)
        found = [page.get(f"/o/{target.name}{path}").status_code for path in ("", "/new")]
        assert described.status_code == (200 if reads else 404), (target.name, described.text)
        assert found == [200 if reads else 404, 200 if creates else 403 if reads else 404], target.name
    page.http.close()


def test_the_administrator_opens_a_record_and_its_form_of_every_object(crm: Crm) -> None:
    page = Reader(crm.site, "boss", COMPANY)
    opened = {object_: crm.ids[f"{{{name}}}"] for name, object_, _ in MADE}
    assert {target.name for target in crm.objects} == set(opened)
    for object_, id_ in opened.items():
        for path in ("", "/edit"):
            answer = page.get(f"/o/{object_}/{id_}{path}")
            assert answer.status_code == 200, (object_, path)
    page.http.close()


def test_a_new_lead_gets_a_task_that_is_linked_to_it(crm: Crm) -> None:
    lead = crm.made("lead", {"name": "Flo", "company": "Flo Ltd", "phone": "010-1", "rating": "hot"})
    rounds = worker_of(crm.site.composition, crm.site.tenants, open_log(crm.site.settings))
    with crm.site.tenant(COMPANY) as tenant:
        while rounds.visit(tenant):
            pass
    where = f'related_to = "lead/{lead["id"]}"'
    tasks = crm.call("GET", "/activity", params={"where": where}).json()["records"]
    assert [(one["record_type"], one["subject"], one["priority"]) for one in tasks] == [
        ("task", "Follow up: Flo", "high")
    ]
    assert (tasks[0]["related_to.title"], tasks[0]["owner"]) == ("Flo", lead["owner"])
