"""The synchronous half of a request: everything between the read body and the finished answer, in one thread.

In order: tenant, Release, identity, limits, origin and anti-forgery token, scope of the token, handler. A
write that finds its Release replaced is run again on the new one. Whatever is raised becomes a problem
document or page; nothing else leaves. Called by `server.py`, once per request, on a worker thread.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from starlette.responses import RedirectResponse, Response

from engine.database import DatabaseError
from engine.problem import Problem
from engine.release import StaleRelease
from runtime.codes import BAD_CSRF, CLOSED, NOT_IN_SCOPE, NOT_SIGNED_IN, TOO_MANY
from runtime.exchange import Exchange
from runtime.impersonation import HEADER as ACT_AS
from runtime.language import preferred
from runtime.problems import answer, for_people, problem_of
from runtime.signin import cookie_name
from runtime.trail import trail_of

if TYPE_CHECKING:
    from starlette.datastructures import FormData
    from starlette.requests import Request

    from engine.clock import Clock
    from engine.release import Release
    from runtime.exchange import Route
    from runtime.identity import Identity
    from runtime.limit import RateLimit
    from runtime.log import Log
    from runtime.problems import ProblemPage
    from runtime.spool import Sent
    from runtime.tenant import Tenant
    from runtime.tenants import Tenants

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
ATTEMPTS = 5  # how many publishes in a row one request outlives
SIGN_IN_PAGE = "/sign-in"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request with its body read."""

    route: Route
    request: Request
    body: bytes
    form: FormData
    sent: tuple[Sent, ...] = ()

    @property
    def safe(self) -> bool:
        """Whether the method promises to change nothing (RFC 9110, section 9.2.1)."""
        return self.request.method in SAFE


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatcher:
    """Answers requests of all tenants of one server. Safe to share between threads."""

    tenants: Tenants
    clock: Clock
    visitor_limit: RateLimit
    actor_limit: RateLimit
    log: Log
    page: ProblemPage

    def __call__(self, asked: Asked) -> Response:
        """The answer, whatever happens."""
        try:
            return self._answer(asked)
        except Exception as error:  # noqa: BLE001  (a defect is logged and answered, and nothing else leaves)
            return self._refused(asked, error)

    def turn_away(self, asked: Asked) -> Response | None:
        """What a stranger is answered before a large body is read; None lets its sender in."""
        try:
            self._admit(asked)
        except Exception as error:  # noqa: BLE001  (as above)
            return self._refused(asked, error)
        return None

    def _admit(self, asked: Asked) -> None:
        slug = trail_of(asked.request.scope).slug
        with self.tenants.find(_host(asked.request), slug) as tenant, tenant.pinned() as release:
            known = release is not None and self._identity(asked.request, tenant, release) is not None
        if not known:
            raise Problem(NOT_SIGNED_IN, "Sign in first.", status=401)

    def _refused(self, asked: Asked, error: Exception) -> Response:
        trail = trail_of(asked.request.scope)
        problem = problem_of(error, trail.request_id)
        trail.problem = problem.code.id
        if problem.status == 500:
            self.log.error("defect", request_id=trail.request_id, raised=error)
        elif isinstance(error, DatabaseError):
            self.log.warning("database", request_id=trail.request_id, cause=str(error))
        return self._sign_in_page(asked, problem) or answer(problem, asked.request, self.page)

    def _answer(self, asked: Asked) -> Response:
        trail = trail_of(asked.request.scope)
        with self.tenants.find(_host(asked.request), trail.slug) as tenant:
            trail.tenant = tenant.slug
            for _ in range(ATTEMPTS):
                try:
                    with tenant.pinned() as release:
                        response = self._on_release(asked, tenant, release)
                    if not asked.safe:
                        self.tenants.bell.ring(tenant.id)
                    return response
                except StaleRelease:
                    tenant.reload()
        raise Problem(CLOSED, "One publish follows another here.", status=503, hint="Try again.")

    def _on_release(self, asked: Asked, tenant: Tenant, release: Release | None) -> Response:
        if release is None:
            raise Problem(CLOSED, "Nothing has been published for this company yet.", status=503)
        identity = self._identity(asked.request, tenant, release)
        self._limit(asked, tenant, identity)
        _check_origin(asked, identity)
        _check_scope(asked, identity)
        if identity is None and not asked.route.anonymous:
            raise Problem(NOT_SIGNED_IN, "Sign in first.", status=401)
        return asked.route.handler(self._exchange(asked, tenant, release, identity))

    def _identity(self, request: Request, tenant: Tenant, release: Release) -> Identity | None:
        now = self.clock()
        scheme, _, text = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            named = request.headers.get(ACT_AS, "").strip()
            found = tenant.identities.by_bearer(release, text.strip(), now, named)
            if found is None:
                raise Problem(NOT_SIGNED_IN, "The bearer token is unknown here or has ended.", status=401)
        else:
            found = tenant.identities.by_cookie(release, request.cookies.get(cookie_name(tenant), ""), now)
        if found is not None:
            really = found.actor.impersonator
            trail_of(request.scope).actor = (f"{really} as " if really else "") + (found.actor.id or "")
        return found

    def _limit(self, asked: Asked, tenant: Tenant, identity: Identity | None) -> None:
        if identity is None:
            wait = self.visitor_limit.wait(_address(asked.request))
        else:
            wait = self.actor_limit.wait(f"{tenant.id}:{identity.actor.id}")
        if wait:
            raise Problem(TOO_MANY, "Too many requests.", status=429, data={"retry_after": round(wait, 1)})

    def _exchange(
        self, asked: Asked, tenant: Tenant, release: Release, identity: Identity | None
    ) -> Exchange:
        request = asked.request
        sign_in = identity.sign_in if identity else None
        return Exchange(
            request=request,
            tenant=tenant,
            release=release,
            session=tenant.session(release, identity.actor) if identity else None,
            sign_in=sign_in,
            body=asked.body,
            form=asked.form,
            csrf=sign_in.csrf if sign_in else "",
            language=identity.actor.language if identity else preferred(request, release.catalog.languages),
            prefix=request.scope.get("root_path", ""),
            now=self.clock(),
            address=_address(request),
            request_id=trail_of(request.scope).request_id,
            sent=asked.sent,
        )

    def _sign_in_page(self, asked: Asked, problem: Problem) -> Response | None:
        """Where a browser is sent that asked for a page without being signed in."""
        request = asked.request
        if problem.code is not NOT_SIGNED_IN or not for_people(request):
            return None
        target = f"{request.scope.get('root_path', '')}{SIGN_IN_PAGE}?next={quote(_page_of(asked))}"
        if request.headers.get("hx-request") == "true":
            # A fragment's request cannot show a sign-in page: the script goes there with the whole window.
            return Response(status_code=401, headers={"HX-Redirect": target})
        return RedirectResponse(target, 303)


