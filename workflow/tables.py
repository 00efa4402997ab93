"""The tables of runs, which stand beside a tenant's other system tables.

`s_run` holds each run's state and lease; `s_run_start` makes a start unique per event and flow; `s_run_write`
says how deep in a chain of flows a change set was written, so that the chain can be stopped.
"""

from __future__ import annotations

from engine.system import SystemSchema, SystemStep

WORKFLOW = SystemSchema(
    room="workflow",
    steps=(
        SystemStep(
            number=1,
            about="runs",
            statements=(
                """CREATE TABLE s_run (
                    id {id} NOT NULL PRIMARY KEY, flow {text} NOT NULL, version {text} NOT NULL,
                    object {text} NOT NULL, record {id} NOT NULL, event {int} NOT NULL, starter {id},
                    depth {int} NOT NULL, position {int} NOT NULL, sequence {int} NOT NULL,
                    state {text} NOT NULL, due {at} NOT NULL, reason {text} NOT NULL, worker {text},
                    lease {at}
                ) {table}""",
                "CREATE INDEX ix_s_run_due ON s_run (due) WHERE state = 'ready'",
                "CREATE INDEX ix_s_run_record ON s_run (record)",
                """CREATE TABLE s_run_start (
                    event {int} NOT NULL, flow {text} NOT NULL, run {id} NOT NULL, PRIMARY KEY (event, flow)
                ) {table}""",
                """CREATE TABLE s_run_write (
                    change_set {id} NOT NULL PRIMARY KEY, depth {int} NOT NULL
                ) {table}""",
            ),
        ),
    ),
)
