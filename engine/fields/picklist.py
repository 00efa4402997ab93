"""One of the options which the document declares. The option's code is kept; labels belong to languages."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, ClassVar, cast

from engine.codec import text_form
from engine.codes import UNKNOWN_OPTION
from engine.fields.contract import FieldType, Kind, Stored, options_schema
from engine.fields.plain_text import clean
from engine.problem import Refusal
from formula.condition import EQUALITY, Operator
from formula.types import Kind as FormulaKind
from formula.types import Type

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import tzinfo

    from engine.database import Dialect


@dataclass(frozen=True, slots=True, kw_only=True)
class Picklist(FieldType):
    """The code of one option."""

    kind: ClassVar[str] = "picklist"
    widget: ClassVar[str] = "select"
    operators: ClassVar[tuple[Operator, ...]] = EQUALITY

    codes: tuple[str, ...] = ()

    @property
    def type(self) -> Type:
        return Type(kind=FormulaKind.PICKLIST, options=self.codes)

    @property
    def option_codes(self) -> tuple[str, ...]:
        return self.codes

    def columns(self, dialect: Dialect) -> tuple[Stored, ...]:
        return (Stored(role="value", suffix="", type=text_form(dialect).type),)

    def convert(self, raw: object, zone: tzinfo | None = None) -> str | None:  # noqa: ARG002  (needs none)
        text = clean(raw)
        if text is None or text in self.codes:
            return text
        near = get_close_matches(text.strip().lower(), self.codes, n=1)
        hint = "Did you mean {near}?" if near else "Its options are {options}."
        raise Refusal(
            UNKNOWN_OPTION, "There is no option “{text}”.", hint, text=text, near="".join(near),
            options=", ".join(self.codes[:12]),
        )  # fmt: skip

    @property
    def json_schema(self) -> dict[str, object]:
        return {"enum": [*self.codes, None]}


def bind(options: Mapping[str, object]) -> Picklist:
    """Bind to `options`: code → its properties, which are the metadata's business."""
    return Picklist(codes=tuple(cast("Mapping[str, object]", options["options"])))


FIELD = Kind(
    name="picklist",
    schema=options_schema("options", options={"type": "object"}, attributes={"type": "object"}),
    bind=bind,
)
