"""One case for each field type: what the walk of `test_walk.py` sends and what it must meet everywhere.

`NORTH` and `SOUTH` stand for the ids of two stations, those of `UPLOADS` for the ids of uploaded files.
"""

from __future__ import annotations

from base64 import b64decode
from dataclasses import dataclass, field
from typing import Any

PNG = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC"
)
"""A picture of one pixel."""
NORTH, SOUTH = "{north}", "{south}"
ALPHA: dict[str, Any] = {"id": "{alpha}", "name": "alpha.txt", "size": 5, "type": "text/plain"}
BETA: dict[str, Any] = {"id": "{beta}", "name": "北.txt", "size": 6, "type": "text/plain"}
DOT: dict[str, Any] = {"id": "{dot}", "name": "dot.png", "size": 69, "type": "image/png"}
UPLOADS = {
    "{alpha}": ("alpha.txt", b"alpha"),
    "{beta}": ("北.txt", "北京".encode()),
    "{dot}": ("dot.png", PNG),
}

_HTML = "<p>客户 <strong>wants</strong> 😀</p>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """A field of `specimen`.

    `values` are sent as JSON and answered alike, in the order in which a list sorts them, blank (None) last;
    `filters` maps a condition to the places of the values that fulfil it. `groups` are the groups of figures
    with their counts, by default one for each value; none where each record's text is a group of its own.
    `answers` are what the API tells of the values where that is not what was sent.
    `typed` is what a person types into the page, `shown` what it shows then, `kept` what the API answers.
    `wrong` are values with the code that refuses them.
    """

    values: tuple[Any, ...]
    filters: dict[str, tuple[int, ...]]
    typed: str
    shown: str
    kept: Any
    wrong: tuple[tuple[Any, str], ...]
    chinese: str
    groups: tuple[tuple[Any, int], ...] | None = None
    sorted: bool = True
    answers: tuple[Any, ...] = ()
    blanks: tuple[Any, ...] = field(default=(None, ""))

    @property
    def told(self) -> tuple[Any, ...]:
        """What the API tells of the values."""
        return self.answers or self.values


WALKS: dict[str, Walk] = {
    "text": Walk(
        values=("1", "Anna", "北京", "Zoë", "~" * 255, "😀 smile", None),
        filters={
            'text = "北京"': (2,),
            'BEGINS(text, "😀")': (5,),
            'CONTAINS(text, "nn")': (1,),
            "ISBLANK(text)": (6,),
        },
        typed="  改名 😀 ", shown="改名 😀", kept="改名 😀",
        wrong=(("x" * 256, "P103"), (5, "P102"), ("a\0", "P104"), (["a"], "P102")), chinese="文本",
    ),
    "long_text": Walk(
        values=("a\nb", "b", "客户说：\n😀", None),
        filters={'CONTAINS(long_text, "客户")': (2,), 'long_text = "b"': (1,), "ISBLANK(long_text)": (3,)},
        typed="one\r\ntwo", shown="one\ntwo", kept="one\ntwo",
        wrong=(("x" * 32_001, "P103"), (True, "P102")), chinese="长文本",
    ),
    "rich_text": Walk(
        values=("<p>a</p>", "<p>b</p>", _HTML, None),
        filters={'CONTAINS(rich_text, "客户")': (2,), "ISBLANK(rich_text)": (3,)},
        typed="<p onclick='x()'>typed</p><script>alert(1)</script>", shown="typed", kept="<p>typed</p>",
        wrong=((5, "P102"), ("<p>" + "x" * 100_000 + "</p>", "P103")), chinese="富文本",
        blanks=(None, "", "<p> </p>"),
    ),
    "email": Walk(
        values=("a@example.com", "b+1@例子.公司", "z@example.com", None),
        filters={'email = "a@example.com"': (0,), 'CONTAINS(email, "例子")': (1,), "ISBLANK(email)": (3,)},
        typed=" Mei@Example.COM ", shown="mei@example.com", kept="mei@example.com",
        wrong=(("mei", "P114"), ("a@b", "P114"), (5, "P102")), chinese="电子邮件",
    ),
    "phone": Walk(
        values=("+1 202 555 0100", "+86 138 0013 8000", "010-88886666", None),
        filters={'phone = "010-88886666"': (2,), 'BEGINS(phone, "+86")': (1,), "ISBLANK(phone)": (3,)},
        typed="+86 571 8888 6666", shown="+86 571 8888 6666", kept="+86 571 8888 6666",
        wrong=(("call me", "P115"), (5, "P102")), chinese="电话",
    ),
    "url": Walk(
        values=("http://a.example", "https://b.example/路径?q=😀", "https://z.example", None),
        filters={'BEGINS(url, "https://")': (1, 2), "ISBLANK(url)": (3,)},
        typed="example.com", shown="https://example.com", kept="https://example.com",
        wrong=(("javascript:alert(1)", "P116"), (5, "P102")), chinese="网址",
    ),
    "integer": Walk(
        values=(-999_999_999_999_999_999, -1, 0, 7, 999_999_999_999_999_999, None),
        filters={
            "integer > 0": (3, 4),
            "integer = -1": (1,),
            "integer <= 0": (0, 1, 2),
            "ISBLANK(integer)": (5,),
        },
        typed="1,234", shown="1,234", kept=1234,
        wrong=((1.5, "P108"), ("seven", "P105"), (10**18, "P107"), (True, "P102")), chinese="整数",
    ),
    "decimal": Walk(
        values=(-0.0001, 0, 0.5, 12345.6789, None),
        filters={
            "decimal = 0.5": (2,),
            "decimal < 0": (0,),
            "decimal >= 0.5": (2, 3),
            "ISBLANK(decimal)": (4,),
        },
        typed="1234.5", shown="1,234.5", kept=1234.5,
        wrong=((0.00001, "P108"), ("1.2.3", "P105"), (1e15, "P107")), chinese="小数",
    ),
    "amount": Walk(
        values=(-0.01, 0, 99.99, 1234567.5, None),
        filters={"amount > 99": (2, 3), "amount = 0": (1,), "ISBLANK(amount)": (4,)},
        typed="1234.50", shown="1,234.50", kept=1234.5,
        wrong=((0.001, "P108"), ("¥5", "P105"), (True, "P102")), chinese="金额",
    ),
    "percent": Walk(
        values=(-5, 0, 12.5, 100, None),
        filters={"percent > 0.1": (2, 3), "percent = 0": (1,), "ISBLANK(percent)": (4,)},
        typed="30 %", shown="30%", kept=30,
        wrong=((0.001, "P108"), ("half", "P105")), chinese="百分比",
    ),
    "boolean": Walk(
        values=(False, True),
        filters={"boolean": (1,), "NOT(boolean)": (0,)},
        typed="true", shown="Yes", kept=True,
        wrong=(("perhaps", "P111"), (7, "P111")), chinese="布尔值", blanks=(),
    ),
    "date": Walk(
        values=("0001-01-01", "2024-02-29", "2026-11-22", "9999-12-31", None),
        filters={
            "date = DATE(2026, 11, 22)": (2,), "date < DATE(2025, 1, 1)": (0, 1), "YEAR(date) = 2024": (1,),
            "ISBLANK(date)": (4,),
        },
        typed="2026/1/3", shown="2026-01-03", kept="2026-01-03",
        wrong=(("2026-02-29", "P109"), ("tomorrow", "P109"), (5, "P109")), chinese="日期",
    ),
    "datetime": Walk(
        values=("1999-12-31T23:59:59.999999Z", "2026-03-29T00:30:00Z", "2026-11-22T08:00:00Z", None),
        filters={
            'datetime > DATETIMEVALUE("2026-01-01 00:00:00")': (1, 2), "ISBLANK(datetime)": (3,),
        },
        typed="2026-01-02T03:04:00Z", shown="2026-01-02", kept="2026-01-02T03:04:00Z",
        wrong=(("2026-13-01T00:00", "P110"), ("now", "P110"), (5, "P110")), chinese="日期时间",
    ),
    "time": Walk(
        values=("00:00:00", "09:30:00", "23:59:59.999999", None),
        filters={
            'time = TIMEVALUE("09:30:00")': (1,),
            'time > TIMEVALUE("09:00:00")': (1, 2),
            "ISBLANK(time)": (3,),
        },
        typed="9:05 PM", shown="21:05", kept="21:05:00",
        wrong=(("25:00", "P140"), (930, "P140")), chinese="时刻",
    ),
    "duration": Walk(
        values=(-60, 0, 5400, 86_400, None),
        filters={"duration >= 5400": (2, 3), "duration = 0": (1,), "ISBLANK(duration)": (4,)},
        typed="1h 30m", shown="1:30", kept=5400,
        wrong=(("soon", "P141"), (1.5, "P108"), (True, "P102")), chinese="时长",
    ),
    "color": Walk(
        values=("#000000", "#3b5bdb", "#ffffff", None),
        filters={'color = "#3b5bdb"': (1,), "ISBLANK(color)": (3,)},
        typed="#FA0", shown="#ffaa00", kept="#ffaa00",
        wrong=(("red", "P142"), (5, "P102")), chinese="颜色",
    ),
    "rating": Walk(
        values=(1, 3, 5, None),
        filters={"rating >= 3": (1, 2), "ISBLANK(rating)": (3,)},
        typed="4", shown="4", kept=4,
        wrong=((0, "P106"), (6, "P107"), (2.5, "P108")), chinese="评分",
    ),
    "json": Walk(
        values=({"a": 1.5, "名": "😀"}, [1, None, True], None),
        filters={'CONTAINS(json, "😀")': (0,), "ISBLANK(json)": (2,)},
        typed='{"b": 2, "a": [1]}', shown='"b"', kept={"a": [1], "b": 2},
        wrong=(("{", "P143"), (5, "P102"), ({"a": "\0"}, "P104")), chinese="文档", sorted=False,
    ),
    "picklist": Walk(
        values=("low", "mid", "high", None),
        filters={
            'picklist = "mid"': (1,),
            'NOT(ISPICKVAL(picklist, "low"))': (1, 2, 3),
            "ISBLANK(picklist)": (3,),
        },
        typed="high", shown="High", kept="high",
        wrong=(("huge", "P112"), (5, "P102")), chinese="单选",
    ),
    "multi_picklist": Walk(
        values=(["red"], ["green", "blue"], ["blue", "red"], None),
        filters={'INCLUDES(multi_picklist, "red")': (0, 2), "ISBLANK(multi_picklist)": (3,)},
        typed="green", shown="Green", kept=["green"],
        wrong=((["pink"], "P112"), ([5], "P102")), chinese="多选",
        groups=(("red", 2), ("green", 1), ("blue", 2), (None, 1)), blanks=(None, "", []),
    ),
    "tags": Walk(
        values=(["vip"], ["大客户", "vip"], ["😀"], None),
        filters={'INCLUDES(tags, "vip")': (0, 1), 'INCLUDES(tags, "😀")': (2,), "ISBLANK(tags)": (3,)},
        typed="new, 大客户", shown="大客户", kept=["new", "大客户"],
        wrong=((["x" * 61], "P103"), ([5], "P102"), ([f"t{n}" for n in range(51)], "P150")), chinese="标签",
        groups=(("vip", 2), ("大客户", 1), ("😀", 1), (None, 1)), sorted=False, blanks=(None, "", []),
    ),
    "many_text": Walk(
        values=(["a", "b"], ["b, c"], ["文", "😀"], None),
        filters={
            'INCLUDES(many_text, "b, c")': (1,),
            'INCLUDES(many_text, "😀")': (2,),
            "ISBLANK(many_text)": (3,),
        },
        typed="one\ntwo", shown="one", kept=["one", "two"],
        wrong=((["x" * 256], "P103"), ([["a"]], "P102")), chinese="多个文本",
        groups=(("a", 1), ("b", 1), ("b, c", 1), ("文", 1), ("😀", 1), (None, 1)), sorted=False,
        blanks=(None, "", []),
    ),
    "many_email": Walk(
        values=(["a@example.com", "b@example.com"], ["z@例子.公司"], None),
        filters={'INCLUDES(many_email, "b@example.com")': (0,), "ISBLANK(many_email)": (2,)},
        typed="Mei@Example.com", shown="mei@example.com", kept=["mei@example.com"],
        wrong=((["mei"], "P114"),), chinese="多个邮箱",
        groups=(("a@example.com", 1), ("b@example.com", 1), ("z@例子.公司", 1), (None, 1)),
        blanks=(None, "", []),
    ),
    "many_integer": Walk(
        values=([-5, 7], [3], [10, -5], None),
        filters={"INCLUDES(many_integer, -5)": (0, 2), "ISBLANK(many_integer)": (3,)},
        typed="1\n2", shown="1", kept=[1, 2],
        wrong=((["x"], "P105"), ([1.5], "P108")), chinese="多个整数",
        groups=((-5, 2), (3, 1), (7, 1), (10, 1), (None, 1)), blanks=(None, "", []),
    ),
    "many_date": Walk(
        values=(["2025-01-01"], ["2026-11-22", "2025-01-01"], None),
        filters={"INCLUDES(many_date, DATE(2025, 1, 1))": (0, 1), "ISBLANK(many_date)": (2,)},
        typed="2026-01-03", shown="2026-01-03", kept=["2026-01-03"],
        wrong=((["2026-02-29"], "P109"),), chinese="多个日期",
        groups=(("2025-01-01", 2), ("2026-11-22", 1), (None, 1)), blanks=(None, "", []),
    ),
    "lookup": Walk(
        values=(NORTH, SOUTH, None),
        filters={'lookup.name = "北站 🚉"': (0,), "ISBLANK(lookup)": (2,)},
        typed=SOUTH, shown="South", kept=SOUTH,
        wrong=(("nowhere", "P113"), ("00000000-0000-7000-8000-000000000000", "P121")), chinese="查找",
    ),
    "any_lookup": Walk(
        values=(f"station/{NORTH}", f"station/{SOUTH}", None),
        filters={'any_lookup.object = "station"': (0, 1), "ISBLANK(any_lookup)": (2,)},
        typed=f"station/{SOUTH}", shown="South", kept=f"station/{SOUTH}",
        wrong=(("nowhere", "P133"), ("user/00000000-0000-7000-8000-000000000000", "P134"),
               ("station/00000000-0000-7000-8000-000000000000", "P121")), chinese="任意查找",
    ),
    "many_to_many": Walk(
        values=([NORTH], [SOUTH, NORTH], None),
        filters={f'INCLUDES(many_to_many, "{SOUTH}")': (1,), "ISBLANK(many_to_many)": (2,)},
        typed=SOUTH, shown="South", kept=[SOUTH],
        wrong=((["x"], "P113"), (["00000000-0000-7000-8000-000000000000"], "P121")), chinese="关联站点",
        groups=((NORTH, 2), (SOUTH, 1), (None, 1)), blanks=(None, "", []),
    ),
    "file": Walk(
        values=(ALPHA, BETA, None),
        filters={
            'file = "北.txt"': (1,), 'BEGINS(file, "alpha")': (0,), "file.size > 5": (1,),
            'file.media_type = "text/plain"': (0, 1), "ISBLANK(file)": (2,),
        },
        typed=BETA["id"], shown="北.txt", kept=BETA,
        wrong=(("nowhere", "P180"), ("00000000-0000-7000-8000-000000000000", "P180"), (5, "P102"),
               ({"path": "/etc"}, "P130")), chinese="文件", groups=(),
    ),
    "many_file": Walk(
        values=([ALPHA], [BETA, ALPHA], None),
        filters={"ISBLANK(many_file)": (2,)},
        typed=f"{BETA['id']}\nalpha.txt ({ALPHA['id']})", shown="北.txt", kept=[BETA, ALPHA],
        wrong=((["x"], "P180"), (["00000000-0000-7000-8000-000000000000"], "P180")), chinese="多个文件",
        groups=((ALPHA, 2), (BETA, 1), (None, 1)), blanks=(None, "", []),
    ),
    "image": Walk(
        values=(DOT, None),
        filters={'image = "dot.png"': (0,), "ISBLANK(image)": (1,)},
        typed=DOT["id"], shown="dot.png", kept=DOT,
        wrong=((ALPHA, "P181"), ("nowhere", "P180")), chinese="图片", groups=(),
    ),
    "signature": Walk(
        values=(DOT, None),
        filters={'CONTAINS(signature, "dot")': (0,), "ISBLANK(signature)": (1,)},
        typed=DOT["id"], shown="dot.png", kept=DOT,
        wrong=((ALPHA, "P181"), ("nowhere", "P180")), chinese="签名", groups=(),
    ),
    "secret": Walk(
        values=("hunter2 密码", None), answers=("••••••••", None),
        filters={"ISBLANK(secret)": (1,), 'secret = "hunter2 密码"': (), 'CONTAINS(secret, "s1.")': ()},
        typed="typed", shown="••••••••", kept="••••••••", sorted=False,
        wrong=(("x" * 1001, "P103"), (5, "P102"), ("a\0", "P104")), chinese="密码",
        blanks=(None, "", "••••••••"),
    ),
    "address": Walk(
        values=(
            {"country": "DE", "city": "Berlin", "street": "Allee 1"},
            {"city": "杭州", "street": "文三路 😀"},
            None,
        ),
        filters={'address.city = "杭州"': (1,), 'address.country = "DE"': (0,), "ISBLANK(address)": (2,)},
        typed='{"city": "上海", "street": "世纪大道 100 号"}', shown="世纪大道 100 号",
        kept={"city": "上海", "street": "世纪大道 100 号"},
        wrong=(({"town": "x"}, "P130"), ({"country": "China"}, "P131"), (5, "P102")), chinese="地址",
        groups=(), sorted=False,
    ),
    "geo": Walk(
        values=({"latitude": -90, "longitude": 180}, {"latitude": 30.274085, "longitude": 120.15507}, None),
        filters={"geo.latitude > 30": (1,), "geo.longitude = 180": (0,), "ISBLANK(geo)": (2,)},
        typed="31.2, 121.5", shown="31.2", kept={"latitude": 31.2, "longitude": 121.5},
        wrong=(({"latitude": 91, "longitude": 0}, "P132"), ({"latitude": 1}, "P132"), (5, "P102")),
        chinese="位置",
        groups=(), sorted=False,
    ),
    "person_name": Walk(
        values=({"family": "Adams", "given": "Ann"}, {"family": "王", "given": "伟"}, None),
        filters={
            'person_name.family = "王"': (1,),
            'person_name.given = "Ann"': (0,),
            "ISBLANK(person_name)": (2,),
        },
        typed="欧阳娜娜", shown="欧阳娜娜", kept={"family": "欧阳", "given": "娜娜"},
        wrong=(({"first": "x"}, "P130"), (5, "P102")), chinese="姓名", groups=(),
    ),
}  # fmt: skip

GIVEN_BY_THE_SYSTEM: dict[str, str] = {
    "serial": "P170",
    "number": "P170",
    "formula": "P117",
    "rollup": "P117",
    "id": "P102",
}
"""Fields that nobody may write, with the code that says so."""
