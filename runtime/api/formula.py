"""POST /api/v1/formula/check: what editors of formulas ask while somebody types.

Always answers with what is wrong rather than by refusing: a formula that is being written has faults most of
the time. Sees with the caller's eyes: what is hidden from her is neither found nor proposed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from engine.planner import require_right
from engine.problem import Problem
from engine.rights import SETUP
from engine.view import VisibleScope
from formula.completion import complete
from formula.issue import Rejected
from formula.scope import Context
from metadata.backlink import paths_in
from runtime.api.answers import answer_json
from runtime.api.body import decoder, read_json
from runtime.codes import BAD_BODY, NO_PAGE
from runtime.formulas.ask import read_ask
from runtime.formulas.checking import checked
from runtime.formulas.refusal import Refused, issue_json

if TYPE_CHECKING:
    from starlette.responses import Response

    from formula.completion import Completion, Item
    from formula.expr import Formula, Reference
    from formula.issue import Issue
    from metadata.catalog import FieldPath, ObjectType
    from runtime.exchange import Exchange
    from runtime.formulas.ask import Ask


class Asked(msgspec.Struct, forbid_unknown_fields=True):
    """The body. `position`: where the cursor stands, in characters from the start; without it nothing is
    proposed.
    """

    object: str
    formula: str
    context: str = "filter"
    returns: str = "any"
    blanks: str = "as_blank"
    position: int | None = None


_BODY = decoder(Asked)


def check_formula(exchange: Exchange) -> Response:
    """POST /api/v1/formula/check: type, issues, warnings, references and, for a position, proposals.

    A filter may be checked by whoever may read the object; other places need the right `setup`.
    """
    body = read_json(exchange, _BODY)
    target, ask = _object(exchange, body.object), _ask(body)
    if ask.context is not Context.FILTER:
        require_right(exchange.signed_in.policy, SETUP, "check formulas of the model")
    found, issues = _checked(exchange, target, ask)
    return answer_json(
        {
            "type": found.type.kind.value.lower() if found else None,
            "issues": [_issue_json(issue) for issue in issues],
            "warnings": [_issue_json(issue) for issue in (found.warnings if found else ())],
            "references": [
                _reference_json(each, exchange.language) for each in (found.refs if found else ())
            ],
            "completion": None if body.position is None else _proposed(exchange, target, ask, body.position),
        }
    )


def _object(exchange: Exchange, name: str) -> ObjectType:
    """The object, if the caller may read it. Raises Problem 404."""
    found = exchange.release.catalog.objects.get(name)
    if found is None or found.retired or not exchange.signed_in.policy.reads(found):
        raise Problem(NO_PAGE, f"There is no object {name!r} that you may read.", status=404)
    return found


def _ask(body: Asked) -> Ask:
    said = {"formula": body.formula, "context": body.context, "returns": body.returns, "blanks": body.blanks}
    try:
        return read_ask(said)
    except Refused as refused:
        raise Problem(BAD_BODY, f"{refused.message}.", status=422, hint=refused.hint) from refused


def _checked(exchange: Exchange, target: ObjectType, ask: Ask) -> tuple[Formula | None, tuple[Issue, ...]]:
    try:
        return checked(exchange.release, exchange.signed_in.policy, target, ask), ()
    except Rejected as rejected:
        return None, rejected.issues


def _proposed(exchange: Exchange, target: ObjectType, ask: Ask, position: int) -> dict[str, object]:
    scope = VisibleScope(release=exchange.release, policy=exchange.signed_in.policy, object=target)
    found: Completion = complete(exchange.release.language, ask.formula, position, scope, ask.context)
    items = [item_json(item, exchange.language) for item in found.items]
    return {"start": found.start, "end": found.end, "items": items}


def item_json(item: Item, language: str) -> dict[str, object]:
    """A proposal in the reader's language; functions are described in English and Chinese."""
    return {
        "kind": item.sort,
        "text": item.text,
        "detail": item.detail,
        "label": _label(item, language),
        "documentation": _prose(item, language),
    }


def _prose(item: Item, language: str) -> str:
    if item.function is None:
        return ""
    prose = item.function.prose
    return prose.zh if language.startswith("zh") else prose.en


def _label(item: Item, language: str) -> str:
    """What people call a field or an option; empty for what only formulas know."""
    path = None if item.reference is None else _path(item.reference)
    if path is None:
        return ""
    options = {option.code: option.label for option in path.field.options}
    label = options.get(item.text, path.field.label) if item.sort == "option" else path.field.label
    return label.text(language)


def _path(reference: Reference) -> FieldPath | None:
    path = next(iter(paths_in(reference.key)), None)
    return None if path is None or path.part else path


def _reference_json(reference: Reference, language: str) -> dict[str, object]:
    path = _path(reference)
    return {
        "name": reference.name,
        "type": reference.type.kind.value.lower(),
        "label": path.field.label.text(language) if path else "",
    }


def _issue_json(issue: Issue) -> dict[str, object]:
    return {**issue_json(issue), "start": issue.span.start, "end": issue.span.end}
