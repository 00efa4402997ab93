"""The OpenAPI 3.1 document of a tenant, made from its Release for one caller.

It names the objects, fields and actions which the caller has, and nothing else; so two callers may get two
documents. Each operation lists every status it can answer with: what is not listed is a defect
(tests/runtime/test_contract.py asks for that).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.responses import Response

from engine.access import Action
from engine.problem import Problem
from engine.rights import EXPORT, HISTORY, PURGE
from engine.transfer.sheet import Format
from runtime.api import shapes
from runtime.api.access_shapes import questions
from runtime.api.answers import encode
from runtime.api.change_shapes import Verb, verbs
from runtime.api.job_shapes import export_verb, import_verbs, job_verbs
from runtime.api.past_shapes import past_bodies, past_shapes, past_verbs
from runtime.api.shapes import Shape, reference
from runtime.formulas.ask import CONTEXTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from engine.describe import ObjectView
    from engine.session import Session
    from runtime.exchange import Exchange

_REFUSALS: Mapping[int, str] = {
    400: "Something in the address, a header or the body cannot be read.",
    401: "Nobody is signed in, or the token has ended.",
    403: "The caller may not do this.",
    404: "There is no such record, or none that the caller may see.",
    409: "The record was changed meanwhile, or others refer to it.",
    413: "The body is too large.",
    415: "The body is not declared as JSON.",
    422: "Values are refused, all of them at once.",
    428: "The change does not say which version it saw.",
    429: "Too many requests; `Retry-After` says when to go on.",
    500: "A defect; nothing was half done.",
    503: "The database or the company is busy or closed for a moment.",
}
_ELSEWHERE: Mapping[int, str] = {
    202: "It is done as a job; `Location` says where that stands.",
    304: "Nothing has changed.",
    308: "The record was merged into another one, to which `Location` leads.",
}
WRITING = frozenset({Action.CREATE, Action.UPDATE, Action.DELETE})
_ALWAYS = (400, 401, 403, 404, 422, 429, 500, 503)
_WRITING = (409, 413, 415)


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One method of one address. `body` and `answer` name schemas of the object or shared ones, `csv` a file.

    Callers without what it `needs`, or without its `right`, are not told of it.
    """

    method: str
    path: str
    name: str
    about: str
    needs: Action | None = None
    right: str = ""
    parameters: tuple[str, ...] = ()
    body: str = ""
    status: int = 200
    answer: str = ""
    refusals: tuple[int, ...] = ()


_LISTED = ("fields", "where", "order", "limit", "after", "before", "count", "find", "deleted")
_ID = "/{id}"

