"""The language of a visitor: the first wish that the company can serve."""

import pytest
from starlette.requests import Request

from runtime.language import preferred

COMPANY = ("en", "zh-CN")
THREE = ("en", "zh-CN", "zh-TW")


@pytest.mark.parametrize(
    ("header", "languages", "found"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", COMPANY, "zh-CN"),
        ("en-GB,en;q=0.9", COMPANY, "en"),
        ("zh-TW", COMPANY, "zh-CN"),
        ("de,fr;q=0.5", COMPANY, "en"),
        ("fr;q=0.4, zh;q=0.5", COMPANY, "zh-CN"),
        ("zh-CN;q=0, en", COMPANY, "en"),
        ("", COMPANY, "en"),
        (";;q=x,,zh-cn;q=bad", COMPANY, "en"),
        ("zh-TW,zh-CN", THREE, "zh-TW"),
        ("zh-HK", THREE, "zh-TW"),
        ("zh-Hant-HK", THREE, "zh-TW"),
        ("zh-Hans", THREE, "zh-CN"),
        ("zh", THREE, "zh-CN"),
    ],
)
def test_the_best_wish_wins(header: str, languages: tuple[str, ...], found: str) -> None:
    request = Request({"type": "http", "headers": [(b"accept-language", header.encode())]})
    assert preferred(request, languages) == found
