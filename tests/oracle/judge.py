"""The oracle: who may do what with which record and field, decided the slow and obvious way.

Written to be read from top to bottom by an auditor, beside the pages on permissions. It imports nothing of
the engine, keeps nothing, and looks everything up anew. What it says is what every door must answer.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tests.oracle.shape import WHERES, fields_of, master_of
from tests.oracle.world import Row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.oracle.shape import Value
    from tests.oracle.world import Audience, Delegation, Grant, Opening, SharingRule, World

HIDDEN = "(hidden)"
"""The value of a field that may not be seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judge:
    """Judges one world."""

    world: World

    # The organisation.

    def groups(self, who: str) -> set[str]:
        """The groups that somebody is in; who is in a group within another is in that one, too."""
        found = {group for group, people in self.world.members.items() if who in people}
        while further := {g for g, inner in self.world.inner.items() if found & set(inner)} - found:
            found |= further
        return found

    def sets(self, who: str) -> list[str]:
        """A person's permission sets: her own, and those of her groups."""
        given = [self.world.of_people[who], *(self.world.of_groups[group] for group in self.groups(who))]
        return sorted({name for names in given for name in names})

    def is_below(self, person: str, manager: str) -> bool:
        """Whether somebody is the manager, or stands below her, however far."""
        here: str | None = person
        while here is not None:
            if here == manager:
                return True
            here = self.world.people[here].manager
        return False

    def is_within(self, department: str | None, whole: str | None) -> bool:
        """Whether a department is the other one, or belongs to it, however far."""
        here = department
        while here is not None:
            if here == whole:
                return True
            here = self.world.departments[here]
        return False

    def belongs(self, who: str, audience: Audience) -> bool:
        """Whether somebody is among the people of a group or a department."""
        if audience.group is not None:
            return audience.group in self.groups(who)
        home = self.world.people[who].department
        return home == audience.department or (audience.below and self.is_within(home, audience.department))

    # Records.

    def may(self, who: str, action: str, row: Row) -> bool:
        """Whether she may read, update or delete a record. What is in the recycle bin is not there.

        Nobody changes what she cannot see.
        """
        if row.binned or not self.allows(who, "read", row):
            return False
        return action == "read" or self.allows(who, action, row)

    def allows(self, who: str, action: str, row: Row) -> bool:
        """Whether her grants, and what is shared with her, open this record, and no rule takes it away."""
        opened = self.opens(who, action, row.object) and self.reaches(who, action, row)
        return opened and not self.is_taken(who, row)

    def opens(self, who: str, action: str, object_: str) -> bool:
        """Whether a permission set of hers lets her do this with some record of the object.

        Without that, nothing that is shared with her helps. A part is opened where its whole is, too.
        """
        if not any(self.scopes(grant, action) for grant in self.grants(who, object_)):
            return False
        master = master_of(object_)
        return master is None or self.opens(who, _above(action), fields_of(object_)[master].to)

    def reaches(self, who: str, action: str, row: Row) -> bool:
        """Whether anything leads to this record.

        Which parts she reaches, the record says of which they are parts: who may change that may do with its
        parts what she may do with parts at all.
        """
        whole = self.whole(row)
        if whole is not None:
            return self.reaches(who, _above(action), whole)
        granted = any(self.is_granted(who, action, row, grant) for grant in self.grants(who, row.object))
        return granted or (action in ("read", "update") and self.is_shared(who, action, row))

    def grants(self, who: str, object_: str) -> list[Grant]:
        """What her permission sets say of an object; they add up."""
        granted = (self.world.sets[name] for name in self.sets(who))
        return [each[object_] for each in granted if object_ in each]

    def scopes(self, grant: Grant, action: str) -> tuple[str | int, ...]:
        """What a grant opens for an action: scopes, and numbers of conditions.

        Her own records are in every reach. Who may create may make her own, and what she could read then.
        """
        if action != "create":
            return ("own", *grant.reach[action]) if grant.reach[action] else ()
        return ("own", *(each for each in grant.reach["read"] if each != "team")) if grant.create else ()

    def is_granted(self, who: str, action: str, row: Row, grant: Grant) -> bool:
        """Whether a record lies within a grant: in a scope, by a condition, or for whom she stands in."""
        scopes = self.scopes(grant, action)
        if any(self.is_in_scope(who, action, row, each) for each in scopes):
            return True
        return bool(scopes) and any(
            row.owner == each.absent
            or ("below" in scopes and row.owner is not None and self.is_below(row.owner, each.absent))
            for each in self.delegations(who, action)
        )

    def is_in_scope(self, who: str, action: str, row: Row, scope: str | int) -> bool:
        """Whether a record lies within one scope, or fulfils one condition."""
        home = self.world.people[who].department
        match scope:
            case int():
                return self.holds_for(who, row, scope)
            case "own":
                return row.owner == who
            case "below":
                return row.owner is not None and self.is_below(row.owner, who)
            case "department":
                return home is not None and row.department == home
            case "departments":
                return home is not None and self.is_within(row.department, home)
            case "team":
                return any(self.is_open(who, action, each) for each in self.openings("team", row.name))
            case "all":
                return True
        raise AssertionError(scope)

    def is_shared(self, who: str, action: str, row: Row) -> bool:
        """Whether a rule, a share by hand, or a pool where it waits for an owner opens a record."""
        if any(self.is_ruled(who, action, row, rule) for rule in self.world.sharing):
            return True
        if any(self.is_open(who, action, each) for each in self.openings("share", row.name)):
            return True
        pool = row.values.get("depot")
        waits = row.owner is None and pool is not None
        return waits and any(self.is_open(who, action, each) for each in self.openings("pool", str(pool)))

    def is_ruled(self, who: str, action: str, row: Row, rule: SharingRule) -> bool:
        """Whether a sharing rule opens a record to her."""
        if not rule.active or rule.object != row.object or (action == "update" and rule.access != "edit"):
            return False
        if not any(self.belongs(who, each) for each in rule.to):
            return False
        if rule.owners is not None:
            return row.owner is not None and self.belongs(row.owner, rule.owners)
        return rule.where is not None and self.holds_for(who, row, rule.where)

    def openings(self, kind: str, record: str) -> Iterator[Opening]:
        """The team of a record, whom it is shared with, or the members of a pool.

        What goes into the recycle bin takes its team and its shares along.
        """
        known = self.world.rows.get(record)
        if known is not None and not known.binned:
            yield from (each for each in self.world.openings if (each.kind, each.record) == (kind, record))

    def is_open(self, who: str, action: str, opening: Opening) -> bool:
        """Whether an opening is one for her, for this action, today."""
        if opening.until is not None and opening.until < 0:
            return False
        if action != "read" and opening.access != "edit":
            return False
        home = self.world.people[who].department
        if opening.user is not None:
            return opening.user == who
        if opening.group is not None:
            return opening.group in self.groups(who)
        return self.is_within(home, opening.department)

    def delegations(self, who: str, action: str) -> Iterator[Delegation]:
        """Those for whom she stands in today, as far as this action; never to delete."""
        for each in self.world.delegations:
            today = each.active and each.first <= 0 <= each.last
            far = action == "read" or (action != "delete" and each.access == "edit")
            if each.deputy == who and today and far:
                yield each

    def is_taken(self, who: str, row: Row) -> bool:
        """Whether a restriction takes a record away from her, or the one of which it is a part."""
        sets, whole = set(self.sets(who)), self.whole(row)
        for rule in self.world.restrictions:
            bound = not rule.sets or bool(sets & set(rule.sets))
            if not rule.active or rule.object != row.object or not bound or sets & set(rule.exempt):
                continue
            if not self.holds_for(who, row, rule.where):
                return True
        return whole is not None and self.is_taken(who, whole)

    def holds_for(self, who: str, row: Row, where: int) -> bool:
        """Whether a condition of its author's holds for a record: nothing is hidden from it."""
        known = WHERES[row.object][where]
        return known.holds(lambda path: who if path == "$user" else self._follow(None, row, path))

    def whole(self, row: Row) -> Row | None:
        """The record of which this one is a part."""
        master = master_of(row.object)
        return None if master is None else self.world.rows[str(row.values[master])]

    def seen(self, who: str, object_: str) -> list[Row]:
        """The records of an object that she may read."""
        return [row for row in self.world.rows_of(object_) if self.may(who, "read", row)]

    # Writing: what is to be, besides what is.

    def may_create(self, who: str, row: Row) -> bool:
        """Whether she may make this record: where she may make some, and in no whole but hers to change."""
        whole = self.whole(row)
        return self.allows(who, "create", row) and (whole is None or self.may(who, "update", whole))

    def may_write(self, who: str, row: Row, after: Row) -> bool:
        """Whether she may make a record into another one: that must be one that she may change as well."""
        return self.may(who, "update", row) and self.allows(who, "update", after)

    def may_hand_over(self, who: str, row: Row, owner: str) -> bool:
        """Whether she may give a record to somebody whom she sees. Whoever has it already may keep it."""
        if owner == row.owner:
            return self.may(who, "update", row)
        there = replace(row, owner=owner, department=self.world.people[owner].department)
        return self.sees_person(who, owner) and self.may_write(who, row, there)

    def sees_person(self, who: str, person: str) -> bool:
        """Whether the record of a person is there for her; that she is there herself she knows."""
        return who == person or self.may(who, "read", self.person(person))

    def person(self, name: str) -> Row:
        """A person as a record, which the system made and nobody owns."""
        person = self.world.people[name]
        return Row(
            name=name, id=name, object="user", owner=None, department=person.department, binned=False,
            values={"name": name, "manager": person.manager},
        )  # fmt: skip

    # Fields.

    def right(self, who: str, object_: str, field: str) -> str:
        """What she may do with a field of records that she sees: none, read or edit; the widest set wins.

        Who owns a record is not hidden from those who see it. What is computed is never written, and read
        only where all that it is made of may be read.
        """
        rights = {
            grant.fields.get(field, grant.fields.get("*", "edit")) for grant in self.grants(who, object_)
        }
        if field == "owner" and rights:
            rights.add("read")
        right = next((each for each in ("edit", "read") if each in rights), "none")
        made_of = fields_of(object_)[field].made_of
        if right == "none" or not made_of:
            return right
        return "read" if all(self.sees(who, object_, path) for path in made_of) else "none"

    def sees(self, who: str, object_: str, path: str) -> bool:
        """Whether every field on the way may be read."""
        name, _, rest = path.partition(".")
        if self.right(who, object_, name) == "none":
            return False
        return not rest or self.sees(who, fields_of(object_)[name].to, rest)

    def value(self, who: str, row: Row, path: str) -> Value:
        """What she sees at a path of a record that she may read.

        Behind a link to a record that she may not read there is nothing.
        """
        if not self.sees(who, row.object, path):
            return HIDDEN
        return self._follow(who, row, path)

    def _follow(self, who: str | None, row: Row, path: str) -> Value:
        """What stands at a path; without somebody who looks, all that there is."""
        name, _, rest = path.partition(".")
        field = fields_of(row.object)[name]
        if field.formula:
            return field.compute(lambda asked: self._follow(who, row, asked))
        held = row.owner if name == "owner" else row.values[name]
        if not rest or held is None:
            return held
        there = self.person(str(held)) if field.to == "user" else self.world.rows[str(held)]
        if there.binned or (who is not None and not self.may(who, "read", there)):
            return None
        return self._follow(who, there, rest)

    # Rights of their own.

    def holds(self, who: str, right: str) -> bool:
        """Whether one of her sets gives a right that belongs to no object, such as to see history."""
        return any(right in self.world.rights[name] for name in self.sets(who))


def _above(action: str) -> str:
    """What she must be able to do with a whole to do this with its part."""
    return "read" if action == "read" else "update"
