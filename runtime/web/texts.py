"""The product's own texts in each language, looked up by dotted key.

Labels of objects and fields are not here: they are metadata and come from the Catalog. A text may be a
mapping of CLDR plural categories, chosen by the value called `count`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import yaml
from babel import Locale

from runtime.language import nearest

FOLDER = Path(__file__).with_name("texts")
PLURALS = frozenset({"zero", "one", "two", "few", "many", "other"})

Text: TypeAlias = str | Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """All texts of one language; `code` is its BCP 47 tag, `name` what its speakers call it."""

    code: str
    name: str
    entries: Mapping[str, Text]
    locale: Locale

    def text(self, key: str, **values: object) -> str:
        """The text called `key` with `values` filled in.

        Raises:
            KeyError: no such text; a test walks all templates so that no reader meets this.
        """
        entry = self.entries[key]
        if not isinstance(entry, str):
            entry = entry.get(_plural(self.locale, values["count"])) or entry["other"]
        return entry.format_map(values) if values else entry


def read_texts(folder: Path = FOLDER) -> Mapping[str, Texts]:
    """Every language in `folder`, one YAML file each, keyed by language tag."""
    return {path.stem: _read(path) for path in sorted(folder.glob("*.yaml"))}


def choose_language(wanted: str, texts: Mapping[str, Texts]) -> str:
    """The language of `texts` that a reader of the BCP 47 tag `wanted` reads best, else English."""
    return nearest(wanted, texts) or "en"


def _read(path: Path) -> Texts:
    locale = Locale.parse(path.stem, sep="-")
    entries = dict(_flat(yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader), ""))
    return Texts(code=path.stem, name=str(entries["product.language"]), entries=entries, locale=locale)


def _flat(tree: Mapping[str, object], above: str) -> Iterator[tuple[str, Text]]:
    for key, value in tree.items():
        if isinstance(value, Mapping) and not PLURALS.issuperset(value):
            yield from _flat(value, f"{above}{key}.")
        elif isinstance(value, Mapping):
            yield f"{above}{key}", {str(form): str(text) for form, text in value.items()}
        else:
            yield f"{above}{key}", str(value)


def _plural(locale: Locale, count: object) -> str:
    return locale.plural_form(count) if isinstance(count, int) else "other"
