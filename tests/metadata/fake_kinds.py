"""Field types and steps as small as can be, so that the compiler is tested without the engine."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from formula.types import BOOLEAN, DATE, DATETIME, ID, MULTIPICKLIST, NUMBER, TEXT, Kind, Type
from metadata.kinds import BadOptionError, FieldSort, Kinds

SIMPLE = {
    "id": ID,
    "text": TEXT,
    "long_text": TEXT,
    "auto_number": TEXT,
    "email": TEXT,
    "integer": NUMBER,
    "number": NUMBER,
    "percent": NUMBER,
    "currency": NUMBER,
    "boolean": BOOLEAN,
    "date": DATE,
    "datetime": DATETIME,
}
LIMITS = {
    "min": {"type": "number"},
    "max": {"type": "number"},
    "scale": {"type": "integer"},
    "precision": {"type": "integer"},
}


@dataclass(frozen=True, kw_only=True)
class Sort:
    """A bound field kind."""

    kind: str
    type: Type
    stored: bool = True
    computed: bool = False
    rolls: bool = False
    many: bool = False
    element: FieldSort | None = None
    target: str | None = None
    owned: bool = False
    sealed: bool = False
    maskable: bool = False
    normal: str = ""
    plain: bool = True
    targets: tuple[str, ...] = ()
    option_codes: tuple[str, ...] = ()
    parts: Mapping[str, Type] = field(default_factory=dict)
    options: tuple[tuple[str, Any], ...] = ()

    def pointing(self, codes: Mapping[str, str]) -> FieldSort:
        return self

    def rolling(self, function: str, target: FieldSort | None) -> FieldSort:
        return replace(self, type=NUMBER if target is None else target.type)


@dataclass(frozen=True, kw_only=True)
class FakeKind:
    """A field kind; `bind` knows them all, for brevity."""

    name: str
    schema: Mapping[str, object]

    def bind(self, options: Mapping[str, Any]) -> FieldSort:
        limits = {name: options[name] for name in ("min", "max") if name in options}
        if len(limits) == 2 and limits["min"] > limits["max"]:
            raise BadOptionError("min", "the minimum is above the maximum")
        match self.name:
            case "master_detail":
                whole = options["to"]
                link = Type(kind=Kind.ID, target=whole)
                return Sort(kind="master_detail", type=link, target=whole, owned=True)
            case "lookup":
                return Sort(
                    kind="lookup", type=Type(kind=Kind.ID, target=options["to"]), target=options["to"]
                )
            case "tags":
                return Sort(kind="tags", type=MULTIPICKLIST, many=True, element=Sort(kind="text", type=TEXT))
            case "secret":
                return Sort(kind="secret", type=TEXT, sealed=True)
            case "many_to_many":
                linked = Sort(kind="lookup", type=ID, target=options["to"])
                return Sort(kind="many_to_many", type=MULTIPICKLIST, many=True, element=linked)
            case "picklist":
                codes = tuple(options["options"])
                return Sort(kind="picklist", type=Type(kind=Kind.PICKLIST, options=codes), option_codes=codes)
            case "rollup":
                return Sort(kind="rollup", type=NUMBER, computed=True, rolls=True)
            case "formula":
                kept = bool(options.get("stored"))
                return Sort(kind="formula", type=SIMPLE[options["returns"]], computed=True, stored=kept)
            case simple:
                parts = {"company": NUMBER} if simple == "currency" else {}
                own = tuple((name, value) for name, value in options.items() if name in LIMITS)
                return Sort(kind=simple, type=SIMPLE[simple], parts=parts, options=own)


@dataclass(frozen=True, kw_only=True)
class FakeStep:
    """A step kind; with `object` it writes there, with only `set` where the flow began."""

    name: str
    schema: Mapping[str, object]

    def object(self, config: Mapping[str, object], start: str) -> str | None:
        if "set" not in config:
            return None
        return str(config.get("object", start))


def _kind(name: str, *required: str, **properties: object) -> FakeKind:
    return FakeKind(name=name, schema={"properties": properties, "required": list(required)})


def _step(name: str, *required: str, **properties: object) -> FakeStep:
    return FakeStep(name=name, schema={"properties": properties, "required": list(required)})


TEXTUAL = {"type": "string"}
FIELDS = (
    *(_kind(name, **LIMITS) for name in SIMPLE if name != "auto_number"),
    _kind("auto_number", "pattern", pattern=TEXTUAL),
    _kind("master_detail", "to", to=TEXTUAL),
    _kind("lookup", "to", to=TEXTUAL, on_delete={"enum": ["restrict", "set_null", "cascade"]}),
    _kind("tags"),
    _kind("secret"),
    _kind("many_to_many", "to", to=TEXTUAL, on_delete={"enum": ["restrict", "set_null"]}),
    _kind("picklist", "options", options={"type": "object"}, attributes={"type": "object"}),
    _kind(
        "formula",
        "returns",
        "formula",
        returns={"enum": sorted(SIMPLE)},
        formula=TEXTUAL,
        stored={"type": "boolean"},
        blanks={"enum": ["as_blank", "as_zero"]},
    ),
)
ROLLUP = _kind(
    "rollup",
    "from",
    "function",
    **dict.fromkeys(("from", "function", "field", "where", "order"), TEXTUAL),
)
STEPS = (
    _step("create", "object", "set", object=TEXTUAL, set={"type": "object"}),
    _step("update", "set", set={"type": "object"}),
    _step("notify", "to", "message", to=TEXTUAL, message=TEXTUAL),
)
KINDS = Kinds(
    fields={kind.name: kind for kind in (*FIELDS, ROLLUP)}, steps={step.name: step for step in STEPS}
)
