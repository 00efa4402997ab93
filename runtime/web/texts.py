"""The product's own texts in each language, looked up by dotted key.

Labels of objects and fields are not here: they are metadata and come from the Catalog. A text may be a
mapping of CLDR plural categories, chosen by the value called `count`. What the engine says (refusals, hints)
is looked up by its English words in `sentences.yaml`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import yaml
from babel import Locale

from engine.sentence import Sentence
from runtime.language import nearest

FOLDER = Path(__file__).with_name("texts")
SENTENCES = Path(__file__).with_name("sentences.yaml")
PLURALS = frozenset({"zero", "one", "two", "few", "many", "other"})

Text: TypeAlias = str | Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """All texts of one language; `code` is its BCP 47 tag, `name` what its speakers call it.

    `sentences` are the engine's own, by their English words; English has none.
    """

    code: str
    name: str
    entries: Mapping[str, Text]
    locale: Locale
    sentences: Mapping[str, str] = field(default_factory=dict)

    def text(self, key: str, **values: object) -> str:
        """The text called `key` with `values` filled in.

        Raises:
            KeyError: no such text; a test walks all templates so that no reader meets this.
        """
        entry = self.entries[key]
        if not isinstance(entry, str):
            entry = entry.get(_plural(self.locale, values["count"])) or entry["other"]
        return entry.format_map(values) if values else entry

    def said(self, sentence: str) -> str:
        """What the engine said, in this language; as it is when nobody has put it into this language."""
        values = sentence.values if isinstance(sentence, Sentence) else {}
        template = self.sentences.get(sentence.template if isinstance(sentence, Sentence) else sentence)
        if template is None:
            return sentence
        spoken = {
            name: self.said(value) if isinstance(value, Sentence) else value for name, value in values.items()
        }
        return template.format_map(spoken) if spoken else template


def read_texts(folder: Path = FOLDER, sentences: Path = SENTENCES) -> Mapping[str, Texts]:
    """Every language in `folder`, one YAML file each, keyed by language tag."""
    said = _load(sentences)
    return {
        path.stem: _read(
            path, {english: texts[path.stem] for english, texts in said.items() if path.stem in texts}
        )
        for path in sorted(folder.glob("*.yaml"))
    }


def choose_language(wanted: str, texts: Mapping[str, Texts]) -> str:
    """The language of `texts` that a reader of the BCP 47 tag `wanted` reads best, else English."""
    return nearest(wanted, texts) or "en"


def _read(path: Path, sentences: Mapping[str, str]) -> Texts:
    locale = Locale.parse(path.stem, sep="-")
    entries = dict(_flat(_load(path), ""))
    name = str(entries["product.language"])
    return Texts(code=path.stem, name=name, entries=entries, locale=locale, sentences=sentences)


def _load(path: Path) -> Any:
    return yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)


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
