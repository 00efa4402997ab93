"""The API keeps its word: whatever is sent, no answer is a 500 or one that its document does not name.

Requests are made from the document itself; about half of them then ask for fields, records and conditions
that are there, so that they get beyond the first refusal.
"""

from __future__ import annotations

import os
from collections import Counter
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from runtime.api.openapi import OPERATIONS
from runtime.api.routes import ROUTES
from tests.runtime.site import Site, found_company

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
COMPANY = "wide"
OBJECTS = ("specimen", "part", "station")
SEED = int(os.environ.get("STRATA_SEED", "1"))


@pytest.fixture(scope="module")
def wide(site: Site) -> Site:
    """A company whose object has a field of every type, and a few records in it."""
    found_company(site, COMPANY, "wide", {"boss": ["boss"], "nobody": []})
    station = site.made("station", of=COMPANY, name="北站 🚉")["id"]
    specimen = site.made("specimen", of=COMPANY, text="one", lookup=station, many_to_many=[station])["id"]
    site.made("part", of=COMPANY, name="cog", specimen=specimen)
    return site


@pytest.fixture(scope="module")
def document(wide: Site) -> dict[str, Any]:
    """The description as the boss gets it."""
    answer = wide.call("GET", "/openapi.json", "boss", COMPANY)
    assert answer.status_code == 200
    described: dict[str, Any] = answer.json()
    return described


def _names(document: dict[str, Any], name: str) -> list[str]:
    return list(document["components"]["schemas"][f"{name}.record"]["properties"])


def _conditions(names: list[str]) -> st.SearchStrategy[str]:
    """Conditions that name real fields; many of them still make no sense for the field's type."""
    value = st.sampled_from(['"a"', "1", "0.5", "true", "TODAY()", "NOW()", "null", '"北"', "$user.id"])
    test = st.tuples(st.sampled_from(names), st.sampled_from(["=", "<>", "<", ">="]), value).map(" ".join)
    blank = st.sampled_from(names).map(lambda name: f"ISBLANK({name})")
    has = st.tuples(st.sampled_from(names), value).map(lambda pair: f"INCLUDES({pair[0]}, {pair[1]})")
    return st.lists(test | blank | has, min_size=1, max_size=3).map(" && ".join)


def _queries(names: list[str]) -> dict[str, st.SearchStrategy[str]]:
    """Parameters that ask for what is there."""
    some = st.lists(st.sampled_from(names), min_size=1, max_size=4, unique=True)
    signed = some.map(lambda chosen: ",".join(f"-{n}" if len(n) % 2 else n for n in chosen))
    function = st.sampled_from(["sum", "avg", "min", "max", "distinct"])
    measures = st.tuples(function, st.sampled_from(names)).map(":".join) | st.just("count")
    return {
        "fields": some.map(",".join),
        "order": signed,
        "where": _conditions(names),
        "group": some.map(",".join) | st.sampled_from(["date:month", "datetime:week", "created_at:year"]),
        "measures": measures,
        "find": st.sampled_from(["one", "北", "co", "a b"]),
        "limit": st.integers(1, 5).map(str),
    }


def _aimed(case: Any, site: Site, name: str, names: list[str], draw: st.DataObject) -> None:
    """Point a request at records and fields that exist."""
    records = site.call("GET", f"/{name}", "boss", COMPANY, params={"limit": "3"}).json()["records"]
    if "id" in (case.path_parameters or {}) and records:
        case.path_parameters["id"] = draw.draw(st.sampled_from([record["id"] for record in records]))
    for parameter, strategy in _queries(names).items():
        if parameter in (case.query or {}):
            case.query[parameter] = draw.draw(strategy)
    if case.method in ("PATCH", "DELETE"):
        case.headers["If-Match"] = "*"


