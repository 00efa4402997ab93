"""What one line of `strata formula batch` asks, read from JSON: every key checked, nothing else known yet."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NoReturn
from zoneinfo import ZoneInfo

from formula.scope import Context
from formula.suggest import did_you_mean
from formula.types import Kind
from runtime.formulas.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from formula.language import Blanks

Line = Mapping[str, Any]

RETURNS: Mapping[str, Kind | None] = MappingProxyType(
    {
        "any": None,
        "number": Kind.NUMBER,
        "text": Kind.TEXT,
        "boolean": Kind.BOOLEAN,
        "date": Kind.DATE,
        "datetime": Kind.DATETIME,
        "time": Kind.TIME,
    }
)
CONTEXTS: Mapping[str, Context] = MappingProxyType(
    {"validation": Context.RULE, **{context.name.lower(): context for context in Context}}
)
KEYS = frozenset(
    {"id", "formula", "returns", "scale", "blanks", "context", "tz", "now", "object", "objects", "rows"}
)
_MOST_PLACES = 32
_MISSING = object()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One question: a formula, where it stands, the model it may name, and rows to compute it on.

    `returns` None: any type. `objects` None: the formula is only parsed. `rows` None: it is only checked.
    """

    formula: str
    returns: Kind | None
    scale: int | None
    blanks: Blanks
    context: Context
    zone: ZoneInfo
    now: datetime | None
    object: str
    objects: Mapping[str, Any] | None
    rows: Sequence[Mapping[str, Any]] | None


def read_line(line: bytes) -> Line:
    """The JSON object of a line, numbers with all their digits. Raises Refused."""
    try:
        found = json.loads(line.decode(), parse_float=Decimal, parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise Refused(f"the line is not UTF-8: {error.reason}") from error
    except json.JSONDecodeError as error:
        raise Refused(f"the line is not JSON: {error.msg} at character {error.pos + 1}") from error
    except (ValueError, RecursionError) as error:
        raise Refused(
            "the line is not JSON that can be read: a number is too long, or it nests too deep"
        ) from error
    if not isinstance(found, dict):
        raise Refused("the line is not a JSON object", 'write {"id": …, "formula": …}')
    return found


def read_ask(line: Line) -> Ask:
    """The question of a line. Raises Refused for an unknown key, and for what has another shape."""
    for key in line.keys() - KEYS:
        raise Refused(f"there is no key {key!r}", did_you_mean(key, KEYS))
    objects = line.get("objects")
    if objects is not None and not isinstance(objects, dict):
        raise Refused('"objects" is not an object of objects by name')
    return Ask(
        formula=_formula(line),
        returns=_choice(line, "returns", RETURNS, None),
        scale=_scale(line.get("scale")),
        blanks=_choice(line, "blanks", {"as_blank": "as_blank", "as_zero": "as_zero"}, "as_blank"),
        context=_choice(line, "context", CONTEXTS, Context.FORMULA_FIELD),
        zone=_zone(line.get("tz")),
        now=_now(line.get("now")),
        object=_text(line, "object"),
        objects=objects,
        rows=_rows(line.get("rows")),
    )


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _formula(line: Line) -> str:
    text = line.get("formula", _MISSING)
    if not isinstance(text, str):
        raise Refused('"formula" is missing' if text is _MISSING else '"formula" is not a text')
    return text


def _text(line: Line, key: str) -> str:
    found = line.get(key)
    if found is None:
        return ""
    if not isinstance(found, str):
        raise Refused(f'"{key}" is not a text')
    return found


def _choice(line: Line, key: str, choices: Mapping[str, Any], default: object) -> Any:
    word = _text(line, key)
    if not word:
        return default
    if word.lower() not in choices:
        hint = did_you_mean(word, choices) or f"{key}: {', '.join(choices)}"
        raise Refused(f'"{key}" cannot be {word!r}', hint)
    return choices[word.lower()]


def _scale(found: object) -> int | None:
    if found is None:
        return None
    if isinstance(found, bool) or not isinstance(found, int) or not 0 <= found <= _MOST_PLACES:
        raise Refused(f'"scale" is not a whole number from 0 to {_MOST_PLACES}')
    return found


def _zone(found: object) -> ZoneInfo:
    if found is None:
        return ZoneInfo("UTC")
    try:
        return ZoneInfo(str(found))
    except (OSError, ValueError) as error:  # an unknown key is a KeyError by class and an OSError by cause
        raise _no_zone(found) from error
    except KeyError as error:
        raise _no_zone(found) from error


def _no_zone(found: object) -> Refused:
    return Refused(f'"tz": there is no time zone {found!r}', "write an IANA name such as Asia/Shanghai")


def _now(found: object) -> datetime | None:
    if found is None:
        return None
    try:
        read = datetime.fromisoformat(str(found))
        return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        hint = "write an instant such as 2026-01-31T12:00:00Z"
        raise Refused(f'"now": {found!r} is not an instant', hint) from error


def _rows(found: object) -> Sequence[Mapping[str, Any]] | None:
    if found is None:
        return None
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        raise Refused('"rows" is not a list of objects')
    return found
