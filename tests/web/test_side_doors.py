"""No side door: whoever has no grant on an object finds nothing of its records behind any route.

The routes of the server are walked, those of the API and the pages alike, and every object of the model:
what is asked about a hidden record is answered as it is about one that there is not – same status, same
words, same headers – and no word of any record comes out. A new route without a case fails the first test.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from engine.mutation import Create, Mutation
from metadata.identity import lock
from metadata.package import from_files
from runtime.api.routes import ROUTES
from runtime.founding import Founding, found
from runtime.people import add_user
from runtime.web.assets import read_assets
from runtime.web.pages.routes import routes
from runtime.web.renderer import Renderer
from runtime.web.texts import read_texts
from tests.runtime.site import PACKAGES, PASSWORD, email
from tests.web.reader import Reader

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import httpx

    from engine.session import Session
    from metadata.catalog import Field, ObjectType
    from tests.runtime.site import Site

COMPANY = "side"
CANARY = "canary-7d2a"
ABSENT = "00000000-0000-4000-8000-000000000001"
PEOPLE = {"nobody": [], "caller": ["caller"], "admin": ["administrator"]}
"""The caller reads her own visits, of which there are none; the administrator owns what is hidden."""
CALLER = """
permission_set: caller
label: Caller
objects:
  visit: {create: false, read: own, update: own, delete: own, fields: {"*": edit}}
rights: [history, mass_edit, export, views]
"""
REFERENCE = "(its own id)"
VALUES: Mapping[str, Mapping[str, object]] = {
    "user": {"name": CANARY, "email": f"{CANARY}@example.com"},
    "group_member": {"group": "group", "user": "user"},
    "permission_assignment": {"permission_set": CANARY, "user": "user"},
    "record_share": {"record": "client/", "user": "user", "reason": CANARY},
    "duplicate_set": {"rule": CANARY, "score": 90, "state": "open", "note": CANARY},
    "duplicate_set_member": {"set": "duplicate_set", "record": "client/"},
    "delegation": {"absent": "admin", "deputy": "user", "last_day": "2099-12-31", "reason": CANARY},
    "notification": {"message": CANARY, "user": "user"},
    "currency_rate": {"code": "USD", "rate": "7.1"},
    "business_calendar": {"name": CANARY, "code": "hidden"},
    "business_calendar_day": {"calendar": "business_calendar", "day": "2026-10-01", "name": CANARY},
    "deal": {"name": CANARY, "client": "client", "margin": 77.25},
    "stage_history": {
        "record": "client/",
        "picklist": CANARY,
        "stage": CANARY,
        "entered_at": "2026-01-01T00:00:00Z",
    },
}
"""What a hidden record holds, where a name is not all; a link names the object to whose record it leads."""

FORM: Mapping[str, str] = {
    "id": "ID", "_version": "1", "name": "x", "name:text": "x", "stage": "won", "field": "name", "do": "add",
    "query": "?f=name:contains:canary", "user": "ID", "remove": "ID", "kind": "share", "to": "ID",
    "successor": "ID", "_copy": "ID",
}  # fmt: skip
"""What is sent to every page that takes a form."""
_CHANGE = {"action": "update", "id": "ID", "version": "*", "values": {"name": "x"}}
_DELETION = {"action": "delete", "id": "ID", "version": "*"}

PLAIN = """
    GET /api/v1/{object}  GET /api/v1/{object}/{id}  GET /api/v1/{object}/{id}/history  GET /api/v1
    GET /api/v1/openapi.json  GET /api/v1/setup/releases  GET /api/v1/{object}/describe
    GET /api/v1/change-sets  GET /api/v1/change-sets/{id}  GET /api/v1/change-sets/{id}/undo
    GET /api/v1/import/mappings  GET /api/v1/import/mappings/{name}  DELETE /api/v1/import/mappings/{name}
    POST /api/v1/{object}/export  POST /api/v1/import  PUT /api/v1/import/mappings/{name}  GET /api/v1/jobs
    GET /api/v1/jobs/{id}  POST /api/v1/jobs/{id}/cancel  GET /api/v1/jobs/{id}/files/{file}
    GET /api/v1/user/{id}/hand-over  GET /api/v1/{object}/export  DELETE /api/v1/{object}/{id}
    POST /api/v1/{object}/{id}/restore  POST /api/v1/{object}/{id}/purge  GET /api/v1/changes
    GET /api/v1/bin  GET /api/v1/{object}/{id}/files/{field}/{file}
    POST /api/v1/{object}/{id}/secrets/{field}