OPERATIONS = (
    Operation(
        method="get", path="", name="list", about="A page of {plural}.", needs=Action.READ,
        parameters=_LISTED, answer="page",
    ),
    Operation(
        method="post", path="", name="create", about="Create {label}: one, or a list, all or none.",
        needs=Action.CREATE, parameters=("idempotency",), body="many", status=201, answer="made",
        refusals=_WRITING,
    ),
    Operation(
        method="post", path="/batch", name="batch", about="Many changes of {plural}, each with its outcome.",
        needs=Action.READ, parameters=("idempotency",), body="batch", answer="outcomes",
        refusals=(*_WRITING, 428),
    ),
    Operation(
        method="post", path="/merge", name="merge", about="Several {plural} become one.",
        needs=Action.DELETE, parameters=("idempotency",), body="merge", answer="=merged",
        refusals=(202, *_WRITING, 428),
    ),
    Operation(
        method="get", path="/aggregate", name="aggregate", about="Figures of {plural}, by group.",
        needs=Action.READ, answer="=figures",
        parameters=("group", "measures", "having", "group-order", "group-limit", "where", "find"),
    ),
    Operation(
        method="get", path="/distinct", name="distinct", about="The different values of fields of {plural}.",
        needs=Action.READ, parameters=("fields", "where", "limit", "after", "before"), answer="=values",
    ),
    Operation(
        method="get", path="/export", name="export", about="{plural} as a file, all that match.",
        needs=Action.READ, right=EXPORT, answer="csv",
        parameters=("fields", "where", "order", "find", "format", "names"),
    ),
    Operation(
        method="get", path="/describe", name="describe", about="{label}: its fields, and what may be done.",
        answer="=description",
    ),
    Operation(
        method="get", path=_ID, name="get", about="One of {plural}.", needs=Action.READ,
        parameters=("id", "fields", "if-none-match"), answer="record", refusals=(304, 308),
    ),
    Operation(
        method="patch", path=_ID, name="update", about="Change {label}.", needs=Action.UPDATE,
        parameters=("id", "if-match", "idempotency"), body="update", answer="record",
        refusals=(*_WRITING, 428),
    ),
    Operation(
        method="delete", path=_ID, name="delete", about="Put {label} into the recycle bin.",
        needs=Action.DELETE, parameters=("id", "if-match", "idempotency"), status=204,
        refusals=(409, 413, 428),
    ),
    Operation(
        method="post", path=f"{_ID}/restore", name="restore", about="Take {label} out of the recycle bin.",
        needs=Action.DELETE, parameters=("id", "idempotency"), answer="record", refusals=(409, 413),
    ),
    Operation(
        method="get", path=f"{_ID}/history", name="history", about="What happened to {label}.",
        needs=Action.READ, parameters=("id",), answer="=history", refusals=(308,),
    ),
    Operation(
        method="post", path=f"{_ID}/purge", name="purge", about="Remove {label} from the bin for good.",
        needs=Action.DELETE, right=PURGE, parameters=("id", "idempotency"), body="purge", answer="=purged",
        refusals=_WRITING,
    ),
    Operation(
        method="get", path=f"{_ID}/as-of", name="as_of", about="{label} as it was.", needs=Action.READ,
        right=HISTORY, parameters=("id", "at"), answer="=past",
    ),
    Operation(
        method="post", path=f"{_ID}/as-of", name="bring_back", about="Bring fields back as they were.",
        needs=Action.UPDATE, right=HISTORY, parameters=("id", "if-match", "idempotency"), body="bring_back",
        answer="record", refusals=(*_WRITING, 428),
    ),
)  # fmt: skip


def show_openapi(exchange: Exchange) -> Response:
    """GET /api/v1/openapi.json: this description, of the objects that the caller may use."""
    session, language = exchange.signed_in, exchange.language
    key = ("openapi", session.policy.key, language, exchange.prefix)
    body = exchange.release.statements.get(key, lambda: encode(document(session, language, exchange.prefix)))
    return Response(body, media_type="application/vnd.oai.openapi+json;version=3.1")


def document(session: Session, language: str, prefix: str) -> Shape:
    """The whole document as plain values.

    Args:
        session: whose rights decide what is in it.
        language: of labels and help texts.
        prefix: what stands before `/api/v1` in addresses.
    """
    release = session.release
    views = tuple(_views(session))
    schemas: dict[str, Shape] = {**shapes.shared(), **past_shapes()}
    paths = _general(session, views)
    for view in views:
        name = view.object.name
        schemas[f"{name}.record"] = shapes.record_of(view, language)
        schemas[f"{name}.create"] = shapes.values_of(release, view, language, new=True)
        schemas[f"{name}.update"] = shapes.values_of(release, view, language, new=False)
        for operation in OPERATIONS:
            granted = operation.needs is None or operation.needs in view.actions
            if granted and (not operation.right or session.policy.holds(operation.right)):
                address = paths.setdefault(f"/api/v1/{name}{operation.path}", {})
                assert isinstance(address, dict)
                address[operation.method] = _operation(operation, view, language)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Strata", "version": str(release.number),
                 "description": "Records of the company, as far as the caller may use them."},
        "servers": [{"url": prefix or "/"}],
        "security": [{"bearer": []}],
        "tags": [
            {"name": view.object.name, "description": view.object.plural.text(language)} for view in views
        ],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "parameters": _PARAMETERS,
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
        },
    }  # fmt: skip


