"""Files as pages show and ask for them, for the samples."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runtime.web.attachments import Attached, Attachments
from runtime.web.cell import Cell
from runtime.web.input import Choice, Input

if TYPE_CHECKING:
    from runtime.web.component import Component
    from runtime.web.reader import Reader

CONTRACT = Cell(
    kind="file", text="框架合同 2026 (终版).pdf", href="/o/x/1/files/attachments/1", note="1.2 MB"
)
PLAN = Cell(
    kind="file", text="site-plan-with-a-long-name.png", href="/o/x/1/files/attachments/2", note="340 KB",
    thumb="/o/x/1/files/attachments/2?preview",
)  # fmt: skip


def file_inputs() -> tuple[Input, ...]:
    """An input for each way in which files come."""
    held = Choice(value="1/2/a/b/c.pdf", text="contract.pdf", note="1.2 MB", current=True)
    return (
        Input(kind="file", name="contract", label="Contract", options=(held,), source="/files", limit=1000),
        Input(
            kind="file", name="photos", label="Photos", several=True, way="image", accept="image/*",
            source="/files", limit=1000, hint="At most ten.",
        ),
        Input(
            kind="file", name="signed", label="Signature", way="signature", source="/files", limit=1000,
            wide=True,
        ),
    )  # fmt: skip


def attachments(who: Reader) -> Component:
    """The panel beside a record."""
    return Attachments(
        label="附件" if who.language.startswith("zh") else "Attachments",
        files=(Attached(id="1", cell=CONTRACT), Attached(id="2", cell=PLAN)),
        action="/o/x/1/attachments",
        adding=Input(
            kind="file",
            name="added",
            key="added",
            label="Attachments",
            several=True,
            source="/files",
            limit=1000,
        ),
    ).component()
