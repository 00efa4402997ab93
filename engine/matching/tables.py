"""The system table of match keys: by which keys records can be found that may be the same thing.

A step that was shipped never changes; what comes later is a new step at the end.
"""

from __future__ import annotations

from engine.system import SystemSchema, SystemStep

MATCHING = SystemSchema(
    room="matching",
    steps=(
        SystemStep(
            number=1,
            about="match keys of records",
            statements=(
                """CREATE TABLE s_match (
                    key {id} NOT NULL, object {text} NOT NULL, record {id} NOT NULL,
                    PRIMARY KEY (key, record, object)
                ) {table}""",
                "CREATE INDEX ix_s_match_record ON s_match (record, object)",
            ),
        ),
    ),
)
