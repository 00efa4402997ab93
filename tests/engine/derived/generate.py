"""Random models whose stored values stand on each other, and random writes to them.

Objects `o0`… have two numbers and a truth, links to each other, and derived fields made one after the other
of fields that were there: so a graph of any shape, and never a circle.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from engine.codec import id_form
from engine.mutation import Change, Create, Delete, Mutation, Restore, Update
from engine.problem import Problem

if TYPE_CHECKING:
    from random import Random

    from engine.session import Session
    from metadata.catalog import ObjectType
    from tests.engine.session.company import Company

_FUNCTIONS = ("count", "sum", "avg", "min", "max", "first", "last", "list")
_ON_DELETE = ("set_null", "set_null", "cascade", "restrict")


@dataclass
class _Model:
    random: Random
    links: dict[str, dict[str, str]] = field(default_factory=dict)
    numbers: dict[str, list[str]] = field(default_factory=dict)
    lines: dict[str, list[str]] = field(default_factory=dict)

    def path(self, start: str) -> str:
        """A number of an object, or one behind up to two of its links."""
        here, names = start, list[str]()
        while self.links[here] and len(names) < 2 and self.random.random() < 0.4:
            link = self.random.choice(sorted(self.links[here]))
            names.append(link)
            here = self.links[here][link]
        return ".".join([*names, self.random.choice(self.numbers[here])])

    def rollup(self, name: str) -> str | None:
        owner = self.random.choice(sorted(self.links))
        leading = [f"{c}.{n}" for c, links in self.links.items() for n, to in links.items() if to == owner]
        if not leading:
            return None
        link, function = self.random.choice(leading), self.random.choice(_FUNCTIONS)
        child = link.partition(".")[0]
        options = [f"from: {link}", f"function: {function}"]
        if function == "list":
            options += ["field: name", "order: a"] + ["distinct: true"] * self.random.randrange(2)
        elif function != "count":
            options.append(f"field: {self.path(child)}")
        if function in ("first", "last"):
            options.append(f"order: {self.path(child)}")
        if self.random.random() < 0.4:
            options.append(f"where: '{self.path(child)} > {self.random.randrange(5)}'")
        self.lines[owner].append(f"  {name}: {{type: rollup, label: {name}, {', '.join(options)}}}")
        if function != "list":
            self.numbers[owner].append(name)
        return owner

    def formula(self, name: str) -> None:
        owner = self.random.choice(sorted(self.links))
        one, other = self.path(owner), self.path(owner)
        text = self.random.choice(
            (
                f"{one} + {other}",
                f"IF(flag, {one}, 1 / {other})",
                f"MOD(BLANKVALUE({one}, 3), 97)",
                f"{one} - 1",
            )
        )
        stored = ", stored: true" if self.random.random() < 0.7 else ""
        self.lines[owner].append(
            f'  {name}: {{type: formula, label: L, returns: number, scale: 3, formula: "{text}"{stored}}}'
        )
        self.numbers[owner].append(name)


def model(random: Random, objects: int = 4, derived: int = 14) -> dict[str, str]:
    """The documents of a model."""
    made = _Model(random)
    names = [f"o{n}" for n in range(objects)]
    for name in names:
        made.links[name], made.numbers[name], made.lines[name] = {}, ["a", "b"], []
        for n in range(random.randrange(1, 3)):
            to, on_delete = random.choice(names), random.choice(_ON_DELETE)
            made.links[name][f"l{n}"] = to
            made.lines[name].append(f"  l{n}: {{type: lookup, label: L, to: {to}, on_delete: {on_delete}}}")
    for n in range(derived):
        if random.random() < 0.5:
            made.formula(f"f{n}")
        else:
            made.rollup(f"r{n}")
    plain = "  name: {type: text, label: Name}\n  a: {type: integer, label: A}\n"
    plain += "  b: {type: number, label: B, scale: 2}\n  flag: {type: boolean, label: Flag}\n"
    return {
        f"objects/{name}.yaml": f"object: {name}\nlabel: O\nplural: Os\ntitle: name\nfields:\n{plain}"
        + "\n".join(made.lines[name]) + "\n"
        for name in names
    }  # fmt: skip


@dataclass
class Writer:
    """Writes at random; `live` and `gone` are ids by object name, as far as it knows."""

    company: Company
    session: Session
    random: Random
    live: dict[str, list[str]] = field(default_factory=dict)
    gone: dict[str, list[str]] = field(default_factory=dict)
    written: int = 0

    def __post_init__(self) -> None:
        objects = self.company.release.catalog.objects
        self.objects: list[ObjectType] = [
            each for name, each in objects.items() if name[0] == "o" and name[1:].isdigit()
        ]
        self.live = {each.name: [] for each in self.objects}
        self.gone = {each.name: [] for each in self.objects}

    def write(self, rows: int) -> None:
        """One save: a batch, a partial one, or several batches together."""
        count = self.random.choice((1, 1, 1, 2))
        batches = [self._batch(rows, partial=count == 1 and self.random.random() < 0.4) for _ in range(count)]
        try:
            results = self.session.apply_all(batches) if count > 1 else (self.session.apply(batches[0]),)
        except Problem:
            self.look()
            return
        self.written += sum(problem is None for result in results for problem in result.problems)
        if any(isinstance(change, Delete | Restore) for batch in batches for change in batch.changes):
            self.look()

    def look(self) -> None:
        """What there really is: deletions cascade, and refused batches made nothing."""
        decode = id_form(self.session.release.dialect).decode or str
        with self.session.reading() as connection:
            for target in self.objects:
                rows = connection.rows(f"SELECT id, deleted_at FROM {target.table} ORDER BY id")
                self.live[target.name] = [decode(id_) for id_, gone in rows if gone is None]
                self.gone[target.name] = [decode(id_) for id_, gone in rows if gone is not None][-20:]

    def _batch(self, rows: int, *, partial: bool) -> Mutation:
        target = self.random.choice(self.objects)
        changes = {change_id(change): change for change in (self._change(target) for _ in range(rows))}
        return Mutation(
            object=target, changes=tuple(changes.values()), entry="test", answer=False, partial=partial
        )

    def _change(self, target: ObjectType) -> Change:
        live, gone = self.live[target.name], self.gone[target.name]
        dice = self.random.random()
        if (dice < 0.35 and len(live) < 60) or not live:
            live.append(self.session.ids())
            return Create(id=live[-1], values=self._values(target))
        if dice < 0.8:
            return Update(id=self.random.choice(live), values=self._values(target))
        if gone and dice < 0.9:
            live.append(gone.pop(self.random.randrange(len(gone))))
            return Restore(id=live[-1])
        gone.append(live.pop(self.random.randrange(len(live))))
        return Delete(id=gone[-1])

    def _values(self, target: ObjectType) -> dict[str, object]:
        values: dict[str, object] = {
            "name": self.random.choice("xyz"),
            "a": self.random.choice((None, 0, 1, 2, 5, 9)),
        }
        if self.random.random() < 0.5:
            values["b"] = self.random.choice((None, "0.25", "1.5", "-2"))
        values["flag"] = self.random.random() < 0.5
        for each in target.fields.values():
            if each.name in ("l0", "l1") and each.target and self.random.random() < 0.6:
                live = self.live[each.target.name]
                values[each.name] = self.random.choice([None, *live[-8:]])
        return values


def change_id(change: Change) -> str:
    """A batch names a record once."""
    assert change.id is not None
    return change.id