def _general(session: Session, views: Sequence[ObjectView]) -> Shape:
    """The addresses that are no object's."""
    paths: Shape = {"/api/v1": {"get": _index()}}
    if writes := any(view.actions & WRITING for view in views):
        paths["/api/v1/$batch"] = {"post": _together()}
    if readable := [view.object.name for view in views if Action.READ in view.actions]:
        paths["/api/v1/search"] = {"get": _search()}
        paths["/api/v1/formula/check"] = {"post": _formula(readable)}
        for asked, question in questions(session).items():
            paths[asked] = {"get": _about_access(asked, *question)}
    leaving = (export_verb(),) if session.policy.holds(EXPORT) else ()
    transfers = (*(import_verbs() if writes else ()), *(job_verbs() if readable else ()), *leaving)
    for verb in (*verbs(session), *past_verbs(session, readable), *transfers):
        address = paths.setdefault(verb.path, {})
        assert isinstance(address, dict)
        address[verb.method] = _verb(verb)
    return paths


def _verb(verb: Verb) -> Shape:
    body = {"required": True, "content": {verb.media: {"schema": verb.body}}}
    refusals = (*_ALWAYS, *_WRITING) if verb.body else _ALWAYS
    return {
        "operationId": verb.name,
        "summary": verb.about,
        "parameters": list(verb.parameters),
        "responses": {str(verb.status): _answer("Done.", verb.answer), **_refused((*verb.also, *refusals))},
        **({"requestBody": body} if verb.body else {}),
    }


def _views(session: Session) -> Iterator[ObjectView]:
    for target in session.release.catalog.objects.values():
        if target.retired:
            continue
        try:
            yield session.describe(target.name)
        except Problem:
            continue  # closed to the caller


def _index() -> Shape:
    answers = {"200": _answer("The objects.", reference("objects")), **_refused((401, 403, 429, 500, 503))}
    return {
        "operationId": "objects",
        "summary": "The objects that the caller may read.",
        "responses": answers,
    }


def _together() -> Shape:
    schema, answer = shapes.together(), shapes.saved_together()
    return {
        "operationId": "batch",
        "summary": "Changes of several objects, all or none; later ones may refer to records made before.",
        "parameters": [{"$ref": "#/components/parameters/idempotency"}],
        "requestBody": {"required": True, "content": {"application/json": {"schema": schema}}},
        "responses": {"200": _answer("Done.", answer), **_refused((*_ALWAYS, *_WRITING, 428))},
    }


def _search() -> Shape:
    named = ("q", "objects", "search-limit")
    return {
        "operationId": "search",
        "summary": "The best records of all objects, or of some, that hold the words; the best first.",
        "parameters": [{"$ref": f"#/components/parameters/{name}"} for name in named],
        "responses": {"200": _answer("What was found.", reference("found")), **_refused(_ALWAYS)},
    }


def _about_access(address: str, summary: str, parameters: list[Shape], answer: Shape) -> Shape:
    return {
        "operationId": address.removeprefix("/api/v1/").replace("/", "."),
        "summary": summary,
        "parameters": parameters,
        "responses": {"200": _answer("What is known of it.", answer), **_refused(_ALWAYS)},
    }


def _formula(objects: Sequence[str]) -> Shape:
    schema, answer = shapes.formula_asked(objects, CONTEXTS), shapes.formula_checked()
    return {
        "operationId": "formula.check",
        "summary": "A formula being written: its type or what is wrong, what may stand at the cursor.",
        "requestBody": {"required": True, "content": {"application/json": {"schema": schema}}},
        "responses": {"200": _answer("What is known of it.", answer), **_refused((*_ALWAYS, 413, 415))},
    }


