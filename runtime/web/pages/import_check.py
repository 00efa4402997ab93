"""Step 4 of an import: what it would do, told by a dry run; then it is started, and its mapping is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace
from starlette.responses import Response

from engine.jobs.desk import find_job
from engine.jobs.job import JobState
from engine.transfer.importing import start_import
from engine.transfer.saved import save_mapping as keep
from runtime.web.component import Link
from runtime.web.importing import CheckPage
from runtime.web.pages import jobs
from runtime.web.pages.flash import Done
from runtime.web.pages.imports import PATH, opened, steps

if TYPE_CHECKING:
    from engine.jobs.job import Job
    from runtime.web.pages.visit import Visit


def show_check(visit: Visit) -> Response:
    """GET /import/{id}/check?job=: how the dry run stands; for htmx only that, until it has ended."""
    job = find_job(visit.signed_in, visit.exchange.query.get("job", ""))
    if visit.partial:
        state = jobs.state_of(visit, job, visit.here)
        return Response(headers={"HX-Refresh": "true"}) if job.ended else visit.answer(state)
    return _page(visit, job)


def run_import(visit: Visit) -> Response:
    """POST /import/{id}/run: import it, and go where its progress is."""
    file = opened(visit)
    job = start_import(visit.signed_in, file.mapping, file.job.about, file.content)
    return visit.go(visit.reader.link(f"{jobs.PATH}/{job.id}"))


def save_mapping(visit: Visit) -> Response:
    """POST /import/{id}/save?job=: keep the mapping for the next file like it."""
    file = opened(visit)
    name = str(visit.exchange.form.get("name", "")).strip()
    keep(visit.signed_in, replace(file.mapping, mapping=name))
    back = visit.reader.link(f"{PATH}/{file.job.id}/check?job={visit.exchange.query.get('job', '')}")
    return visit.go(visit.local(back), Done(what="mapping_saved", object=file.mapping.main.object))


def _page(visit: Visit, job: Job) -> Response:
    file, text = opened(visit), visit.reader.text
    base = visit.reader.link(f"{PATH}/{file.job.id}")
    title = text("import.title_of", name=file.job.about)
    failed, ready = int(job.result.get("failed", 0)), job.state is JobState.DONE
    body = CheckPage(
        title=title,
        steps=steps(visit, file.job, "check"),
        state=jobs.state_of(visit, job, visit.here),
        back=f"{base}/columns",
        run=f"{base}/run" if ready else "",
        run_label=text("import.run_sound" if failed else "import.run"),
        save=f"{base}/save?job={job.id}",
        name=file.mapping.mapping or file.job.about.rpartition(".")[0],
    )
    crumbs = (Link(label=text("import.title"), href=visit.reader.link(PATH)),)
    return visit.page(title=title, body=body.component(), crumbs=crumbs, canvas=True)
