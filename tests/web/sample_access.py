"""Sample pages about access: why somebody may not, who sees a record, what a user may do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.sentence import said
from runtime.web.access import GroundRow, HeldPage, HeldRow, Verdict, ViewerRow, WhyPage
from runtime.web.input import Choice, Input
from runtime.web.shell import shell
from tests.web.samples import NAMES, frame

if TYPE_CHECKING:
    from runtime.web.component import Component
    from runtime.web.reader import Reader

__all__ = ["held_page", "why_page"]


def _source(who: Reader, words: str, name: str = "") -> str:
    return who.said(said(words, name=name))


def _verdict(who: Reader) -> Verdict:
    read = who.text("access.read")
    rows = (
        ("their own records", "permission set {name}", "sales_rep", "no"),
        ("records shared with them", "a share of the record", "", "no"),
        ("records of their department", "permission set {name}", "sales_manager", "open"),
    )
    grounds = tuple(
        GroundRow(
            action=read,
            records=who.said(said(kind)),
            source=_source(who, words, name),
            mark=who.text(f"access.mark_{mark}"),
            tone="green" if mark == "yes" else "",
        )
        for kind, words, name, mark in rows
    )
    bar = GroundRow(
        action=read,
        records=who.said(said("records with {formula}", formula='ISBLANK(secret) || secret <> "top"')),
        source=_source(who, "restriction rule {name}", "no_secrets"),
        mark=who.text("access.mark_yes"),
        tone="green",
    )
    return Verdict(
        allowed=False,
        headline=who.text("access.may_not", name="李静", action=read),
        reasons=(who.said(said("The record lies outside of what they reach.")),),
        change_title=who.text("access.would"),
        changes=(
            _source(who, "assign the permission set {name}", "sales_manager"),
            _source(who, "share the record with them"),
        ),
        grounds=grounds,
        restrictions=(bar,),
        field=who.text("list.all"),
        field_lines=(who.text("access.right_by", right=who.text("access.field_read"), name="sales_rep"),),
    )


def why_page(who: Reader, *, asked: bool = True) -> Component:
    levels = (("read", ""), ("edit", "blue"), ("delete", "amber"))
    viewers = tuple(
        ViewerRow(
            name=name,
            why="/o/account/1/access?user=1",
            level=who.text(f"access.{level}"),
            tone=tone,
            reasons=(_source(who, "permission set {name}", "sales_rep"),),
        )
        for name, (level, tone) in zip(NAMES, levels, strict=False)
    )
    body = WhyPage(
        title="恒锐精密机械",
        back="/o/account/1",
        action="/o/account/1/access",
        user=Input(kind="lookup", name="user", label=who.text("access.user"), source="/lookup/account/owner"),
        actions=tuple(Choice(value=each, text=who.text(f"access.{each}")) for each in ("read", "update")),
        fields=(Choice(value="", text=who.text("access.whole"), current=True),),
        verdict=_verdict(who) if asked else None,
        viewers=viewers if asked else (),
        total=str(len(viewers)) if asked else "0",
        next="/o/account/1/access?after=1" if asked else "",
    )
    return shell(frame(who), title=who.text("access.title"), body=body.component())


def held_page(who: Reader) -> Component:
    own, reason = who.said(said("their own records")), _source(who, "permission set {name}", "sales_rep")
    body = HeldPage(
        name="李静",
        back="/o/user/1",
        sets=(("Sales", who.text("held.assigned")), ("Service", who.text("held.by_group", group="North"))),
        rights=("export", "history"),
        notes=(_source(who, "restriction rule {name}", "no_secrets"),),
        columns=tuple(who.text(f"access.{each}") for each in ("create", "read", "update", "delete")),
        rows=(
            HeldRow(
                label="Accounts", icon="building", reach=(f"{own} ({reason})",) * 3 + ("",), hidden="Secret"
            ),
        ),
    )
    return shell(frame(who), title=who.text("held.title"), body=body.component())
