"""Chinese places by their short names: 北京市 is 北京, 广东省深圳市南山区 is 广东深圳南山.

The provinces are those of GB/T 2260 with their usual short names; below them what a place is called is
told by the word it ends with (市, 自治州, 盟, 区, 县, 旗), so no list of some 3,000 places has to be kept
up. Places elsewhere are compared folded. Pure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from engine.matching.folding import HAN, fold, settled, words

_MUNICIPALITIES = ("北京", "天津", "上海", "重庆")
_PROVINCES = (
    "河北", "山西", "辽宁", "吉林", "黑龙江", "江苏", "浙江", "安徽", "福建", "江西", "山东", "河南", "湖北",
    "湖南", "广东", "海南", "四川", "贵州", "云南", "陕西", "甘肃", "青海", "台湾",
)  # fmt: skip
_REGIONS = {
    "内蒙古自治区": "内蒙古", "内蒙古": "内蒙古", "内蒙": "内蒙古", "广西壮族自治区": "广西", "广西": "广西",
    "西藏自治区": "西藏", "西藏": "西藏", "宁夏回族自治区": "宁夏", "宁夏": "宁夏",
    "新疆维吾尔自治区": "新疆", "新疆": "新疆", "香港特别行政区": "香港", "香港特区": "香港", "香港": "香港",
    "澳门特别行政区": "澳门", "澳门特区": "澳门", "澳门": "澳门",
}  # fmt: skip
_NAMES: tuple[tuple[str, str], ...] = tuple(
    sorted(
        (
            *((f"{name}市", name) for name in _MUNICIPALITIES),
            *((name, name) for name in _MUNICIPALITIES),
            *((f"{name}省", name) for name in _PROVINCES),
            *((name, name) for name in _PROVINCES),
            *_REGIONS.items(),
        ),
        key=lambda pair: -len(pair[0]),
    )
)
"""What a province may be written as, the longest first, with its short name."""

_COUNTRY = re.compile("^(中华人民共和国|中国)(?=.)")
_CITY = re.compile("^([^区县旗]{2,9}?)(自治州|地区|盟|市)")
_DISTRICT = re.compile("^(.{1,9}?)(自治县|自治旗|新区|特区|林区|矿区|区|县|旗|市)")
_PEOPLES = re.compile("^(.{2,4}?)(?:.{1,4}族)+$")
_SEAT = "市辖区"


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A place in China from the largest to the smallest, by short names; "" where it is not said."""

    province: str = ""
    city: str = ""
    district: str = ""
    rest: str = ""


def region_of(text: str) -> Region:
    """Part a text that begins with a place: province, city, district, and what follows them."""
    left = _COUNTRY.sub("", "".join(fold(text).split()))
    province, left = _province(left)
    city, left = _cut(_CITY, left)
    if city in _MUNICIPALITIES and not province:
        province, city = city, ""
    left = left.removeprefix(_SEAT)
    district, left = _cut(_DISTRICT, left)
    if city == province and province in _MUNICIPALITIES:
        city = ""
    return Region(province=province, city=city, district=district, rest=left)


def region_form(text: str) -> str:
    """Return the form in which places are compared."""
    return settled(_form, fold(text))


def _form(folded: str) -> str:
    if not HAN.search(folded):
        return " ".join(words(folded)) or folded
    found = region_of("".join(words(folded)))
    return f"{found.province}{found.city}{found.district}{found.rest}" or folded


def short_place(text: str) -> str:
    """The short name of a text that is a province or a city and nothing else, or ""."""
    found = region_of(text)
    if found.rest or found.district:
        return ""
    return f"{found.province}{found.city}"


def starting_place(name: str) -> tuple[str, str]:
    """The province or city that a folded name begins with, short, and the rest; "" where it begins with none.

    Only a city that is called one (苏州市) or a province is sure to be a place and no name.
    """
    province, rest = _province(name)
    city, after = _cut(_CITY, rest)
    if not after:
        city, after = "", rest
    if city == province and province in _MUNICIPALITIES:
        city = ""
    return (f"{province}{city}", after) if after else ("", name)


def _province(text: str) -> tuple[str, str]:
    for written, short in _NAMES:
        if text.startswith(written):
            return short, text.removeprefix(written)
    return "", text


def _cut(pattern: re.Pattern[str], text: str) -> tuple[str, str]:
    found = pattern.match(text)
    if found is None:
        return "", text
    stem, ending = found.group(1), found.group(2)
    peoples = _PEOPLES.match(stem) if ending.startswith("自治") else None
    return (peoples.group(1) if peoples else stem), text[found.end() :]
