"""One tenant's data: tables, migrations, access decisions, queries, saves, journal, search and reports.

Never calls workflow: a save leaves an `Event` in the outbox, in its own transaction. Knows no HTTP.
"""
