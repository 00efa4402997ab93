"""Every code of an Issue that metadata reports, with its cause and its mend.

Ids are never reused. M1 reading, M2 shape, M3 identity, M4 packages and layers, M5 references and meaning,
M6 translations. The reference page is made from these; a test demands a case for each.
"""

from formula.issue import Code
from metadata import reading_codes as reading

SYNTAX = reading.SYNTAX
DUPLICATE_KEY = reading.DUPLICATE_KEY
YAML_FEATURE = reading.YAML_FEATURE
NOT_A_DOCUMENT = reading.NOT_A_DOCUMENT
UNKNOWN_KIND = reading.UNKNOWN_KIND
UNREADABLE = reading.UNREADABLE
NO_PACKAGE = reading.NO_PACKAGE
UNKNOWN_PROPERTY = reading.UNKNOWN_PROPERTY
MISSING_PROPERTY = reading.MISSING_PROPERTY
WRONG_VALUE = reading.WRONG_VALUE
UNKNOWN_TYPE = reading.UNKNOWN_TYPE
BAD_NAME = reading.BAD_NAME
RESERVED_NAME = reading.RESERVED_NAME
BAD_OPTION = reading.BAD_OPTION
NOT_LOCKED = Code(
    id="M301",
    title="Not in identity.lock",
    cause="Objects, fields, options, rules, views and the like need an identity that never changes.",
    mend="Run `strata lock` on the package and commit identity.lock.",
)
VANISHED = Code(
    id="M302",
    title="Something vanished",
    cause="identity.lock knows it, the documents do not. A removal or a rename is declared, never guessed.",
    mend="Renamed: write `was: old_name` there. Removed: list the path under `retired:` in package.yaml.",
)
WAS_UNKNOWN = Code(
    id="M303",
    title="`was:` names something that never was",
    cause="identity.lock has no entry of that name.",
    mend="Correct the old name, or remove `was:`.",
)
LOCK_DAMAGED = Code(
    id="M304",
    title="identity.lock is damaged",
    cause="An entry is malformed, or two entries have one id, table, column or code.",
    mend="Take identity.lock from version control again; never edit it by hand.",
)
MISSING_PACKAGE = Code(
    id="M401",
    title="A required package is missing",
    cause="package.yaml requires a package that is not among the layers.",
    mend="Add that package, or correct `requires`.",
)
REQUIRES_CYCLE = Code(
    id="M402",
    title="Packages require each other in a circle",
    cause="No order puts every package above what it requires.",
    mend="Move what both need into a package below.",
)
WRONG_VERSION = Code(
    id="M403",
    title="The required version does not fit",
    cause="The package at hand is older or newer than `requires` allows.",
    mend="Install a fitting version, or widen `requires` after testing.",
)
DEFINED_TWICE = Code(
    id="M404",
    title="Defined twice",
    cause="Two documents define the same thing.",
    mend="Remove one; to change something of a layer below, write `extend:`.",
)
EXTENDS_NOTHING = Code(
    id="M405",
    title="Extends something that does not exist",
    cause="No layer below defines it.",
    mend="Correct the name, or require the package that defines it.",
)
HARD_PROPERTY = Code(
    id="M406",
    title="This property cannot be changed from above",
    cause="Type, target and name are hard, and a package may lock more: what is built below relies on them.",
    mend="Add a field of your own instead.",
)
LOOSENED = Code(
    id="M407",
    title="This can only be tightened",
    cause="The layer below requires the field, or bounds its values; its rules and flows rely on that.",
    mend="Remove the property, or give a required field a default.",
)
WRONG_PREFIX = Code(
    id="M408",
    title="The name lacks the layer's prefix",
    cause="What a layer adds carries its prefix, so that no name can ever clash: `x_` in the tenant's layer, "
    "`namespace__` in packages.",
    mend="Rename it as the message says.",
)
EXISTS_BELOW = Code(
    id="M409",
    title="`add` names something that exists",
    cause="A layer below has it already.",
    mend="Use `set` to change it, or another name.",
)
SETS_NOTHING = Code(
    id="M410",
    title="`set` names something that does not exist",
    cause="No layer below has it.",
    mend="Correct the name, or use `add`.",
)
UNKNOWN_VERB = Code(
    id="M411",
    title="Unknown verb",
    cause="An extension says what it does to a collection with `add`, `set`, `hide` and `place`.",
    mend="Put the entries under one of these.",
)
HIDES_NOTHING = Code(
    id="M412",
    title="`hide` names something that does not exist",
    cause="No layer below has it; perhaps a newer version below took it out.",
    mend="Correct the name, or remove it from `hide`.",
)
DELETED_BELOW = Code(
    id="M413",
    title="A change of something that was removed below",
    cause="A newer version of a package below removed what this layer sets or hides.",
    mend="Take the change out of this layer; if the thing is still wanted, add one of your own.",
)
PLACES_NOTHING = Code(
    id="M414",
    title="`place` names something that does not exist",
    cause="No layer has an entry of this name.",
    mend="Correct the name, or remove it from `place`.",
)
NO_ANCHOR = Code(
    id="M415",
    title="A place beside nothing",
    cause="None of the entries it is to stand before or after exists, or they hang on it themselves.",
    mend="Name an entry that exists; several may be given, and the first that lives wins.",
)
COPIED = Code(
    id="M416",
    title="A layer gives a whole list",
    cause="A layer keeps only its own differences: of a copy nobody knows later what was meant, and what a "
    "newer version below adds would be lost.",
    mend="Write what to add, hide and place.",
)
HIDDEN_NEEDED = Code(
    id="M417",
    title="What is hidden is needed",
    cause="A hidden field stands on no form, so nobody could fill it, or read the record's name.",
    mend="Give the field a default, or do not hide it.",
)
HIDDEN_ASKED = Code(
    id="M418",
    title="A view asks for what is hidden",
    cause="Its condition names a field that a layer hides, and nobody may filter by what nobody may read.",
    mend="Hide the view too, or set another condition.",
)
NOT_GROUPED = Code(
    id="M420",
    title="No such groups",
    cause="Rows are grouped by options, yes or no, links, lines of text, and dates by a unit like `:month`.",
    mend="Group by another field, or write the unit of a date.",
)
TOO_MANY_COLORS = Code(
    id="M421",
    title="Too many colour rules",
    cause="Each colour rule is a condition more that is asked of every row of the list.",
    mend="Join rules of one colour, or hide some of those below.",
)
UNKNOWN_OBJECT = Code(
    id="M501",
    title="Unknown object",
    cause="No layer defines an object of this name.",
    mend="Correct the name, or require the package that defines it.",
)
UNKNOWN_FIELD = Code(
    id="M502",
    title="Unknown field",
    cause="The object has no such field, or the path goes through a field that is no link.",
    mend="Correct the name.",
)
TOO_MANY_HOPS = Code(
    id="M503",
    title="The path is too long",
    cause="A path follows at most 10 links.",
    mend="Put a formula field on an object along the way.",
)
FORMULA_CYCLE = Code(
    id="M504",
    title="Formulas refer to each other in a circle",
    cause="None of them could be computed first.",
    mend="Take one of the references out.",
)
UNKNOWN_OPTION = Code(
    id="M505",
    title="Unknown option",
    cause="The picklist has no option with this code.",
    mend="Correct the code, or add the option.",
)
NOT_A_PICKLIST = Code(
    id="M506",
    title="Not a picklist",
    cause="A process and a path of stages need a picklist field.",
    mend="Name a picklist field.",
)
NOT_A_LINK = Code(
    id="M507",
    title="Not a link to this object",
    cause="A related list shows records whose link points here; the field named points elsewhere or nowhere.",
    mend="Name a lookup field that points to this object, as `object.field`.",
)
UNKNOWN_STEP = Code(
    id="M508",
    title="Unknown flow step",
    cause="No kind of step has this name.",
    mend="Choose one of the steps in the reference.",
)
NOT_WRITABLE = Code(
    id="M509",
    title="The field cannot be written",
    cause="It is computed, or kept by the platform.",
    mend="Write another field.",
)
WRONG_DEFAULT = Code(
    id="M510",
    title="The default does not fit",
    cause="A computed field has no default; a constant must be a value of the field's type.",
    mend="Correct the value, or write a formula beginning with `=`.",
)
TWO_DEFAULTS = Code(
    id="M511",
    title="Two default views",
    cause="A list opens with one view.",
    mend="Leave `default: true` at one of them.",
)
REPEATED = Code(
    id="M512",
    title="Listed twice",
    cause="The same field or object stands twice in one list.",
    mend="Remove one.",
)
NOT_AMONG = Code(
    id="M513",
    title="Not among what is listed",
    cause="A tab shows sections, children and related lists of its layout, a sidebar related lists and the "
    "timeline; a layout is made for a record type of its object, and an app opens with one of its objects.",
    mend="Correct the name, or add what it names.",
)
DEPENDENCY_CYCLE = Code(
    id="M514",
    title="Picklists depend on each other in a circle",
    cause="Following `depends_on` from the picklist leads back to it.",
    mend="Take one `depends_on` out.",
)
NO_CONTROLLER = Code(
    id="M515",
    title="An option depends on nothing",
    cause="`when:` of an option names values of the picklist that `depends_on:` of its field names.",
    mend="Add `depends_on:` to the field, or remove `when:`.",
)
NOT_A_NUMBER = Code(
    id="M516",
    title="Not a number",
    cause="Only numbers can be summed.",
    mend="Name a number field of the child object.",
)
NOT_SHOWN = Code(
    id="M517",
    title="Shown nowhere",
    cause="A field that must be filled stands in no section of the layout, or a part of it in no tab.",
    mend="Add it, or give the field a default.",
)
LIST_REFUSED = Code(
    id="M520",
    title="A list does not fit here",
    cause="A field that holds several values can be no title, is in no index, and is never unique.",
    mend="Name a field that holds one value.",
)
SECRET_REFUSED = Code(
    id="M560",
    title="A secret does not fit here",
    cause="A secret value is kept encrypted: nothing is compared with it or finds it, and it is no default.",
    mend="Take the property out.",
)
PARENTAGE = Code(
    id="M530",
    title="Parts do not fit together",
    cause="A record is part of one other at most, by `master_detail`, three levels deep, never of itself.",
    mend="Make one of the links a lookup.",
)
RETIRED = Code(
    id="M518",
    title="A retired field is still used",
    cause="The title of an object, or an index, names a field that is no longer written.",
    mend="Name another field, or take it out.",
)
NOT_A_TREE = Code(
    id="M531",
    title="Not a tree",
    cause="The records of a tree link to the record above them by a lookup to their own object.",
    mend="Name such a lookup, or add one.",
)
NOT_A_VALUE = Code(
    id="M522",
    title="Not a value",
    cause="`$ObjectType.…` names a field of another object, for the first arguments of VLOOKUP.",
    mend="Follow a link to the record, or use VLOOKUP in a validation rule.",
)
MIXED_MONEY = Code(
    id="M519",
    title="Different currencies",
    cause="An amount in the currency of its record is compared with, or added to, what is in another one.",
    mend="Use the amount in the company's currency, `amount.company`, or CONVERT().",
)
QUERY = Code(
    id="M532",
    title="The query does not hold together",
    cause="An object with `query:` reads another one and stores nothing; its fields say what they show.",
    mend="See the hint, and the page on objects.",
)
SINGLE = Code(
    id="M533",
    title="Not single",
    cause="The record of a singleton is made by the system and never deleted.",
    mend="Take `singleton:` out, or the number, the tree, or the link that takes the record along.",
)
FORMULA_NESTED = Code(
    id="M534",
    title="Formulas stand on too many others",
    cause="A formula field that refers to another one stands for that one's formula as well, and so on for "
    "at most 30 fields.",
    mend="Write a part of the formula in place of a field, or store a value on the way.",
)
DECIDED_ELSEWHERE = Code(
    id="M540",
    title="Who may come at these records is decided elsewhere",
    cause="A part goes with the record it belongs to, and the answer to a query with what it reads.",
    mend="Say it of the object that decides.",
)
UNKNOWN_SET = Code(
    id="M541",
    title="Unknown permission set",
    cause="No layer defines a permission set of this name.",
    mend="Correct the name, or require the package that defines it.",
)
MEMBERSHIP = Code(
    id="M542",
    title="These are no members",
    cause="The records of a team or a pool link to what they open, and to a user, a group or a department.",
    mend="Name fields of the kind that the message asks for.",
)
NOT_AN_AMOUNT = Code(
    id="M545",
    title="Not an amount",
    cause="The history of stages tells an amount that the record keeps.",
    mend="Name a field of type currency.",
)
NOT_A_DATE = Code(
    id="M543",
    title="Not a date",
    cause="The rate of a record's amounts is frozen at a date that the record keeps.",
    mend="Name a field of type date or datetime.",
)
ROLLUP = Code(
    id="M546",
    title="Not to be rolled up so",
    cause="A roll-up is a figure over records with one link to the record at hand, of values that it fits.",
    mend="Name the link, the function and the field as the message says.",
)
MOVING = Code(
    id="M547",
    title="A stored value that changes by itself",
    cause="What is stored is computed when records change; asking for the time, it would be stale.",
    mend="Leave out `stored: true`, or compute from what records hold.",
)
INVARIANT = Code(
    id="M548",
    title="An invariant of more than one record",
    cause="What must hold is asked of a locked record; what lies behind a link is not locked with it.",
    mend="Let it read the record's own fields, its roll-ups and stored formulas.",
)
UNTRANSLATABLE = Code(
    id="M601",
    title="A translation of something that does not exist",
    cause="No layer has a thing of that name; the text is never shown.",
    mend="Correct the name, or remove the text.",
)
STALE = Code(
    id="M602",
    title="A translation was left behind",
    cause="The text it translates has become another since, here or in a layer above.",
    mend="Translate it again; `strata lock` then notes the new source.",
)

CODES: tuple[Code, ...] = tuple(value for value in dict(vars()).values() if isinstance(value, Code))
