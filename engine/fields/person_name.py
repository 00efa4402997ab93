"""A person's name in parts, shown in the order that its script is used to: 王伟, Wei Wang."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from engine.fields.composite import Composite, Part, text_part
from engine.fields.contract import Kind, options_schema
from engine.matching.forms import NORMAL
from engine.matching.persons import person_form

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.fields.composite import Value

_EASTERN = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\U00020000-\U0003134f]")

# The two-character family names in use, simplified and traditional; every other one has one character.
_COMPOUND = frozenset({
    "欧阳", "歐陽", "司马", "司馬", "上官", "诸葛", "諸葛", "东方", "東方", "皇甫", "尉迟", "尉遲", "公孙",
    "公孫", "慕容", "令狐", "长孙", "長孫", "宇文", "司徒", "夏侯", "端木", "南宫", "南宮", "独孤", "獨孤",
    "轩辕", "軒轅", "钟离", "鍾離", "鲜于", "鮮于", "闾丘", "閭丘", "申屠", "太史", "呼延", "百里", "东郭",
    "東郭", "西门", "西門", "公羊", "澹台", "澹臺", "公冶", "宗政", "濮阳", "濮陽", "淳于", "单于", "單于",
    "仲孙", "仲孫", "司空", "赫连", "赫連", "万俟", "萬俟", "拓跋", "第五", "左丘", "梁丘", "羊舌",
})  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonName(Composite):
    """Salutation, family name, given names, suffix (Jr., PhD)."""

    kind: ClassVar[str] = "person_name"
    widget: ClassVar[str] = "person_name"
    pieces: ClassVar[tuple[Part, ...]] = (
        text_part("salutation", 40),
        text_part("family", 80),
        text_part("given", 80),
        text_part("suffix", 40),
    )

    @property
    def normal(self) -> str:
        return NORMAL

    def _form(self, value: Value) -> str:
        """The name without salutation and suffix, where there is more."""
        named = {part: value[part] for part in ("family", "given") if part in value}
        return person_form(self.line(named or value))

    def line(self, value: Value) -> str:
        """Family and given name without a space in East Asian scripts, otherwise given name first.

        The salutation is for letters; it stands only where nothing else does.
        """
        family, given = value.get("family", ""), value.get("given", "")
        eastern = _EASTERN.search(family + given)
        name = f"{family}{given}" if eastern else f"{given} {family}"
        return f"{name.strip()} {value.get('suffix', '')}".strip() or str(value["salutation"])

    def split(self, text: str) -> Mapping[str, object]:
        """The family name is what stands before a comma; in East Asian scripts the first word or character,
        or two of them where those are a known compound name; otherwise the last word.
        """
        words = text.replace("，", ",").replace("・", " ").replace("·", " ").split()
        name = " ".join(words)
        family, comma, given = name.partition(",")
        if comma:
            return {"family": family, "given": given}
        if not _EASTERN.search(name):
            return {"family": words[-1], "given": " ".join(words[:-1])}
        if len(words) > 1:
            return {"family": words[0], "given": " ".join(words[1:])}
        cut = 2 if name[:2] in _COMPOUND else 1
        return {"family": name[:cut], "given": name[cut:]}


def bind(_options: Mapping[str, object]) -> PersonName:
    """Bind; there are no options."""
    return PersonName()


FIELD = Kind(name="person_name", schema=options_schema(), bind=bind)
