"""Sheets of marks (long, wide, one per criterion, one per rater) to flat blocks of whole numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from lsb_nb.i18n import _
from lsb_nb.records import clean
from lsb_nb.records.columns import match_columns, names_in
from lsb_nb.records.context import Context, Signature
from lsb_nb.records.half_headers import half_header
from lsb_nb.records.headers import (
    Header,
    Sheet,
    body_rows,
    find_header,
)
from lsb_nb.records.misplaced import hint_of_row
from lsb_nb.records.names import Roll, find_name
from lsb_nb.records.sheets import note_no_header, note_repeated
from lsb_nb.records.workbook import Cell, Odd
from lsb_nb.schema import CRITERION_ALIASES, POINTS_ALIASES, SHEETS, STATES
from lsb_nb.text import key

BAD = len(STATES)
"""State code of a cell that cannot be read; the others are indexes into `lsb_nb.schema.STATES`."""
BLANK = STATES.index("blank")

_LONG = SHEETS["ratings"].columns
_BY_NAME = {column.name: column for column in _LONG}
_SIGNED = re.compile(r"(?:评委|评委编号|评委代码):(.*)")
_CRITERION_HEADERS = ("指标", *map(key, CRITERION_ALIASES))
_MARK_HEADERS = ("分值", *map(key, POINTS_ALIASES))
Ints = npt.NDArray[np.int64]


class Block(NamedTuple):
    """The marks of one sheet, flat: indexes into the rolls (-1 unknown), position, millionths and state code."""

    sheet: Sheet
    rater: Ints
    unit: Ints
    criterion: Ints
    row: Ints
    column: Ints
    micro: Ints
    state: Ints


class Memo(dict[Cell, int]):
    """Cell -> millionths × 8 + state code, read once for each distinct content; `why` keeps what was wrong."""

    def __init__(self) -> None:
        super().__init__()
        self.why: dict[Cell, clean.Unreadable] = {}

    def __missing__(self, cell: Cell) -> int:
        try:
            mark = clean.read_mark(cell)
            packed = mark.micro * 8 + STATES.index(mark.state)
        except clean.Unreadable as error:
            self.why[cell] = error
            packed = BAD
        self[cell] = packed
        return packed


def read_ratings(sheet: Sheet, context: Context, memo: Memo) -> Block | None:
    """Read a sheet 评分, long or wide."""
    wide, long = ("rater", "unit"), [column.name for column in _LONG]
    header = find_header(sheet, _LONG, long)
    if header is None:
        header = find_header(sheet, [_BY_NAME[name] for name in wide], wide, names_in(context.criteria))
        if header is not None and not _lacks_one(header, context):
            return _read_wide(sheet, header, context, memo, None)
        note_no_header(sheet, _LONG, long, context)
        # the cells under the columns that are named are read all the same, so that their faults are told now
        header = half_header(sheet, _LONG, long)
        if header is None:
            return None
    note_repeated(sheet, header, context)
    rows = body_rows(sheet, header)
    indexes = {
        name: _find_all(sheet, rows, header.columns[name], roll, context)
        if name in header.columns
        else np.full(len(rows), -1, dtype=np.int64)
        for name, roll in (("rater", context.raters), ("unit", context.units), ("criterion", context.criteria))
    }
    at = header.columns.get("mark", 0)
    cells = [sheet.rows[row][at] if "mark" in header.columns else "" for row in rows]
    columns = np.full(len(rows), at, dtype=np.int64)
    return _flat(sheet, rows, columns, indexes["rater"], indexes["unit"], indexes["criterion"], memo, cells)


def _lacks_one(header: Header, context: Context) -> bool:
    """Say whether a header with 评委 and 单位 is a long one without 分值 or without 指标, rather than a wide one."""
    others = list(header.others.values())
    if any(map(names_in(context.criteria), others)):
        return any(key(text) in _CRITERION_HEADERS for text in others)
    return any(key(text) in (*_CRITERION_HEADERS, *_MARK_HEADERS) for text in others)


def read_by_criterion(sheet: Sheet, criterion: int, context: Context, memo: Memo) -> Block | None:
    """Read a sheet 评分·‹指标›: one row per unit, one column per rater."""
    unit = [_BY_NAME["unit"]]
    header = find_header(sheet, unit, ["unit"], _is_word if context.raters.grows else names_in(context.raters))
    if header is None:
        note_no_header(sheet, tuple(unit), ["unit"], context)
        return None
    note_repeated(sheet, header, context)
    rows = body_rows(sheet, header, lone=True)
    columns = match_columns(sheet, header, rows, context.raters, context)
    rows, units = _rows_of_units(sheet, header, rows, context)
    return _grid(sheet, rows, columns, memo, units=units, criterion=criterion)


def _is_word(text: str) -> bool:
    # Without a list of raters any text may name one, but not what reads as a mark.
    try:
        clean.read_mark(text)
    except clean.Unreadable:
        return True
    return False


def read_rater_sheet(sheet: Sheet, stem: str, context: Context, memo: Memo) -> Block | None:
    """Read a rater's sheet from 评分表/: rows are units, columns criteria; a cell or the file name tells the rater."""
    header = find_header(sheet, [_BY_NAME["rater"], _BY_NAME["unit"]], ["unit"], names_in(context.criteria))
    if header is None:
        note_no_header(sheet, (_BY_NAME["unit"],), ["unit"], context)
        return None
    return _read_wide(sheet, header, context, memo, stem)