def _page_of(asked: Asked) -> str:
    """The page that the visitor looks at: the one asked for, or the one whose form or fragment was sent."""
    request = asked.request
    shown = request.headers.get("hx-current-url") or request.headers.get("referer", "")
    url = urlsplit(shown if request.headers.get("hx-request") or not asked.safe else str(request.url))
    if url.netloc != request.headers.get("host", ""):
        return ""
    return url.path + (f"?{url.query}" if url.query else "")


def _check_origin(asked: Asked, identity: Identity | None) -> None:
    """Refuse what another site's page made the browser send.

    Two locks: the browser's own word (Fetch Metadata, else Origin), and where a session counts a token that
    only our pages know (OWASP Cross-Site Request Forgery Prevention Cheat Sheet). Bearer tokens are never
    sent by a browser on its own, so they need neither.
    """
    if asked.safe or (identity is not None and identity.token is not None):
        return
    request = asked.request
    given = request.headers.get("x-csrf-token") or str(asked.form.get("_csrf", ""))
    forged = identity is not None and not asked.route.anonymous and not identity.vouches(given)
    if forged or not _same_origin(request):
        raise Problem(
            BAD_CSRF,
            "This request did not come from a page of this site.",
            status=403,
            hint="Reload the page, then try again; programs use a bearer token.",
        )


def _same_origin(request: Request) -> bool:
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host", "")


def _check_scope(asked: Asked, identity: Identity | None) -> None:
    if identity is None or identity.token is None:
        return
    name = asked.request.path_params.get("object")
    if not identity.token.allows(name, write=not asked.safe):
        raise Problem(NOT_IN_SCOPE, "This token's scopes do not cover the request.", status=403)


def _host(request: Request) -> str:
    """The host of the request without its port."""
    return request.headers.get("host", "").rsplit(":", 1)[0]


def _address(request: Request) -> str:
    return request.client.host if request.client else ""
