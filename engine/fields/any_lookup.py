"""A link to a record of one of several objects: what an activity is about. The save finds out if it exists.

The value is text, `account/018f…`: the code of the object, which is the first name the object had and stays
when it is renamed, and the record's id. Both are parts as well: `related_to.object`, `related_to.id`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar, Self

from engine.codec import id_form, text_form
from engine.codes import NOT_A_RECORD, WRONG_TARGET
from engine.fields.contract import FieldType, Kind, Stored, options_schema
from engine.fields.identifier import read_id
from engine.fields.plain_text import clean
from engine.problem import Refusal
from formula.condition import EQUALITY, Operator
from formula.types import ID, TEXT, Type
from formula.types import Kind as FormulaKind
from metadata.kinds import ANY_OBJECT

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import tzinfo

    from engine.database import Dialect
    from engine.fields.contract import Codec

_HINT = "Write it like account/018f2d3a-0000-7000-8000-000000000001."
_MEMBERS = frozenset({"object", "id"})


@dataclass(frozen=True, slots=True, kw_only=True)
class AnyLookup(FieldType):
    """`codes` maps the names and former names of the objects named in `to` to their codes."""

    kind: ClassVar[str] = "any_lookup"
    widget: ClassVar[str] = "any_lookup"
    operators: ClassVar[tuple[Operator, ...]] = EQUALITY

    to: tuple[str, ...]
    codes: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), compare=False)

    @property
    def type(self) -> Type:
        return TEXT

    @property
    def targets(self) -> tuple[str, ...]:
        return self.to

    def pointing(self, codes: Mapping[str, str]) -> Self:
        return replace(self, codes=MappingProxyType(dict(codes)))

    @property
    def parts(self) -> Mapping[str, Type]:
        known = tuple(dict.fromkeys(self.codes.values()))
        return MappingProxyType({"object": Type(kind=FormulaKind.PICKLIST, options=known), "id": ID})

    @property
    def derived(self) -> Mapping[str, Codec]:
        return MappingProxyType({"object": object_of, "id": id_of})

    def columns(self, dialect: Dialect) -> tuple[Stored, ...]:
        text, form = text_form(dialect).type, id_form(dialect)
        return (
            Stored(role="value", suffix="", type=text),
            Stored(role="part", part="object", suffix="__object", type=text, derive=object_of),
            Stored(
                role="part",
                part="id",
                suffix="__id",
                type=form.type,
                encode=form.encode,
                decode=form.decode,
                derive=id_of,
                indexed=True,
            ),
        )

    def convert(self, raw: object, zone: tzinfo | None = None) -> str | None:  # noqa: ARG002  (needs none)
        """Take `account/018f…`, or an object with the members `object` and `id`."""
        text = _written(raw)
        if text is None:
            return None
        name, slash, identity = text.strip().rpartition("/")
        found = read_id(identity) if slash else None
        if found is None:
            raise Refusal(NOT_A_RECORD, "“{text}” does not name a record.", _HINT, text=text)
        return f"{self._code(name.strip())}/{found}"

    def _code(self, name: str) -> str:
        code = self.codes.get(name)
        if code is not None:
            return code
        names = tuple(self.codes)
        near = get_close_matches(name, names, n=1)
        hint = "Did you mean {near}?" if near else "It takes {objects}."
        raise Refusal(
            WRONG_TARGET,
            "This link takes no record of “{name}”.",
            hint,
            name=name,
            near="".join(near),
            objects=", ".join(names[:12]),
        )

    @property
    def json_schema(self) -> dict[str, object]:
        return {"type": ["string", "null"], "pattern": "^[a-z0-9_]+/[0-9a-f-]{36}$"}


def object_of(value: str) -> str:
    """The code of the object in a value."""
    return value.partition("/")[0]


def id_of(value: str) -> str:
    """The id of the record in a value."""
    return value.partition("/")[2]


def _written(raw: object) -> str | None:
    """Input as text; raises `Refusal`."""
    if not isinstance(raw, dict | MappingProxyType):
        return clean(raw)
    if not raw:
        return None
    if set(raw) != _MEMBERS:
        raise Refusal(NOT_A_RECORD, "A link to a record is made of object and id.", _HINT)
    name, identity = clean(raw["object"]), clean(raw["id"])
    return None if name is None and identity is None else f"{name or ''}/{identity or ''}"


def bind(options: Mapping[str, object]) -> AnyLookup:
    """Bind to `to`; the compiler then tells the codes of the objects by `pointing`."""
    to = options["to"]
    names = tuple(map(str, to)) if isinstance(to, list | tuple) else (str(to),)
    return AnyLookup(to=names, codes={} if names == (ANY_OBJECT,) else dict(zip(names, names, strict=True)))


FIELD = Kind(
    name="any_lookup",
    schema=options_schema(
        "to",
        to={
            "oneOf": [
                {"const": ANY_OBJECT},
                {"type": "array", "items": {"type": "string"}, "minItems": 1, "uniqueItems": True},
            ],
            "description": "The objects whose records it links to, or `any`.",
        },
        on_delete={"enum": ["restrict", "set_null", "cascade"], "description": "When that is deleted."},
    ),
    bind=bind,
)