def holds_marks(sheet: Sheet, context: Context) -> bool:
    """Say whether a sheet has a header with 单位 and at least one criterion."""
    header = find_header(sheet, [_BY_NAME["unit"]], ["unit"], names_in(context.criteria))
    return header is not None and any(map(names_in(context.criteria), header.others.values()))


def signed_raters(sheet: Sheet) -> Iterator[tuple[str, int, int]]:
    """Find the cells ``评委：B07`` and give their names and positions; those left empty say nothing."""
    for row, cells in enumerate(sheet.rows):
        for column in [at for at, cell in enumerate(cells) if type(cell) is str and "委" in cell]:
            cell = cells[column]
            if (match := _SIGNED.fullmatch(key(cell))) and match[1] and (row, column) not in sheet.anchors:
                yield clean.as_name(re.split("[:：]", clean.as_text(cell), maxsplit=1)[1]), row, column


def _read_wide(sheet: Sheet, header: Header, context: Context, memo: Memo, stem: str | None) -> Block | None:
    note_repeated(sheet, header, context)
    rows = body_rows(sheet, header, lone=stem is not None and "rater" not in header.columns)
    columns = match_columns(sheet, header, rows, context.criteria, context)
    if stem is None or "rater" in header.columns:
        raters = _find_all(sheet, rows, header.columns["rater"], context.raters, context)
        units = _find_all(sheet, rows, header.columns["unit"], context.units, context)
        return _grid(sheet, rows, columns, memo, units=units, raters=raters)
    found = _rater_of(sheet, stem, context)
    rows, units = _rows_of_units(sheet, header, rows, context)
    return _grid(sheet, rows, columns, memo, units=units, raters=np.full(len(rows), found, dtype=np.int64))


def _rater_of(sheet: Sheet, stem: str, context: Context) -> int:
    """Find whose sheet it is; -1 where nobody knows, which is noted."""
    signed = list(signed_raters(sheet))
    by_file = context.raters.keys.get(key(stem), -1)
    if not signed:
        found = find_name(context.raters, stem)
        if isinstance(found, int):
            return found
        hint = _("{hint}；或在表中写一格“评委：名称”").format(hint=found[1])
        context.note("error", sheet.place, found[0], hint, value=stem)
        return -1
    name, row, at = signed[0]
    found = find_name(context.raters, name)
    if not isinstance(found, int):
        context.note("error", sheet.place, found[0], found[1], row=row, column=at, value=name)
        found = -1
    elif by_file not in (-1, found):
        reason = _("文件名是评委“{file}”，表中写的是“{name}”，按表中的计").format(
            file=context.raters.names[by_file], name=context.raters.names[found]
        )
        hint = _("核对是谁的评分，改正文件名或表中的评委")
        context.note("warning", sheet.place, reason, hint, row=row, column=at, value=name)
    context.signed += [Signature(sheet.place, found, name, other, row, at) for other, row, at in signed[1:]]
    return found


