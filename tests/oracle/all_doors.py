"""Every door there is. A new way to records is one more entry here, and is asked about everything then.

`WITHOUT_RECORDS` are the routes that tell of no record, each with the reason; `test_doors.py` walks the
routes of the server and wants each of them to be behind a door or in that list.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from tests.oracle.api_doors import API_DOORS
from tests.oracle.explain_doors import Explain, Viewers
from tests.oracle.reading_doors import READING
from tests.oracle.web_doors import WEB_DOORS
from tests.oracle.writing_doors import WRITING

if TYPE_CHECKING:
    from tests.oracle.doors import Door

INSIDE: tuple[Door, ...] = (*READING, *WRITING, Explain(), Viewers())
"""The engine's own."""

OUTSIDE: tuple[Door, ...] = (*API_DOORS, *WEB_DOORS)
"""Those of the server."""

_OTHERS = "the records are the reader's own notifications; tests/web/test_pages.py has them"
_MERGED = "shows and changes only what a get and an update of each record would; tests of merging have it"
_UNDO = "puts back what was, as a save of whoever undoes; tests of undo have it"
_PURGED = "removes what the bin has shown, as far as its reader may delete it; tests of purging have it"
_BACK = "a save of what the door before has shown; tests of the past have it"
_TOLD = "tells a secret of a record that a get shows; tests of secrets have it"
_HANDED = "saves what the page before has shown, as a save of whoever hands over"
_MAPPINGS = "tells which columns fill which fields, and of no record"
_JOBS = "tells of the reader's own jobs, each made with her rights; tests/runtime/test_jobs.py has them"
_FILES = "gives a file of a field whose value the reader's record has; tests/runtime/test_files.py has them"
_SENT = "takes in a file of the sender's own"
_SELECTED = "a form of ids that others have shown; saving it is the engine's update or delete"
_IMPORTING = "tells of the reader's own file; what it looks up has tests/engine/transfer/test_unknown.py"
_IMPORTS = (
    *(("GET", "/import"), ("POST", "/import"), ("POST", "/import/mappings")),
    *(("GET", "/import/{id}/columns"), ("POST", "/import/{id}/columns")),
    *(("GET", "/import/{id}/values"), ("POST", "/import/{id}/values")),
    *(("GET", "/import/{id}/check"), ("POST", "/import/{id}/run"), ("POST", "/import/{id}/save")),
)


WITHOUT_RECORDS = MappingProxyType({
    ("GET", "/api/v1/setup/releases"): "tells of metadata, to those who may publish it",
    ("POST", "/o/{object}/bulk"): _SELECTED,
    ("POST", "/o/{object}/bulk/save"): _SELECTED,
    ("POST", "/o/{object}/delete"): _SELECTED,
    ("POST", "/o/{object}/restore"): _SELECTED,
    ("GET", "/o/{object}/merge"): _MERGED,
    ("POST", "/o/{object}/merge"): _MERGED,
    ("POST", "/api/v1/{object}/merge"): _MERGED,
    ("POST", "/api/v1/change-sets/{id}/undo"): _UNDO,
    ("POST", "/change-sets/{id}"): _UNDO,
    ("POST", "/api/v1/{object}/{id}/purge"): _PURGED,
    ("POST", "/api/v1/{object}/{id}/as-of"): _BACK,
    ("POST", "/o/{object}/{id}/as-of"): _BACK,
    ("POST", "/o/{object}/purge"): _PURGED,
    ("POST", "/api/v1/{object}/{id}/secrets/{field}"): _TOLD,
    ("POST", "/o/{object}/{id}/reveal/{field}"): _TOLD,
    ("POST", "/api/v1/user/{id}/hand-over"): _HANDED,
    ("POST", "/o/{object}/{id}/hand-over"): _HANDED,
    ("POST", "/o/{object}/{id}/sharing"): "deletes a member, as the engine lets",
    ("POST", "/act-as"): "changes who acts; who that is sees as that one",
    ("POST", "/act-as/{id}"): "changes who acts; who that is sees as that one",
    ("GET", "/api/v1/access/who"): "asks for the right to set up; Viewers has what it answers",
    ("GET", "/api/v1/access/preview"): "asks for the right to set up; counts, and names no record",
    ("GET", "/o/{object}/views/share"): "names views and groups; the rows of a view are a list's",
    ("POST", "/o/{object}/views/share"): "says who sees a view; the rows of a view are a list's",
    ("POST", "/api/v1/import"): "saves as the engine lets; tests/engine/transfer has what it finds and tells",
    **dict.fromkeys(_IMPORTS, _IMPORTING),
    ("POST", "/api/v1/{object}/export"): "queues what the same address answers to GET, and tells its number",
    ("GET", "/api/v1/import/mappings"): _MAPPINGS,
    ("GET", "/api/v1/import/mappings/{name}"): _MAPPINGS,
    ("PUT", "/api/v1/import/mappings/{name}"): _MAPPINGS,
    ("DELETE", "/api/v1/import/mappings/{name}"): _MAPPINGS,
    ("GET", "/api/v1/jobs"): _JOBS,
    ("GET", "/api/v1/jobs/{id}"): _JOBS,
    ("POST", "/api/v1/jobs/{id}/cancel"): _JOBS,
    ("GET", "/api/v1/jobs/{id}/files/{file}"): _JOBS,
    **dict.fromkeys(_IMPORTS, _IMPORTING),
    ("GET", "/jobs"): _JOBS,
    ("GET", "/jobs/{id}"): _JOBS,
    ("POST", "/jobs/{id}/cancel"): _JOBS,
    ("POST", "/api/v1/files"): _SENT,
    ("POST", "/files"): _SENT,
    ("POST", "/o/{object}/{id}/attachments"): "saves a list of files, as the engine lets",
    ("GET", "/files/{file}"): "gives a file that the reader sent and no record holds",
    ("GET", "/api/v1/{object}/{id}/files/{field}/{file}"): _FILES,
    ("GET", "/o/{object}/{id}/files/{field}/{file}"): _FILES,
    ("GET", "/app/{app}"): "leads on to a list",
    ("GET", "/notifications"): _OTHERS,
    ("POST", "/notifications"): _OTHERS,
    ("POST", "/notifications/{id}"): _OTHERS,
    ("POST", "/sign-out"): "ends a session",
    ("GET", "/sign-in"): "is shown to strangers",
    ("POST", "/sign-in"): "begins a session",
    ("POST", "/preferences"): "sets cookies",
})  # fmt: skip
