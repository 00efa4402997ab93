"""Pass: the moves of picklists that processes allow; a preview asks the same judge which ones are open.

Which process holds depends on the record type that the record is to have. Only an update moves: a new record
may start anywhere. What takes a recorded change back (`Nature.REVERTING`) makes no move of its own: it may
go back a way that leads on only, since the record was there; by whom a move may be made holds for it, too.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

from engine import codes
from engine.actor import SYSTEM_SET
from engine.fault import why
from engine.mutation import Nature
from engine.save.evaluation import Inputs, evaluate, inputs
from engine.save.work import Kind
from engine.sentence import said
from formula.program import FormulaError
from metadata.catalog import processes_for
from metadata.record_type import RECORD_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from engine.problem import Detail
    from engine.release import Release
    from engine.save.work import Row, Work
    from formula.program import Program
    from metadata.catalog import Field, Move, ObjectType, Process

Attempt: TypeAlias = "tuple[Row, Process, Move]"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Gates:
    """The conditions of an object's moves, and what they need."""

    programs: Mapping[Move, Program]
    inputs: Inputs


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A move that a record might make now: what the save would refuse of it (nothing: it is open).

    `missing` are the required fields that are still blank.
    """

    refused: tuple[Detail, ...]
    missing: tuple[Field, ...]


def check_moves(work: Work) -> None:
    """Refuse moves that are not open, and those that lack a field they require."""
    rows = list(work.standing(Kind.UPDATED)) if _restrained(work) else []
    made = [(row, *each) for row in rows for each in declared_moves(work, row)]
    _judge(work, made)
    if work.mutation.nature is not Nature.REVERTING:
        for row, _, move in made:
            for needed in _missing(row, move):
                name = needed.label.text(work.actor.language)
                row.refuse(
                    codes.MOVE_REFUSED, "{field} is needed for this move.", at=needed.name,
                    hint="Give a value.", field=name,
                )  # fmt: skip


def declared_moves(work: Work, row: Row) -> Iterator[tuple[Process, Move]]:
    """The declared moves that an update makes, each with its process; free ones are not among them."""
    for process in _processes(work, row).values():
        name = process.field.name
        if row.kind is Kind.UPDATED and row.changed(name):
            move = process.moves.get(row.after.get(name) or "")
            if move is not None:
                yield process, move


def ways(work: Work, row: Row) -> Mapping[str, Mapping[str, Way]]:
    """By picklist and by code, what stands in the way of each declared move from where the record is."""
    if row.kind is not Kind.UPDATED:
        return {}
    found: dict[str, dict[str, Way]] = {}
    tried = [
        (replace(row, after={**row.after, process.field.name: code}, details=[]), process, move)
        for process in _processes(work, row).values()
        for code, move in process.moves.items()
        if code != row.before.get(process.field.name)
    ]
    _judge(work, tried)
    for trial, process, move in tried:
        way = Way(refused=tuple(trial.details), missing=tuple(_missing(trial, move)))
        found.setdefault(process.field.name, {})[move.to.code] = way
    return found


def _restrained(work: Work) -> bool:
    target = work.object
    return bool(target.processes) or any(kind.processes for kind in target.record_types.values())


def _processes(work: Work, row: Row) -> Mapping[str, Process]:
    """Those of the record type that the record is to have."""
    return processes_for(work.object, row.after.get(RECORD_TYPE))


def _missing(row: Row, move: Move) -> Iterator[Field]:
    return (needed for needed in move.require if row.after.get(needed.name) is None)


def _judge(work: Work, tried: Iterable[Attempt]) -> None:
    """Note at each row why its move is not open: from there, by this actor, with these values."""
    asked: dict[int, list[Attempt]] = {}
    for row, process, move in tried:
        if not _stands_open(work, row, process, move) or work.mutation.nature is Nature.REVERTING:
            continue
        if move.when is not None:
            asked.setdefault(id(row), []).append((row, process, move))
    if not asked:
        return
    gates = _gates(work.release, work.object)
    for row, values, env in evaluate(work, gates.inputs, [attempts[0][0] for attempts in asked.values()]):
        for _, process, move in asked[id(row)]:
            try:
                if not gates.programs[move].condition(values, env):
                    _refuse_condition(work, row, process, move)
            except FormulaError as error:
                assert move.when is not None
                row.refuse(
                    codes.RULE_FAILED, "The condition of {field} cannot be computed: {error}.",
                    at=process.field.name, field=process.field.name,
                    error=why(move.when, error, values, env),
                )  # fmt: skip


def _stands_open(work: Work, row: Row, process: Process, move: Move) -> bool:
    """Whether one may come from there, and the actor may go; what is not so is refused."""
    language, field = work.actor.language, process.field
    before = row.before.get(field.name)
    names = {"field": field.label.text(language), "option": move.to.label.text(language)}
    if (
        move.by
        and not move.by & {*work.actor.permission_sets}
        and SYSTEM_SET not in work.actor.permission_sets
    ):
        row.refuse(codes.MOVE_REFUSED, "You may not make {field} {option}.", at=field.name, **names)
        return False
    if _closed(move, before) and work.mutation.nature is not Nature.REVERTING:
        hint = _open_moves(process, before, language)
        row.refuse(
            codes.MOVE_REFUSED, "{field} cannot become {option} from here.", at=field.name, hint=hint, **names
        )
        return False
    return True


def _refuse_condition(work: Work, row: Row, process: Process, move: Move) -> None:
    language, field = work.actor.language, process.field
    if move.message is not None:
        row.refuse(codes.MOVE_REFUSED, move.message.text(language), at=field.name, hint="")
        return
    names = {"field": field.label.text(language), "option": move.to.label.text(language)}
    row.refuse(codes.MOVE_REFUSED, "{field} cannot become {option} yet.", at=field.name, **names)


def _closed(move: Move, before: str | None) -> bool:
    return move.sources is not None and before not in {option.code for option in move.sources}


def _open_moves(process: Process, before: str | None, language: str) -> str:
    """Where the record may go from where it is, for a hint."""
    closed = {code for code, move in process.moves.items() if _closed(move, before)}
    options = (o for o in process.field.options if o.code not in {before, *closed} and not o.retired)
    names = ", ".join(option.label.text(language) for option in options)
    return said("From here it may become: {names}.", names=names) if names else "It cannot change any more."


def _gates(release: Release, target: ObjectType) -> Gates:
    return release.statements.get(("gates", target.id), lambda: _build(release, target))


def _build(release: Release, target: ObjectType) -> Gates:
    general = list(target.processes.values())
    own = [process for kind in target.record_types.values() for process in kind.processes.values()]
    moves = dict.fromkeys(move for process in (*general, *own) for move in process.moves.values())
    conditional = {move: move.when for move in moves if move.when is not None}
    plan = inputs(release, target, "moves", tuple(conditional.values()))
    return Gates(programs=dict(zip(conditional, plan.programs, strict=True)), inputs=plan)