def _fuzzed(site: Site, document: dict[str, Any], name: str, examples: int) -> list[str]:
    """Everything that is wrong with the answers of one object's addresses."""
    own = {path: methods for path, methods in document["paths"].items() if path.split("/")[3:4] == [name]}
    schema = schemathesis.openapi.from_dict({**document, "paths": own})
    names = _names(document, name) if name in OBJECTS else []
    wrong, statuses = [], Counter[int]()
    base = f"{str(site.client.base_url).rstrip('/')}/t/{COMPANY}"
    headers = {"Authorization": f"Bearer {site.token('boss', COMPANY)}"}
    for found in schema.get_all_operations():
        operation: Any = found.ok()  # type: ignore[union-attr]  # an invalid schema has none, and fails here

        @seed(SEED)
        @settings(
            max_examples=examples,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(), aimed=st.booleans(), draw=st.data())
        def ask(case: Any, aimed: bool, draw: st.DataObject) -> None:
            if aimed and names:
                _aimed(case, site, name, names, draw)
            answer = case.call(base_url=base, headers=headers)
            statuses[answer.status_code] += 1
            try:
                case.validate_response(answer, checks=CHECKS)
            except (AssertionError, FailureGroup) as error:
                wrong.append(f"{case.method} {answer.url} {case.body!r:.300}: {error!s:.600}")

        ask()
    assert statuses[200] > (examples if names else examples // 4), "the requests get through"
    return wrong


@pytest.mark.parametrize("name", OBJECTS)
def test_every_answer_is_one_that_the_description_names(
    wide: Site, document: dict[str, Any], name: str
) -> None:
    assert not _fuzzed(wide, document, name, 12)


def test_so_is_every_answer_about_a_formula(wide: Site, document: dict[str, Any]) -> None:
    assert not _fuzzed(wide, document, "formula", 40)


@pytest.mark.soak
@pytest.mark.parametrize("name", OBJECTS)
def test_every_answer_of_many_is_one_that_the_description_names(
    wide: Site, document: dict[str, Any], name: str
) -> None:
    assert not _fuzzed(wide, document, name, 1000)


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("", {"fields": ",".join(["text"] * 3000)}),
        ("/aggregate", {"measures": ",".join(["sum:integer"] * 3000)}),
    ],
)
def test_a_question_of_thousands_of_columns_is_refused(wide: Site, path: str, query: dict[str, str]) -> None:
    answer = wide.call("GET", f"/specimen{path}", "boss", COMPANY, params=query)
    assert answer.status_code == 422
    assert "more than 1,600 columns" in answer.json()["detail"]


UNDOING = (("GET", ""), ("GET", "/undo"), ("POST", "/undo"))


@pytest.mark.parametrize("name", ["change-sets", "changes", "bin", "user", "jobs"])
def test_so_is_every_answer_about_change_sets_jobs_and_handing_over(
    wide: Site, document: dict[str, Any], name: str
) -> None:
    assert any(path.startswith(f"/api/v1/{name}") for path in document["paths"])
    assert not _fuzzed(wide, document, name, 20)


def test_every_route_of_the_api_is_described() -> None:
    described = {(operation.method.upper(), operation.path) for operation in OPERATIONS}
    served = {(route.methods[0], route.path.removeprefix("/api/v1/{object}")) for route in ROUTES}
    others = {"/api/v1", "/api/v1/openapi.json", "/api/v1/setup/releases"}
    assert served - described == {
        *(("GET", path) for path in others),
        *(("GET", f"/api/v1/access/{asked}") for asked in ("explain", "who", "preview")),
        ("GET", "/api/v1/search"),
        ("POST", "/api/v1/$batch"),
        ("POST", "/api/v1/formula/check"),
        ("GET", "/api/v1/change-sets"),
        *((method, f"/api/v1/change-sets/{{id}}{end}") for method, end in UNDOING),
        *((method, "/api/v1/user/{id}/hand-over") for method in ("GET", "POST")),
        ("GET", "/api/v1/changes"),
        ("GET", "/api/v1/bin"),
        ("POST", "/export"),
        ("POST", "/api/v1/import"),
        ("GET", "/api/v1/import/mappings"),
        *((method, "/api/v1/import/mappings/{name}") for method in ("GET", "PUT", "DELETE")),
        ("GET", "/api/v1/jobs"),
        *((method, f"/api/v1/jobs/{{id}}{end}") for method, end in (("GET", ""), ("POST", "/cancel"))),
        ("GET", "/api/v1/jobs/{id}/files/{file}"),
        ("POST", "/api/v1/files"),  # bare bytes, which have no shape
        ("GET", "/{id}/files/{field}/{file}"),
        ("POST", "/{id}/secrets/{field}"),  # told to people one by one, not to programs that fuzz
    }
    assert described <= served


def test_a_caller_finds_nothing_that_is_closed_to_her(wide: Site) -> None:
    seen = wide.call("GET", "/openapi.json", "nobody", COMPANY).json()
    assert set(seen["paths"]) == {"/api/v1"}
    assert "specimen" not in str(seen)


def test_the_description_speaks_the_readers_language(wide: Site) -> None:
    seen = wide.call("GET", "/openapi.json", "boss", COMPANY).json()
    titles = {
        name: shape.get("title")
        for name, shape in seen["components"]["schemas"]["specimen.record"]["properties"].items()
    }
    assert titles["many_email"] == "Several e-mails"
