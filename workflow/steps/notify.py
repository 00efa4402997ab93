"""`notify`: leave a notification for a user, with a way to the record that started the flow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflow.effect import CreateRecord, Effect

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workflow.run import Run

NOTIFICATION = "notification"
"""The platform's object of notifications (apps/platform)."""


class NotifyStep:
    """`- notify: {to: =owner, message: '="New lead: " & name'}`."""

    name = "notify"
    schema: Mapping[str, object] = {
        "properties": {
            "to": {"type": "string", "description": "The user, mostly a formula: =owner."},
            "message": {"type": "string", "description": "The text, or a formula that makes it."},
        },
        "required": ["to", "message"],
    }

    def effects(self, config: Mapping[str, object], run: Run) -> tuple[Effect, ...]:
        """One notification, owned by its reader; nothing when there is nobody to tell."""
        user = config["to"]
        if user is None:
            return ()
        values = {
            "user": user, "owner": user, "message": config["message"],
            "about_object": run.object, "about_record": run.record,
        }  # fmt: skip
        return (CreateRecord(target=NOTIFICATION, values=values),)

    def object(self, config: Mapping[str, object], start: str) -> str | None:  # noqa: ARG002
        """None: a notification's fields are not the author's to set."""
        return None


STEP = NotifyStep()
