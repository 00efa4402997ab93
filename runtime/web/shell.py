"""The frame of signed-in pages and the bare page around a refusal.

`Frame` is what all pages of one reader share; a page adds its title, crumbs and body.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from runtime.web.component import Component, component

if TYPE_CHECKING:
    from runtime.web.component import Link


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who is signed in; `note` is the line below the name."""

    name: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Toast:
    """One short message after an action. `undo` is where its ids are posted to take the action back.

    `draft` names the form draft that the action made obsolete.
    """

    text: str
    undo: str = ""
    ids: tuple[str, ...] = ()
    draft: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What all pages of one reader share; `here` is the address that forms come back to.

    `app` is the name of the app she is in, `apps` all of hers, `navigation` the objects of this one. `unread`
    counts her notifications; None: she gets none. `away` leads to her stand-ins. `acting` says that somebody
    else acts as the person.
    """

    app: str
    apps: tuple[Link, ...]
    navigation: tuple[Link, ...]
    create: tuple[Link, ...]
    person: Person
    here: str
    unread: int | None = None
    away: str = ""
    acting: bool = False
    changes: str = ""
    bin: str = ""
    jobs: str = ""
    imports: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shell:
    frame: Frame
    title: str
    crumbs: tuple[Link, ...]
    body: Component
    canvas: bool
    scripts: tuple[str, ...]
    toast: Toast | None
    searched: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bare:
    title: str
    body: Component
    scripts: tuple[str, ...] = ()


def shell(
    frame: Frame,
    *,
    title: str,
    body: Component,
    crumbs: tuple[Link, ...] = (),
    canvas: bool = False,
    scripts: tuple[str, ...] = (),
    toast: Toast | None = None,
    searched: str = "",
) -> Component:
    """A whole page. `canvas` paints the ground grey for cards; `scripts` are logical names of assets."""
    return component("shell.html", _Shell(
        frame=frame, title=title, crumbs=crumbs, body=body, canvas=canvas, scripts=scripts, toast=toast,
        searched=searched,
    ))  # fmt: skip


def bare(title: str, body: Component) -> Component:
    """A whole page without navigation, for readers who are not signed in."""
    return component("bare.html", _Bare(title=title, body=body))
