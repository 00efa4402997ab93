"""Texts into a folder, all of them or none: what `strata lock` and `strata layer export` write.

Every text lies beside its place before the first one takes it, so that a full disk, a missing right or Ctrl-C
leaves the files as they were. What belongs into which folder is the callers' business.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.problem import Problem
from runtime.codes import UNWRITABLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path


def write_texts(folder: Path, texts: Mapping[str, str], gone: Iterable[Path] = ()) -> None:
    """Write path in the folder → text, in UTF-8 and with its own line ends; then delete the files `gone`.

    Raises Problem when that is not possible; then nothing has changed.
    """
    staged: dict[Path, Path] = {}
    try:
        try:
            for name, text in texts.items():
                _stage(folder / name, text, staged)
            for waiting, place in staged.items():
                waiting.replace(place)
            for file in gone:
                file.unlink()
        finally:
            for waiting in staged:
                waiting.unlink(missing_ok=True)
    except OSError as error:
        at = error.filename or folder
        raise Problem(
            UNWRITABLE, f"{at} cannot be written: {error.strerror}.", hint=UNWRITABLE.mend
        ) from error


def _stage(place: Path, text: str, staged: dict[Path, Path]) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    if place.is_dir():
        raise IsADirectoryError(None, "a folder is in its place", str(place))
    waiting = place.with_name(f".{place.name}.new")
    staged[waiting] = place
    waiting.write_bytes(text.encode())
