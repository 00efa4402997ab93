"""The floor: the least a web application can do with the same tables – Starlette, the driver, nothing else.

It signs nobody in, checks, converts, audits and publishes nothing. What it has in common with the product is
the database (schema, indexes, rows, durability), the row predicate (`owner = me`, not deleted) and answers
which are compared before anything is measured. `sides` starts it.
"""

from __future__ import annotations

import argparse
import secrets
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import msgspec
import uvicorn
from anyio import to_thread
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from benchmarks.store import Postgres, Sqlite, Store

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

    from starlette.requests import Request

    from benchmarks.store import Decoders

Values = dict[str, Any]
_ENCODE = msgspec.json.Encoder(decimal_format="number").encode
_DECODE = msgspec.json.Decoder(dict[str, Any]).decode

_PAGE = """SELECT o.id, o.version, o.name, a.name, o.stage, o.amount, o.close_date
FROM opportunity o LEFT JOIN account a ON a.id = o.account AND a.deleted_at IS NULL AND a.owner = :me
WHERE o.owner = :me AND o.deleted_at IS NULL"""
_PAGE_NAMES = ("id", "version", "name", "account.name", "stage", "amount", "close_date")
_PAGE_FORMS = ("id", "", "", "", "", "money", "date")

_LIST = f"{_PAGE} AND o.stage = :stage ORDER BY o.close_date DESC, o.id LIMIT 50"
_AFTER = f"""{_PAGE} AND o.stage = :stage AND (o.close_date < :close_date
OR (o.close_date = :close_date AND o.id > :id)) ORDER BY o.close_date DESC, o.id LIMIT 50"""
_RARE = f"{_PAGE} AND o.source = :source ORDER BY o.id LIMIT 50"
_FIND = f"{_PAGE} AND o.name__sort LIKE :word ORDER BY o.id LIMIT 50"
_READ = """SELECT o.id, o.version, o.owner, u.name, o.created_at, o.modified_at, o.name, o.account, a.name,
o.stage, o.amount, o.close_date, o.forecast, o.source, o.next_step, o.description
FROM opportunity o LEFT JOIN "user" u ON u.id = o.owner AND u.deleted_at IS NULL
LEFT JOIN account a ON a.id = o.account AND a.deleted_at IS NULL AND a.owner = :me
WHERE o.id = :id AND o.owner = :me AND o.deleted_at IS NULL"""
_READ_NAMES = (
    "id", "version", "owner", "owner.title", "created_at", "modified_at", "name", "account", "account.title",
    "stage", "amount", "close_date", "forecast", "source", "next_step", "description",
)  # fmt: skip
_READ_FORMS = ("id", "", "id", "", "instant", "instant", "", "id", "", "", "money", "date", "", "", "", "")
_TOTALS = """SELECT o.stage, count(*), sum(o.amount) FROM opportunity o
WHERE o.owner = :me AND o.deleted_at IS NULL GROUP BY o.stage"""
_UPDATE = """UPDATE opportunity SET next_step = :next_step, next_step__sort = :next_step__sort,
version = version + 1, modified_at = :now, modified_by = :me
WHERE id = :id AND owner = :me AND deleted_at IS NULL RETURNING version"""
_COLUMNS = (
    "id", "owner", "department", "created_at", "created_by", "modified_at", "modified_by", "version", "name",
    "name__sort", "account", "stage", "amount", "amount__company", "close_date", "forecast", "source",
    "next_step", "next_step__sort",
)  # fmt: skip
_INSERT = "INSERT INTO opportunity ({}) VALUES ({})".format(
    ", ".join(_COLUMNS), ", ".join(f":{name}" for name in _COLUMNS)
)


