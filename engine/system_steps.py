"""The steps of the engine's system tables: releases, change sets, journal, closures, series, search.

A step that was shipped never changes; what comes later is a new step at the end. Performed by `system.py`.
"""

from __future__ import annotations

from engine.system import SystemSchema, SystemStep

ENGINE = SystemSchema(
    room="engine",
    steps=(
        SystemStep(
            number=1,
            about="releases, change sets, journal, closures",
            statements=(
                """CREATE TABLE s_release (
                    number {int} PRIMARY KEY, digest {text} NOT NULL, layer {text} NOT NULL,
                    packages {text} NOT NULL, at {at} NOT NULL, "by" {id}, reason {text} NOT NULL
                ) {table}""",
                """CREATE TABLE s_change_set (
                    id {id} NOT NULL PRIMARY KEY, at {at} NOT NULL, actor {id}, entry {text} NOT NULL,
                    reason {text} NOT NULL, automation {bool} NOT NULL
                ) {table}""",
                "CREATE INDEX ix_s_change_set_at ON s_change_set (at)",
                """CREATE TABLE s_department_closure (
                    above {id} NOT NULL, below {id} NOT NULL, depth {int} NOT NULL, PRIMARY KEY (above, below)
                ) {table}""",
                "CREATE INDEX ix_s_department_closure_below ON s_department_closure (below)",
                """CREATE TABLE s_user_closure (
                    above {id} NOT NULL, below {id} NOT NULL, depth {int} NOT NULL, PRIMARY KEY (above, below)
                ) {table}""",
                "CREATE INDEX ix_s_user_closure_below ON s_user_closure (below)",
            ),
            # On SQLite one writer at a time makes file order the commit order. On PostgreSQL `seq` is given
            # later, to events of transactions older than every running one (see sequencer.py).
            sqlite=(
                """CREATE TABLE s_journal (
                    seq INTEGER PRIMARY KEY AUTOINCREMENT, id {id} NOT NULL UNIQUE, tx INTEGER,
                    change_set {id} NOT NULL,
                    object {text} NOT NULL, record {id} NOT NULL, version {int} NOT NULL,
                    kind {text} NOT NULL, changes {text} NOT NULL
                ) {table}""",
                "CREATE INDEX ix_s_journal_record ON s_journal (record, version)",
                "CREATE INDEX ix_s_journal_change_set ON s_journal (change_set)",
            ),
            postgresql=(
                """CREATE TABLE s_journal (
                    seq {int} UNIQUE, id {id} NOT NULL PRIMARY KEY,
                    tx XID8 NOT NULL DEFAULT pg_current_xact_id(),
                    change_set {id} NOT NULL,
                    object {text} NOT NULL, record {id} NOT NULL, version {int} NOT NULL,
                    kind {text} NOT NULL, changes {text} NOT NULL
                ) {table}""",
                "CREATE INDEX ix_s_journal_record ON s_journal (record, version)",
                "CREATE INDEX ix_s_journal_change_set ON s_journal (change_set)",
                "CREATE INDEX ix_s_journal_waiting ON s_journal (tx) WHERE seq IS NULL",
            ),
        ),
        SystemStep(
            number=2,
            about="series of record numbers",
            statements=(
                """CREATE TABLE s_series (
                    field {text} NOT NULL, frame {text} NOT NULL, last {int} NOT NULL,
                    PRIMARY KEY (field, frame)
                ) {table}""",
            ),
        ),
        SystemStep(
            number=3,
            about="what a release changed, and what the tenant's layer saw below it",
            statements=(
                "ALTER TABLE s_release ADD COLUMN changes {text} NOT NULL DEFAULT '[]'",
                "ALTER TABLE s_release ADD COLUMN seen {text} NOT NULL DEFAULT '[]'",
            ),
        ),
        SystemStep(
            number=4,
            about="who really acted, what a change set is about, and whether it is still being written",
            statements=(
                "ALTER TABLE s_change_set ADD COLUMN impersonator {id}",
                "ALTER TABLE s_change_set ADD COLUMN subject {id}",
                "CREATE INDEX ix_s_change_set_actor ON s_change_set (actor, at)",
                "CREATE INDEX ix_s_change_set_subject ON s_change_set (subject) WHERE subject IS NOT NULL",
            ),
            sqlite=("ALTER TABLE s_change_set ADD COLUMN open {bool} NOT NULL DEFAULT 0",),
            postgresql=("ALTER TABLE s_change_set ADD COLUMN open {bool} NOT NULL DEFAULT false",),
        ),
        SystemStep(
            number=5,
            about="what is searched: a document of tokens for each record",
            statements=(),
            # The index of SQLite keeps which documents hold a token and nothing else, and takes tokens as
            # they are: they part at blanks alone. It keeps the documents, too – a trigger of a table of ours
            # could not write it, as SQLite 3.40 trusts no virtual table there – so that documents are found
            # by their record through an index on the table behind it (id, c0 object, c1 record, c2 tokens).
            sqlite=(
                """CREATE VIRTUAL TABLE s_search USING fts5(
                    object UNINDEXED, record UNINDEXED, tokens, detail=none, columnsize=0,
                    tokenize="ascii tokenchars '-_'"
                )""",
                "CREATE UNIQUE INDEX uq_s_search_record ON s_search_content (c1, c0)",
                "CREATE INDEX ix_s_search_object ON s_search_content (c0)",
            ),
            postgresql=(
                """CREATE TABLE s_search (
                    seq {int} GENERATED BY DEFAULT AS IDENTITY, object {text} NOT NULL, record {id} NOT NULL,
                    tokens TSVECTOR NOT NULL, PRIMARY KEY (record, object)
                )""",
                "CREATE INDEX ix_s_search_object ON s_search (object, seq)",
                "CREATE INDEX ix_s_search_tokens ON s_search USING gin (tokens)",
            ),
        ),
        SystemStep(
            number=6,
            about="jobs, and the files that they read and write, in pieces",
            statements=(
                """CREATE TABLE s_job (
                    id {id} NOT NULL PRIMARY KEY, kind {text} NOT NULL, state {text} NOT NULL, actor {id},
                    impersonator {id}, about {text} NOT NULL, subject {text} NOT NULL, done {int} NOT NULL,
                    total {int}, cursor {text} NOT NULL, result {text} NOT NULL, problem {text},
                    made_at {at} NOT NULL, turn_at {at} NOT NULL, started_at {at}, ended_at {at},
                    cancelling {bool} NOT NULL, attempts {int} NOT NULL, worker {text}, lease {at}
                ) {table}""",
                "CREATE INDEX ix_s_job_due ON s_job (turn_at) WHERE state IN ('queued', 'running')",
                "CREATE INDEX ix_s_job_actor ON s_job (actor, made_at)",
                "CREATE INDEX ix_s_job_made ON s_job (made_at)",
            ),
            sqlite=(
                """CREATE TABLE s_job_piece (
                    job BLOB NOT NULL, name TEXT NOT NULL, number INTEGER NOT NULL, bytes BLOB NOT NULL,
                    PRIMARY KEY (job, name, number)
                ) STRICT""",
            ),
            postgresql=(
                """CREATE TABLE s_job_piece (
                    job UUID NOT NULL, name {text} NOT NULL, number {int} NOT NULL, bytes BYTEA NOT NULL,
                    PRIMARY KEY (job, name, number)
                )""",
            ),
        ),
        SystemStep(
            number=7,
            about="when an entry was made, and the chain over all of them",
            statements=(
                "ALTER TABLE s_journal ADD COLUMN at {at}",
                # `salt` is NULL where a value was erased; `leaves` then hold what is left to prove the rest.
                """CREATE TABLE s_audit (
                    seq {int} NOT NULL PRIMARY KEY, salt {text}, leaves {text}, chain {text} NOT NULL
                ) {table}""",
            ),
        ),
        SystemStep(
            number=8,
            about="where the ids of merged records lead",
            statements=(
                """CREATE TABLE s_redirect (
                    change_set {id} NOT NULL, object {text} NOT NULL, old {id} NOT NULL, new {id} NOT NULL,
                    pending {bool} NOT NULL, ended {id}, PRIMARY KEY (change_set, old)
                ) {table}""",
                "CREATE INDEX ix_s_redirect_old ON s_redirect (old)",
                "CREATE INDEX ix_s_redirect_new ON s_redirect (new)",
            ),
        ),
        SystemStep(
            number=9,
            about="what went into the recycle bin, newest first",
            statements=("CREATE INDEX ix_s_journal_deleted ON s_journal (id) WHERE kind = 'deleted'",),
        ),
        SystemStep(
            number=10,
            about="what the columns of files mean, by name",
            statements=(
                """CREATE TABLE s_import_mapping (
                    name {text} NOT NULL PRIMARY KEY, object {text} NOT NULL, document {text} NOT NULL,
                    at {at} NOT NULL, actor {id}
                ) {table}""",
            ),
        ),
    ),
)
