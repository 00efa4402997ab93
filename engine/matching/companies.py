"""The one spelling of a company's name: without its legal form, the place at its head in its short form.

北京市恒锐精密机械有限公司 and 恒锐精密机械（北京）股份公司 are both 北京恒锐精密机械; Acme Co., Ltd. and ACME
Limited are both acme. A place is never dropped: what bears it in another city is another company. Pure.
"""

from __future__ import annotations

import re

from engine.matching.folding import EAST, fold, settled, words
from engine.matching.regions import short_place, starting_place

_BRACKETED = re.compile(r"[(\[【〔]([^()\[\]【】〔〕]*)[)\]】〕]")
_INITIALS = re.compile(r"\b(?:\w[./]){1,}\w?\b[./]?")
_FORMS = frozenset(
    """
    co company corp corporation inc incorporated ltd limited llc llp lp plc group holding holdings
    gmbh ggmbh mbh ag kg kgaa ohg ug se ev sa sas sarl sasu srl spa sl slu lda ltda bv nv vof cv ab oy oyj as
    asa aps pty pte sdn bhd kk gk jsc ooo oao zao pjsc doo kft zrt sro
    """.split()  # noqa: SIM905  (a list of forty words)
)
_JOINING = frozenset({"and", "und", "et", "y", "e"})
_FIRST_WORDS = frozenset({"the"})
_EASTERN_FORMS = (
    "股份有限公司", "有限责任公司", "股份公司", "责任公司", "有限公司", "总公司", "集团公司", "株式会社",
    "有限会社",
    "合同会社", "주식회사", "유한회사", "集团", "股份", "公司", "株",
)  # fmt: skip
_EASTERN_HEADS = ("株式会社", "有限会社", "合同会社", "주식회사")
_BRANCH = ("分公司", "支公司", "子公司")


def company_form(text: str) -> str:
    """Return the form in which companies' names are compared; the folded text where only a form is left."""
    return settled(_form, fold(text).replace("&", " and "))


def _form(folded: str) -> str:
    place, bare = _place(folded)
    found = words(_INITIALS.sub(_joined, bare).replace(".", ""))
    kept = _without_form(found)
    while len(kept) > 1 and kept[-1] in _EASTERN_FORMS:
        kept.pop()
    kept[-1:] = [_eastern(word) for word in kept[-1:]]
    if not EAST.search("".join(kept)):
        return " ".join([*kept, *words(place)]) or " ".join(folded.split())
    name = _eastern("".join(kept))
    head, rest = starting_place(name)
    return f"{place or head}{rest or name}" if rest or place else name


def _place(folded: str) -> tuple[str, str]:
    """What stands in brackets if it is a place, short, and the name without any brackets."""
    inside = [found.strip() for found in _BRACKETED.findall(folded)]
    outside = _BRACKETED.sub(" ", folded)
    if not words(outside):
        return "", folded
    if not EAST.search(outside):
        return " ".join(inside), outside
    places = [short_place(each) for each in inside]
    kept = "".join(each for each, place in zip(inside, places, strict=True) if not place)
    return "".join(filter(None, places)), f"{outside.rstrip()}{kept}" if _tells(kept) else outside


def _tells(text: str) -> bool:
    """Whether what stood in brackets belongs to the name, as neither a legal form nor a country does."""
    return bool(text) and text not in {"中国", "集团", "控股", "株"}


def _without_form(found: list[str]) -> list[str]:
    kept = found[1:] if len(found) > 1 and found[0] in _FIRST_WORDS else list(found)
    while len(kept) > 1 and (kept[-1] in _FORMS or kept[-1] in _JOINING):
        kept.pop()
    return kept


def _eastern(name: str) -> str:
    for head in _EASTERN_HEADS:
        if name.startswith(head) and len(name) > len(head):
            name = name.removeprefix(head)
    while not name.endswith(_BRANCH):
        form = next((each for each in _EASTERN_FORMS if name.endswith(each) and name != each), None)
        if form is None:
            return name
        name = name.removesuffix(form)
    return name


def _joined(match: re.Match[str]) -> str:
    return match.group().replace(".", "").replace("/", "")
