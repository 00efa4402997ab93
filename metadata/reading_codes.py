"""Codes of Issues about files and their shape: M1 reading, M2 what the schemas ask for.

`metadata.codes` has them all, and is what others import.
"""

from formula.issue import Code

SYNTAX = Code(
    id="M101",
    title="The file is not valid YAML",
    cause="The YAML parser cannot read on from the place shown.",
    mend="Mend the indentation, the quotes or the brackets there.",
)
DUPLICATE_KEY = Code(
    id="M102",
    title="A key is written twice",
    cause="The same mapping has the key twice; one of the two would silently be lost.",
    mend="Remove or rename one of them.",
)
YAML_FEATURE = Code(
    id="M103",
    title="Anchors, aliases and tags are not used here",
    cause="`&anchor`, `*alias`, `<<` and `!tag` are refused; layers could not say where a value came from.",
    mend="Write the value out, or put a text that begins with such a sign into quotes.",
)
NOT_A_DOCUMENT = Code(
    id="M104",
    title="The file is not one document",
    cause="A file holds one YAML mapping with text keys; this one is empty, a list, or several documents.",
    mend="Write one document per file, beginning with its kind, such as `object: account`.",
)
UNKNOWN_KIND = Code(
    id="M105",
    title="Unknown kind of document",
    cause="The first key of a document says what it is, and this one is no known kind.",
    mend="Begin with object, layout, view, permission_set, sharing_rule, restriction_rule, flow, app, "
    "language or extend.",
)
UNREADABLE = Code(
    id="M106",
    title="The file cannot be read",
    cause="It is missing, not permitted, or not UTF-8 text.",
    mend="Save it as UTF-8 and check its permissions.",
)
NO_PACKAGE = Code(
    id="M107",
    title="Not a package",
    cause="The folder does not exist, or has no package.yaml.",
    mend="Give the folder of the package; it holds a package.yaml with its name and version.",
)
UNKNOWN_PROPERTY = Code(
    id="M201",
    title="Unknown property",
    cause="Documents of this kind, or fields of this type, have no such property.",
    mend="Correct the spelling or remove it.",
)
MISSING_PROPERTY = Code(
    id="M202",
    title="A property is missing",
    cause="It has no default.",
    mend="Add it.",
)
WRONG_VALUE = Code(
    id="M203",
    title="A value has the wrong form",
    cause="The document's schema allows another type, form or choice here.",
    mend="Write a value of the form that the message names; put a text that looks like a number into quotes.",
)
UNKNOWN_TYPE = Code(
    id="M204",
    title="Unknown field type",
    cause="No field type has this name.",
    mend="Choose one of the types in the reference.",
)
BAD_NAME = Code(
    id="M205",
    title="Not a name",
    cause="Names of objects, fields and the like become names in the API and the database.",
    mend="Use lower-case letters, digits and single underscores, beginning with a letter; at most 40.",
)
RESERVED_NAME = Code(
    id="M206",
    title="The name is taken by the platform",
    cause="Every record has a field of this name, or tables of the platform begin so.",
    mend="Choose another name.",
)
BAD_OPTION = Code(
    id="M207",
    title="The options of the field do not fit together",
    cause="The field type refuses this combination.",
    mend="Change the options that the message names.",
)
