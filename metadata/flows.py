"""Step of the compiler: flows – what starts them, and their steps as the step kinds describe them.

In a step's options a text that begins with `=` is a formula over the record that started the flow; `set`
gives values to the fields of the object that the step kind names.
"""

from __future__ import annotations

import hashlib
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

import msgspec

from formula.scope import Context
from formula.types import BOOLEAN
from metadata import codes
from metadata.catalog import Flow, RecordStart, Step
from metadata.names import nearest
from metadata.record_type import RECORD_TYPE
from metadata.shape import check
from metadata.values import is_formula, value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from metadata.catalog import ObjectType
    from metadata.formulas import Checker
    from metadata.kinds import StepKind
    from metadata.layers import Merged
    from metadata.node import Node, Plain

_SET = "set"
_OWN = ("id", "label")
_EVENTS: tuple[Literal["create", "update", "delete"], ...] = ("create", "update", "delete")


def add_flows(checker: Checker) -> None:
    """Compile every flow."""
    for thing in checker.draft.of("flow"):
        flow = _flow(checker, thing)
        if flow is not None:
            checker.draft.flows[thing.name] = flow


def _flow(checker: Checker, thing: Merged) -> Flow | None:
    draft, root = checker.draft, thing.root
    start = root.get("start")
    record = None if start is None else start.get("record")
    object_ = None if record is None else draft.object(record.text, record)
    if start is None or object_ is None:
        return None
    when, label = start.get("when"), root.walk("label")
    steps = [_step(checker, object_, number, node) for number, node in enumerate(root.elements("steps"), 1)]
    return Flow(
        id=draft.entry(thing.package, f"flow:{thing.name}").id,
        name=thing.name,
        version=digest(root.plain()),
        label=draft.label(label, label.text or thing.name, "flows", thing.name),
        start=RecordStart(
            object=object_,
            on=frozenset(event for event in _EVENTS if any(n.text == event for n in start.elements("on"))),
            when=None if when is None else checker.check(object_, when, Context.FLOW, expect=BOOLEAN),
            becomes=start.flag("becomes"),
        ),
        run_as="starter" if root.string("as") == "starter" else "system",
        steps=tuple(step for step in steps if step is not None),
    )


def digest(plain: Plain) -> str:
    """A short name for a definition: equal definitions, in whatever files, have equal digests."""
    return hashlib.sha256(msgspec.json.encode(plain)).hexdigest()[:16]


def _step(checker: Checker, start: ObjectType, number: int, node: Node) -> Step | None:
    draft = checker.draft
    names = [name for name in node.mapping if name not in _OWN]
    if len(names) != 1:
        message = f"a step is of one kind, this one of {len(names)}"
        draft.report(node, codes.UNKNOWN_STEP, message, hint="Write each step as `- kind: {…}`.")
        return None
    name = names[0]
    kind, config = draft.kinds.steps.get(name), node.mapping[name]
    if kind is None:
        hint = nearest(name, draft.kinds.steps) or f"There are {', '.join(sorted(draft.kinds.steps))}."
        draft.report(config, codes.UNKNOWN_STEP, f"there is no step `{name}`", hint=hint, at_key=True)
        return None
    issues = check(draft.shapes.steps[name], config)
    draft.issues.extend(issues)
    return None if issues else _made(checker, start, kind, number, node, config)


def _made(checker: Checker, start: ObjectType, kind: StepKind, number: int, node: Node, config: Node) -> Step:
    label = node.get("label") or config.get("label")
    plain = config.plain()
    assert isinstance(plain, dict)
    target_name = kind.object(plain, start.name)
    options = {
        name: _value(checker, start, below)
        for name, below in config.mapping.items()
        if name != "label" and not (name == _SET and target_name)
    }
    target = checker.draft.object(target_name, config.walk("object")) if target_name else None
    if target_name:
        options[_SET] = _assignments(checker, start, target, config.entries(_SET)) if target else {}
    return Step(
        id=node.string("id", str(number)),
        kind=kind.name,
        label=None if label is None else checker.draft.label(label, label.text),
        target=target,
        config=MappingProxyType(options),
    )


def _value(checker: Checker, start: ObjectType, node: Node) -> object:
    """Plain values with a Formula in place of each text that begins with `=`."""
    if is_formula(node):
        return checker.check(start, node, Context.FLOW, skip=1)
    if isinstance(node.value, dict):
        return {name: _value(checker, start, below) for name, below in node.mapping.items()}
    if isinstance(node.value, list):
        return [_value(checker, start, below) for below in node.items]
    return node.plain()


_WRITABLE_SYSTEM = frozenset({"owner", RECORD_TYPE})


def _assignments(
    checker: Checker, start: ObjectType, target: ObjectType, nodes: Mapping[str, Node]
) -> dict[str, object]:
    made: dict[str, object] = {}
    for name, node in nodes.items():
        field = checker.draft.field(target, node, name, at_key=True)
        if field is None:
            continue
        if field.sort.computed or (field.system and name not in _WRITABLE_SYSTEM):
            message = f"`{name}` of {target.name} cannot be written"
            checker.draft.report(node, codes.NOT_WRITABLE, message, at_key=True)
        elif node.value is None:
            made[field.name] = None
        else:
            made[field.name] = value(checker, start, field, node, Context.FLOW)
    return made
