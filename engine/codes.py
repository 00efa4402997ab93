"""Every code of a refusal or problem that the engine can answer with.

P1xx a value, P2xx a record or a request, P3xx a tenant's database or a publication. A code is never reused
or given a new meaning; the reference page is made from `CODES`, and a test demands a case for each.
"""

from formula.issue import Code

REQUIRED = Code(
    id="P101",
    title="Required field is blank",
    cause="A record must have a value here.",
    mend="Give a value.",
)
WRONG_KIND = Code(
    id="P102",
    title="Wrong kind of value",
    cause="The value is of a kind that this field cannot take.",
    mend="Send the kind named.",
)
TOO_LONG = Code(
    id="P103",
    title="Text too long",
    cause="The text has more characters than the field allows.",
    mend="Shorten it.",
)
BAD_CHARACTER = Code(
    id="P104",
    title="Character not allowed",
    cause="The text holds a NUL or half of a surrogate pair.",
    mend="Remove the character.",
)
NOT_A_NUMBER = Code(
    id="P105",
    title="Not a number",
    cause="The text cannot be read as a number.",
    mend="Write it like 1234.56.",
)
TOO_SMALL = Code(
    id="P106",
    title="Below the minimum",
    cause="The number is less than the field allows.",
    mend="Give a larger one.",
)
TOO_LARGE = Code(
    id="P107",
    title="Above the maximum",
    cause="The number is more than the field allows.",
    mend="Give a smaller one.",
)
TOO_PRECISE = Code(
    id="P108",
    title="Too many decimals",
    cause="The number has more decimals than the field keeps.",
    mend="Round it first.",
)
NOT_A_DATE = Code(
    id="P109",
    title="Not a date",
    cause="The value is not a date of the calendar.",
    mend="Write it like 2026-01-31.",
)
NOT_A_DATETIME = Code(
    id="P110",
    title="Not a date and time",
    cause="The value is not an instant.",
    mend="Write it like 2026-01-31T09:30:00Z.",
)
NOT_A_BOOLEAN = Code(
    id="P111",
    title="Not true or false",
    cause="The value is neither yes nor no.",
    mend="Send true or false.",
)
UNKNOWN_OPTION = Code(
    id="P112",
    title="No such option",
    cause="The picklist has no option with this code.",
    mend="Send one of its codes.",
)
NOT_AN_ID = Code(
    id="P113",
    title="Not an id",
    cause="An id is a UUID.",
    mend="Send the id of a record.",
)
NOT_AN_EMAIL = Code(
    id="P114",
    title="Not an e-mail address",
    cause="An address has the form name@domain.",
    mend="Correct it.",
)
NOT_A_PHONE = Code(
    id="P115",
    title="Not a phone number",
    cause="A number has digits, spaces and + - ( ) only.",
    mend="Correct it.",
)
NOT_A_URL = Code(
    id="P116",
    title="Not a web address",
    cause="An address starts with http:// or https://.",
    mend="Correct it.",
)
COMPUTED = Code(
    id="P117",
    title="Field is computed",
    cause="The value follows from other fields.",
    mend="Leave the field out.",
)
UNKNOWN_FIELD = Code(
    id="P118",
    title="No such field",
    cause="The object has no field of this name that you may use.",
    mend="Check the spelling.",
)
READ_ONLY = Code(
    id="P119",
    title="Field cannot be written",
    cause="Your permissions let you read this field only.",
    mend="Leave the field out.",
)
NOT_UNIQUE = Code(
    id="P120",
    title="Value is taken",
    cause="Another record has this value already.",
    mend="Give another value.",
)
LINK_MISSING = Code(
    id="P121",
    title="Linked record not found",
    cause="There is no such record that you may see.",
    mend="Choose another record.",
)
RULE_BROKEN = Code(
    id="P122",
    title="A rule refuses the record",
    cause="A validation rule of the object holds.",
    mend="Correct the values that the rule's message names.",
)
INVARIANT_BROKEN = Code(
    id="P128",
    title="Something would not hold any more",
    cause="After the save, an invariant of the record, or of one that follows from it, would be false.",
    mend="Change the values so that it holds, together with others where it takes several.",
)
RULE_FAILED = Code(
    id="P123",
    title="A rule could not be computed",
    cause="The rule's formula ended in an error.",
    mend="Correct the values it reads.",
)
MOVE_REFUSED = Code(
    id="P124",
    title="Move not allowed",
    cause="The process has no such move, or a field it requires is blank.",
    mend="Choose a move that is open, or fill what it requires.",
)
RATE_MISSING = Code(
    id="P125",
    title="No exchange rate",
    cause="There is no rate to the company's currency for that day.",
    mend="Enter a currency rate for it that is valid from that day or earlier, or choose another currency.",
)
RING = Code(
    id="P127",
    title="A ring of links",
    cause="The record would stand below itself.",
    mend="Choose another record above it.",
)
UNKNOWN_PART = Code(
    id="P130",
    title="Unknown part",
    cause="The value is made of other parts than the one named.",
    mend="Use the parts of the field's type.",
)
NOT_A_COUNTRY = Code(
    id="P131",
    title="Not a country",
    cause="A country is given by its code of ISO 3166-1 alpha-2.",
    mend="Write its two letters, such as CN.",
)
NOT_A_PLACE = Code(
    id="P132",
    title="Not a place on the map",
    cause="A place needs a latitude of -90 to 90 and a longitude of -180 to 180 degrees.",
    mend="Write latitude and longitude like 30.274085, 120.155070.",
)
NOT_A_RECORD = Code(
    id="P133",
    title="Not the name of a record",
    cause="The value does not say which record of which object it means.",
    mend="Write it like account/018f2d3a-0000-7000-8000-000000000001.",
)
WRONG_TARGET = Code(
    id="P134",
    title="Not an object this link points to",
    cause="The link takes records of other objects.",
    mend="Choose a record of one of its objects.",
)
NOT_A_TIME = Code(
    id="P140",
    title="Not a time of day",
    cause="The value is not a time between 00:00 and 23:59.",
    mend="Write it like 09:30.",
)
NOT_A_DURATION = Code(
    id="P141",
    title="Not a length of time",
    cause="The text cannot be read as hours, minutes and seconds.",
    mend="Write it like 1:30 or 90m.",
)
NOT_A_COLOR = Code(
    id="P142",
    title="Not a color",
    cause="A color has three or six hexadecimal digits.",
    mend="Write it like #3b5bdb.",
)
NOT_JSON = Code(
    id="P143",
    title="Not JSON",
    cause="The value is no JSON object or list, or is nested too deeply.",
    mend="Correct the document.",
)
TOO_MANY = Code(
    id="P150",
    title="Too many values",
    cause="A list has a limited number of values.",
    mend="Leave some out.",
)
NUMBERED = Code(
    id="P170",
    title="Number is given by the system",
    cause="A record takes its number from a series when it is made, and keeps it.",
    mend="Leave the field out.",
)
HIDDEN = Code(
    id="P160",
    title="Field does not apply",
    cause="The condition under which the field is shown does not hold, so its value cannot be changed.",
    mend="Leave the field out, or change what its condition looks at.",
)
CLOSED = Code(
    id="P161",
    title="Field cannot be changed now",
    cause="The condition under which the field is read-only holds.",
    mend="Leave the field out, or change what its condition looks at.",
)
OPTION_CLOSED = Code(
    id="P162",
    title="Option cannot be chosen here",
    cause="It is retired, or the record type or the picklist that this one depends on does not allow it.",
    mend="Choose another option.",
)
FOLLOWS_PARENT = Code(
    id="P171",
    title="Follows the parent",
    cause="A part of another record has the owner and department of that one.",
    mend="Leave the field out, or change the parent.",
)
PARENT_FIXED = Code(
    id="P172",
    title="Parent cannot change",
    cause="The link to the parent does not allow moving a record to another one.",
    mend="Make the record anew below the other parent.",
)
TOO_DEEP = Code(
    id="P173",
    title="Tree too deep",
    cause="A tree has a limited number of levels.",
    mend="Choose a record further up.",
)
NOT_FOUND = Code(
    id="P201",
    title="Not found",
    cause="There is no such thing, or you may not see it.",
    mend="Check the address.",
)
FORBIDDEN = Code(
    id="P202",
    title="Not allowed",
    cause="No permission set of yours grants this.",
    mend="Ask an administrator.",
)
STALE_VERSION = Code(
    id="P203",
    title="Changed meanwhile",
    cause="Somebody saved another version after you read it.",
    mend="Compare, then save again.",
)
ID_TAKEN = Code(
    id="P204",
    title="Id is taken",
    cause="A record with this id exists already.",
    mend="Send another id.",
)
STILL_REFERENCED = Code(
    id="P206",
    title="Other records point here",
    cause="A link restricts the deletion.",
    mend="Move or delete those records first.",
)
INVALID = Code(
    id="P207",
    title="Some values are refused",
    cause="See the entry of each field.",
    mend="Correct them and send again.",
)
BUSY = Code(
    id="P208",
    title="Busy",
    cause="Another writer held the database for too long.",
    mend="Try again.",
)
BAD_QUERY = Code(
    id="P209",
    title="Query cannot be answered",
    cause="A part of the query is not understood.",
    mend="Correct the part that the message names; `errors` say where in a condition.",
)
BAD_CURSOR = Code(
    id="P210",
    title="Cursor is not valid",
    cause="The cursor belongs to another query or person.",
    mend="Start from the first page.",
)
SINGLETON = Code(
    id="P220",
    title="There is exactly one record",
    cause="The object has a single record, which is made when the object is published.",
    mend="Change that record.",
)
NOT_STORED = Code(
    id="P221",
    title="Answer to a query",
    cause="The records of this object are computed from those of another one.",
    mend="Change the records that the query reads.",
)
BAD_SUCCESSOR = Code(
    id="P222",
    title="Cannot be handed over so",
    cause="What is handed over, or the new owner, is none that can be named here.",
    mend="Choose another user who is active.",
)
NO_DATABASE = Code(
    id="P301",
    title="Database is missing",
    cause="There is no database at that place.",
    mend="Check the address.",
)
BAD_DATABASE = Code(
    id="P302",
    title="Database cannot be used",
    cause="It cannot be opened, or is no database of ours.",
    mend="Check the address, the permissions and the server.",
)
NEWER_TENANT = Code(
    id="P303",
    title="Tenant is newer than the program",
    cause="A later version upgraded the tenant.",
    mend="Install that version.",
)
RETYPE_REFUSED = Code(
    id="P305",
    title="Stored form cannot change",
    cause="Values are kept in another form.",
    mend="Add a new field and move the values.",
)
DUPLICATES = Code(
    id="P306",
    title="Duplicates stand in the way",
    cause="A field that shall be unique has equal values.",
    mend="Merge those records.",
)
TOO_WIDE = Code(
    id="P307",
    title="Too many columns",
    cause="The database limits the columns of a table.",
    mend="Split the object in two.",
)
RESERVED_NAME = Code(
    id="P308",
    title="Name is reserved",
    cause="Tables whose names begin with s_ are the system's own.",
    mend="Give the object another name.",
)
NO_SQL_FORM = Code(
    id="P309",
    title="The database cannot compute this",
    cause="A computed field, or a condition of a view, grant or rule calls what this kind of database lacks.",
    mend="Write it with other functions; the reference of functions says which have no form on a database.",
)
CROWDED = Code(
    id="P310",
    title="What shall be single is not",
    cause="An object that becomes a singleton has records already.",
    mend="Delete them first, or leave the object as it is.",
)

CODES: tuple[Code, ...] = tuple(code for code in tuple(globals().values()) if isinstance(code, Code))
