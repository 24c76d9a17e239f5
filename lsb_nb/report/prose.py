"""Prose cells of working copies: shown in the analyst's language, given back in Chinese when a report is made.

A report is translated cell by cell from the Chinese. So a copy keeps the Chinese of a translated cell in the cell's
metadata; where the analyst has changed the words, they stand as written.
"""

from __future__ import annotations

from typing import Any

from lsb_nb.i18n import _, language
from lsb_nb.locale.catalogue import COMMENT

KEY = "lsb_prose"


def translate_prose(cells: list[dict[str, Any]]) -> None:
    """Translate the prose of a shipped notebook in place, each cell as a whole; nothing happens in Chinese.

    Comments in code are translated too. They need not come back: no report shows code.
    """
    if language() == "zh":
        return
    for cell in cells:
        source = "".join(cell["source"])
        if cell["cell_type"] == "code":
            cell["source"] = COMMENT.sub(lambda comment: _(comment[0]), source)
        if cell["cell_type"] == "markdown" and (shown := _(source)) != source:
            cell["source"] = shown
            cell.setdefault("metadata", {})[KEY] = {"zh": source, "shown": shown}


def restore_prose(cells: list[Any]) -> None:
    """Put back the Chinese of every cell that reads as it was copied, in place."""
    for cell in cells:
        kept = cell.get("metadata", {}).get(KEY)
        if isinstance(kept, dict) and cell["source"] == kept.get("shown") and isinstance(kept.get("zh"), str):
            cell["source"] = kept["zh"]
