"""Write a file so that nobody ever sees half of it."""

from __future__ import annotations

import contextlib
import os
import secrets
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

PREFIX = "~$"
"""Names of temporary files begin with this; no reader of an activity's folder looks at them."""


@contextlib.contextmanager
def replacing(path: Path, *, fresh: bool = False) -> Iterator[IO[bytes]]:
    """Give a temporary file that takes the place of `path` when all is written, and leaves no trace otherwise.

    Parameters
    ----------
    path : pathlib.Path
        The file; folders on the way to it are made, and taken away again where the writing fails.
    fresh : bool
        Never replace a file, not even one that has come to be there in the meantime.

    Yields
    ------
    file
        Open for bytes. Its permissions are those of any new file of the user.

    Raises
    ------
    FileExistsError
        If `fresh` is set and the file is there; ``filename`` names it.
    """
    made = [folder for folder in (path.parent, *path.parent.parents) if not folder.exists()]
    temporary = path.parent / f"{PREFIX}{secrets.token_hex(8)}{path.suffix}"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if fresh and os.path.lexists(path):
            raise FileExistsError(17, "File exists", str(path))
        # Not mkstemp: that makes a file for its owner alone, whatever the umask.
        with open(temporary, "xb") as stream:
            yield stream
        if fresh:
            _take(temporary, path)
        else:
            os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        for folder in made:
            with contextlib.suppress(OSError):
                folder.rmdir()
        raise


def _take(temporary: Path, path: Path) -> None:
    """Give the file its name unless another has it: in one step, where the file system can do so."""
    try:
        os.link(temporary, path)
    except FileExistsError:
        raise FileExistsError(17, "File exists", str(path)) from None
    except (OSError, AttributeError, NotImplementedError):
        # A file system without links: the name is taken first, by an empty file that is ours to replace.
        path.touch(exist_ok=False)
        os.replace(temporary, path)
    else:
        temporary.unlink()


def why_not(path: Path) -> OSError | None:
    """Try whether a file could be written, without leaving anything; the error where it could not."""
    if path.is_dir():
        return IsADirectoryError(21, "Is a directory", str(path))
    place = next((folder for folder in (path.parent, *path.parent.parents) if os.path.lexists(folder)), path.parent)
    try:
        with tempfile.TemporaryFile(dir=place):
            return None
    except OSError as error:
        error.filename = str(path)
        return error
