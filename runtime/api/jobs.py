"""Jobs over REST: those that wait, run and have ended; cancelling one; the files that it left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from starlette.responses import Response, StreamingResponse

from engine.jobs.desk import cancel_job, find_job, newest_jobs
from engine.jobs.pieces import files_of, read_file
from engine.problem import Problem
from runtime.api.answers import answer_json
from runtime.api.job_shapes import MOST_JOBS
from runtime.codes import BAD_PARAMETER, NO_PAGE

if TYPE_CHECKING:
    from engine.jobs.job import Job
    from runtime.exchange import Exchange

PATH = "/api/v1/jobs"
MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "ndjson": "application/x-ndjson",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
}
"""By the end of a file's name; anything else is bytes. None of them is shown by a browser as a page."""


def list_jobs(exchange: Exchange) -> Response:
    """GET /api/v1/jobs: the newest that the caller may see; `before` an id, `limit`, `own=true`."""
    given = exchange.query.get("limit", "50")
    if not (given.isascii() and given.isdecimal() and 1 <= int(given[:6]) <= MOST_JOBS):
        raise Problem(BAD_PARAMETER, f"limit is a number from 1 to {MOST_JOBS}.", status=400)
    found = newest_jobs(
        exchange.signed_in, limit=int(given), before=exchange.query.get("before"),
        own=exchange.query.get("own") == "true",
    )  # fmt: skip
    more = found[-1].id if len(found) == int(given) else None
    return answer_json({"jobs": [job_json(exchange, one) for one in found], "next": more})


def get_job(exchange: Exchange) -> Response:
    """GET /api/v1/jobs/{id}: how it stands, and the files that it left."""
    job = find_job(exchange.signed_in, exchange.param("id"))
    files = files_of(exchange.signed_in, job.id) if job.ended else {}
    told = [
        {"name": name, "bytes": size, "url": exchange.link(f"{PATH}/{job.id}/files/{quote(name)}")}
        for name, size in files.items()
    ]
    return answer_json({**job_json(exchange, job), "files": told})


def apply_cancel(exchange: Exchange) -> Response:
    """POST /api/v1/jobs/{id}/cancel: let it stop; what it has committed stays. Asking again does nothing."""
    job = cancel_job(exchange.signed_in, exchange.param("id"))
    return answer_json(job_json(exchange, job))


def download_file(exchange: Exchange) -> Response:
    """GET /api/v1/jobs/{id}/files/{file}: a file of a job that has ended, always as a download."""
    return job_file(exchange, exchange.param("id"), exchange.param("file"))


def job_file(exchange: Exchange, id_: str, name: str) -> Response:
    """A file of a job as a download. Raises `Problem` 404 where there is none that the actor may see."""
    session = exchange.signed_in
    job = find_job(session, id_)
    if not job.ended or name not in files_of(session, job.id):
        raise Problem(NO_PAGE, "The job has no such file.", status=404)
    media_type = MEDIA_TYPES.get(name.rpartition(".")[2], "application/octet-stream")
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return StreamingResponse(read_file(session, job.id, name), media_type=media_type, headers=headers)


def accepted(exchange: Exchange, job: Job) -> Response:
    """202 with the job that was queued, and where to ask for it (RFC 9110, section 15.3.3)."""
    place = {"Location": exchange.link(f"{PATH}/{job.id}")}
    return answer_json(job_json(exchange, job), 202, place)


def job_json(exchange: Exchange, job: Job) -> dict[str, Any]:
    """A job as the API shows it; what it was asked to do is the kind's business, and is not shown."""
    return {
        "id": job.id,
        "kind": job.kind,
        "state": str(job.state),
        "about": job.about,
        "by": job.actor,
        "impersonator": job.impersonator,
        "done": job.done,
        "total": job.total,
        "cancelling": job.cancelling,
        "made_at": job.made_at,
        "started_at": job.started_at,
        "ended_at": job.ended_at,
        "result": dict(job.result),
        "problem": job.problem,
        "url": exchange.link(f"{PATH}/{job.id}"),
    }
