"""Sign-in, sign-out and the reader's preferences: the pages a visitor may reach without being signed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.actor import load_actor
from engine.problem import Problem
from runtime import signin
from runtime.codes import LOCKED_OUT, SIGN_IN_FAILED, TOO_MANY
from runtime.people import keep_language
from runtime.web.gate import Gate
from runtime.web.pages.navigation import COOKIE as APP
from runtime.web.pages.recent import forget
from runtime.web.pages.visit import DENSITIES, THEMES

if TYPE_CHECKING:
    from starlette.responses import Response

    from runtime.web.pages.visit import Visit

YEAR = 31_536_000  # seconds
LANGUAGE = "strata_language"
DEVICE = "system"
"""The theme that follows the device: no cookie says so."""


def show_sign_in(visit: Visit) -> Response:
    """GET /sign-in: the form, or straight on for somebody who is signed in."""
    back = visit.local(visit.exchange.query.get("next", ""))
    if visit.session is not None:
        return visit.go(back or visit.reader.link("/"))
    message = visit.reader.text("gate.expired") if back else ""
    return visit.answer(_gate(visit, back=back, note=message).component())


def sign_in(visit: Visit) -> Response:
    """POST /sign-in: start a session, or show the form again with what was wrong."""
    form = visit.exchange.form
    login, back = str(form.get("login", "")), visit.local(str(form.get("back", "")))
    try:
        session = signin.sign_in(visit.exchange, login, str(form.get("password", "")))
    except Problem as problem:
        if problem.code not in (SIGN_IN_FAILED, LOCKED_OUT, TOO_MANY):
            raise
        message = _refused(visit, problem)
        return visit.answer(_gate(visit, back=back, login=login, message=message).component(), problem.status)
    response = visit.go(back or visit.reader.link("/"))
    signin.set_cookie(response, visit.exchange, session)
    chosen = visit.exchange.request.cookies.get(LANGUAGE, "")
    if chosen in visit.renderer.texts and _keep_language(visit, session.user_id, chosen):
        response.delete_cookie(LANGUAGE, path=visit.reader.link("/"))
    return response


def sign_out(visit: Visit) -> Response:
    """POST /sign-out: end the session; the next person at this machine finds nothing of it."""
    response = visit.go(visit.reader.link("/sign-in"))
    signin.sign_out(response, visit.exchange)
    forget(visit, response)
    for name in (LANGUAGE, APP):
        response.delete_cookie(name, path=visit.reader.link("/"))
    return response


def set_preferences(visit: Visit) -> Response:
    """POST /preferences: remember language, theme and density, and go back.

    The language of somebody who is signed in is kept with her user record, unless another acts as her; all
    else in cookies.
    """
    form = visit.exchange.form
    response = visit.go(visit.local(str(form.get("back", ""))) or visit.reader.link("/"))
    for name, values in (("theme", (*THEMES, DEVICE)), ("density", DENSITIES)):
        if form.get(name) in values:
            _keep(visit, response, f"strata_{name}", str(form[name]))
    if form.get("language") in visit.renderer.texts:
        language = str(form["language"])
        person = visit.session.actor.id if visit.session and not visit.session.actor.impersonator else None
        kept = person is not None and _keep_language(visit, person, language)
        _keep(visit, response, LANGUAGE, "" if kept else language)
    return response


def _keep(visit: Visit, response: Response, name: str, value: str) -> None:
    """Set a cookie, or take it back where there is nothing to remember."""
    path = visit.reader.link("/")
    if value in ("", DEVICE):
        response.delete_cookie(name, path=path)
    else:
        response.set_cookie(name, value, max_age=YEAR, path=path, samesite="lax")


def _keep_language(visit: Visit, user_id: str, language: str) -> bool:
    tenant, release = visit.exchange.tenant, visit.exchange.release
    with tenant.database.read() as connection:
        person = load_actor(connection, release, user_id)
    return person is not None and keep_language(tenant, release, person, language)


def _gate(visit: Visit, *, back: str, login: str = "", message: str = "", note: str = "") -> Gate:
    return Gate(
        title=visit.reader.text("gate.title"),
        company=visit.company,
        action=visit.reader.link("/sign-in"),
        back=back,
        here=visit.here,
        login=login,
        message=message,
        note=note,
    )


def _refused(visit: Visit, problem: Problem) -> str:
    if problem.code is SIGN_IN_FAILED:
        return visit.reader.text("gate.refused")
    return visit.reader.text("problem.too_many_title")