"""
PAGES = """
    GET /  GET /o/{object}  GET /o/{object}/export  GET /o/{object}/rows  GET /o/{object}/figures
    GET /o/{object}/filter  GET /o/{object}/{id}/access  GET /o/{object}/{id}/held
    GET /o/{object}/group  GET /o/{object}/new  GET /o/{object}/{id}  GET /o/{object}/{id}/edit
    GET /o/{object}/{id}/clone  GET /o/{object}/{id}/cell/{field}  GET /o/{object}/{id}/field/{field}
    GET /o/{object}/{id}/sharing  GET /o/{object}/{id}/hand-over  GET /lookup/{object}/{field}
    GET /app/{app}  GET /notifications  GET /recent  GET /search  GET /search/results  GET /act-as/{id}
    GET /bin  GET /o/{object}/{id}/as-of
    GET /import  GET /import/{id}/columns  GET /import/{id}/values  GET /import/{id}/check
    GET /change-sets  GET /change-sets/{id}  GET /o/{object}/views/share  GET /jobs  GET /jobs/{id}
    GET /o/{object}/merge  GET /files/{file}  GET /o/{object}/{id}/files/{field}/{file}
"""
FORMS = """
    POST /o/{object}/views  POST /o/{object}/bulk  POST /o/{object}/bulk/save  POST /o/{object}/new
    POST /o/{object}/views/share  POST /o/{object}/merge
    POST /o/{object}/new/preview  POST /o/{object}/new/duplicates
    POST /o/{object}/delete  POST /o/{object}/restore
    POST /o/{object}/{id}/edit  POST /o/{object}/{id}/preview  POST /o/{object}/{id}/stage
    POST /o/{object}/{id}/cell/{field}  POST /o/{object}/{id}/field/{field}  POST /o/{object}/{id}/sharing
    POST /import  POST /import/mappings  POST /import/{id}/columns  POST /import/{id}/values
    POST /import/{id}/run  POST /import/{id}/save
    POST /o/{object}/{id}/hand-over  POST /notifications  POST /notifications/{id}  POST /act-as
    POST /act-as/{id}  POST /change-sets/{id}  POST /jobs/{id}/cancel
    POST /o/{object}/purge  POST /o/{object}/{id}/as-of  POST /files
    POST /o/{object}/{id}/attachments  POST /o/{object}/{id}/reveal/{field}
