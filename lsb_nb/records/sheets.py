"""A sheet of the workbook to its typed frame: one reader per kind of column, every problem noted."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from lsb_nb.i18n import _
from lsb_nb.records import clean
from lsb_nb.records.context import Context
from lsb_nb.records.half_headers import half_header, missing_columns
from lsb_nb.records.headers import Header, Sheet, body_rows, find_header
from lsb_nb.records.ledger import cell_name, column_letters
from lsb_nb.records.misplaced import hint_of_separator
from lsb_nb.records.names import Roll, find_name
from lsb_nb.records.workbook import Cell, Odd
from lsb_nb.schema import FORMAT, SHEETS, Column, frame_columns
from lsb_nb.text import key

MAIN = {"rules": "value", "entries": "mark", "adjustments": "points", "corrections": "becomes", "monthly": "points"}
"""Frame -> the column whose cell stands for a row; elsewhere the sheet's first column."""
BLANKS = {"criterion": ""}
"""What a blank cell of an optional column gives; None where it is not listed, and where the sheet lacks the column."""
LETTERED = ("criteria", "rules")
"""Frames whose problems are found later, by `lsb_nb.scheme`, which needs to know where each column stands."""
FAR_YEARS = 10
"""A date further from the quarter is read, with a warning: 2021 in a cell is a day of 1905."""
_KEPT = ("units", "criteria", "raters")
_BLANK_IS_READ = ("mark", "count")


@functools.cache
def empty_frame(name: str) -> pd.DataFrame:
    """Make a frame without rows, typed as `read_frame` types it; callers share it."""
    return _typed(name, {column: [] for column in frame_columns(name)})


def read_frame(name: str, sheet: Sheet, context: Context) -> pd.DataFrame:
    """Read one sheet that is a plain list.

    Parameters
    ----------
    name : str
        A key of `lsb_nb.schema.SHEETS`.
    sheet : Sheet
    context : Context
        Receives the problems; gives the names that cells must match.

    Returns
    -------
    pandas.DataFrame
        The columns of `lsb_nb.schema.frame_columns`. Rows with a required cell that cannot be read are left out, all
        of them where the header lacks a required column; but for 单位, 指标 and 评委, where the name alone keeps the
        row. Frames in `LETTERED` carry `Letters` in ``attrs["letters"]``.
    """
    spec = SHEETS[name]
    required = [column.name for column in spec.columns if column.required]
    header = find_header(sheet, spec.columns, required)
    if header is None:
        note_no_header(sheet, spec.columns, required, context)
        # the cells under the columns that are named are read all the same, so that their faults are told now
        header = half_header(sheet, spec.columns, required)
        if header is None:
            return empty_frame(name)
    note_repeated(sheet, header, context)
    rows = body_rows(sheet, header, lone=len(required) == 1)
    context.tables[name] = (sheet, header)
    context.rows[name] = []
    if not rows:
        return empty_frame(name)
    data: dict[str, list[Any]] = {column: [] for column in frame_columns(name)}
    kept: list[int] = []
    for row in rows:
        values = {column.name: _read(column, sheet, header, row, context) for column in spec.columns}
        for column, mark in list(values.items()):
            if isinstance(mark, clean.Mark):
                values |= {"state": mark.state, column: mark.micro if mark.state == "mark" else None}
        unread = [column.name for column in spec.columns if column.required and values[column.name] is Unread]
        if required[0] in unread or (unread and name not in _KEPT):
            context.left_out.setdefault(name, []).append((row, values))
            continue
        kept.append(row)
        for column, value in values.items():
            data[column].append(BLANKS.get(column) if value is Unread else value)
        at = header.columns[MAIN.get(name, spec.columns[0].name)]
        source = {"file": sheet.place.file, "sheet": sheet.place.sheet, "cell": cell_name(row, at)}
        for where, text in {"quarter": context.quarter, **source}.items():
            if where not in values:
                data[where].append(text)
    context.rows[name] = kept
    frame = _typed(name, data)
    letters = {column: column_letters(at) for column, at in header.columns.items()}
    if name in LETTERED:
        frame.attrs["letters"] = Letters({context.quarter: letters})
    return frame


class Letters(dict[str, dict[str, str]]):
    """Quarter -> column of a frame -> its letters on the sheet. Never changed, so that pandas need not copy it."""

    def __deepcopy__(self, memo: dict[int, Any]) -> Letters:
        return self


class Unread:
    """Stands for a required cell that could not be read or has no column; its problem has been noted."""


def _typed(name: str, data: dict[str, list[Any]]) -> pd.DataFrame:
    kinds = {column.name: column.kind for column in SHEETS[name].columns}
    whole = [column for column in data if kinds.get(column) in ("mark", "full", "number", "count")]
    length = len(data["quarter"])
    cells = np.empty((length, len(data)), dtype=object)
    for at, values in enumerate(data.values()):
        cells[:, at] = np.fromiter(values, dtype=object, count=length)
    frame = pd.DataFrame(cells, columns=pd.Index(list(data), dtype=object), dtype=object)
    for column in whole:
        frame[column] = pd.array(data[column], dtype="Int64")
    return frame


