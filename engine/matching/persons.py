"""The one spelling of a person's name: without titles, and in the order that its script allows to tell.

Chinese names are family and given name in one run, whatever stood between them; of names in letters nobody
can tell which word is the family's – Wei Wang, Wang Wei, WANG, Wei – so their words are put in order. Pure.
"""

from __future__ import annotations

import re

from engine.matching.folding import EAST, fold, settled, without_brackets, words

_TITLES = frozenset({
    "mr", "mrs", "ms", "miss", "mx", "dr", "prof", "professor", "sir", "madam", "herr", "frau", "monsieur",
    "madame", "mme", "mlle", "dipl", "ing",
})  # fmt: skip
_DEGREES = frozenset({"jr", "sr", "ii", "iii", "iv", "phd", "md", "mba", "esq", "msc", "bsc", "dds", "cpa"})
_APOSTROPHE = re.compile("['’ʼ`´]")
_HONORIFICS = ("先生", "女士", "小姐", "太太", "夫人", "博士", "教授", "老师", "同志")


def person_form(text: str) -> str:
    """Return the form in which names of people are compared; the folded text where only a title is left."""
    return settled(_form, fold(text))


def _form(folded: str) -> str:
    bare = without_brackets(folded)
    form = _eastern(bare) if EAST.search(bare) else _western(bare)
    return form or " ".join(folded.split())


def _eastern(text: str) -> str:
    name = "".join(words(text))
    for title in _HONORIFICS:
        if name.endswith(title) and len(name) > len(title):
            return name.removesuffix(title)
    return name


def _western(text: str) -> str:
    found = words(_APOSTROPHE.sub("", text))
    kept = [word for word in found if word not in _TITLES and word not in _DEGREES]
    return " ".join(sorted(kept))
