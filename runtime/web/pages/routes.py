"""The routes of the interface, in the order in which they are tried, and the page of a Problem.

`routes` and `problem_page` are what the server mounts. A Problem that a page raises is shown in the reader's
own frame; one from before the page (no tenant, not signed in) by `problem_page`, without a frame.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from engine.problem import Problem
from engine.transfer.table import MOST_BYTES
from runtime.api.moved import address_of, merged_into
from runtime.exchange import Route
from runtime.language import preferred
from runtime.trail import trail_of
from runtime.web.pages import (
    access,
    acting,
    attachments,
    cells,
    changes,
    clone,
    duplicates,
    exporting,
    figures,
    files,
    filters,
    form,
    gateway,
    handover,
    held,
    import_check,
    import_columns,
    import_values,
    imports,
    inline,
    jobs,
    listing,
    lookup,
    merging,
    navigation,
    notifications,
    past,
    preview,
    recent,
    record,
    recycled,
    search,
    secrets,
    selection,
    sharing,
    stage,
    view_sharing,
    views,
)
from runtime.web.pages.flash import Done
from runtime.web.pages.refused import bare_page, framed_page
from runtime.web.pages.visit import visit
from runtime.web.table import Empty

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request
    from starlette.responses import Response

    from runtime.exchange import Exchange
    from runtime.web.pages.visit import Page, Visit
    from runtime.web.renderer import Renderer

_OBJECT = "/o/{object}"
_RECORD = "/o/{object}/{id}"


def show_home(visit: Visit) -> Response:
    """GET /: on to the first list the reader may see."""
    address = navigation.home(visit)
    if address:
        return visit.go(address)
    text = visit.reader.text
    body = Empty(symbol="lock", title=text("problem.nothing_title"), text=text("problem.nothing_text"))
    return visit.page(title=text("problem.nothing_title"), body=body.component())


_PAGES: tuple[tuple[str, str, Page], ...] = (
    ("GET", "/", show_home),
    ("GET", _OBJECT, listing.show_list),
    ("GET", f"{_OBJECT}/rows", listing.show_rows),
    ("GET", f"{_OBJECT}/figures", figures.show_figures),
    ("GET", f"{_OBJECT}/group", figures.show_group),
    ("GET", f"{_OBJECT}/export", exporting.export_list),
    ("GET", f"{_OBJECT}/filter", filters.show_filter),
    ("POST", f"{_OBJECT}/views", views.change_views),
    ("GET", f"{_OBJECT}/views/share", view_sharing.show_sharing),
    ("POST", f"{_OBJECT}/views/share", view_sharing.share_view),
    ("POST", f"{_OBJECT}/bulk", selection.show_bulk),
    ("POST", f"{_OBJECT}/bulk/save", selection.save_bulk),
    ("GET", f"{_OBJECT}/new", form.show_new),
    ("POST", f"{_OBJECT}/new/preview", preview.preview_new),
    ("POST", f"{_OBJECT}/new/duplicates", duplicates.show_duplicates),
    ("GET", f"{_OBJECT}/merge", merging.show_merge),
    ("POST", f"{_OBJECT}/merge", merging.merge_chosen),
    ("POST", f"{_OBJECT}/delete", selection.delete_records),
    ("POST", f"{_OBJECT}/restore", selection.restore_records),
    ("POST", f"{_OBJECT}/purge", recycled.purge_record),
    ("GET", _RECORD, recent.remembering(record.show_record)),
    ("GET", f"{_RECORD}/edit", form.show_edit),
    ("GET", f"{_RECORD}/clone", clone.show_clone),
    ("POST", f"{_RECORD}/preview", preview.preview_saved),
    ("POST", f"{_RECORD}/stage", stage.move_stage),
    ("GET", f"{_RECORD}/sharing", sharing.show_sharing),
    ("POST", f"{_RECORD}/sharing", sharing.end_sharing),
    ("GET", f"{_RECORD}/access", access.show_access),
    ("GET", f"{_RECORD}/held", held.show_held),
    ("GET", f"{_RECORD}/as-of", past.show_past),
    ("POST", f"{_RECORD}/as-of", past.bring_fields_back),
    ("POST", f"{_RECORD}/reveal/{{field}}", secrets.reveal_value),
    ("GET", f"{_RECORD}/files/{{field}}/{{file}}", files.show_file),
    ("GET", f"{_RECORD}/cell/{{field}}", cells.show_cell),
    ("POST", f"{_RECORD}/cell/{{field}}", cells.save_cell),
    ("GET", f"{_RECORD}/field/{{field}}", inline.show_field),
    ("GET", "/files/{file}", files.show_own),
    ("GET", "/lookup/{object}/{field}", lookup.find_records),
    ("GET", "/app/{app}", navigation.enter_app),
    ("GET", "/notifications", notifications.show_notifications),
    ("POST", "/notifications", notifications.mark_all),
    ("POST", "/notifications/{id}", notifications.open_notification),
    ("GET", "/recent", recent.show_recent),
    ("GET", "/search", search.show_search),
    ("GET", "/search/results", search.show_results),
    ("GET", "/change-sets", changes.show_changes),
    ("GET", "/change-sets/{id}", changes.show_change),
    ("POST", "/change-sets/{id}", changes.undo_change),
    ("GET", "/bin", recycled.show_bin),
    ("GET", "/import", imports.show_upload),
    ("POST", "/import/mappings", imports.remove_mapping),
    ("GET", "/import/{id}/columns", import_columns.show_columns),
    ("POST", "/import/{id}/columns", import_columns.save_columns),
    ("GET", "/import/{id}/values", import_values.show_values),
    ("POST", "/import/{id}/values", import_values.save_values),
    ("GET", "/import/{id}/check", import_check.show_check),
    ("POST", "/import/{id}/run", import_check.run_import),
    ("POST", "/import/{id}/save", import_check.save_mapping),
    ("GET", "/jobs", jobs.show_jobs),
    ("GET", "/jobs/{id}", jobs.show_job),
    ("POST", "/jobs/{id}/cancel", jobs.cancel),
    ("GET", f"{_RECORD}/hand-over", handover.show_hand_over),
    ("POST", f"{_RECORD}/hand-over", handover.hand_over_records),
    ("GET", "/act-as/{id}", acting.show_acting),
    ("POST", "/act-as/{id}", acting.begin),
    ("POST", "/act-as", acting.stop),
    ("POST", "/sign-out", gateway.sign_out),
)
_FILE_PAGES: tuple[tuple[str, str, Page], ...] = (
    ("POST", "/files", files.send_file),
    ("POST", f"{_OBJECT}/new", files.receiving(form.create)),
    ("POST", f"{_RECORD}/edit", files.receiving(form.save)),
    ("POST", f"{_RECORD}/attachments", files.receiving(attachments.change_attachments)),
    ("POST", f"{_RECORD}/field/{{field}}", files.receiving(inline.save_field)),
)
_IMPORT_PAGES: tuple[tuple[str, str, Page], ...] = (("POST", "/import", imports.upload),)
MOST_FILES = 20
"""Files that a form may bring."""
BESIDE = 65_536
"""Bytes of a form beside its file."""
_OPEN_PAGES: tuple[tuple[str, str, Page], ...] = (
    ("GET", "/sign-in", gateway.show_sign_in),
    ("POST", "/sign-in", gateway.sign_in),
    ("POST", "/preferences", gateway.set_preferences),
)


def routes(renderer: Renderer) -> tuple[Route, ...]:
    """Every page as a route; those for visitors are anonymous."""
    return tuple(
        Route(
            path=path, methods=(method,), handler=partial(_serve, renderer, page), anonymous=anonymous,
            files=most, body_limit=limit,
        )
        for pages, anonymous, most, limit in (
            (_PAGES, False, 0, None), (_FILE_PAGES, False, MOST_FILES, None), (_OPEN_PAGES, True, 0, None),
            (_IMPORT_PAGES, False, 1, MOST_BYTES + BESIDE),
        )
        for method, path, page in pages
    )  # fmt: skip


def problem_page(renderer: Renderer) -> Callable[[Problem, Request], Response]:
    """What shows a Problem to somebody of whom nothing is known but the request."""

    def show(problem: Problem, request: Request) -> Response:
        language = preferred(request, tuple(renderer.texts))
        return bare_page(renderer, problem, request, language, trail_of(request.scope).request_id)

    return show


def _serve(renderer: Renderer, page: Page, exchange: Exchange) -> Response:
    made = visit(renderer, exchange)
    try:
        return page(made)
    except Problem as problem:
        if made.session is None:
            raise
        return _elsewhere(made, problem) or framed_page(made, problem)


def _elsewhere(visit: Visit, problem: Problem) -> Response | None:
    """The way on where the record of an address was merged into another one, for readers of a page."""
    exchange = visit.exchange
    reading = problem.status == 404 and exchange.request.method == "GET"
    survivor = merged_into(exchange) if reading else None
    if survivor is None:
        return None
    return visit.go(address_of(exchange, survivor), Done(what="merged", object=exchange.param("object")))