def _rows_of_units(sheet: Sheet, header: Header, rows: list[int], context: Context) -> tuple[list[int], Ints]:
    # A row with nothing but its first cell is data only where that cell names a unit, so that blanks are counted.
    at, roll = header.columns["unit"], context.units
    kept = [
        row
        for row in rows
        if sheet.own[row] + sheet.covered[row] > 1
        or (not roll.grows and isinstance(_find(sheet.rows[row][at], roll), int))
    ]
    return kept, _find_all(sheet, kept, at, roll, context)


def _find_all(sheet: Sheet, rows: Sequence[int], column: int, roll: Roll, context: Context) -> Ints:
    """Find the name in one column of every row; -1 where there is none, each noted once at the cell that holds it."""
    cells = [sheet.rows[row][column] for row in rows]
    known = roll.cells
    wrong: dict[Cell, tuple[str, str]] = {}
    for cell in dict.fromkeys(cells):
        if cell not in known:
            answer = _find(cell, roll)
            if isinstance(answer, int):
                known[cell] = answer
            else:
                wrong[cell] = answer
    if not wrong:
        return np.fromiter(map(known.__getitem__, cells), dtype=np.int64, count=len(cells))
    for row, cell in zip(rows, cells, strict=True):
        if cell in wrong:
            context.note_cell("error", sheet, row, column, *wrong[cell])
    return np.array([known.get(cell, -1) for cell in cells], dtype=np.int64)


def _find(cell: Cell, roll: Roll) -> int | tuple[str, str]:
    if clean.is_blank(cell):
        return _("“{header}”不能为空").format(header=_(roll.what)), _("补填，或删去这一行")
    if isinstance(cell, Odd) and cell.kind in ("error", "formula"):
        try:
            clean.refuse_odd(cell)
        except clean.Unreadable as error:
            return error.reason, error.hint
    found = find_name(roll, clean.as_name(cell))
    return found if isinstance(found, int) else (found[0], hint_of_row(cell, found[1]))


def _grid(
    sheet: Sheet, rows: list[int], columns: list[tuple[int, int]], memo: Memo, *, units: Ints,
    raters: Ints | None = None, criterion: int = -1,
) -> Block:  # fmt: skip
    # Either the raters stand in the rows and the columns are criteria, or the columns are raters of one criterion.
    n, m = len(rows), len(columns)
    at = [column for column, _index in columns]
    across = np.tile(np.array([index for _column, index in columns], dtype=np.int64), n)
    block = _flat(
        sheet,
        np.repeat(np.array(rows, dtype=np.int64), m),
        np.tile(np.array(at, dtype=np.int64), n),
        across if raters is None else np.repeat(raters, m),
        np.repeat(units, m),
        across if raters is not None else np.full(n * m, criterion, dtype=np.int64),
        memo,
        [cells[column] for cells in map(sheet.rows.__getitem__, rows) for column in at],
    )
    return block


def _flat(
    sheet: Sheet, rows: Sequence[int] | Ints, columns: Ints, raters: Ints, units: Ints, criteria: Ints,
    memo: Memo, cells: list[Cell],
) -> Block:  # fmt: skip
    packed = np.fromiter(map(memo.__getitem__, cells), dtype=np.int64, count=len(cells))
    row = np.asarray(rows, dtype=np.int64)
    return Block(sheet, raters, units, criteria, row, columns, packed >> 3, packed & 7)
