"""The doors of the REST API. What would change something names a version that there is not.

So whoever may change the record is told of a conflict, and everybody else what she is told anyway.
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

from tests.oracle.doors import Sample
from tests.oracle.judge import HIDDEN
from tests.oracle.questions import CONDITIONS, holding, paths_of
from tests.oracle.reading_doors import finds, sought
from tests.oracle.shape import OBJECTS
from tests.oracle.tokens import shown
from tests.oracle.writing_doors import DONE, MISSING, REFUSED, wanted_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

    from tests.oracle.company import Company
    from tests.oracle.world import Row

API, RECORD = "/api/v1/{object}", "/api/v1/{object}/{id}"
ACTIONS = ("create", "delete", "read", "update")
STALE = {"If-Match": '"999"'}
VERDICTS = {403: REFUSED, 404: MISSING, 409: DONE, 412: DONE}
"""What the status of an answer to a stale change says."""


class ApiDoor:
    """A door with routes of its own."""

    name = ""
    routes: frozenset[tuple[str, str]] = frozenset()

    def sample(
        self,
        who: str,
        record: str,
        found: object,
        wanted: object,
        answer: httpx.Response,
        *,
        field: str = "",
        action: str = "read",
    ) -> Sample:
        """A sample of what an answer said."""
        how = f"{answer.request.method} {answer.request.url}"
        return Sample(who=who, action=action, record=record, field=field, found=found, wanted=wanted, how=how)


class ApiList(ApiDoor):
    """Lists, with a count and a condition, searched, and of the recycle bin."""

    name = "API list"
    routes = frozenset({("GET", API)})

    def samples(self, company: Company, who: str) -> Iterator[Sample]:
        judge = company.judge
        for object_ in OBJECTS:
            paths = [path for path in paths_of(object_) if judge.sees(who, object_, path)]
            params = {"limit": "500", "count": "true", "fields": ",".join(paths)}
            seen = {row.name: row for row in judge.seen(who, object_)}
            yield from self._listed(company, who, object_, params, seen)
            for each in CONDITIONS[object_]:
                if all(name in paths for name in each.names):
                    rows = {row.name: row for row in holding(judge, who, object_, each)}
                    yield from self._listed(company, who, object_, {**params, "where": each.text}, rows)
            for word in sought(company, object_)[:3]:
                rows = {name: row for name, row in seen.items() if finds(company, who, row, word)}
                yield from self._listed(company, who, object_, {**params, "find": word}, rows)
            binned = [
                row for row in company.world.rows_of(object_) if row.binned and judge.allows(who, "read", row)
            ]
            rows = {row.name: row for row in binned}
            yield from self._listed(company, who, object_, {**params, "deleted": "true"}, rows)

    def _listed(
        self, company: Company, who: str, object_: str, params: dict[str, str], wanted: dict[str, Row]
    ) -> Iterator[Sample]:
        answer = company.call(who, "GET", f"/{object_}", params=params)
        if not company.judge.opens(who, "read", object_):
            yield self.sample(who, f"{object_}*", answer.status_code, 403, answer)
            yield from shown(company, who, answer, own=str(params))
            return
        told = answer.json()
        found = {record["id"]: record for record in told["records"]}
        yield self.sample(who, f"{object_}*", told["count"]["number"], len(wanted), answer, field="count")
        for row in company.world.rows_of(object_):
            yield self.sample(who, row.name, row.id in found, row.name in wanted, answer)
            if row.id in found and row.name in wanted:
                for path in filter(None, params["fields"].split(",")):
                    right = company.shown(row, path, company.judge.value(who, row, path))
                    yield self.sample(who, row.name, found[row.id][path], right, answer, field=path)


class ApiGet(ApiDoor):
    """One record, with the tag of its version; and its history."""

    name = "API record"
    routes = frozenset({("GET", RECORD), ("GET", f"{RECORD}/history")})

    def samples(self, company: Company, who: str) -> Iterator[Sample]:
        for row in company.some(who, list(company.world.rows.values())):
            answer = company.call(who, "GET", f"/{row.object}/{row.id}")
            yield from self._got(company, who, row, answer)
            again = company.call(who, "GET", f"/{row.object}/{row.id}", headers={"If-None-Match": '"1"'})
            known = again.status_code in (200, 304)
            yield self.sample(who, row.name, known, company.judge.may(who, "read", row), again)
            told = company.call(who, "GET", f"/{row.object}/{row.id}/history")
            may = company.judge.may(who, "read", row) and company.judge.holds(who, "history")
            yield self.sample(who, row.name, told.status_code == 200, may, told, field="history")
            yield from shown(company, who, told)

    def _got(self, company: Company, who: str, row: Row, answer: Any) -> Iterator[Sample]:
        judge = company.judge
        opened = judge.opens(who, "read", row.object)
        wanted = 200 if judge.may(who, "read", row) else 404 if opened else 403
        yield self.sample(who, row.name, answer.status_code, wanted, answer)
        if answer.status_code == wanted == 200:
            for name in OBJECTS[row.object]:
                right = company.shown(row, name, judge.value(who, row, name))
                yield self.sample(who, row.name, answer.json().get(name, HIDDEN), right, answer, field=name)
        else:
            yield self.sample(who, row.name, answer.headers.get("etag"), None, answer, field="ETag")
            yield from shown(company, who, answer)


class ApiFigures(ApiDoor):
    """Figures, and the description of objects and of the API."""

    name = "API figures"
    routes = frozenset({
        ("GET", f"{API}/aggregate"),
        ("GET", f"{API}/describe"),
        ("GET", "/api/v1"),
        ("GET", "/api/v1/openapi.json"),
        ("POST", "/api/v1/formula/check"),
    })  # fmt: skip

    def samples(self, company: Company, who: str) -> Iterator[Sample]:
        judge = company.judge
        listed = company.call(who, "GET", "")
        described = company.call(who, "GET", "/openapi.json")
        for object_, fields in OBJECTS.items():
            opened = judge.opens(who, "read", object_)
            names = {each["name"] for each in listed.json()["objects"]}
            yield self.sample(who, f"{object_}*", object_ in names, opened, listed)
            schemas = described.json().get("components", {}).get("schemas", {})
            record = schemas.get(f"{object_}.record", {}).get("properties", {})
            for name in fields:
                wanted = any(judge.opens(who, each, object_) for each in ACTIONS) and judge.sees(
                    who, object_, name
                )
                yield self.sample(who, f"{object_}*", name in record, wanted, described, field=name)
                yield from self._asked(company, who, object_, name)
            yield from self._counted(company, who, object_)

    def _asked(self, company: Company, who: str, object_: str, name: str) -> Iterator[Sample]:
        judge = company.judge
        wanted = judge.opens(who, "read", object_) and judge.sees(who, object_, name)
        figures = company.call(who, "GET", f"/{object_}/aggregate", params={"measures": f"count:{name}"})
        yield self.sample(who, f"{object_}*", figures.status_code == 200, wanted, figures, field=name)
        body = {"object": object_, "formula": f"ISBLANK({name})"}
        checked = company.call(who, "POST", "/formula/check", json=body)
        found = checked.status_code == 200 and not checked.json()["issues"]
        yield self.sample(who, f"{object_}*", found, wanted, checked, field=name)

    def _counted(self, company: Company, who: str, object_: str) -> Iterator[Sample]:
        judge = company.judge
        answer = company.call(who, "GET", f"/{object_}/aggregate")
        found = answer.json()["rows"] if answer.status_code == 200 else answer.status_code
        wanted = [[len(judge.seen(who, object_))]] if judge.opens(who, "read", object_) else 403
        yield self.sample(who, f"{object_}*", found, wanted, answer)
        described = company.call(who, "GET", f"/{object_}/describe")
        right = [each for each in ACTIONS if judge.opens(who, each, object_)]
        told = described.json()["actions"] if described.status_code == 200 else []
        yield self.sample(who, f"{object_}*", told, right, described, field="actions")


class ApiChange(ApiDoor):
    """Changes, one by one and in batches."""

    name = "API change"
    routes = frozenset({
        ("PATCH", RECORD),
        ("DELETE", RECORD),
        ("POST", f"{API}/batch"),
        ("POST", "/api/v1/$batch"),
        ("POST", f"{RECORD}/restore"),
    })  # fmt: skip

    def samples(self, company: Company, who: str) -> Iterator[Sample]:
        for row in company.some(who, list(company.world.rows.values())):
            path = f"/{row.object}/{row.id}"
            ways: tuple[tuple[str, str, dict[str, Any]], ...] = (
                ("update", "PATCH", {"json": {}}),
                ("delete", "DELETE", {}),
            )
            for action, method, body in ways:
                answer = company.call(who, method, path, headers=STALE, **body)
                yield self._told(company, who, action, row, answer, answer.status_code)
                yield from shown(company, who, answer)
            yield from self._together(company, who, row)
            if not row.binned:
                back = company.call(who, "POST", f"{path}/restore")
                opened = company.judge.opens(who, "delete", row.object)
                yield self.sample(
                    who, row.name, back.status_code, 404 if opened else 403, back, action="restore"
                )
        for object_ in OBJECTS:
            yield from self._batch(company, who, object_)

    def _together(self, company: Company, who: str, row: Row) -> Iterator[Sample]:
        change = {"action": "update", "id": row.id, "version": 999, "values": {}}
        answer = company.call(
            who, "POST", "/$batch", json={"parts": [{"object": row.object, "changes": [change]}]}
        )
        yield self._told(company, who, "update", row, answer, answer.status_code)
        yield from shown(company, who, answer)

    def _batch(self, company: Company, who: str, object_: str) -> Iterator[Sample]:
        rows = company.world.rows_of(object_)
        changes = [{"action": "delete", "id": row.id, "version": 999} for row in rows]
        answer = company.call(who, "POST", f"/{object_}/batch", json={"changes": changes})
        yield from shown(company, who, answer)
        if answer.status_code == 200:
            for row, result in zip(rows, answer.json()["results"], strict=True):
                yield self._told(company, who, "delete", row, answer, result["status"])
        else:
            opened = company.judge.opens(who, "delete", object_)
            yield self.sample(
                who, f"{object_}*", answer.status_code == 403, not opened, answer, action="delete"
            )

    def _told(self, company: Company, who: str, action: str, row: Row, answer: Any, status: int) -> Sample:
        wanted = wanted_of(company, who, action, row)
        return self.sample(who, row.name, VERDICTS.get(status, status), wanted, answer, action=action)


class ApiCreate(ApiDoor):
    """New records with an id that is taken, so that none is made."""

    name = "API create"
    routes = frozenset({("POST", API)})

    def samples(self, company: Company, who: str) -> Iterator[Sample]:
        for object_ in OBJECTS:
            row = company.world.rows_of(object_)[0]
            answer = company.call(who, "POST", f"/{object_}", json={"id": row.id})
            wanted = 409 if company.judge.opens(who, "create", object_) else 403
            yield self.sample(who, f"{object_}*", answer.status_code, wanted, answer, action="create")
            yield from shown(company, who, answer)


class ApiSearch(ApiDoor):
    """Search over all objects, and the different values of a field."""

    name = "API search"
    routes = frozenset({("GET", "/api/v1/search"), ("GET", f"{API}/distinct")})

    def samples(self, company: Company, who: str) -> Iterator[Sample]:
        judge = company.judge
        for object_ in OBJECTS:
            for word in sought(company, object_)[1:4]:
                answer = company.call(who, "GET", "/search", params={"q": word, "limit": "100"})
                yield from shown(company, who, answer, own=word)
                found = {result["id"] for result in answer.json()["results"]}
                for row in company.world.rows.values():
                    wanted = judge.may(who, "read", row) and finds(company, who, row, word)
                    yield self.sample(who, row.name, row.id in found, wanted, answer, field="find")
            yield from self._different(company, who, object_)

    def _different(self, company: Company, who: str, object_: str) -> Iterator[Sample]:
        judge = company.judge
        answer = company.call(who, "GET", f"/{object_}/distinct", params={"fields": "name"})
        yield from shown(company, who, answer)
        if judge.opens(who, "read", object_) and judge.sees(who, object_, "name"):
            found = {value for (value,) in answer.json()["rows"]}
            wanted = {judge.value(who, row, "name") for row in judge.seen(who, object_)}
            yield self.sample(who, f"{object_}*", found, wanted, answer, field="name")
        else:
            yield self.sample(
                who, f"{object_}*", answer.status_code in (403, 404, 422), True, answer, field="name"
            )


class ApiExport(ApiDoor):
    """Lists as files, for those with the right to take them away."""

    name = "export"
    routes = frozenset({("GET", f"{API}/export"), ("GET", "/o/{object}/export")})

    def samples(self, company: Company, who: str) -> Iterator[Sample]:
        judge, may = company.judge, company.judge.holds(who, "export")
        for object_, fields in OBJECTS.items():
            paths = [path for path in paths_of(object_) if judge.sees(who, object_, path)]
            columns = "&".join(f"col={name}" for name in fields)
            for answer in (
                company.call(who, "GET", f"/{object_}/export", params={"fields": ",".join(paths)}),
                company.reader(who).get(f"/o/{object_}/export?{columns}"),
            ):
                yield from shown(company, who, answer)
                wanted = may and judge.opens(who, "read", object_)
                yield self.sample(
                    who, f"{object_}*", answer.status_code == 200, wanted, answer, field="export"
                )
                if wanted and answer.status_code == 200 and judge.sees(who, object_, "name"):
                    yield from self._names(company, who, object_, answer)

    def _names(self, company: Company, who: str, object_: str, answer: httpx.Response) -> Iterator[Sample]:
        head, *lines = csv.reader(answer.text.removeprefix("\ufeff").splitlines())
        found = sorted(line[head.index("Name")] for line in lines)
        wanted = sorted(str(row.values["name"]) for row in company.judge.seen(who, object_))
        yield self.sample(who, f"{object_}*", found, wanted, answer, field="name")


class ApiExplain(ApiDoor):
    """Why she may do something herself: asked of what she sees, and of nothing else."""

    name = "API explain"
    routes = frozenset({("GET", "/api/v1/access/explain")})

    def samples(self, company: Company, who: str) -> Iterator[Sample]:
        judge = company.judge
        for row in company.some(who, list(company.world.rows.values())):
            for action in ("read", "update", "delete"):
                params = {"object": row.object, "record": row.id, "action": action}
                answer = company.call(who, "GET", "/access/explain", params=params)
                yield from shown(company, who, answer)
                if answer.status_code == 200:
                    found, wanted = answer.json()["allowed"], judge.may(who, action, row)
                    yield self.sample(who, row.name, found, wanted, answer, action=action)
                seen = judge.allows(who, "read", row)
                yield self.sample(who, row.name, answer.status_code == 200, seen, answer, field="explained")


API_DOORS = (
    *(ApiList(), ApiGet(), ApiFigures(), ApiChange(), ApiCreate(), ApiSearch()),
    *(ApiExport(), ApiExplain()),
)
