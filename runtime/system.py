"""The system tables of this room in each tenant's database: sign-in, tokens, packages, saved views.

Numbered steps that only go forward, performed by `engine.system.upgrade` when a tenant is made or opened.
"""

from __future__ import annotations

from engine.system import SystemSchema, SystemStep

RUNTIME = SystemSchema(
    room="runtime",
    steps=(
        SystemStep(
            number=1,
            about="sign-in, tokens, idempotency keys, published packages",
            statements=(
                """CREATE TABLE s_credential (
                    user_id {text} NOT NULL PRIMARY KEY, hash {text} NOT NULL, changed_at {int} NOT NULL
                ) {table}""",
                """CREATE TABLE s_guess (
                    email {text} NOT NULL PRIMARY KEY, failed {int} NOT NULL, locked_until {int} NOT NULL
                ) {table}""",
                """CREATE TABLE s_sign_in (
                    id {text} NOT NULL PRIMARY KEY, hash {text} NOT NULL UNIQUE, user_id {text} NOT NULL,
                    created_at {int} NOT NULL, seen_at {int} NOT NULL, ends_at {int} NOT NULL,
                    address {text} NOT NULL, agent {text} NOT NULL, revoked_at {int} NOT NULL DEFAULT 0
                ) {table}""",
                "CREATE INDEX ix_s_sign_in_user ON s_sign_in (user_id)",
                """CREATE TABLE s_token (
                    id {text} NOT NULL PRIMARY KEY, hash {text} NOT NULL UNIQUE, user_id {text} NOT NULL,
                    name {text} NOT NULL, scopes {text} NOT NULL, created_at {int} NOT NULL,
                    expires_at {int} NOT NULL, revoked_at {int} NOT NULL DEFAULT 0
                ) {table}""",
                """CREATE TABLE s_idempotency (
                    actor {text} NOT NULL, key {text} NOT NULL, digest {text} NOT NULL, status {int} NOT NULL,
                    headers {text} NOT NULL, body {text} NOT NULL, at {int} NOT NULL, PRIMARY KEY (actor, key)
                ) {table}""",
                "CREATE INDEX ix_s_idempotency_at ON s_idempotency (at)",
                """CREATE TABLE s_package (
                    digest {text} NOT NULL PRIMARY KEY, name {text} NOT NULL, files {text} NOT NULL
                ) {table}""",
                """CREATE TABLE s_release_package (
                    number {int} NOT NULL, name {text} NOT NULL,
                    digest {text} NOT NULL REFERENCES s_package (digest), PRIMARY KEY (number, name)
                ) {table}""",
            ),
        ),
        SystemStep(
            number=2,
            about="views of lists that people save for themselves",
            statements=(
                """CREATE TABLE s_list_view (
                    id {text} NOT NULL PRIMARY KEY, user_id {text} NOT NULL, object_id {text} NOT NULL,
                    name {text} NOT NULL, query {text} NOT NULL, chosen {int} NOT NULL
                ) {table}""",
                "CREATE INDEX ix_s_list_view_user ON s_list_view (user_id, object_id)",
            ),
        ),
        SystemStep(
            number=3,
            about="whom an administrator acts as in her session",
            statements=("ALTER TABLE s_sign_in ADD COLUMN acting_as {text} NOT NULL DEFAULT ''",),
        ),
        SystemStep(
            number=4,
            about="whom views are shared with, and in which order people see theirs",
            statements=(
                """CREATE TABLE s_list_view_share (
                    view_id {text} NOT NULL, kind {text} NOT NULL, subject {text} NOT NULL,
                    PRIMARY KEY (view_id, kind, subject)
                ) {table}""",
                "CREATE INDEX ix_s_list_view_object ON s_list_view (object_id)",
                """CREATE TABLE s_list_view_place (
                    user_id {text} NOT NULL, object_id {text} NOT NULL, view {text} NOT NULL,
                    place {int} NOT NULL, chosen {int} NOT NULL, PRIMARY KEY (user_id, object_id, view)
                ) {table}""",
                """INSERT INTO s_list_view_place (user_id, object_id, view, place, chosen)
                SELECT user_id, object_id, id, 0, 1 FROM s_list_view WHERE chosen = 1""",
            ),
        ),
    ),
)
