"""A sentence of the program to a person, which remembers the words and the values that it was made of.

It reads as English, like any text. Whoever shows it in another language looks up the words (`template`) and
puts the same values in: a page's reader does (`runtime/web/texts.py`), the API and the log do not.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class Sentence(str):
    """The English text; `template` is the same with `{holes}` where the `values` stand."""

    __slots__ = ("template", "values")

    template: str
    values: Mapping[str, object]


def said(template: str, /, **values: object) -> Sentence:
    """The sentence of a template with its holes filled; a value may itself be a Sentence.

    Raises KeyError: a hole has no value.
    """
    sentence = Sentence(template.format_map(values) if values else template)
    sentence.template, sentence.values = template, MappingProxyType(values)
    return sentence
