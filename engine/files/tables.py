"""The system tables of files: blobs, files, and which record's field ever held which file.

A step that was shipped never changes; what comes later is a new step at the end.
"""

from __future__ import annotations

from engine.system import SystemSchema, SystemStep

FILES = SystemSchema(
    room="files",
    steps=(
        SystemStep(
            number=1,
            about="blobs, files, and where files are used",
            statements=(
                """CREATE TABLE s_blob (
                    digest {text} NOT NULL PRIMARY KEY, size {int} NOT NULL, at {at} NOT NULL
                ) {table}""",
                """CREATE TABLE s_file (
                    id {id} NOT NULL PRIMARY KEY, digest {text} NOT NULL REFERENCES s_blob (digest),
                    name {text} NOT NULL, media_type {text} NOT NULL, size {int} NOT NULL,
                    width {int}, height {int}, state {text} NOT NULL, at {at} NOT NULL, "by" {id}
                ) {table}""",
                "CREATE INDEX ix_s_file_digest ON s_file (digest)",
                "CREATE INDEX ix_s_file_pending ON s_file (at) WHERE state = 'pending'",
                """CREATE TABLE s_file_use (
                    file {id} NOT NULL REFERENCES s_file (id), object {text} NOT NULL, record {id} NOT NULL,
                    field {text} NOT NULL, PRIMARY KEY (file, object, record, field)
                ) {table}""",
                "CREATE INDEX ix_s_file_use_record ON s_file_use (record)",
            ),
        ),
    ),
)
