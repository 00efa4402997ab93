"""IMAGE: a picture in a text that is shown as HTML."""

from __future__ import annotations

from formula import markup
from formula.functions import Function, Lenient, Prose, optional, takes
from formula.sql import markup as sql
from formula.sql.form import on_postgresql
from formula.types import NUMBER, TEXT

FUNCTION = Function(
    name="IMAGE",
    category="text",
    signatures=(
        takes(address=TEXT, words=TEXT, height=optional(NUMBER), width=optional(NUMBER), returns=TEXT),
    ),
    prose=Prose(
        en="A picture, with words for those who do not see it, and its height and width in pixels. A page "
        "loads pictures of this site only. Blank without an address.",
        zh="图片，附替代文字，以及以像素计的高度和宽度。页面只加载本站的图片。地址为空则结果为空。",
    ),
    examples=(
        ('IMAGE("/img/red.png", "late")', '"<img src=\\"/img/red.png\\" alt=\\"late\\">"'),
        (
            'IMAGE("/img/red.png", "\\"late\\"", 10, 20.5)',
            '"<img src=\\"/img/red.png\\" alt=\\"&quot;late&quot;\\" height=\\"10\\" width=\\"20\\">"',
        ),
        ('IMAGE("/a.png", reason, discount, 0)', '"<img src=\\"/a.png\\" alt=\\"\\">"'),
        ('IMAGE(reason, "late")', "null"),
    ),
    python=Lenient(call=markup.picture, safe=True),
    pure=False,  # Stays a call, so that its markup is seen.
    markup=True,
    sql=on_postgresql(sql.PICTURE),
)
