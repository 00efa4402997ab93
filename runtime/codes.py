"""The codes of refusals that the running product makes itself: P7xx for requests, P8xx for operation.

The engine's own codes are in `engine/codes.py`; the reference page joins all rooms.
"""

from __future__ import annotations

from formula.issue import Code

NO_PAGE = Code("P701", "No such address", "The address names nothing here.", "Check the address.")
NO_METHOD = Code("P702", "Method not allowed", "The address exists, but not for this method.", "See Allow.")
TOO_LARGE = Code("P703", "Body too large", "The body is over the limit.", "Send less at a time.")
NOT_MEDIA = Code(
    "P704", "Unsupported media type", "The body is not of a type that is read here.", "Send JSON."
)
BAD_JSON = Code("P705", "Malformed JSON", "The body is not valid JSON.", "Correct it at the given place.")
BAD_PARAMETER = Code("P706", "Bad parameter", "A parameter cannot be understood.", "See the message.")
BAD_BODY = Code(
    "P707", "Body of the wrong shape", "The JSON is not of the expected shape.", "See the message."
)
NO_VERSION = Code("P708", "Version missing", "A write must say which version it saw.", "Send the version.")
BAD_CSRF = Code(
    "P709", "Request not from this site", "The anti-forgery token is missing.", "Reload the page."
)
TOO_MANY = Code("P710", "Too many requests", "The limit per minute is reached.", "Wait, then try again.")
NOT_SIGNED_IN = Code("P711", "Not signed in", "The request carries no valid sign-in.", "Sign in.")
SIGN_IN_FAILED = Code("P712", "Sign-in failed", "E-mail and password do not match.", "Try again.")
LOCKED_OUT = Code("P713", "Locked out", "Too many wrong passwords.", "Wait, or ask an administrator.")
NOT_IN_SCOPE = Code("P714", "Outside the token's scope", "The token may not do this.", "Use another token.")
KEY_REUSED = Code(
    "P715", "Idempotency-Key reused", "The key came with another request before.", "Use a new key."
)
KEY_BUSY = Code(
    "P716", "First request still running", "The first request of this key runs.", "Try again soon."
)
NO_TENANT = Code("P717", "No such company", "Host and path name no company here.", "Check the address.")
INTERNAL = Code("P718", "Internal error", "A defect of the program.", "Report it with the request id.")
CLOSED = Code(
    "P720", "Company not available", "The company is suspended or not published.", "Ask the operator."
)

BAD_SETTING = Code("P801", "Bad setting", "A setting has a value of the wrong type.", "Correct it.")
UNKNOWN_SETTING = Code(
    "P802", "Unknown setting", "A setting of this name does not exist.", "See `strata config`."
)
LOCKED = Code(
    "P804", "Database locked", "Another program keeps the database locked.", "Stop it, then try again."
)
PORT_TAKEN = Code("P805", "Port taken", "Another program listens on the port.", "Choose another port.")
UNWRITABLE = Code("P806", "Folder not writable", "Files cannot be written there.", "Choose another folder.")
UNKNOWN_TENANT = Code("P808", "Unknown tenant", "No tenant has this name.", "See `strata tenant list`.")
TENANT_EXISTS = Code("P809", "Tenant exists", "The name or host is taken.", "Choose another.")
BAD_SLUG = Code("P810", "Bad tenant name", "A tenant's name is part of addresses.", "Use a-z, 0-9 and -.")
LOSES_DATA = Code("P811", "Publishing loses data", "A step makes values disappear.", "Consent, or change it.")
NO_PACKAGE = Code("P812", "No package", "The folder is not a package.", "Name a folder with package.yaml.")
USER_EXISTS = Code("P813", "User exists", "A user has this e-mail already.", "Choose another e-mail.")
WEAK_PASSWORD = Code(
    "P814", "Weak password", "A password has at least ten characters.", "Choose a longer one."
)
UNKNOWN_USER = Code("P815", "Unknown user", "No active user has this e-mail.", "Check the spelling.")
NOT_PUBLISHED = Code("P816", "Nothing published", "The tenant has no release yet.", "Run `strata publish`.")
UNREACHABLE = Code(
    "P817", "Database unreachable", "The server does not answer.", "Check the URL and the server."
)
BAD_OPTION = Code("P818", "Bad option", "A command-line option has a bad value.", "See --help.")
PUBLISH_RACE = Code("P819", "Published meanwhile", "Another publish came first.", "Plan again.")
NOT_INSTALLED = Code("P820", "No installation", "Nothing was set up at this place.", "Make one first.")
UNKNOWN_PERMISSION = Code("P821", "No such permission set", "No package declares it.", "See the hint.")

CODES: tuple[Code, ...] = tuple(value for value in list(globals().values()) if isinstance(value, Code))
