"""The keys of a record under a rule: records that share one may be the same thing, others are not looked at.

A key is sixteen bytes, written as ids are: the digest of the rule, of which of its criteria, and of what must
agree. What is compared exactly in some way lies in the key itself; of a field that is compared by likeness
the keys are those of its neighbourhood, and `likeness` has the last word.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from itertools import islice, product
from typing import TYPE_CHECKING, Any, assert_never, cast
from uuid import UUID

from engine.matching.forms import compared, text_form, written
from engine.matching.likeness import WHOLE, alike, neighbourhoods, pinyin, sound

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from engine.fields.contract import FieldType
    from metadata.catalog import Field, ObjectType
    from metadata.duplicate import Compared, Criteria, DuplicateRule, Side

MOST_KEYS = 60
"""Keys of one record under one of a rule's criteria; lists of many values would have more."""

_SEPARATOR = "\x1f"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Keyed:
    """One of a rule's criteria for the records of one object; `sign` tells its keys from all others."""

    rule: DuplicateRule
    criteria: Criteria
    side: Side
    sign: str

    @property
    def fields(self) -> tuple[Field, ...]:
        """The fields that are compared."""
        return tuple(field for each in self.criteria for field in self.side.fields.get(each.name, ()))

    @property
    def fuzzy(self) -> bool:
        """Whether sharing a key is not enough."""
        return any(each.how == "fuzzy" for each in self.criteria)

    def keys(self, values: Mapping[str, Any]) -> frozenset[str]:
        """The keys of a record by its values; none where a field that must agree is blank."""
        fuzzy = [each for each in self.criteria if each.how == "fuzzy"]
        firm = [each for each in self.criteria if each.how != "fuzzy"]
        forms = [sorted(self._told(each, values)) for each in (*firm, *fuzzy[:1])]
        made = islice(product(*forms), MOST_KEYS)
        return frozenset(self._key(parts) for parts in made)

    def likeness(self, values: Mapping[str, Any], other: Keyed, others: Mapping[str, Any]) -> int | None:
        """How alike two records are that share a key, in percent; None where they are not alike enough."""
        worst = WHOLE
        for each in self.criteria:
            if each.how == "fuzzy":
                found = _alike(self._forms(each, values), other._forms(each, others))
                if found < each.at_least:
                    return None
                worst = min(worst, found)
        return worst

    def _told(self, each: Compared, values: Mapping[str, Any]) -> Iterator[str]:
        for form in self._forms(each, values):
            match each.how:
                case "exact" | "normalised":
                    yield form
                case "pinyin":
                    yield pinyin(form)
                case "phonetic":
                    yield sound(form)
                case "fuzzy":
                    yield from neighbourhoods(form)
                case _:
                    assert_never(each.how)

    def _forms(self, each: Compared, values: Mapping[str, Any]) -> list[str]:
        found: list[str] = []
        for field in self.side.fields.get(each.name, ()):
            sort, value = cast("FieldType", field.sort), values.get(field.name)
            if value is not None:
                found += _exact(sort, value) if each.how == "exact" else _folded(sort, value)
        return [form for form in dict.fromkeys(found) if form]

    def _key(self, parts: tuple[str, ...]) -> str:
        text = _SEPARATOR.join((self.sign, *parts))
        return str(UUID(bytes=hashlib.blake2b(text.encode(), digest_size=16).digest()))


def keyed(rule: DuplicateRule, target: ObjectType) -> tuple[Keyed, ...]:
    """The criteria of a rule for the records of one of its objects; none for those it does not name.

    Criteria that an object has no field for cannot hold for its records.
    """
    return tuple(
        Keyed(rule=rule, criteria=criteria, side=side, sign=_sign(rule, criteria))
        for side in rule.sides
        if side.object is target
        for criteria in rule.match
        if all(side.fields.get(each.name) for each in criteria)
    )


def _sign(rule: DuplicateRule, criteria: Criteria) -> str:
    """Another one as soon as the rule compares something else: keys of the former rule are then not found."""
    said = [rule.id, *(f"{each.name}:{each.how}" for each in criteria)]
    for side in rule.sides:
        for each in criteria:
            said += [side.object.id, *(_way(field) for field in side.fields.get(each.name, ()))]
    return hashlib.blake2b(_SEPARATOR.join(said).encode(), digest_size=12).hexdigest()


def _way(field: Field) -> str:
    sort = cast("FieldType", field.sort)
    how = getattr((sort.element or sort), "form_suffix", "")
    return f"{field.id}{how}"


def _exact(sort: FieldType, value: Any) -> list[str]:
    element = sort.element
    return [written(element, each) for each in value] if element else [written(sort, value)]


def _folded(sort: FieldType, value: Any) -> list[str]:
    if (sort.element or sort).normal:
        return list(compared(sort, value))
    return [text_form(each) for each in _exact(sort, value)]


def _alike(ours: list[str], theirs: list[str]) -> int:
    return max((alike(one, other) for one in ours for other in theirs), default=0)
