"""Names of the files in which scenarios are saved; the page makes the same ones."""

from __future__ import annotations

import re
import unicodedata

_UNSAFE = re.compile(r'[\\/:*?"<>|.\s]+')


def file_name(quarter: str, name: str) -> str:
    """Make a file name for a scenario that no path can hide in."""
    visible = "".join("-" if unicodedata.category(c) in ("Cc", "Cf") else c for c in name)
    return f"{quarter}-{_UNSAFE.sub('-', visible).strip('-')}"[:60] + ".toml"
