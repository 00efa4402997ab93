"""`update`: give fields of the record that started the flow new values."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from workflow.effect import Effect, UpdateRecord

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workflow.run import Run


class UpdateStep:
    """`- update: {set: {status: working}}`."""

    name = "update"
    schema: Mapping[str, object] = {
        "properties": {
            "set": {"type": "object", "minProperties": 1, "description": "Field → value or =formula."},
        },
        "required": ["set"],
    }

    def effects(self, config: Mapping[str, object], run: Run) -> tuple[Effect, ...]:
        """New values for the record itself. Without a version: the flow means the record as it is by now."""
        values = cast("Mapping[str, object]", config["set"])
        return (UpdateRecord(target=run.object, record=run.record, values=values),)

    def object(self, config: Mapping[str, object], start: str) -> str | None:  # noqa: ARG002
        """The object the flow started on."""
        return start


STEP = UpdateStep()
