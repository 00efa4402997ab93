"""The routes of the REST API, in the order in which they are tried."""

from __future__ import annotations

from runtime.api.access import explain_access, list_viewers, preview_access
from runtime.api.batch import apply_batch
from runtime.api.changes import apply_undo, get_change_set, list_change_sets, show_undo
from runtime.api.export import export_records, queue_export
from runtime.api.figures import (
    aggregate_records,
    describe_object,
    distinct_values,
    list_objects,
    record_history,
)
from runtime.api.files import get_file, upload_file
from runtime.api.formula import check_formula
from runtime.api.handover import apply_hand_over, show_hand_over
from runtime.api.imports import (
    apply_import,
    get_mapping,
    list_mappings,
    put_mapping,
    remove_mapping,
)
from runtime.api.jobs import apply_cancel, download_file, get_job, list_jobs
from runtime.api.merging import merge_records
from runtime.api.moved import following
from runtime.api.openapi import show_openapi
from runtime.api.past import apply_past, list_changes, show_past
from runtime.api.records import (
    create_records,
    delete_record,
    get_record,
    list_records,
    restore_record,
    update_record,
)
from runtime.api.recycled import list_recycled, purge_record
from runtime.api.search import search_records
from runtime.api.secrets import reveal_secret
from runtime.api.setup import list_releases
from runtime.api.together import apply_parts
from runtime.exchange import Route
from runtime.idempotency import idempotent, resumable

_OBJECT = "/api/v1/{object}"
_RECORD = "/api/v1/{object}/{id}"

ROUTES: tuple[Route, ...] = (
    Route(path="/api/v1", methods=("GET",), handler=list_objects),
    Route(path="/api/v1/openapi.json", methods=("GET",), handler=show_openapi),
    Route(path="/api/v1/setup/releases", methods=("GET",), handler=list_releases),
    Route(path="/api/v1/search", methods=("GET",), handler=search_records),
    Route(path="/api/v1/formula/check", methods=("POST",), handler=check_formula),
    Route(path="/api/v1/$batch", methods=("POST",), handler=idempotent(apply_parts)),
    Route(path="/api/v1/access/explain", methods=("GET",), handler=explain_access),
    Route(path="/api/v1/access/who", methods=("GET",), handler=list_viewers),
    Route(path="/api/v1/access/preview", methods=("GET",), handler=preview_access),
    Route(path="/api/v1/change-sets", methods=("GET",), handler=list_change_sets),
    Route(path="/api/v1/change-sets/{id}", methods=("GET",), handler=get_change_set),
    Route(path="/api/v1/change-sets/{id}/undo", methods=("GET",), handler=show_undo),
    Route(path="/api/v1/change-sets/{id}/undo", methods=("POST",), handler=resumable(apply_undo)),
    Route(path="/api/v1/changes", methods=("GET",), handler=list_changes),
    Route(path="/api/v1/bin", methods=("GET",), handler=list_recycled),
    Route(path="/api/v1/import", methods=("POST",), handler=apply_import, files=1),
    Route(path="/api/v1/import/mappings", methods=("GET",), handler=list_mappings),
    Route(path="/api/v1/import/mappings/{name}", methods=("GET",), handler=get_mapping),
    Route(path="/api/v1/import/mappings/{name}", methods=("PUT",), handler=idempotent(put_mapping)),
    Route(path="/api/v1/import/mappings/{name}", methods=("DELETE",), handler=idempotent(remove_mapping)),
    Route(path="/api/v1/jobs", methods=("GET",), handler=list_jobs),
    Route(path="/api/v1/jobs/{id}", methods=("GET",), handler=get_job),
    Route(path="/api/v1/jobs/{id}/cancel", methods=("POST",), handler=idempotent(apply_cancel)),
    Route(path="/api/v1/jobs/{id}/files/{file}", methods=("GET",), handler=download_file),
    Route(path="/api/v1/user/{id}/hand-over", methods=("GET",), handler=show_hand_over),
    Route(path="/api/v1/user/{id}/hand-over", methods=("POST",), handler=resumable(apply_hand_over)),
    Route(path="/api/v1/files", methods=("POST",), handler=upload_file, files=1),
    Route(path=_OBJECT, methods=("GET",), handler=list_records),
    Route(path=_OBJECT, methods=("POST",), handler=idempotent(create_records)),
    Route(path=f"{_OBJECT}/batch", methods=("POST",), handler=idempotent(apply_batch)),
    Route(path=f"{_OBJECT}/merge", methods=("POST",), handler=idempotent(merge_records)),
    Route(path=f"{_OBJECT}/aggregate", methods=("GET",), handler=aggregate_records),
    Route(path=f"{_OBJECT}/distinct", methods=("GET",), handler=distinct_values),
    Route(path=f"{_OBJECT}/export", methods=("GET",), handler=export_records),
    Route(path=f"{_OBJECT}/export", methods=("POST",), handler=idempotent(queue_export)),
    Route(path=f"{_OBJECT}/describe", methods=("GET",), handler=describe_object),
    Route(path=_RECORD, methods=("GET",), handler=following(get_record)),
    Route(path=_RECORD, methods=("PATCH",), handler=idempotent(following(update_record))),
    Route(path=_RECORD, methods=("DELETE",), handler=idempotent(following(delete_record))),
    Route(path=f"{_RECORD}/restore", methods=("POST",), handler=idempotent(restore_record)),
    Route(path=f"{_RECORD}/secrets/{{field}}", methods=("POST",), handler=reveal_secret),
    Route(path=f"{_RECORD}/purge", methods=("POST",), handler=idempotent(purge_record)),
    Route(path=f"{_RECORD}/history", methods=("GET",), handler=following(record_history)),
    Route(path=f"{_RECORD}/as-of", methods=("GET",), handler=show_past),
    Route(path=f"{_RECORD}/as-of", methods=("POST",), handler=idempotent(apply_past)),
    Route(path=f"{_RECORD}/files/{{field}}/{{file}}", methods=("GET",), handler=get_file),
)
