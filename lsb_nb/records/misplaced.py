"""Ways out for what stands where it does not belong: notes and headers among marks, tables turned on their side."""

from __future__ import annotations

from lsb_nb.i18n import _
from lsb_nb.records.clean import as_name
from lsb_nb.records.headers import Sheet, is_footnote, known_headers
from lsb_nb.records.names import Roll, find_name
from lsb_nb.records.workbook import Cell
from lsb_nb.schema import SHEETS
from lsb_nb.text import key

_HEADERS = known_headers(column for name in ("ratings", "criteria", "raters") for column in SHEETS[name].columns)
_SEARCHED = 20
"""Rows of a .csv file in which another separator is looked for."""


def hint_of_row(cell: Cell, hint: str) -> str:
    """Add to the hint on an unknown name that its row may be a header or a note."""
    if isinstance(cell, str) and (key(cell) in _HEADERS or is_footnote(cell)):
        return _("{hint}；如果这一行是表头或说明，请删去，或移到另一张工作表").format(hint=hint)
    return hint


def hint_of_column(text: str, units: Roll, hint: str) -> str:
    """Say that rows and columns may have been swapped where an unknown column names a unit."""
    if not units.grows and isinstance(find_name(units, as_name(text)), int):
        return _("这是单位名称：单位要一行一个，写在“单位”列；行和列可能写反了")
    return _("{hint}；不是分数的列，表头改为“备注”").format(hint=hint)


def hint_of_separator(sheet: Sheet) -> str | None:
    """Say that a .csv file is not separated by commas, where it looks so."""
    if not sheet.place.file.lower().endswith(".csv"):
        return None
    for row in sheet.rows[:_SEARCHED]:
        if any(isinstance(cell, str) and ("\t" in cell or ";" in cell) for cell in row):
            return _("这个 .csv 不是用逗号分隔的：用 WPS 或 Excel 打开，另存为 .xlsx")
    return None