class Floor:
    """The handlers; each runs one statement and turns its rows into JSON."""

    def __init__(self, store: Store, actor: str, department: str | None) -> None:
        self._store = store
        self._me = store.id(actor)
        self._department = None if department is None else store.id(department)
        self._read_decoders = store.decoders(_READ_FORMS)
        self._page_decoders = store.decoders(_PAGE_FORMS)

    def read(self, request: Request, _: bytes) -> object:
        """GET /opportunity/{id}"""
        rows = self._store.rows(_READ, {"id": self._store.id(request.path_params["id"]), "me": self._me})
        return _record(_READ_NAMES, self._read_decoders, rows[0])

    def page(self, request: Request, _: bytes) -> object:
        """GET /opportunity?stage=…, ?stage=…&close_date=…&id=… (a deep page), ?source=… or ?find=…"""
        given = request.query_params
        if word := given.get("find"):
            return self._page(_FIND, word=f"%{word}%")
        if source := given.get("source"):
            return self._page(_RARE, source=source)
        if after := given.get("id"):
            date = self._store.date(given["close_date"])
            return self._page(_AFTER, stage=given["stage"], close_date=date, id=self._store.id(after))
        return self._page(_LIST, stage=given["stage"])

    def totals(self, _request: Request, _: bytes) -> object:
        """GET /opportunity/aggregate"""
        rows = self._store.rows(_TOTALS, {"me": self._me})
        return {"rows": [(stage, count, self._store.amount(total)) for stage, count, total in rows]}

    def create(self, _request: Request, body: bytes) -> object:
        """POST /opportunity with one object of values."""
        values = _DECODE(body)
        row = self._row(values)
        self._store.write(_INSERT, row)
        return {"id": str(self._store.text(row["id"])), "version": 1, **values}

    def batch(self, _request: Request, body: bytes) -> object:
        """POST /opportunity/batch with the product's body."""
        changes = [change["values"] for change in _DECODE(body)["changes"]]
        rows = [self._row(values) for values in changes]
        self._store.write_many(_INSERT, rows)
        stored = zip(rows, changes, strict=True)
        return {
            "results": [{"id": self._store.text(row["id"]), "version": 1, **values} for row, values in stored]
        }

    def update(self, request: Request, body: bytes) -> object:
        """PATCH /opportunity/{id} with a next step."""
        text = _DECODE(body)["next_step"]
        params = {
            "next_step": text,
            "next_step__sort": text.lower(),
            "now": self._store.now(),
            "me": self._me,
        }
        params["id"] = self._store.id(request.path_params["id"])
        return {
            "id": request.path_params["id"],
            "version": self._store.write(_UPDATE, params),
            "next_step": text,
        }

    def _page(self, statement: str, **params: object) -> object:
        rows = self._store.rows(statement, {**params, "me": self._me})
        return {"records": [_record(_PAGE_NAMES, self._page_decoders, row) for row in rows]}

    def _row(self, values: Values) -> Values:
        now, name, next_step = self._store.now(), values["name"], values["next_step"]
        amount = self._store.money(values["amount"])
        return {
            "id": self._store.id(_new_id()), "owner": self._me, "department": self._department,
            "created_at": now, "created_by": self._me, "modified_at": now, "modified_by": self._me,
            "version": 1, "name": name, "name__sort": name.lower(),
            "account": self._store.id(values["account"]), "stage": values["stage"],
            "amount": amount, "amount__company": amount,
            "close_date": self._store.date(values["close_date"]), "forecast": "pipeline",
            "source": values["source"], "next_step": next_step, "next_step__sort": next_step.lower(),
        }  # fmt: skip


def build(floor: Floor, *, threads: bool) -> Starlette:
    """The application; `threads` runs handlers in threads, which pays where the driver waits for a server."""

    def route(
        path: str, method: str, handler: Callable[[Request, bytes], object], status: int = 200
    ) -> Route:
        async def inline(request: Request) -> Response:
            return _answer(handler(request, await request.body()), status)

        async def hop(request: Request) -> Response:
            body = await request.body()
            return _answer(await to_thread.run_sync(handler, request, body), status)

        endpoint: Callable[[Request], Awaitable[Response]] = hop if threads else inline
        return Route(path, endpoint, methods=[method])

    async def health(_: Request) -> Response:
        return Response(b"ok")

    return Starlette(
        routes=[
            Route("/health", health),
            route("/opportunity/aggregate", "GET", floor.totals),
            route("/opportunity/batch", "POST", floor.batch),
            route("/opportunity/{id}", "GET", floor.read),
            route("/opportunity/{id}", "PATCH", floor.update),
            route("/opportunity", "GET", floor.page),
            route("/opportunity", "POST", floor.create, 201),
        ],
        lifespan=_lifespan,
    )


@asynccontextmanager
async def _lifespan(_: Starlette) -> AsyncIterator[None]:
    to_thread.current_default_thread_limiter().total_tokens = 8
    yield


def _answer(content: object, status: int) -> Response:
    return Response(_ENCODE(content), status, media_type="application/json")


def _record(names: Sequence[str], decoders: Decoders, row: Sequence[Any]) -> Values:
    record = dict(zip(names, row, strict=True))
    for place, decode in decoders:
        if row[place] is not None:
            record[names[place]] = decode(row[place])
    return record


def _new_id() -> str:
    """A UUIDv7 (RFC 9562, 5.7): the time in milliseconds first, so that new rows lie together."""
    moment = time.time_ns() // 1_000_000
    value = (moment << 80) | (7 << 76) | (secrets.randbits(12) << 64) | (2 << 62) | secrets.randbits(62)
    text = f"{value:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def main() -> None:
    """Serve the floor on one database until it is stopped."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("place", help="an SQLite file, or where PostgreSQL is, as dbname=… host=…")
    parser.add_argument("--schema", default="public")
    parser.add_argument("--actor", required=True, help="id of the user who asks")
    parser.add_argument("--department")
    parser.add_argument("--port", type=int, required=True)
    given = parser.parse_args()
    remote = "dbname=" in given.place
    store: Store = Postgres(given.place, given.schema) if remote else Sqlite(given.place)
    app = build(Floor(store, given.actor, given.department), threads=remote)
    uvicorn.run(app, host="127.0.0.1", port=given.port, access_log=False, log_level="warning")


if __name__ == "__main__":
    main()
