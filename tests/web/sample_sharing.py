"""Sample pages about with whom a record is shared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runtime.web.cell import BLANK, Cell
from runtime.web.sharing import Circle, Insider, SharingPage
from runtime.web.shell import shell
from tests.web.samples import ACCOUNTS, NAMES, frame, is_zh

if TYPE_CHECKING:
    from runtime.web.component import Component
    from runtime.web.reader import Reader

__all__ = ["sharing_page"]


def sharing_page(who: Reader, *, shared: bool = True) -> Component:
    """A team of three and a share with a group; or nobody yet, and no right to add somebody."""
    zh = is_zh(who)
    role, access, until = ("角色", "权限", "有效期至") if zh else ("Role", "Access", "Until")
    levels = ("查看", "编辑") if zh else ("Read", "Edit")
    day = Cell(kind="number", text="2026-12-31")

    def level(edits: int) -> Cell:
        return Cell(kind="badge", text=levels[edits], tone="blue" if edits else "gray")

    team = tuple(
        Insider(
            id=f"t{n}",
            name=name,
            sort="用户" if zh else "User",
            symbol="user",
            cells=(Cell(kind="badge", text="售前" if zh else "Presales"), level(n % 2), day if n else BLANK),
        )
        for n, name in enumerate(NAMES[:3])
    )
    group = Insider(
        id="s1", name="大客户组" if zh else "Key account desk", sort="用户组" if zh else "Group",
        symbol="users-group", cells=(level(0), day),
    )  # fmt: skip
    body = SharingPage(
        title=ACCOUNTS[0],
        back="/o/account/1",
        action="/o/account/1/sharing",
        circles=(
            Circle(
                label=who.text("sharing.team"),
                columns=(role, access, until),
                people=team if shared else (),
                add="/o/account_team_member/new" if shared else "",
            ),
            Circle(
                label=who.text("sharing.shares"),
                columns=(access, until),
                people=(group,) if shared else (),
                add="/o/record_share/new" if shared else "",
            ),
        ),
    )
    return shell(frame(who), title=who.text("sharing.title"), body=body.component())
