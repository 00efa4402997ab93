"""Step of the compiler: the processes of an object or of one of its record types: moves of its picklists."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from formula.scope import Context
from formula.types import BOOLEAN
from metadata import codes
from metadata.holders import holders
from metadata.label import Label
from metadata.names import nearest
from metadata.record_type import ENTERED, Move, Process
from metadata.system import platform_field

if TYPE_CHECKING:
    from collections.abc import Mapping

    from metadata.catalog import Field, ObjectType, Option
    from metadata.draft import Draft
    from metadata.formulas import Checker
    from metadata.node import Node


_LABELS = {"en": "{label} entered at", "zh-CN": "{label}进入时间", "zh-TW": "{label}進入時間"}


def entered_fields(draft: Draft, object_: ObjectType, known: Mapping[str, Field]) -> dict[str, Field]:
    """For each picklist of `known` with a process, also of a record type alone, since when it is as it is."""
    root = draft.documents[object_.name].root
    holding = (root, *root.entries("record_types").values())
    found = {}
    for name in dict.fromkeys(name for node in holding for name in node.entries("process")):
        field, made = known.get(name), f"{name}{ENTERED}"
        if field is None or not field.options or field.many:
            continue
        if made in known:
            taken = root.entries("fields").get(made) or root
            message = "the platform adds this field to a picklist with a process"
            draft.report(taken, codes.RESERVED_NAME, message, at_key=True)
            continue
        texts = {each: text.format(label=field.label.text(each)) for each, text in _LABELS.items()}
        plain = platform_field(object_, made, Label(texts=texts), draft.kinds.fields["datetime"].bind({}))
        found[made] = replace(plain, id=f"{field.id}{ENTERED}", column=f"{field.column}{ENTERED}")
    return found


def processes(
    checker: Checker, object_: ObjectType, root: Node, record_type: str = ""
) -> Mapping[str, Process]:
    """What `process:` of an object, or of its record type of that name, says, by the name of the picklist.

    What is about no picklist is left out (reported).
    """
    found = {}
    for name, node in root.entries("process").items():
        field = checker.draft.field(object_, node, name, at_key=True)
        if field is None:
            continue
        if not field.options or field.many:
            message = f"`{field.name}` is no picklist"
            checker.draft.report(node, codes.NOT_A_PICKLIST, message, at_key=True)
            continue
        place = f"{record_type}.{field.name}" if record_type else field.name
        found[field.name] = Process(
            field=field,
            moves=MappingProxyType(dict(_moves(checker, object_, field, place, node))),
            amount=_amount(checker.draft, object_, node.get("amount")),
        )
    return MappingProxyType(found)


def _moves(
    checker: Checker, object_: ObjectType, field: Field, place: str, node: Node
) -> list[tuple[str, Move]]:
    made = [
        (code, _move(checker, object_, field, (place, code), move))
        for code, move in node.entries("moves").items()
    ]
    return [(code, move) for code, move in made if move is not None]


def _move(
    checker: Checker, object_: ObjectType, field: Field, place: tuple[str, str], node: Node
) -> Move | None:
    draft, when, message = checker.draft, node.get("when"), node.get("message")
    to = option(draft, field, place[1], node)
    sources = [option(draft, field, item.text, item) for item in node.elements("from")]
    require = draft.fields(object_, node.get("require"))
    holding = holders(draft, node, "by")
    condition = None if when is None else checker.check(object_, when, Context.FORM, expect=BOOLEAN)
    if to is None:
        return None
    known = tuple(option for option in sources if option is not None)
    path = ("objects", object_.name, "moves", *place)
    return Move(
        to=to,
        sources=None if node.get("from") is None else known,
        require=require,
        when=condition,
        message=None if message is None else draft.label(message, message.text, *path),
        by=holding,
    )


def _amount(draft: Draft, object_: ObjectType, node: Node | None) -> Field | None:
    """The amount that the history of stages tells; None where none is named, or it is none (reported)."""
    field = None if node is None else draft.field(object_, node)
    if node is None or field is None:
        return None
    if field.sort.stored and "company" in field.sort.parts:
        return field
    draft.report(node, codes.NOT_AN_AMOUNT, f"`{field.name}` is no amount that is stored")
    return None


def option(draft: Draft, field: Field, code: str, node: Node) -> Option | None:
    """The option of `field` with this code; None when there is none (reported at `node`)."""
    found = field.option(code)
    if found is None:
        hint = nearest(code, (known.code for known in field.options))
        message = f"`{field.name}` has no option `{code}`"
        draft.report(node, codes.UNKNOWN_OPTION, message, hint=hint, at_key=not node.text)
    return found
