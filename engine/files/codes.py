"""The codes of refusals of files: at a field, at an upload, at a download."""

from __future__ import annotations

from formula.issue import Code

NO_FILE = Code(
    id="P180",
    title="File not found",
    cause="There is no such file that you may use.",
    mend="Upload the file, then send its id.",
)
FILE_TYPE = Code(
    id="P181",
    title="Kind of file not taken",
    cause="The file's content or its name is of a kind that the field does not take.",
    mend="Choose a file of a kind that is taken.",
)
FILE_TOO_LARGE = Code(
    id="P182",
    title="File too large",
    cause="The file has more bytes than the field, or the installation, takes.",
    mend="Choose a smaller file.",
)
IMAGE_TOO_LARGE = Code(
    id="P183",
    title="Picture of another size",
    cause="The picture cannot be read, or has more pixels than the field takes.",
    mend="Choose a smaller picture.",
)
FILE_BLOCKED = Code(
    id="P184",
    title="File is blocked",
    cause="The virus scanner found something harmful in the file.",
    mend="Clean the file and upload it again.",
)
FILE_PENDING = Code(
    id="P185",
    title="File is being checked",
    cause="The virus scanner has not said yet whether the file is harmless.",
    mend="Try again in a moment.",
)
STORE_FAILED = Code(
    id="P186",
    title="Store of files cannot be used",
    cause="The disk is full, or the store cannot be reached or written.",
    mend="Try again later; who runs the installation looks at the store.",
)
NO_ROOM = Code(
    id="P187",
    title="No room for more files",
    cause="The company's files have reached their limit.",
    mend="Delete files that are not needed, or have the limit raised.",
)

CODES: tuple[Code, ...] = tuple(code for code in tuple(globals().values()) if isinstance(code, Code))
