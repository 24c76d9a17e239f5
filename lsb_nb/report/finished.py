"""The notebook as the analyst has finished it: what stands on the disk is what was last seen and run, or is refused."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from lsb_nb.i18n import _
from lsb_nb.report.annexes import TAG


class NotSaved(RuntimeError):  # noqa: N818 - a verdict on a file
    """The notebook on the disk is not what the analyst sees; the message says what to do."""


def read_cells(notebook: Path) -> list[dict[str, Any]]:
    """Read a notebook's cells, ``source`` as one text.

    Raises
    ------
    NotSaved
        If the file is missing or is no notebook.
    """
    try:
        content = json.loads(notebook.read_text(encoding="utf-8"))
        return [cell | {"source": "".join(cell["source"])} for cell in content["cells"]]
    except (OSError, ValueError, KeyError, TypeError):
        raise NotSaved(_("打不开笔记本：{path}").format(path=notebook.name)) from None


def require_finished(
    notebook: Path, *, seen: Sequence[Sequence[str]] | None, since: float, run: str | None = None
) -> list[dict[str, Any]]:
    """Refuse a notebook whose file is older than what the analyst sees or has run.

    Parameters
    ----------
    notebook : Path
        The file.
    seen : sequence of (kind, source), optional
        The cells as they stand on the page. Where they are known they must be those of the file, to the letter.
    since : float
        Where they are not known, the file must have been written at this time (seconds since the epoch) or later.
    run : str, optional
        What the kernel ran last; where the page is not known it must stand in the file.

    Returns
    -------
    list of dict
        The file's cells.

    Raises
    ------
    NotSaved
        With what to do about it.
    """
    cells = read_cells(notebook)
    again = _("先按 Ctrl+S 保存，再按“导出报告”。")
    if seen is not None:
        if [[cell["cell_type"], cell["source"]] for cell in cells] != [list(each) for each in seen]:
            raise NotSaved(
                _("硬盘上的 {name} 不是眼前这一份，没有导出。{again}").format(name=notebook.name, again=again)
            )
        return cells
    sources = {cell["source"].strip() for cell in cells if cell["cell_type"] == "code"}
    if notebook.stat().st_mtime < since or (run is not None and run.strip() not in sources):
        raise NotSaved(_("硬盘上的 {name} 比眼前的旧，没有导出。{again}").format(name=notebook.name, again=again))
    return cells


def annexes_of(cells: Sequence[dict[str, Any]]) -> list[str]:
    """List the annexes that cells are tagged with, in their order."""
    tags = (tag for cell in cells for tag in cell.get("metadata", {}).get("tags", ()))
    return list(dict.fromkeys(tag.removeprefix(TAG) for tag in tags if tag.startswith(TAG)))
