"""Problems as the pages of an .xlsx table: one row each, linked to the cell in the original and in its marked copy."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from lsb_nb.i18n import _
from lsb_nb.text import display_width

MOST_LINKED = 30_000
"""Rows of the table whose cells are linked; a sheet holds at most 65,530 links."""
_RESERVED = re.compile(r"[%#?\s\"<>\[\]^`{}]")
"""Characters of a path that an address must not hold; Chinese stays as it is, as spreadsheet programs write it."""
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_WIDTHS = (8, 9, 26, 14, 9, 18, 46, 46, 44)
_WRAPPED = (3, 6, 7, 8, 9)
LINE = 15
"""Height of a line, points; rows are given theirs, since not every program fits them to wrapped text."""
_COLOURS = {"error": "FFFFC7CE", "warning": "FFFFEB9C"}


class Copy(NamedTuple):
    """A marked copy, relative to the table; or None, and why there is none."""

    path: str | None
    said: str


def fill_table(rows: Sequence[dict[str, Any]], files: dict[str, Path], copies: dict[str, Copy], here: Path) -> Any:
    """Make the table.

    Parameters
    ----------
    rows : sequence of dict
        Problems in the order wanted.
    files, copies : dict
        By ``file``: the original, and what became of its marked copy.
    here : Path
        The folder the table goes into.

    Returns
    -------
    openpyxl.Workbook
    """
    import openpyxl
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.properties import PageSetupProperties

    book = openpyxl.Workbook()
    page: Any = book.active
    page.title = _("问题")
    head = (_("程度"), _("季度"), _("文件"), _("工作表"), _("单元格"), _("现值"), _("问题"), _("改法"), _("标注副本"))
    wrap, top = Alignment(wrap_text=True, vertical="top"), Alignment(vertical="top")
    link = Font(color="FF0563C1", underline="single")
    fills = {kind: PatternFill("solid", start_color=each, end_color=each) for kind, each in _COLOURS.items()}
    for column, (text, width) in enumerate(zip(head, _WIDTHS, strict=True), 1):
        page.cell(1, column, text).font = Font(bold=True)
        page.column_dimensions[get_column_letter(column)].width = width
    for line, row in enumerate(rows, 2):
        copy = copies.get(str(row["file"]), Copy(None, ""))
        kind = _("错误") if row["severity"] == "error" else _("提示")
        told = [row[name] for name in ("quarter", "file", "sheet", "cell", "value", "reason", "hint")]
        for column, text in enumerate([kind, *told, copy.said], 1):
            if text not in (None, ""):
                cell = page.cell(line, column)
                # As a text, whatever it begins with: a cell of a faulty sheet must not become a formula here.
                cell.value, cell.data_type = _ILLEGAL.sub("", str(text))[:32767], "s"
                cell.alignment = wrap if column in _WRAPPED else top
        if (lines := _lines([kind, *told, copy.said])) > 1:
            page.row_dimensions[line].height = LINE * lines
        page.cell(line, 1).fill = fills[row["severity"]]
        if line > MOST_LINKED:
            continue
        source = files.get(str(row["file"]))
        if source is not None and source.is_file():
            target = _relative(source, here)
            location = None if source.suffix.lower() == ".csv" else _location(row)
            _link(page.cell(line, 3), target, None, link)
            if row["cell"] is not None:
                _link(page.cell(line, 5), target, location, link)
        if copy.path:
            _link(page.cell(line, 9), _address(copy.path), _location(row), link)
    page.freeze_panes = "A2"
    page.auto_filter.ref = f"A1:{get_column_letter(len(head))}{len(rows) + 1}"
    page.page_setup.orientation = "landscape"
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.print_title_rows = "1:1"
    return book


def _lines(texts: Sequence[object]) -> int:
    most = 1
    for at in _WRAPPED:
        # a word that does not fit goes to the next line, so a line holds a little less than its width
        room = _WIDTHS[at - 1] - 2
        parts = str(texts[at - 1] or "").split("\n")
        most = max(most, sum(max(1, math.ceil(display_width(part) / room)) for part in parts))
    return most


def _link(cell: Any, target: str, location: str | None, font: Any) -> None:
    from openpyxl.worksheet.hyperlink import Hyperlink

    cell.hyperlink = Hyperlink(ref=cell.coordinate, target=target, location=location)
    cell.font = font


def _location(row: dict[str, Any]) -> str | None:
    if row["sheet"] is None and row["cell"] is None:
        return None
    # A .csv file has no sheets; its copy has this one.
    title = str(row["sheet"] or "Sheet1").replace("'", "''")
    return f"'{title}'!{row['cell'] or 'A1'}"


def _relative(path: Path, here: Path) -> str:
    """Give the address of a file as seen from a folder; a whole one where they lie on different drives."""
    try:
        relative = os.path.relpath(path.resolve(), here.resolve())
    except ValueError:
        return path.resolve().as_uri()
    return _address(relative.replace(os.sep, "/"))


def _address(path: str) -> str:
    return _RESERVED.sub(lambda match: quote(match[0]), path)
