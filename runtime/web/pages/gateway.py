"""Sign-in, sign-out and the reader's preferences: the pages a visitor may reach without being signed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.problem import Problem
from runtime import signin
from runtime.codes import LOCKED_OUT, SIGN_IN_FAILED, TOO_MANY
from runtime.web.gate import Gate
from runtime.web.pages.visit import DENSITIES, THEMES

if TYPE_CHECKING:
    from starlette.responses import Response

    from runtime.web.pages.visit import Visit

YEAR = 31_536_000  # seconds


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
    return response


def sign_out(visit: Visit) -> Response:
    """POST /sign-out: end the session."""
    response = visit.go(visit.reader.link("/sign-in"))
    signin.sign_out(response, visit.exchange)
    return response


def set_preferences(visit: Visit) -> Response:
    """POST /preferences: remember language, theme and density in cookies, and go back."""
    form = visit.exchange.form
    allowed = {"language": tuple(visit.renderer.texts), "theme": THEMES, "density": DENSITIES}
    response = visit.go(visit.local(str(form.get("back", ""))) or visit.reader.link("/"))
    for name, values in allowed.items():
        if form.get(name) in values:
            response.set_cookie(
                f"strata_{name}", str(form[name]), max_age=YEAR, path=visit.reader.link("/"), samesite="lax"
            )
    return response


def _gate(visit: Visit, *, back: str, login: str = "", message: str = "", note: str = "") -> Gate:
    return Gate(
        title=visit.reader.text("gate.title"),
        company=visit.exchange.tenant.slug,
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
