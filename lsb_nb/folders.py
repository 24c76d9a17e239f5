"""Where a file that a workbook names lies: inside the activity's folder, or nowhere."""

from __future__ import annotations

from pathlib import Path, PureWindowsPath


def find_inside(folder: Path, file: str) -> Path | None:
    """Give the path of a file named in a workbook, whichever slashes it has; None where it lies outside `folder`."""
    text = file.replace("\\", "/")
    if PureWindowsPath(text).drive or PureWindowsPath(text).root or ":" in text or "\x00" in text:
        return None
    try:
        path = (folder / text).resolve()
    except (OSError, RuntimeError, ValueError):
        return None
    return path if path.is_relative_to(folder.resolve()) else None


def is_file(path: Path) -> bool:
    """Say whether a file is there; a name that no file can have is not."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False
