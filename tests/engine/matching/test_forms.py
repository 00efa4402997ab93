"""The forms in which values are compared: what is alike has one, what is not has another."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from engine.fields import at_home, field_kinds
from engine.fields.address import Address
from engine.fields.person_name import PersonName
from engine.matching.forms import NORMALISERS, compared, normaliser
from engine.matching.mails import mail_form
from engine.matching.phones import phone_form
from engine.matching.regions import Region, region_of

CASES: dict[str, list[dict[str, Any]]] = yaml.safe_load(
    Path(__file__).with_name("forms.yaml").read_text("utf-8")
)

PIECES = (
    "北京市", "内蒙古", "广东省", "深圳市", "南山区", "沛县", "自治州", "朝鲜族", "恒锐", "市中区",
    "有限公司", "股份", "集团", "分公司", "（", "）", "(", ")", "Co.", ", ", "Ltd", "GmbH", "&", " ", "·",
    "王", "偉", "先生", "Dr.", "O'", "ß", "İ", "ﬁ", "Ａ", "é", "株式会社", "市", "区", "县", "the ", "S.A.",
)  # fmt: skip
TEXTS = st.one_of(
    st.text(min_size=1, max_size=30), st.lists(st.sampled_from(PIECES), min_size=1).map("".join)
).filter(lambda text: text.strip() != "")


def maker(kind: str) -> Callable[[str], str]:
    """What makes the forms of a part of the table, for a company in China."""
    match kind:
        case "phone":
            return lambda text: phone_form("CN", text)
        case "mail":
            return mail_form
        case _:
            return normaliser(kind)  # type: ignore[arg-type]


def rows(what: str) -> Iterator[Any]:
    for kind, cases in CASES.items():
        for case in cases:
            for text in case.get(what, ()):
                yield pytest.param(kind, text, case["form"], id=f"{kind}-{ascii(text)[:40]}")


def test_the_table_has_cases_of_every_normaliser() -> None:
    assert set(CASES) == {"phone", "mail", *NORMALISERS}


@pytest.mark.parametrize(("kind", "text", "form"), [*rows("variants")])
def test_what_people_write_for_one_thing_has_one_form(kind: str, text: str, form: str) -> None:
    assert maker(kind)(text) == form


@pytest.mark.parametrize(("kind", "text", "form"), [*rows("different")])
def test_what_is_something_else_has_another_form(kind: str, text: str, form: str) -> None:
    assert maker(kind)(text) != form


@pytest.mark.parametrize("kind", [*CASES])
@given(text=TEXTS)
def test_the_form_of_a_form_is_itself_and_of_a_text_never_blank(kind: str, text: str) -> None:
    make = maker(kind)
    form = make(text)
    assert make(form) == form
    assert form or kind == "phone"


@given(
    digits=st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True),
    marks=st.lists(st.sampled_from(" -."), min_size=3, max_size=3),
)
def test_a_number_of_a_chinese_mobile_has_one_form_however_it_is_grouped(
    digits: str, marks: list[str]
) -> None:
    grouped = f"{digits[:3]}{marks[0]}{digits[3:7]}{marks[1]}{digits[7:]}"
    assert {
        phone_form("CN", text) for text in (digits, grouped, f"+86{marks[2]}{grouped}", f"0086{digits}")
    } == {f"+86{digits}"}


def test_a_number_without_a_country_keeps_its_digits_where_none_is_known() -> None:
    assert phone_form(None, "138 1234 5678") == "13812345678"
    assert phone_form(None, "+86 138 1234 5678") == "+8613812345678"


def test_a_field_says_where_its_numbers_are_dialled_before_the_company_does() -> None:
    phone = at_home(field_kinds(), "CN")["phone"]
    here, there = phone.bind({}), phone.bind({"region": "US"})
    assert [*compared(here, "415 555 0100")] == ["+864155550100"]
    assert [*compared(there, "415 555 0100")] == ["+14155550100"]


def test_each_value_of_a_list_has_its_form() -> None:
    several = at_home(field_kinds(), "CN")["phone"].bind({"many": True})
    assert [*compared(several, ("13812345678", "110"))] == ["+8613812345678", "110"]


def test_a_name_in_parts_is_compared_without_its_salutation_in_the_order_of_its_script() -> None:
    sort = PersonName()
    western = sort.convert({"salutation": "Dr.", "family": "Wang", "given": "Wei", "suffix": "PhD"})
    eastern = sort.convert({"salutation": "先生", "family": "王", "given": "偉"})
    assert [*compared(sort, western), *compared(sort, eastern)] == ["wang wei", "王伟"]


@pytest.mark.parametrize(
    ("given", "form"),
    [
        (
            {"province": "广东省", "city": "深圳市", "district": "南山区", "street": "科技路1号"},
            "广东深圳南山",
        ),
        ({"province": "北京市", "city": "北京市", "district": "朝阳区"}, "北京朝阳"),
        ("广东省深圳市南山区科技路1号", "广东深圳南山"),
        ("1 Main Street", None),
        ({"city": "São Paulo", "country": "BR"}, "sao paulo"),
    ],
)
def test_the_region_of_an_address_is_a_part_of_it(given: object, form: str | None) -> None:
    sort = Address()
    assert sort.derived["region"](sort.convert(given)) == form


def test_a_chinese_address_parts_into_province_city_district_and_the_rest() -> None:
    assert region_of("浙江省杭州市西湖区文三路 100 号") == Region(
        province="浙江", city="杭州", district="西湖", rest="文三路100号"
    )