"""


def _named(text: str) -> list[tuple[str, str]]:
    words = text.split()
    return list(zip(words[::2], words[1::2], strict=True))


CASES: Mapping[tuple[str, str], Any] = {
    ("POST", "/api/v1/{object}"): {"id": "ID"},
    ("POST", "/api/v1/{object}/batch"): {"changes": [_CHANGE], "partial": True},
    ("PATCH", "/api/v1/{object}/{id}"): {"name": "x", "version": "*"},
    ("POST", "/api/v1/$batch"): {"parts": [{"object": "OBJECT", "changes": [_DELETION]}]},
    ("POST", "/api/v1/formula/check"): {"object": "OBJECT", "formula": 'name = "canary"', "position": 2},
    ("POST", "/api/v1/change-sets/{id}/undo"): {},
    ("GET", "/api/v1/{object}/{id}/as-of"): {"at": "2026-10-01"},
    ("POST", "/api/v1/{object}/{id}/as-of"): {"at": "2026-10-01", "fields": ["name"], "version": "*"},
    ("POST", "/api/v1/user/{id}/hand-over"): {"successors": {"deal": "ID"}},
    ("POST", "/api/v1/{object}/merge"): {"survivor": "ID", "losers": ["ID"], "versions": "*"},
    ("GET", "/api/v1/{object}/aggregate"): {"group": "name"},
    ("GET", "/api/v1/{object}/distinct"): {"fields": "name"},
    ("GET", "/api/v1/search"): {"q": "canary"},
    ("GET", "/api/v1/access/explain"): {"user": "ID", "action": "read", "object": "OBJECT", "record": "ID"},
    ("GET", "/api/v1/access/preview"): {"user": "ID"},
    ("GET", "/api/v1/access/who"): {"action": "read", "object": "OBJECT", "record": "ID"},
    **dict.fromkeys(_named(PLAIN)),
    **{route: {"q": "canary", "field": "name", "f": "name:contains:canary"} for route in _named(PAGES)},
    **dict.fromkeys(_named(FORMS), FORM),
}
"""By method and path what is sent: JSON to the API, a form to a page, parameters of a GET."""

GATES = {("POST", "/sign-out"), ("GET", "/sign-in"), ("POST", "/sign-in"), ("POST", "/preferences")}
GATES |= {("POST", "/api/v1/files")}
"""Ways in and out, which know no record; a file that is taken in is its sender's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hidden:
    """A record of every object; `change_set` is one in which such were made. `fields` are links by object."""

    ids: Mapping[str, str]
    change_set: str
    fields: Mapping[str, str]


def _served() -> set[tuple[str, str]]:
    pages = routes(Renderer(assets=read_assets(), texts=read_texts()))
    return {(method, route.path) for route in (*ROUTES, *pages) for method in route.methods}


@pytest.fixture(scope="module")
def hidden(site: Site) -> Hidden:
    """The company, with a record of every object that the system made."""
    files = {
        str(path.relative_to(PACKAGES / "shop")): path.read_text(encoding="utf-8")
        for path in (PACKAGES / "shop").rglob("*.yaml")
    }
    files["permissions/caller.yaml"] = CALLER
    files["identity.lock"] = lock(from_files(files)).render()
    found(site.settings, site.composition, site.tenants, Founding(slug=COMPANY), [from_files(files)])
    with site.tenant(COMPANY) as tenant:
        assert tenant.release is not None
        people = {
            name: add_user(tenant, tenant.release, email(name), name.title(), PASSWORD, sets)
            for name, sets in PEOPLE.items()
        }
        door = tenant.upkeep(tenant.release)
        ids, change_set = _planted(door, {"admin": people["admin"]})
        links = {name: _link(target) for name, target in door.release.catalog.objects.items()}
    return Hidden(ids=ids, change_set=change_set, fields=links)


def _planted(door: Session, known: dict[str, str]) -> tuple[dict[str, str], str]:
    """A record of each object, those first to which others lead."""
    change_set, waiting = "", list(door.release.catalog.objects.values())
    while waiting:
        target = next(each for each in waiting if _leads_to(each) <= known.keys() | {each.name})
        values = dict(VALUES.get(target.name) or {"name": CANARY})
        for name, value in values.items():
            if isinstance(value, str) and value.removesuffix("/") in known:
                prefix = value if value.endswith("/") else ""
                values[name] = prefix + known[value.removesuffix("/")]
        made = door.apply(Mutation(object=target, changes=(Create(values=values),), entry="test"))
        assert made.records[0] is not None
        known[target.name], change_set = made.records[0].id, made.change_set
        waiting.remove(target)
    return {name: id_ for name, id_ in known.items() if name != "admin"}, change_set


def _leads_to(target: ObjectType) -> set[str]:
    """The objects whose records the hidden one links to."""
    given = VALUES.get(target.name, {}).values()
    return {str(value).removesuffix("/") for value in given if str(value).rstrip("/").isidentifier()} & {
        "group", "user", "client", "business_calendar", "duplicate_set"
    }  # fmt: skip


