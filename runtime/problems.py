"""Problems as answers: RFC 9457 JSON for programs, a page for people, one sentence for a terminal.

What a Problem says is decided where it is raised; this module only chooses the form. The page itself
belongs to the generated interface, which hands in its renderer.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import msgspec
from starlette.exceptions import HTTPException
from starlette.responses import Response

from engine.codes import BUSY
from engine.database import Conflict, Unavailable
from engine.problem import Problem
from runtime.codes import BAD_PARAMETER, INTERNAL, NO_METHOD, NO_PAGE

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request

    ProblemPage = Callable[[Problem, Request], Response]

MEDIA_TYPE = "application/problem+json"
ENCODER = msgspec.json.Encoder(decimal_format="number")


def answer(problem: Problem, request: Request, page: ProblemPage) -> Response:
    """The Problem in the form that the request asks for, with the headers that its status demands."""
    response = page(problem, request) if for_people(request) else problem_json(problem)
    wait = problem.data.get("retry_after")
    if isinstance(wait, int | float):
        response.headers["Retry-After"] = str(math.ceil(wait))
    if problem.status == 401 and not for_people(request):
        response.headers["WWW-Authenticate"] = 'Bearer realm="strata"'
    return response


def problem_json(problem: Problem) -> Response:
    """The Problem as `application/problem+json` (RFC 9457)."""
    return Response(ENCODER.encode(problem.json()), problem.status, media_type=MEDIA_TYPE)


def problem_of(error: Exception, request_id: str) -> Problem:
    """The Problem that an exception amounts to; a defect says its request id and nothing else."""
    match error:
        case Problem():
            return error
        case HTTPException(status_code=404):
            return Problem(NO_PAGE, "There is nothing at this address.", status=404)
        case HTTPException(status_code=405):
            return Problem(NO_METHOD, "This address does not answer to this method.", status=405)
        case HTTPException():
            return Problem(BAD_PARAMETER, error.detail, status=error.status_code)
        case Conflict() | Unavailable():
            return Problem(BUSY, "The database is busy; nothing was changed.", status=503, hint="Try again.")
        case _:
            return Problem(
                INTERNAL,
                f"Something went wrong here; nothing was half done. Request {request_id}.",
                status=500,
                hint="Tell the operator the request's number.",
            )


def for_people(request: Request) -> bool:
    """Whether the answer is read by a person: a page was asked for, outside of the API."""
    path = request.scope["path"].removeprefix(request.scope.get("root_path", ""))
    return not path.startswith("/api/") and "text/html" in request.headers.get("accept", "")