def note_no_header(sheet: Sheet, columns: tuple[Column, ...], required: list[str], context: Context) -> None:
    """Note that no row holds all required columns."""
    lacking = missing_columns(sheet, columns, required)
    context.note(
        "error",
        sheet.place,
        _("没有找到表头：缺少“{names}”列").format(names="”“".join(lacking))
        if lacking
        else _("没有找到表头：必需的列不在同一行"),
        hint_of_separator(sheet)
        or _("在表头行写明这些列：{names}").format(names="、".join(c.header for c in columns if c.name in required)),
    )


def note_repeated(sheet: Sheet, header: Header, context: Context) -> None:
    """Note columns that stand twice."""
    for column in header.repeated:
        reason = _("表头“{text}”与另一列重复").format(text=clean.as_name(header.texts[column]))
        context.note_cell("error", sheet, header.last, column, reason, _("只保留一列，或改写其中一个表头"))


def _read(column: Column, sheet: Sheet, header: Header, row: int, context: Context) -> Any:
    at = header.columns.get(column.name)
    if at is None:
        return Unread if column.required else () if column.kind in ("names", "units") else None
    cell = sheet.rows[row][at]
    complain = functools.partial(context.note_cell, "error", sheet, row, at)
    if clean.is_blank(cell) and (column.kind not in _BLANK_IS_READ or column.name == "becomes"):
        if column.name == "content" and key(clean.as_text(sheet.rows[row][header.columns["item"]])) == "格式版本":
            return str(FORMAT)
        if column.required:
            complain(_("“{header}”不能为空").format(header=column.header), _("补填，或删去这一行"))
            return Unread
        return () if column.kind in ("names", "units") else BLANKS.get(column.name)
    kind = column.name if column.name in ("criterion", "group", "file") and column.kind == "text" else column.kind
    try:
        value = READERS[kind](cell, context, complain)
        if kind == "date" and abs(value.year - int(context.quarter[:4])) > FAR_YEARS:
            reason = _("日期是 {day}，离本季度很远").format(day=value)
            context.note_cell("warning", sheet, row, at, reason, _("核对日期，写作 2021-12-3 这样的形式"))
        return value
    except clean.Unreadable as error:
        complain(error.reason, error.hint)
        return Unread


Complain = Callable[[str, str], None]


def _text(cell: Cell, _context: Context, _complain: Complain) -> str:
    if isinstance(cell, Odd) and cell.kind in ("error", "formula"):
        clean.refuse_odd(cell)
    if isinstance(cell, Odd) and cell.kind == "percent":
        return f"{float(cell.text) * 100:.10g}%"
    return clean.as_words(cell)


def _file(cell: Cell, context: Context, complain: Complain) -> str:
    # A file on the disk may have such a name; what is invisible in it is kept.
    _text(cell, context, complain)
    return clean.as_text(cell)


def _name(cell: Cell, context: Context, complain: Complain) -> str:
    _text(cell, context, complain)
    return clean.as_name(cell)


def _match(roll: str) -> Callable[[Cell, Context, Complain], Any]:
    def read(cell: Cell, context: Context, complain: Complain) -> Any:
        names: Roll = getattr(context, roll)
        found = find_name(names, _name(cell, context, complain))
        if isinstance(found, int):
            return names.names[found]
        complain(*found)
        return Unread

    return read


def _full(cell: Cell, _context: Context, _complain: Complain) -> int:
    micro = clean.read_number(cell)
    if not 0 < micro < clean.TOO_LARGE:
        raise clean.Unreadable(_("满分应大于 0"), _("改为大于 0 的数"))
    return micro


def _points(cell: Cell, _context: Context, _complain: Complain) -> int:
    micro = clean.read_number(cell)
    if abs(micro) >= clean.TOO_LARGE:
        raise clean.Unreadable(_("数值过大"), _("改正数值"))
    return micro


def _units(cell: Cell, context: Context, complain: Complain) -> tuple[str, ...]:
    found = []
    for name in clean.split_names(cell):
        index = find_name(context.units, name)
        if isinstance(index, int):
            found.append(context.units.names[index])
        else:
            complain(*index)
    return tuple(dict.fromkeys(found))


READERS: dict[str, Callable[[Cell, Context, Complain], Any]] = {
    "text": _text,
    "file": _file,
    "name": _name,
    "unit": _match("units"),
    "criterion": _match("criteria"),
    "rater": _match("raters"),
    "group": _match("groups"),
    "number": _points,
    "full": _full,
    "weight": lambda cell, context, complain: clean.read_weight(cell),
    "mark": lambda cell, context, complain: clean.read_mark(cell),
    "count": lambda cell, context, complain: clean.read_count(cell),
    "date": lambda cell, context, complain: clean.read_date(cell, context.quarter, date1904=context.date1904),
    "month": lambda cell, context, complain: clean.read_month(cell, context.quarter, date1904=context.date1904),
    "names": lambda cell, context, complain: clean.split_names(cell),
    "units": _units,
}
"""Kind of a column (`lsb_nb.schema`) -> its reader."""
