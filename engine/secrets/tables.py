"""The system table of secrets: the tenant's data keys, each encrypted with a key of the installation.

A step that was shipped never changes; what comes later is a new step at the end.
"""

from __future__ import annotations

from engine.system import SystemSchema, SystemStep

SECRETS = SystemSchema(
    room="secrets",
    steps=(
        SystemStep(
            number=1,
            about="keys of secret fields",
            statements=(
                """CREATE TABLE s_key (
                    id {id} NOT NULL PRIMARY KEY, number {int} NOT NULL UNIQUE, wrapped {text} NOT NULL,
                    at {at} NOT NULL
                ) {table}""",
            ),
        ),
    ),
)
