"""What a text that names no record and no option was probably meant to be: `GTXPro` → GTX Pro, 张维 → 张伟.

Pure, over different texts and all that they could mean; people confirm once for each text. Alike are texts
that fold to the same letters, differ by a slip, bear the same company's name, or sound alike in Chinese.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from engine.matching.companies import company_form
from engine.matching.folding import HAN, fold, words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

LEAST: Final = 0.75
"""Likeness from which something is proposed; `Acme` and `Acne` have 0.75."""
MOST: Final = 3
"""Proposals for one text."""
SURE: Final = 0.9
"""From here the first proposal is chosen beforehand, unless another is as good."""
_SOUND: Final = 0.95
_COMPANY: Final = 0.97


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Something that a cell can mean: `key` is stored, `shown` is read by people, `texts` are its names."""

    key: str
    shown: str
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A candidate and how alike it is, from 0 to 1."""

    candidate: Candidate
    likeness: float


def propose(texts: Iterable[str], candidates: Sequence[Candidate]) -> dict[str, tuple[Proposal, ...]]:
    """The likeliest candidates for each text, the best first; a text without any is left out."""
    forms = [(_letters, 1.0), (company_form, _COMPANY), (_sound, _SOUND)]
    made = [(form, weight, _index(form, candidates)) for form, weight in forms]
    found: dict[str, tuple[Proposal, ...]] = {}
    for text in texts:
        best: defaultdict[int, float] = defaultdict(float)
        for form, weight, index in made:
            for place, likeness in _alike(form(text), index):
                best[place] = max(best[place], likeness * weight)
        ranked = sorted(best.items(), key=lambda each: (-each[1], each[0]))[:MOST]
        if ranked:
            found[text] = tuple(
                Proposal(candidate=candidates[place], likeness=round(likeness, 2))
                for place, likeness in ranked
            )
    return found


def chosen(proposals: Sequence[Proposal]) -> Candidate | None:
    """The proposal that is taken unless people say otherwise: a sure one that stands alone."""
    if not proposals or proposals[0].likeness < SURE:
        return None
    alone = len(proposals) < 2 or proposals[1].likeness < proposals[0].likeness
    return proposals[0].candidate if alone else None


def _letters(text: str) -> str:
    return "".join(words(fold(text)))


def _sound(text: str) -> str:
    """The pinyin of Chinese text, "" of any other."""
    folded = _letters(text)
    if not HAN.search(folded):
        return ""
    from pypinyin import lazy_pinyin  # its dictionaries cost 20 MB; many never need them

    return "".join(lazy_pinyin(folded))


def _index(form: Callable[[str], str], candidates: Sequence[Candidate]) -> Mapping[str, list[int]]:
    """Form → the places of the candidates that have it."""
    index: defaultdict[str, list[int]] = defaultdict(list)
    for place, candidate in enumerate(candidates):
        for made in dict.fromkeys(filter(None, map(form, candidate.texts))):
            index[made].append(place)
    return index


def _alike(text: str, index: Mapping[str, list[int]]) -> Iterable[tuple[int, float]]:
    from rapidfuzz import process  # 20 ms that only a wizard's page costs
    from rapidfuzz.distance import OSA, JaroWinkler

    if not text:
        return
    if text in index:
        yield from ((place, 1.0) for place in index[text])
        return
    for scorer, cutoff in ((OSA.normalized_similarity, LEAST), (JaroWinkler.similarity, 0.95)):
        for form, likeness, _ in process.extract(
            text, index.keys(), scorer=scorer, score_cutoff=cutoff, limit=MOST
        ):
            yield from ((place, min(likeness, 0.99)) for place in index[form])
