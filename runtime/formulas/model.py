"""The objects that a line declares, in this product's words for types and in Salesforce's.

Read when a name is looked up: what a formula does not mention is not looked at, so that a line may bring the
whole model of a company along.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from formula.exchange import COMPANY_CURRENCY
from formula.suggest import did_you_mean
from formula.types import (
    BOOLEAN,
    DATE,
    DATETIME,
    ID,
    LOCATION,
    MULTIPICKLIST,
    NUMBER,
    PICKLIST,
    TEXT,
    TIME,
    Kind,
    Type,
    number,
)
from runtime.formulas.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from runtime.formulas.cells import Cell

_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "text": "text string char varchar textarea text_area long_text longtext long_text_area longtextarea "
        "html rich_text rich_text_area richtext markdown email phone fax url uri color name person_name "
        "encrypted_text encryptedtext encryptedstring auto_number autonumber combobox address json base64",
        "number": "number integer int long double decimal float numeric currency money percent rating "
        "duration rollup roll_up summary roll_up_summary",
        "boolean": "boolean bool checkbox check_box",
        "date": "date dateonly date_only",
        "datetime": "datetime date_time timestamp instant",
        "time": "time timeonly time_only",
        "location": "location geolocation geo",
        "picklist": "picklist select enum",
        "multi_picklist": "multi_picklist multipicklist multi_select_picklist multiselectpicklist tags",
        "id": "id reference lookup master_detail masterdetail any_lookup hierarchy external_lookup "
        "indirect_lookup metadata_relationship",
    }
)
TYPES: Mapping[str, str] = MappingProxyType(
    {word: family for family, words in _WORDS.items() for word in words.split()}
)
"""The families of the words that a field's type may be declared with."""
_PLAIN: Mapping[str, Type] = MappingProxyType(
    {"text": TEXT, "boolean": BOOLEAN, "date": DATE, "datetime": DATETIME, "time": TIME, "location": LOCATION}
)
_MONEY = frozenset({"currency", "money"})
_CENTS = 2
_WHOLE = frozenset({"integer", "int", "long", "rating", "duration"})
_LARGEST = 18
_KNOWN_ABOUT_OPTIONS = frozenset({"value", "code", "name", "label", "color", "default", "active"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """One field: its type in formulas, what it leads to, and what its values need on the way in.

    `shift`: decimal places by which a number moves: a percentage of 25 reads as 0.25. `attributes`: by name
    their type, and their value by option code. `text`: the formula of a computed field. `convert`: what reads
    the field's values, where its type alone does not say; raises Refused, naming the place it is told.
    """

    name: str
    type: Type
    targets: tuple[str, ...] = ()
    shift: int = 0
    attributes: Mapping[str, tuple[Type, Mapping[str, Any]]] = field(default_factory=dict)
    text: str = ""
    convert: Callable[[object, str], Cell] | None = None


@dataclass(frozen=True)
class Thing:
    """One object: its fields by lower-case name, read when they are asked for."""

    name: str
    raw: Mapping[str, Any]

    @cached_property
    def names(self) -> Mapping[str, str]:
        """The names of the fields as they are written, by their lower-case spelling."""
        return {name.lower(): name for name in self.raw}

    @cached_property
    def dotted(self) -> bool:
        """Whether whole paths are declared like fields."""
        return any("." in name for name in self.raw)

    @cached_property
    def _read(self) -> dict[str, Declared]:
        return {}

    def get(self, name: str) -> Declared | None:
        """The field of exactly this name, in lower case. Raises Refused if its type is not understood."""
        written = self.names.get(name)
        if written is None:
            return None
        if name not in self._read:
            self._read[name] = _declared(name, self.raw[written], f"{self.name}.{written}")
        return self._read[name]


@dataclass(frozen=True)
class Model:
    """The objects of a line."""

    raw: Mapping[str, Any]

    @cached_property
    def names(self) -> Mapping[str, str]:
        """The names of the objects as they are written, by their lower-case spelling."""
        return {name.lower(): name for name in self.raw}

    @cached_property
    def _read(self) -> dict[str, Thing]:
        return {}

    def get(self, name: str) -> Thing | None:
        """The object of this name, with or without `__c`. Raises Refused if it has another shape."""
        for spelling in spellings(name.lower(), "__c"):
            if (written := self.names.get(spelling)) is not None:
                return self._read.setdefault(spelling, _thing(written, self.raw[written]))
        return None


def spellings(name: str, suffix: str) -> tuple[str, str]:
    """A name as it is, then with the suffix if it lacks it, without it if it has it."""
    return name, name.removesuffix(suffix) if name.endswith(suffix) else name + suffix


def _thing(name: str, raw: object) -> Thing:
    if isinstance(raw, dict) and isinstance(raw.get("fields"), dict | list) and "type" not in raw["fields"]:
        raw = raw["fields"]
    if isinstance(raw, list) and all(
        isinstance(each, dict) and isinstance(each.get("name"), str) for each in raw
    ):
        raw = {each["name"]: each for each in raw}
    if not isinstance(raw, dict):
        raise Refused(f'"objects": {name} is not an object of fields by name')
    return Thing(name, raw)


def _declared(name: str, raw: object, where: str) -> Declared:
    told: Mapping[str, Any] = {"type": raw} if isinstance(raw, str) else raw if isinstance(raw, dict) else {}
    word = told.get("type")
    if not isinstance(word, str):
        raise Refused(f'{where} has no "type"', 'write {"type": "text"}')
    word, told = _bracketed(word, told)
    spelled = re.sub(r"[\s-]+", "_", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", word.strip())).lower()
    if spelled in {"formula", "calculated"}:
        inner = next((told[key] for key in ("returns", "result", "returnType") if key in told), "text")
        return _declared(name, {**told, "type": inner}, where)
    family = TYPES.get(spelled)
    if family is None:
        raise Refused(f"{where} is of the unknown type {word!r}", did_you_mean(spelled, TYPES))
    return _of_family(family, spelled, name, told, where)


def _bracketed(word: str, told: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    """A type as people write it, `Lookup(Account)` or `Number(16, 2)`: what is in brackets as options."""
    bare, opened, inside = word.partition("(")
    items = [item.strip() for item in inside.rstrip(") ").split(",")]
    if not opened:
        return word, told
    if len(items) == 2 and items[1].isdecimal():
        return bare, {"scale": int(items[1]), **told}
    return bare, told if items[0].isdecimal() else {"to": items, **told}


def _of_family(family: str, word: str, name: str, told: Mapping[str, Any], where: str) -> Declared:
    text = told.get("formula")
    computed = text if isinstance(text, str) else ""
    match family:
        case "number":
            shift = -2 if word == "percent" else 0
            return Declared(name=name, type=_number(word, shift, told, where), shift=shift, text=computed)
        case "picklist" | "multi_picklist":
            codes, attributes = _options(told, where)
            kind = PICKLIST.kind if family == "picklist" else MULTIPICKLIST.kind
            return Declared(name=name, type=Type(kind=kind, options=codes), attributes=attributes)
        case "id":
            targets = _targets(told, where)
            target = targets[0].lower() if len(targets) == 1 else ""
            return Declared(name=name, type=Type(kind=ID.kind, target=target), targets=targets)
        case _:
            return Declared(name=name, type=_PLAIN[family], text=computed)


def _number(word: str, shift: int, told: Mapping[str, Any], where: str) -> Type:
    """Bounded if the scale is known, so that a database may calculate natively."""
    scale = told.get("scale", 0 if word in _WHOLE else _CENTS if word in _MONEY else None)
    precision = told.get("precision", _LARGEST)
    for key, found in (("scale", scale), ("precision", precision)):
        if found is not None and (
            isinstance(found, bool) or not isinstance(found, int) or not 0 <= found <= 1000
        ):
            raise Refused(f'{where}: "{key}" is no whole number')
    money = COMPANY_CURRENCY if word in _MONEY else ""
    if scale is None or precision is None or scale - shift > precision or precision > _LARGEST:
        return replace(NUMBER, money=money)
    return replace(number(precision, scale - shift), money=money)


def _targets(told: Mapping[str, Any], where: str) -> tuple[str, ...]:
    found = next((told[key] for key in ("to", "target", "object", "referenceTo") if told.get(key)), ())
    listed = [found] if isinstance(found, str) else found
    if not isinstance(listed, list | tuple) or not all(isinstance(each, str) for each in listed):
        raise Refused(f'{where}: "to" is neither the name of an object nor a list of them')
    return tuple(listed)


def _options(told: Mapping[str, Any], where: str) -> tuple[tuple[str, ...], Mapping[str, Any]]:
    found: Any = next((told[key] for key in ("options", "values") if told.get(key)), [])
    if isinstance(found, dict):
        found = [{"code": code, **(more if isinstance(more, dict) else {})} for code, more in found.items()]
    if not isinstance(found, list):
        raise Refused(f'{where}: "options" is not a list')
    described = [each if isinstance(each, dict) else {"code": each} for each in found]
    codes = [
        next((str(each[key]) for key in ("code", "value", "name", "label") if key in each), "")
        for each in described
    ]
    attributes: dict[str, tuple[Type, dict[str, Any]]] = {}
    for code, each in zip(codes, described, strict=True):
        for key in each.keys() - _KNOWN_ABOUT_OPTIONS:
            type_ = _attribute(each[key])
            if type_ is not None:
                attributes.setdefault(key.lower(), (type_, {}))[1][code] = each[key]
    return tuple(code for code in codes if code), attributes


def _attribute(value: object) -> Type | None:
    match value:
        case bool():
            return BOOLEAN
        case str():
            return TEXT
        case None | dict() | list():
            return None
        case _:
            return Type(kind=Kind.NUMBER)
