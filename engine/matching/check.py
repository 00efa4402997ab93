"""Passes: whether a record exists already, by the rules of its object; and keeping the keys it is found by.

Records that share a key are looked up in one statement for the whole batch and all rules, and those found are
read and compared, one statement for each object. A rule that blocks refuses the row; one that warns does
until the writer accepts. What the writer may not see is compared all the same: she is told that there is one,
or nothing, as the rule says, and a steward sees the rest (`sets.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.matching import codes
from engine.matching.candidates import read_candidates
from engine.matching.kept import forget, hold, keep, sharing
from engine.matching.keys import Keyed, keyed
from engine.matching.match import Match
from engine.matching.sets import parted
from engine.save.evaluation import evaluate, inputs
from engine.save.work import Kind
from formula.program import FormulaError
from metadata.catalog import duplicate_rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from engine.matching.candidates import Candidate
    from engine.release import Release
    from engine.save.work import Row, Work
    from formula.issue import Code
    from metadata.catalog import Field, ObjectType
    from metadata.duplicate import DuplicateRule

_SAVED = (Kind.CREATED, Kind.UPDATED, Kind.RESTORED)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Watched:
    """What rules compare of an object's records: `own` when they are saved, `all` when they are found."""

    rules: tuple[DuplicateRule, ...]
    own: tuple[Keyed, ...]
    all: tuple[Keyed, ...]
    fields: frozenset[str]

    @property
    def signs(self) -> frozenset[str]:
        """What tells the keys of these criteria from others."""
        return frozenset(each.sign for each in self.all)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A key of a row, with the criteria it is of."""

    row: Row
    keyed: Keyed


def watched(release: Release, target: ObjectType) -> Watched:
    """What rules compare of an object's records, from the Release."""

    def make() -> Watched:
        return watched_of(tuple(release.catalog.objects.values()), target)

    return release.statements.get(("watched", target.id), make)


def watched_of(objects: tuple[ObjectType, ...], target: ObjectType) -> Watched:
    """What the rules of all `objects` compare of the records of one of them."""
    every = tuple(
        part
        for each in objects
        for rule in duplicate_rules(each)
        if rule.active and not each.retired
        for part in keyed(rule, target)
    )
    rules = tuple(rule for rule in duplicate_rules(target) if rule.active)
    return Watched(
        rules=rules,
        own=tuple(each for each in every if each.rule in rules),
        all=every,
        fields=frozenset(field.name for each in every for field in each.fields),
    )


def check_duplicates(work: Work) -> None:
    """Note the records that rows may be the same as, and refuse rows as the rules say."""
    plan = watched(work.release, work.object)
    rows = [row for row in work.standing(*_SAVED) if _touched(plan, row)] if plan.own else []
    asked = _asked(work, plan, rows) if rows else {}
    if not asked:
        return
    if work.locking:
        hold(work.connection, work.release, _blocking(asked))
    for row, matches in _kept(work, _found(work, asked)).items():
        row.matches = tuple(sorted(matches, key=lambda match: (-match.score, match.record)))
        _refuse(work, row)


def keep_keys(work: Work) -> None:
    """The keys of new records, and of those in which a compared field has changed."""
    plan = watched(work.release, work.object)
    rows = [row for row in work.sound(Kind.CREATED, Kind.UPDATED) if _touched(plan, row)] if plan.all else []
    changed = [row.id for row in rows if row.kind is Kind.UPDATED]
    forget(work.connection, work.release, work.object.id, changed)
    keep(
        work.connection, work.release, work.object.id, {row.id: record_keys(plan, row.after) for row in rows}
    )


def record_keys(plan: Watched, values: Mapping[str, object]) -> frozenset[str]:
    """All keys by which a record is found."""
    return frozenset(key for each in plan.all for key in each.keys(values))


def _touched(plan: Watched, row: Row) -> bool:
    return row.kind is not Kind.UPDATED or any(row.changed(name) for name in plan.fields)


def _asked(work: Work, plan: Watched, rows: list[Row]) -> dict[str, list[Asked]]:
    """The keys to ask about, with the rows that have them."""
    asked: dict[str, list[Asked]] = {}
    for row, rules in _applying(work, plan, rows):
        for each in plan.own:
            if each.rule in rules and (row.kind is not Kind.UPDATED or _changed(each.fields, row)):
                for key in each.keys(row.after):
                    asked.setdefault(key, []).append(Asked(row=row, keyed=each))
    return asked


def _changed(fields: tuple[Field, ...], row: Row) -> bool:
    return any(row.changed(field.name) for field in fields)


def _applying(work: Work, plan: Watched, rows: list[Row]) -> Iterator[tuple[Row, list[DuplicateRule]]]:
    """The rules that ask about each row; one whose condition cannot be computed does."""
    conditions = [rule.when for rule in plan.rules if rule.when is not None]
    if not conditions:
        yield from ((row, list(plan.rules)) for row in rows)
        return
    needed = inputs(work.release, work.object, "duplicates", tuple(conditions))
    for row, values, env in evaluate(work, needed, rows):
        programs = iter(needed.programs)
        asking = []
        for rule in plan.rules:
            try:
                if rule.when is None or next(programs).condition(values, env):
                    asking.append(rule)
            except FormulaError:
                asking.append(rule)
        yield row, asking


def _blocking(asked: Mapping[str, list[Asked]]) -> list[str]:
    """The keys that nobody else may make a record with meanwhile: those that decide by themselves."""

    def binds(each: Asked) -> bool:
        return each.keyed.rule.action == "block" and not each.keyed.fuzzy

    return [key for key, held in asked.items() if any(map(binds, held))]


