"""The codes of refusals that the running product makes itself: P7xx for requests, P8xx for operation.

The engine's own codes are in `engine/codes.py`; the reference page joins all rooms.
"""

from __future__ import annotations

from formula.issue import Code

NO_PAGE = Code(
    id="P701",
    title="No such address",
    cause="The address names nothing here.",
    mend="Check the address.",
)
NO_METHOD = Code(
    id="P702",
    title="Method not allowed",
    cause="The address exists, but not for this method.",
    mend="See Allow.",
)
TOO_LARGE = Code(
    id="P703",
    title="Body too large",
    cause="The body is over the limit.",
    mend="Send less at a time.",
)
NOT_MEDIA = Code(
    id="P704",
    title="Unsupported media type",
    cause="The body is not of a type that is read here.",
    mend="Send JSON.",
)
BAD_JSON = Code(
    id="P705",
    title="Malformed JSON",
    cause="The body is not valid JSON.",
    mend="Correct it at the given place.",
)
BAD_PARAMETER = Code(
    id="P706",
    title="Bad parameter",
    cause="A parameter cannot be understood.",
    mend="Correct the parameter that the message names.",
)
BAD_BODY = Code(
    id="P707",
    title="Body of the wrong shape",
    cause="The JSON is not of the expected shape.",
    mend="Correct it at the path that the message names.",
)
NO_VERSION = Code(
    id="P708",
    title="Version missing",
    cause="A write must say which version it saw.",
    mend="Send the version.",
)
BAD_RANGE = Code(
    id="P740",
    title="Range beyond the file",
    cause="The part of the file that was asked for does not exist.",
    mend="Ask for bytes that the file has.",
)
BAD_CSRF = Code(
    id="P709",
    title="Request not from this site",
    cause="The anti-forgery token is missing.",
    mend="Reload the page.",
)
TOO_MANY = Code(
    id="P710",
    title="Too many requests",
    cause="The limit per minute is reached.",
    mend="Wait, then try again.",
)
NOT_SIGNED_IN = Code(
    id="P711",
    title="Not signed in",
    cause="The request carries no valid sign-in.",
    mend="Sign in.",
)
SIGN_IN_FAILED = Code(
    id="P712",
    title="Sign-in failed",
    cause="E-mail and password do not match.",
    mend="Try again.",
)
LOCKED_OUT = Code(
    id="P713",
    title="Locked out",
    cause="Too many wrong passwords.",
    mend="Wait, or ask an administrator.",
)
NOT_IN_SCOPE = Code(
    id="P714",
    title="Outside the token's scope",
    cause="The token may not do this.",
    mend="Use another token.",
)
KEY_REUSED = Code(
    id="P715",
    title="Idempotency-Key reused",
    cause="The key came with another request before.",
    mend="Use a new key.",
)
NO_TENANT = Code(
    id="P717",
    title="No such company",
    cause="Host and path name no company here.",
    mend="Check the address.",
)
INTERNAL = Code(
    id="P718",
    title="Internal error",
    cause="A defect of the program.",
    mend="Report it with the request id.",
)
CLOSED = Code(
    id="P720",
    title="Company not available",
    cause="The company is suspended or not published.",
    mend="Ask the operator.",
)

BAD_SETTING = Code(
    id="P801",
    title="Bad setting",
    cause="A setting has a value of the wrong type.",
    mend="Correct it.",
)
UNKNOWN_SETTING = Code(
    id="P802",
    title="Unknown setting",
    cause="A setting of this name does not exist.",
    mend="See `strata config`.",
)
LOCKED = Code(
    id="P804",
    title="Database locked",
    cause="Another program keeps the database locked.",
    mend="Stop it, then try again.",
)
PORT_TAKEN = Code(
    id="P805",
    title="Port taken",
    cause="Another program listens on the port.",
    mend="Choose another port.",
)
UNWRITABLE = Code(
    id="P806",
    title="Folder not writable",
    cause="Files cannot be written there.",
    mend="Choose another folder.",
)
UNKNOWN_TENANT = Code(
    id="P808",
    title="Unknown tenant",
    cause="No tenant has this name.",
    mend="See `strata tenant list`.",
)
TENANT_EXISTS = Code(
    id="P809",
    title="Tenant exists",
    cause="The name or host is taken.",
    mend="Choose another.",
)
BAD_SLUG = Code(
    id="P810",
    title="Bad tenant name",
    cause="A tenant's name is part of addresses.",
    mend="Use a-z, 0-9 and -.",
)
USER_EXISTS = Code(
    id="P813",
    title="User exists",
    cause="A user has this e-mail already.",
    mend="Choose another e-mail.",
)
WEAK_PASSWORD = Code(
    id="P814",
    title="Weak password",
    cause="A password has at least ten characters.",
    mend="Choose a longer one.",
)
UNKNOWN_USER = Code(
    id="P815",
    title="Unknown user",
    cause="No active user has this e-mail.",
    mend="Check the spelling.",
)
NOT_PUBLISHED = Code(
    id="P816",
    title="Nothing published",
    cause="The tenant has no release yet.",
    mend="Run `strata publish`.",
)
BAD_OPTION = Code(
    id="P818",
    title="Bad option",
    cause="A command-line option has a bad value.",
    mend="See --help.",
)
PUBLISH_RACE = Code(
    id="P819",
    title="Published meanwhile",
    cause="Another publish came first.",
    mend="Plan again.",
)
NOT_INSTALLED = Code(
    id="P820",
    title="No installation",
    cause="Nothing was set up at this place.",
    mend="Make one first.",
)
UNKNOWN_PERMISSION = Code(
    id="P821",
    title="No such permission set",
    cause="No package declares it.",
    mend="See the hint.",
)
NOT_TO_BE_ACTED = Code(
    id="P420",
    title="Cannot act as this user",
    cause="One acts as another active user, and only as one who holds no right that one lacks.",
    mend="Choose another user, or stop acting as the present one first.",
)
NOT_AS_ANOTHER = Code(
    id="P421",
    title="Not while acting as another",
    cause="Passwords, sessions, tokens and saved views are their owner's affair.",
    mend="Stop acting as the other user first.",
)
UNKNOWN_THING = Code(
    id="P830",
    title="Nothing of that name",
    cause="No layer has an object, field, option, layout, rule, view, flow… of this name.",
    mend="Names are written as in documents: deal, deal.stage.won, layout:deal, rule:deal.big.",
)
UNKNOWN_RELEASE = Code(
    id="P831",
    title="No such release",
    cause="The tenant never had a release of this number.",
    mend="`strata releases` lists them.",
)
NO_LAYER = Code(
    id="P832",
    title="Not a tenant's layer",
    cause="The folder holds another package, or files that an export would have to delete.",
    mend="Give the folder of a package that is called `tenant`, or an empty one.",
)
BAD_LINE = Code(
    id="P840",
    title="Line not understood",
    cause="A line for `strata formula batch` is no JSON object of the documented shape, or a value in it is "
    "none of its field's type.",
    mend="Correct the key that is named.",
)
NO_SQL = Code(
    id="P841",
    title="No form in SQL",
    cause="The database that was asked for cannot compute the formula, or refused to.",
    mend="Compute it in Python, or rewrite the part that is named.",
)
FORMULA_FAILED = Code(
    id="P842",
    title="The formula is an error",
    cause="On this record the formula has no value: it divides by zero, or reads a text that is no number.",
    mend="Ask for what must hold with IF(), or give another value with IFERROR().",
)

CODES: tuple[Code, ...] = tuple(value for value in list(globals().values()) if isinstance(value, Code))
