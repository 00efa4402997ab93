"""The doors of the pages: lists, records, forms, look-ups, search. Every text on them is looked at."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlencode
from uuid import UUID

from engine.changes.chain import carry_on
from tests.oracle.api_doors import ApiDoor
from tests.oracle.questions import links
from tests.oracle.reading_doors import finds, sought
from tests.oracle.shape import OBJECTS
from tests.oracle.tokens import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

    from tests.oracle.company import Company
    from tests.oracle.doors import Sample
    from tests.oracle.world import Row

_LIST, _RECORD = "/o/{object}", "/o/{object}/{id}"
_ROW = re.compile(r'<tr data-id="([^"]+)"')
_UNIT = re.compile(r"/o/(\w+)/([0-9a-f-]{36})")
FRAGMENT = {"HX-Request": "true"}


class WebList(ApiDoor):
    """Lists of every object: plain, sorted, filtered by what is hidden, searched, with figures; views too."""

    name = "list page"
    routes = frozenset({
        ("GET", "/"),
        ("GET", _LIST),
        ("GET", f"{_LIST}/rows"),
        ("GET", f"{_LIST}/figures"),
        ("GET", f"{_LIST}/group"),
        ("GET", f"{_LIST}/filter"),
        ("POST", f"{_LIST}/views"),
    })  # fmt: skip

    def samples(self, company: Company, who: str) -> Iterator[Sample]:
        reader, judge = company.reader(who), company.judge
        yield from shown(company, who, reader.get("/"))
        for object_, fields in OBJECTS.items():
            seen = {row.name for row in judge.seen(who, object_)}
            for name in ("", "secret", "note", "-margin"):
                columns = "".join(f"&col={each}" for each in fields)
                yield from self._listed(company, who, object_, f"?sort={name}{columns}", seen)
            yield from self._listed(company, who, object_, "/rows?shown=0", seen)
            for word in sought(company, object_)[:3]:
                found = {name for name in seen if finds(company, who, company.world.rows[name], word)}
                yield from self._listed(company, who, object_, f"?{urlencode({'q': word})}", found)
            for name in fields:
                yield from shown(company, who, reader.get(f"/o/{object_}?group={name}"))
            yield from shown(company, who, reader.get(f"/o/{object_}/group?group=secret&at=alder"))
            yield from self._figures(company, who, object_, len(seen))
            yield from self._view(company, who, object_)

    def _listed(
        self, company: Company, who: str, object_: str, query: str, wanted: set[str]
    ) -> Iterator[Sample]:
        answer = company.reader(who).get(f"/o/{object_}{query}")
        yield from shown(company, who, answer, own=query)
        if not company.judge.opens(who, "read", object_):
            yield self.sample(who, f"{object_}*", answer.status_code, 404, answer)
            return
        found = set(_ROW.findall(answer.text))
        for row in company.world.rows_of(object_):
            yield self.sample(who, row.name, row.id in found, row.name in wanted, answer)

    def _figures(self, company: Company, who: str, object_: str, number: int) -> Iterator[Sample]:
        answer = company.reader(who).get(f"/o/{object_}/figures")
        told = re.search(r"(\d+) record", answer.text)
        if company.judge.opens(who, "read", object_):
            yield self.sample(who, f"{object_}*", int(told[1]) if told else 0, number, answer, field="count")
        else:
            yield self.sample(who, f"{object_}*", answer.status_code, 404, answer, field="count")

    def _view(self, company: Company, who: str, object_: str) -> Iterator[Sample]:
        """A view over whatever field: what may not be seen filters nothing, and does not show."""
        reader = company.reader(who)
        field = next(name for name in ("secret", "note", "name") if name in OBJECTS[object_])
        query = f"?f={field}:contains:alder&col={field}"
        kept = company.post(who, f"/o/{object_}/views", {"do": "add", "name": "Mine", "query": query})
        page = reader.get(f"/o/{object_}{query}")
        form = reader.get(f"/o/{object_}/filter?field={field}", headers=FRAGMENT)
        for answer in (kept, page, form):
            yield from shown(company, who, answer, own=query)
        if company.judge.opens(who, "read", object_):
            yield from self._filtered(company, who, object_, field, page)

    def _filtered(
        self, company: Company, who: str, object_: str, field: str, page: httpx.Response
    ) -> Iterator[Sample]:
        judge, found = company.judge, set(_ROW.findall(page.text))
        seen = judge.sees(who, object_, field)
        for row in company.world.rows_of(object_):
            wanted = judge.may(who, "read", row) and (not seen or "alder" in str(row.values[field]))
            yield self.sample(who, row.name, row.id in found, wanted, page, field="?")


class WebRecord(ApiDoor):
    """The page of a record with the lists of what leads to it, its fields one by one, and its forms."""

    name = "record page"
    routes = frozenset({
        ("GET", _RECORD),
        ("GET", f"{_RECORD}/edit"),
        ("GET", f"{_RECORD}/clone"),
        ("GET", f"{_RECORD}/cell/{{field}}"),
        ("GET", f"{_RECORD}/field/{{field}}"),
        ("POST", f"{_RECORD}/preview"),
        ("GET", f"{_LIST}/new"),
        ("POST", f"{_LIST}/new/preview"),
        ("POST", f"{_LIST}/new/duplicates"),
        ("GET", "/recent"),
    })  # fmt: skip

    def samples(self, company: Company, who: str) -> Iterator[Sample]:
        reader, judge = company.reader(who), company.judge
        for object_ in OBJECTS:
            made = reader.get(f"/o/{object_}/new")
            yield from shown(company, who, made)
            may = judge.opens(who, "read", object_) and judge.opens(who, "create", object_)
            yield self.sample(who, f"{object_}*", made.status_code == 200, may, made, action="create")
            alike = company.post(who, f"/o/{object_}/new/duplicates", {"name": "typed"})
            yield from shown(company, who, alike)
        for row in company.some(who, list(company.world.rows.values())):
            yield from self._page(company, who, row)
            yield from self._forms(company, who, row)
        yield from shown(company, who, reader.get("/recent"))

    def _page(self, company: Company, who: str, row: Row) -> Iterator[Sample]:
        judge, reader = company.judge, company.reader(who)
        tabs = [f"{object_}_{link}" for object_, link, to in links() if to == row.object]
        for tab in ("", *tabs, "history"):
            answer = reader.get(f"/o/{row.object}/{row.id}" + (f"?tab={tab}" if tab else ""))
            may = judge.may(who, "read", row)
            yield self.sample(who, row.name, answer.status_code, 200 if may else 404, answer)
            yield from shown(company, who, answer)
            if not may:
                return
            if not tab:
                yield from self._fields(company, who, row, answer)
            elif tab != "history":
                yield from self._related(company, who, row, tab, answer)

    def _fields(self, company: Company, who: str, row: Row, answer: httpx.Response) -> Iterator[Sample]:
        for name, value in row.values.items():
            if isinstance(value, str) and " zq" in value:
                wanted = company.judge.sees(who, row.object, name)
                yield self.sample(who, row.name, value in answer.text, wanted, answer, field=name)

    def _related(
        self, company: Company, who: str, row: Row, tab: str, answer: httpx.Response
    ) -> Iterator[Sample]:
        object_, _, link = tab.partition("_")
        judge = company.judge
        columns = [name for name in ("name", "note", "margin") if name in OBJECTS[object_]]
        if not judge.opens(who, "read", object_) or not judge.sees(who, object_, link):
            return
        if not any(judge.sees(who, object_, name) for name in columns):
            return
        found = {id_ for name, id_ in _UNIT.findall(answer.text) if name == object_}
        for each in company.world.rows_of(object_):
            wanted = each.values[link] == row.name and judge.may(who, "read", each)
            yield self.sample(who, each.name, each.id in found, wanted, answer, field=f"of {link}")

    def _forms(self, company: Company, who: str, row: Row) -> Iterator[Sample]:
        judge, reader, place = company.judge, company.reader(who), f"/o/{row.object}/{row.id}"
        may = judge.may(who, "read", row)
        edit = reader.get(f"{place}/edit")
        wanted = may and judge.opens(who, "update", row.object)
        yield self.sample(who, row.name, edit.status_code == 200, wanted, edit, field="form")
        clone = reader.get(f"{place}/clone")
        wanted = may and judge.opens(who, "create", row.object)
        yield self.sample(who, row.name, clone.status_code == 200, wanted, clone, field="clone")
        preview = company.post(who, f"{place}/preview", {"name": "typed"})
        yield self.sample(who, row.name, preview.status_code == 200, may, preview, field="preview")
        for name in OBJECTS[row.object]:
            cell = reader.get(f"{place}/cell/{name}")
            field = reader.get(f"{place}/field/{name}")
            for answer in (cell, field):
                yield from shown(company, who, answer)
                if not (may and judge.sees(who, row.object, name)):
                    yield self.sample(
                        who, row.name, answer.status_code in (403, 404), True, answer, field=name
                    )
        for answer in (edit, clone, preview):
            yield from shown(company, who, answer)


class WebChange(ApiDoor):
    """Changes from pages, made from a version that there is not; and copies of what is not there."""

    name = "change on a page"
    routes = frozenset({
        ("POST", f"{_LIST}/new"),
        ("POST", f"{_RECORD}/edit"),
        ("POST", f"{_RECORD}/cell/{{field}}"),
        ("POST", f"{_RECORD}/field/{{field}}"),
        ("POST", f"{_RECORD}/stage"),
    })  # fmt: skip

    def samples(self, company: Company, who: str) -> Iterator[Sample]:
        for object_ in OBJECTS:
            copied = {"_copy": str(UUID(int=0, version=4))}
            made = company.post(who, f"/o/{object_}/new", copied)
            yield self.sample(who, f"{object_}*", made.status_code != 303, True, made, action="create")
            yield from shown(company, who, made)
        for row in company.some(who, list(company.world.rows.values())):
            for way, values in (
                ("edit", {"name": "typed", "name:text": "typed"}),
                ("cell/name", {"name:text": "typed"}),
                ("field/name", {"name:text": "typed"}),
                ("stage", {"stage": "won"}),
            ):
                given = {**values, "_version": "999"}
                answer = company.post(who, f"/o/{row.object}/{row.id}/{way}", given)
                yield from shown(company, who, answer)
                if not company.judge.may(who, "update", row):
                    refused = answer.status_code in (403, 404)
                    yield self.sample(who, row.name, refused, True, answer, action="update", field=way)


class WebSearch(ApiDoor):
    """The palette, the search page, and the look-ups of forms."""

    name = "search"
    routes = frozenset({("GET", "/search"), ("GET", "/search/results"), ("GET", "/lookup/{object}/{field}")})

    def samples(self, company: Company, who: str) -> Iterator[Sample]:
        for object_ in OBJECTS:
            for word in sought(company, object_)[1:5]:
                for page in ("/search/results", "/search"):
                    yield from self._found(company, who, page, word)
        for object_, link, to in links():
            for word in ("", *sought(company, to)[1:4]):
                yield from self._offered(company, who, object_, link, to, word)

    def _found(self, company: Company, who: str, page: str, word: str) -> Iterator[Sample]:
        answer = company.reader(who).get(f"{page}?{urlencode({'q': word})}")
        yield from shown(company, who, answer, own=word)
        found = {id_ for _, id_ in _UNIT.findall(answer.text)}
        for row in company.world.rows.values():
            titled = company.judge.sees(who, row.object, "name")
            wanted = titled and company.judge.may(who, "read", row) and finds(company, who, row, word)
            yield self.sample(who, row.name, row.id in found, wanted, answer, field="find")

    def _offered(
        self, company: Company, who: str, object_: str, link: str, to: str, word: str
    ) -> Iterator[Sample]:
        judge = company.judge
        answer = company.reader(who).get(f"/lookup/{object_}/{link}?{urlencode({'q': word})}")
        yield from shown(company, who, answer, own=word)
        if not judge.sees(who, object_, link) or not judge.opens(who, "read", to):
            nothing = answer.status_code in (403, 404) or not answer.json()["options"]
            yield self.sample(who, f"{to}*", nothing, True, answer, field="offered")
            return
        found = {option["value"] for option in answer.json()["options"]}
        for row in company.world.rows_of(to):
            wanted = judge.may(who, "read", row) and (not word or finds(company, who, row, word))
            yield self.sample(who, row.name, row.id in found, wanted, answer, field="offered")


class WebOthers(ApiDoor):
    """Pages that tell of records beside what they are about: with whom they are shared, what was changed."""

    name = "other pages"
    routes = frozenset({
        ("GET", f"{_RECORD}/sharing"),
        ("GET", f"{_RECORD}/hand-over"),
        ("GET", f"{_RECORD}/access"),
        ("GET", f"{_RECORD}/held"),
        ("GET", "/api/v1/user/{id}/hand-over"),
        ("GET", "/change-sets"),
        ("GET", "/change-sets/{id}"),
        ("GET", "/api/v1/change-sets"),
        ("GET", "/api/v1/change-sets/{id}"),
        ("GET", "/api/v1/change-sets/{id}/undo"),
        ("GET", "/api/v1/changes"),
        ("GET", "/api/v1/bin"),
        ("GET", "/api/v1/{object}/{id}/as-of"),
        ("GET", "/bin"),
        ("GET", f"{_RECORD}/as-of"),
        ("GET", "/act-as/{id}"),
    })  # fmt: skip

    def samples(self, company: Company, who: str) -> Iterator[Sample]:
        reader = company.reader(who)
        for row in company.some(who, list(company.world.rows.values())):
            yield from self._past(company, who, row)
            for page in ("sharing", "access", "held"):
                answer = reader.get(f"/o/{row.object}/{row.id}/{page}")
                yield from shown(company, who, answer)
                if not company.judge.may(who, "read", row):
                    refused = answer.status_code in (403, 404)
                    yield self.sample(who, row.name, refused, True, answer, field=page)
        for person in company.world.people:
            id_ = company.ids[person]
            for page in (f"/o/user/{id_}/hand-over", f"/act-as/{id_}"):
                yield from shown(company, who, reader.get(page))
            yield from shown(company, who, company.call(who, "GET", f"/user/{id_}/hand-over"))
        carry_on(company.tenant.database)  # which numbers what the feed tells of
        yield from shown(company, who, company.call(who, "GET", "/changes"))
        for answer in (company.call(who, "GET", "/bin"), reader.get("/bin")):
            yield from shown(company, who, answer, binned=True)
        yield from shown(company, who, reader.get("/change-sets"))
        yield from shown(company, who, company.call(who, "GET", "/change-sets"))
        for id_ in company.change_sets[-8:]:
            yield from shown(company, who, reader.get(f"/change-sets/{id_}"))
            for page in ("", "/undo"):
                yield from shown(company, who, company.call(who, "GET", f"/change-sets/{id_}{page}"))

    def _past(self, company: Company, who: str, row: Row) -> Iterator[Sample]:
        """A record as it was, one in the recycle bin too: for those who may see it, with the right."""
        judge = company.judge
        opened = judge.allows(who, "read", row) and judge.holds(who, "history")
        path = f"/{row.object}/{row.id}/as-of?at=2199-01-01"
        for answer in (company.call(who, "GET", path), company.reader(who).get(f"/o{path}")):
            yield from shown(company, who, answer, binned=row.binned)
            yield self.sample(who, row.name, answer.status_code == 200, opened, answer, field="as-of")


WEB_DOORS = (WebList(), WebRecord(), WebChange(), WebSearch(), WebOthers())
