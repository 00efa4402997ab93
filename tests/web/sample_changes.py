"""The pages of change sets, of handing over and of acting as another, from sample values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runtime.web.acting import ActingForm
from runtime.web.changes import ChangeLine, ChangeList, ChangePage, Effect, Kept
from runtime.web.component import Component, Link
from runtime.web.handover import HandedOverPage, HandOverPage, HandOverRow
from runtime.web.input import Choice, Input
from runtime.web.shell import shell
from tests.web.samples import ACCOUNTS, frame, is_zh

if TYPE_CHECKING:
    from runtime.web.reader import Reader

NAME = "林越"


def line(who: Reader, *, state: str = "") -> ChangeLine:
    return ChangeLine(
        href="/change-sets/1",
        at="2026-11-20T09:30:00+00:00",
        when="11-20 09:30",
        who=who.text("timeline.as", person="Ada", user=NAME),
        what=who.text("changes.entry_hand_over", name=NAME),
        count="1,204",
        reason="离职交接" if is_zh(who) else "She left",
        state=who.text(f"changes.{state}") if state else "",
        tone="gray" if state else "",
    )


def changes_page(who: Reader) -> Component:
    tabs = (
        Link(label=who.text("changes.mine"), href="/change-sets", current=True),
        Link(label=who.text("changes.everybodys"), href="/change-sets?all"),
    )
    body = ChangeList(tabs=tabs, lines=(line(who), line(who, state="undone")), older="/change-sets?before=1")
    return shell(frame(who), title=who.text("changes.title"), body=body.component(), canvas=True)


def no_changes(who: Reader) -> Component:
    body = ChangeList(tabs=(), lines=(), older="")
    return shell(frame(who), title=who.text("changes.title"), body=body.component(), canvas=True)


def kept(who: Reader) -> tuple[Kept, ...]:
    why = who.said("It was changed since.")
    return (
        Kept(
            object="客户" if is_zh(who) else "Account",
            title=ACCOUNTS[0],
            href="/o/account/1",
            field="",
            why=why,
        ),
        Kept(object="", title="0193a1", href="", field="", why=why),
    )


def change_page(who: Reader, *, done: bool = False) -> Component:
    objects = "客户" if is_zh(who) else "Accounts"
    body = ChangePage(
        line=line(who),
        objects=(Effect(object=objects, what="", count="1,204"),),
        heading=who.text("changes.did" if done else "changes.will"),
        effects=(Effect(object=objects, what=who.text("changes.updated"), count="1,202"),),
        kept=kept(who),
        refused=7,
        hidden=3,
        action="" if done else "/change-sets/1",
        done=done,
        undo="/change-sets/2" if done else "",
    )
    return shell(frame(who), title=who.text("changes.title"), body=body.component(), canvas=True)


def to(who: Reader, name: str) -> Input:
    options = (Choice(value="1", text=NAME, current=True),)
    label = who.text("handover.to_all" if name == "to" else "handover.to")
    return Input(kind="lookup", name=name, label=label, options=options, source="/lookup/account/owner")


def hand_over_page(who: Reader) -> Component:
    row = HandOverRow(
        name="account",
        label="客户" if is_zh(who) else "Accounts",
        chosen=True,
        count="1,204",
        examples=tuple(Link(label=name, href="/o/account/1") for name in ACCOUNTS[:3]),
        gained="980",
        to=to(who, "to.account"),
    )
    body = HandOverPage(
        name=NAME, action="/o/user/1/hand-over", back="/o/user/1", to=to(who, "to"), reason="", rows=(row,),
        message=who.text("handover.chosen"),
    )  # fmt: skip
    return shell(frame(who), title=who.text("handover.title", name=NAME), body=body.component(), canvas=True)


def handed_over_page(who: Reader) -> Component:
    body = HandedOverPage(
        title=who.text("handover.title", name=NAME),
        text=who.text("handover.done", count=1202),
        name=NAME,
        kept=kept(who),
        refused=7,
        changes="/change-sets/1",
        back="/o/user/1",
    )
    return shell(frame(who), title=who.text("handover.title", name=NAME), body=body.component(), canvas=True)


def acting_page(who: Reader) -> Component:
    message = who.said("There is no such user who is active.")
    body = ActingForm(name=NAME, action="/act-as/1", back="/o/user/1", message=message)
    title = who.text("acting.start", name=NAME)
    return shell(frame(who, acting=True), title=title, body=body.component(), canvas=True)