def _link(target: ObjectType) -> str:
    """A field that leads somewhere, for look-ups."""
    links: Iterator[Field] = (field for field in target.fields.values() if field.target)
    return next(links).name


@pytest.fixture(scope="module")
def readers(site: Site, hidden: Hidden) -> Iterator[dict[str, Reader]]:
    """Those without grants, signed in at their browsers."""
    del hidden  # which founds the company
    with ExitStack() as stack:
        opened = {name: Reader(site, name, COMPANY) for name in ("nobody", "caller")}
        for each in opened.values():
            stack.callback(each.http.close)
        yield opened


def test_every_route_has_a_case() -> None:
    assert _served() == set(CASES) | GATES


def test_there_is_a_hidden_record_of_every_object(site: Site, hidden: Hidden) -> None:
    with site.tenant(COMPANY) as tenant:
        assert tenant.release is not None
        assert set(hidden.ids) == set(tenant.release.catalog.objects)


@pytest.mark.parametrize("person", ["nobody", "caller"])
@pytest.mark.parametrize(("method", "path"), sorted(CASES))
def test_a_hidden_record_is_answered_as_one_that_there_is_not(
    site: Site, hidden: Hidden, readers: dict[str, Reader], person: str, method: str, path: str
) -> None:
    for name in _objects(hidden, person, path):
        record = hidden.change_set if "change-sets" in path else hidden.ids[name]
        ask = partial(_ask, site, readers[person], person, hidden, (method, path), name)
        asked = (ask(id_) for id_ in (record, ABSENT))
        there, absent = (_told(answer, id_) for answer, id_ in zip(asked, (record, ABSENT), strict=True))
        assert there == absent, f"{method} {path} of {name}"


def _objects(hidden: Hidden, person: str, path: str) -> list[str]:
    """All objects for whoever has no grant at all; a few for the other, and where the path names none."""
    if "{object}" not in path and "batch" not in path and "access" not in path and "formula" not in path:
        return ["notification" if "notifications" in path else "user"]
    return [name for name in hidden.ids if person == "nobody" or name in ("deal", "user", "record_share")]


def _ask(
    site: Site, reader: Reader, person: str, hidden: Hidden, route: tuple[str, str], name: str, record: str
) -> httpx.Response:
    method, path = route
    field = hidden.fields[name] if "lookup" in path else "name"
    place = path.format(
        object=name, id=record, field=field, app="administration", file="errors.csv", name="x"
    )
    sent = _filled(CASES[route], name, record)
    answer: httpx.Response
    if path.startswith("/api"):
        more = {"params": sent} if method == "GET" else {"json": sent} if sent is not None else {}
        headers = {"If-Match": "*"}
        answer = site.call(method, place.removeprefix("/api/v1"), person, COMPANY, headers=headers, **more)
    elif method == "GET":
        answer = reader.get(place, params=sent)
    else:
        answer = reader.post(place, sent)
    return answer


def _filled(value: Any, name: str, record: str) -> Any:
    match value:
        case dict():
            return {key: _filled(item, name, record) for key, item in value.items()}
        case list():
            return [_filled(item, name, record) for item in value]
        case "ID":
            return record
        case "OBJECT":
            return name
        case _:
            return value


def _told(answer: httpx.Response, record: str) -> tuple[object, ...]:
    """All that an answer tells, but for what the asker said herself and what differs from one to the next."""
    own = {"date", "x-request-id", "content-length", "set-cookie", "server-timing"}
    headers = sorted((name, value) for name, value in answer.headers.items() if name not in own)
    assert answer.status_code < 500, answer.text
    said = f"{answer.text}\n{headers}".replace(record, REFERENCE)
    said = said.replace(answer.headers.get("x-request-id", REFERENCE), "(request)")
    assert CANARY not in said, said
    return answer.status_code, said