def _operation(operation: Operation, view: ObjectView, language: str) -> Shape:
    target = view.object
    told = {"label": target.label.text(language), "plural": target.plural.text(language)}
    made: Shape = {
        "operationId": f"{target.name}.{operation.name}",
        "summary": operation.about.format(**told),
        "tags": [target.name],
        "parameters": [{"$ref": f"#/components/parameters/{name}"} for name in operation.parameters],
        "responses": _responses(operation, target.name),
    }
    if operation.body:
        schema = _bodies(target.name)[operation.body]
        made["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    return made


def _bodies(name: str) -> Mapping[str, Shape]:
    create, update = reference(f"{name}.create"), reference(f"{name}.update")
    own = {"many": shapes.many(create), "update": update, "batch": shapes.batch_of(create, update)}
    return {**own, "merge": reference("merge"), **past_bodies()}


def _answers(name: str) -> Mapping[str, Shape]:
    record = reference(f"{name}.record")
    return {
        "record": record,
        "page": shapes.page_of(record),
        "made": {"anyOf": [record, shapes.stored_of(record)]},
        "outcomes": shapes.outcomes_of(record),
    }


def _responses(operation: Operation, name: str) -> Shape:
    wanted = operation.answer
    if wanted == "csv":
        text: Shape = {"schema": {"type": "string"}}
        kinds = {form.media_type.partition(";")[0]: text for form in Format}
        file: Shape = {"description": "The file.", "content": kinds}
        return {"200": file, **_refused(_ALWAYS)}
    schema = reference(wanted[1:]) if wanted.startswith("=") else _answers(name).get(wanted)
    found = {str(operation.status): _answer("Done.", schema)}
    return {**found, **_refused(tuple(sorted({*_ALWAYS, *operation.refusals})))}


def _answer(about: str, schema: Shape | None) -> Shape:
    content = {"content": {"application/json": {"schema": schema}}} if schema else {}
    return {"description": about, **content}


def _refused(statuses: tuple[int, ...]) -> Shape:
    problem = {"application/problem+json": {"schema": reference("problem")}}
    return {
        str(status): {"description": _REFUSALS[status], "content": problem}
        if status in _REFUSALS
        else {"description": _ELSEWHERE[status]}
        for status in statuses
    }


def _parameter(name: str, about: str, schema: Shape, place: str = "query") -> Shape:
    return {"name": name, "in": place, "description": about, "schema": schema, "required": place == "path"}


_TEXT: Shape = {"type": "string"}
_FLAG: Shape = {"type": "boolean"}

_PARAMETERS: Mapping[str, Shape] = {
    "id": _parameter("id", "The record's id.", shapes.ID, "path"),
    "fields": _parameter("fields", "Fields and paths, separated by commas: `name,account.name`.", _TEXT),
    "where": _parameter("where", 'A formula: `amount > 1000 && stage = "won"`.', _TEXT),
    "order": _parameter("order", "Paths separated by commas; - before one means descending.", _TEXT),
    "limit": _parameter("limit", "Records in the page.", {"type": "integer", "minimum": 1, "maximum": 500}),
    "after": _parameter("after", "The `next` of another page.", _TEXT),
    "before": _parameter("before", "The `previous` of another page.", _TEXT),
    "count": _parameter("count", "Whether to count all that match, up to 10,000.", _FLAG),
    "find": _parameter("find", "Words to be found in the searchable fields.", _TEXT),
    "format": _parameter("format", "csv, xlsx or ndjson.", {"enum": list(Format)}),
    "names": _parameter("names", "Heads and options: label, or api.", {"enum": ["label", "api"]}),
    "q": _parameter("q", "Words, Chinese characters, pinyin or initials, parts of numbers.", _TEXT),
    "objects": _parameter("objects", "Objects to search, separated by commas; all without it.", _TEXT),
    "search-limit": _parameter(
        "limit", "Records of each object.", {"type": "integer", "minimum": 1, "maximum": 100}
    ),
    "deleted": _parameter("deleted", "Records in the recycle bin instead.", _FLAG),
    "group": _parameter("group", "Paths, or a date with its unit: `stage,close_date:month`.", _TEXT),
    "measures": _parameter("measures", "`count`, or function(field): `sum(amount)`.", _TEXT),
    "having": _parameter("having", "A formula over the measures: `sum(amount) > 1000`.", _TEXT),
    "group-order": _parameter("order", "Groups and measures: `-sum(amount),stage`.", _TEXT),
    "group-limit": _parameter(
        "limit", "Groups in the answer.", {"type": "integer", "minimum": 1, "maximum": 10_000}
    ),
    "if-match": _parameter(
        "If-Match", 'The version seen, such as "3", or *.',
        {"type": "string", "pattern": r'^("[1-9][0-9]{0,17}"|\*)$'}, "header",
    ),
    "at": _parameter("at", "An instant: `2026-01-31T09:30:00Z`, or `2026-01-31`.", _TEXT),
    "if-none-match": _parameter("If-None-Match", "The version at hand.", _TEXT, "header"),
    "idempotency": _parameter(
        "Idempotency-Key", "A repeated request with this key does nothing again.",
        {"type": "string", "minLength": 1, "maxLength": 200}, "header",
    ),
}  # fmt: skip