def _found(work: Work, asked: Mapping[str, list[Asked]]) -> dict[Row, list[Match]]:
    """The matches of each row: the best of each rule and record, those within the batch too."""
    shared = sharing(work.connection, work.release, asked)
    best: dict[tuple[Row, str, str], Match] = {}
    leaving = {row.id for row in work.standing(Kind.DELETED)}
    for match, row in (*_stored(work, asked, shared, leaving), *_within(work, asked)):
        key = (row, match.rule.id, match.record)
        if key not in best or best[key].score < match.score:
            best[key] = match
    found: dict[Row, list[Match]] = {}
    for (row, _, _), match in best.items():
        found.setdefault(row, []).append(match)
    return found


def _kept(work: Work, found: dict[Row, list[Match]]) -> dict[Row, list[Match]]:
    """Without what a steward has said to be different things; a new record is in no set of hers yet."""
    old = {(work.object.id, row.id) for row in found if row.kind is not Kind.CREATED}
    apart = parted(work.connection, work.release, old)
    if not apart:
        return found

    def stays(row: Row, match: Match) -> bool:
        both = {(work.object.id, row.id), (match.target.id, match.record)}
        return not any(both <= members for members in apart)

    kept = {row: [match for match in matches if stays(row, match)] for row, matches in found.items()}
    return {row: matches for row, matches in kept.items() if matches}


def _stored(
    work: Work, asked: Mapping[str, list[Asked]], shared: list[tuple[str, str, str]], leaving: set[str]
) -> Iterator[tuple[Match, Row]]:
    """Matches with records that are stored and not in this very batch."""
    own = {row.id for row in work.rows} | leaving
    objects = {target.id: target for target in work.release.catalog.objects.values()}
    wanted: dict[str, list[tuple[str, str]]] = {}
    for key, object_, record in shared:
        if record not in own and object_ in objects:
            wanted.setdefault(object_, []).append((key, record))
    for object_, pairs in wanted.items():
        target = objects[object_]
        others = {each.sign: each for each in watched(work.release, target).all}
        fields = _fields(others, [each for key, _ in pairs for each in asked[key]])
        ids = {record for _, record in pairs}
        known = read_candidates(work.connection, work.reader, target, fields, ids)
        for key, record in pairs:
            for each in asked[key]:
                candidate, other = known.get(record), others.get(each.keyed.sign)
                if candidate is not None and other is not None:
                    match = _match(work, each, other, candidate)
                    if match is not None:
                        yield match, each.row


def _fields(others: Mapping[str, Keyed], asked: Iterable[Asked]) -> tuple[Field, ...]:
    """What has to be read of candidates: the fields whose likeness is judged."""
    fuzzy = {each.keyed.sign for each in asked if each.keyed.fuzzy}
    found = {field.id: field for sign in fuzzy if sign in others for field in others[sign].fields}
    return tuple(found[identity] for identity in sorted(found))


def _match(work: Work, asked: Asked, other: Keyed, candidate: Candidate) -> Match | None:
    score = asked.keyed.likeness(asked.row.after, other, candidate.values)
    if score is None:
        return None
    seen = candidate.seen and all(work.policy.readable(field) for field in other.fields)
    return Match(
        rule=asked.keyed.rule,
        score=score,
        target=other.side.object,
        record=candidate.id,
        title=candidate.title if seen else None,
        seen=seen,
    )


def _within(work: Work, asked: Mapping[str, list[Asked]]) -> Iterator[tuple[Match, Row]]:
    """Matches with earlier rows of the batch."""
    for held in asked.values():
        for at, later in enumerate(held):
            for earlier in held[:at]:
                if earlier.keyed is not later.keyed or earlier.row.place >= later.row.place:
                    continue
                score = later.keyed.likeness(later.row.after, earlier.keyed, earlier.row.after)
                if score is not None:
                    yield _like(work, earlier, score), later.row


def _like(work: Work, earlier: Asked, score: int) -> Match:
    return Match(
        rule=earlier.keyed.rule,
        score=score,
        target=work.object,
        record=earlier.row.id,
        title=None,
        seen=True,
        place=earlier.row.place,
    )


def _refuse(work: Work, row: Row) -> None:
    """Say for each rule once what was found; the best match of a rule stands for the others."""
    for rule in {match.rule.id: match.rule for match in row.matches}.values():
        blocks = rule.action == "block"
        found = [match for match in row.matches if match.rule is rule and match.told]
        if found and (blocks or not work.mutation.accept_duplicates):
            code = codes.DUPLICATE if blocks else codes.POSSIBLE_DUPLICATE
            _tell(work, row, code, found[0])


def _tell(work: Work, row: Row, code: Code, match: Match) -> None:
    """Note it at the first field of the rule, in words that tell no more than the writer may see."""
    language = work.actor.language
    at, rule = match.rule.match[0][0].name, match.rule.label.text(language)
    noun = match.target.label.text(language)
    if match.place is not None:
        row.refuse(
            code, "It is like row {number} of the batch ({rule}).", at=at, number=match.place + 1, rule=rule
        )
    elif not match.seen:
        row.refuse(code, "A similar record exists ({rule}).", at=at, rule=rule)
    elif match.title:
        message = "It is like the {object} “{title}” ({rule})."
        row.refuse(code, message, at=at, object=noun, title=match.title, rule=rule)
    else:
        row.refuse(code, "A similar {object} exists ({rule}).", at=at, object=noun, rule=rule)
