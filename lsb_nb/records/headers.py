"""Find the header of a sheet and the rows that are data: titles, merged cells, two-row headers, totals, footnotes."""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from lsb_nb.records.clean import as_text
from lsb_nb.records.ledger import Place
from lsb_nb.records.workbook import Cell, Grid
from lsb_nb.schema import Column
from lsb_nb.text import key

TOTALS = frozenset({"合计", "小计", "总计", "平均", "平均分", "总分", "最高分", "最低分"})
REMARKS = frozenset({"序号", "备注", "排名", "名次", "签名", "签字"})
SEARCHED_ROWS = 60
"""Rows from the top in which a header is looked for."""

_KINDS = frozenset({"村", "社区"})
_KIND_HEADERS = frozenset({"类型", "类别", "种类", "性质", "单位类型", "单位类别"})
_NOTE = re.compile(r"(.+?)\((?:满分)?:?([0-9]*\.?[0-9]+)分?\)")
_FOOTNOTE = re.compile(
    r"(?:说明|备注|附注|填表|填报|制表|审核|审批|复核|统计人|计分人|签名|签字|签章|盖章|负责人|联系人|日期|以上"
    r"|共计?[ 0-9０-９]).*|.*[:：；。].*",
    re.DOTALL,
)


class Sheet(NamedTuple):
    """A grid with its merged cells filled.

    `own` counts each row's filled cells as stored, `covered` those merged down into it; `anchors` maps a filled-in
    cell to the one that holds the value.
    """

    place: Place
    rows: list[list[Cell]]
    own: list[int]
    covered: list[int]
    anchors: dict[tuple[int, int], tuple[int, int]]


class Header(NamedTuple):
    """Where a sheet's columns are.

    `last` is the last header row, `texts` its cells (of two rows read together, where there are two); `columns` maps
    frame names to column indexes, `others` the remaining headed columns but totals to their text; `repeated` lists
    columns that stand twice.
    """

    last: int
    texts: list[str]
    columns: dict[str, int]
    others: dict[int, str]
    repeated: list[int]


def open_sheet(grid: Grid, place: Place) -> Sheet:
    """Fill merged cells down and across."""
    rows = grid.rows
    width = len(rows[0]) if rows else 0
    own = [width - row.count("") for row in rows]
    covered = [0] * len(rows)
    anchors: dict[tuple[int, int], tuple[int, int]] = {}
    for top, left, bottom, right in grid.merges:
        if top >= len(rows) or left >= len(rows[top]) or rows[top][left] == "":
            continue
        value = rows[top][left]
        for row in range(top, min(bottom + 1, len(rows))):
            covered[row] += row > top
            for column in range(left, min(right + 1, len(rows[row]))):
                if rows[row][column] == "":
                    rows[row][column] = value
                    anchors[row, column] = (top, left)
    return Sheet(place, rows, own, covered, anchors)


@functools.lru_cache(maxsize=65536)
def strip_note(folded: str) -> tuple[str, str | None]:
    """Take a full-marks note off a folded header: ``环境(25分)`` gives ``环境`` and ``25``."""
    match = _NOTE.fullmatch(folded)
    return (match[1], match[2]) if match else (folded, None)


def header_texts(sheet: Sheet, row: int) -> list[str]:
    """Give a row's cells as header texts; a cell merged in from the left says nothing."""
    return [
        "" if cell == "" or _spread(sheet, row, column) else as_text(cell)
        for column, cell in enumerate(sheet.rows[row])
    ]


def _spread(sheet: Sheet, row: int, column: int) -> bool:
    return bool(sheet.anchors) and sheet.anchors.get((row, column), (row, column))[1] != column


def known_headers(columns: Iterable[Column]) -> dict[str, str]:
    """Map every accepted header, folded, to the frame name of its column."""
    known: dict[str, str] = {}
    for column in columns:
        for text in (column.header, *column.aliases):
            known.setdefault(key(text), column.name)
    return known


def find_header(
    sheet: Sheet, columns: Iterable[Column], required: Iterable[str], names_second: Callable[[str], bool] | None = None
) -> Header | None:
    """Find the first row that holds all required columns.

    Parameters
    ----------
    sheet : Sheet
    columns : iterable of Column
        The columns that are looked for.
    required : iterable of str
        Frame names of those that the row must hold.
    names_second : callable, optional
        Says whether a text names a criterion (or a rater); then a second row that is empty or merged down under 单位
        and 评委, and names one, belongs to the header. Without it two rows are only read together where no row alone
        holds the required columns.

    Returns
    -------
    Header or None
    """
    columns = tuple(columns)
    known, needed = known_headers(columns), set(required)
    exact = {key(column.header) for column in columns}
    depth = min(len(sheet.rows), SEARCHED_ROWS)
    named: list[dict[int, str]] = []
    for row in range(depth):
        named.append(named_columns(sheet, row, known))
        if not needed <= set(named[row].values()) or is_data_row(sheet, named[row], row):
            continue
        if names_second is None:
            return assemble(header_texts(sheet, row), known, exact, row)
        if (second := _second_row(sheet, row, named[row], needed, names_second)) is not None:
            return assemble(second, known, exact, row + 1)
        if _names_any(sheet, row, named[row], names_second) or not any(
            needed <= set(named_columns(sheet, later, known).values()) and _names_any(sheet, later, {}, names_second)
            for later in range(row + 1, depth)
        ):
            # Where it names no criterion and a later row does, it is a title such as 单位 and the office beside it.
            return assemble(header_texts(sheet, row), known, exact, row)
    for row in range(depth - 1):
        if not named[row] or any(sheet.rows[row + 1][column] != "" for column in named[row]):
            continue
        merged = [low or high for high, low in zip(header_texts(sheet, row), header_texts(sheet, row + 1), strict=True)]
        if needed <= {name for text in merged if text and (name := _lookup(known, text))}:
            return assemble(merged, known, exact, row + 1)
    return None


def named_columns(sheet: Sheet, row: int, known: Mapping[str, str]) -> dict[int, str]:
    """Tell which columns a row names, by their frame names."""
    return {
        column: name
        for column, cell in enumerate(sheet.rows[row])
        if type(cell) is str and cell and (name := _lookup(known, cell)) and not _spread(sheet, row, column)
    }


def _second_row(
    sheet: Sheet, row: int, named: dict[int, str], needed: set[str], names_second: Callable[[str], bool]
) -> list[str] | None:
    if row + 1 >= len(sheet.rows):
        return None
    below = sheet.rows[row + 1]
    under = [column for column, name in named.items() if name in needed]
    if any(below[c] != "" and sheet.anchors.get((row + 1, c), (row + 1, c))[0] > row for c in under):
        return None
    if not _names_any(sheet, row + 1, named, names_second):
        return None
    return [low or high for high, low in zip(header_texts(sheet, row), header_texts(sheet, row + 1), strict=True)]


def _names_any(sheet: Sheet, row: int, but: Iterable[int], names_second: Callable[[str], bool]) -> bool:
    return any(
        text and column not in but and names_second(text) for column, text in enumerate(header_texts(sheet, row))
    )


def _lookup(known: Mapping[str, str], text: str) -> str | None:
    folded = key(text)
    return known.get(folded) or ("(" in folded and known.get(strip_note(folded)[0])) or None


def is_data_row(sheet: Sheet, named: dict[int, str], row: int) -> bool:
    """Say whether a row that names columns is one of the data."""
    # 村 under 类型 is a value, though it reads like an alias of 单位.
    return any(
        key(as_text(sheet.rows[row][column])) in _KINDS
        and any(key(as_text(sheet.rows[above][column])) in _KIND_HEADERS for above in range(row))
        for column in named
    )


def assemble(texts: list[str], known: dict[str, str], exact: set[str], last: int) -> Header:
    """Make the header of its texts: the columns that are looked for, the others, those that stand twice."""
    columns: dict[str, int] = {}
    others: dict[int, str] = {}
    repeated: list[int] = []
    for column, text in enumerate(texts):
        if not text:
            continue
        name = _lookup(known, text)
        if name is None:
            others[column] = text
        elif name not in columns:
            columns[name] = column
        else:
            earlier = columns[name]
            here, there = key(text) in exact, key(texts[earlier]) in exact
            if here and not there:
                columns[name], others[earlier] = column, texts[earlier]
            elif there and not here:
                others[column] = text
            else:
                repeated.append(column)
    others = {column: text for column, text in others.items() if not is_total(text)}
    return Header(last, texts, columns, others, repeated)


def body_rows(sheet: Sheet, header: Header, *, lone: bool = False) -> list[int]:
    """List the rows that are data.

    Parameters
    ----------
    sheet : Sheet
    header : Header
    lone : bool
        The sheet has one required column, so that a row may hold nothing else: only footnotes are left out then.
    """
    found = []
    keys = [header.columns[name] for name in ("unit", "rater") if name in header.columns]
    edge = min(header.columns.values())
    totals = [column for column, text in enumerate(header.texts) if is_total(text)]
    body = itertools.chain.from_iterable(itertools.islice(sheet.rows, header.last + 1, None))
    words = {cell for cell in set(body) if is_total(cell)}
    for row in range(header.last + 1, len(sheet.rows)):
        cells = sheet.rows[row]
        own = sheet.own[row]
        if own > len(totals) + 1 and words.isdisjoint(cells):
            found.append(row)
            continue
        if totals and own <= len(totals) + 1:
            own -= sum(cells[column] != "" and (row, column) not in sheet.anchors for column in totals)
        if not own:
            continue
        first = 0
        while cells[first] == "":
            first += 1
        if is_total(cells[first]) or (keys and (is_total(cells[keys[0]]) or is_total(cells[keys[-1]]))):
            continue
        if own + sheet.covered[row] == 1 and _is_note(cells[first], first, edge, lone and first in keys[:1]):
            continue
        found.append(row)
    return found


def _is_note(cell: Cell, column: int, edge: int, may_stand_alone: bool) -> bool:
    # Nothing but one cell: a note, unless it is all the sheet asks for; a mark or a word that has lost its name is not
    # a note either, since leaving it out could change a score.
    return (column <= edge and not may_stand_alone) or is_footnote(cell)


def lone_cells(sheet: Sheet, header: Header) -> list[tuple[int, int]]:
    """List the first filled cells of the rows that hold nothing else and are neither footnotes nor totals."""
    found = []
    for row in range(header.last + 1, len(sheet.rows)):
        if sheet.own[row] == 1 and not sheet.covered[row]:
            column = next(column for column, cell in enumerate(sheet.rows[row]) if cell != "")
            cell = sheet.rows[row][column]
            if not is_footnote(cell) and not is_total(cell):
                found.append((row, column))
    return found


def is_footnote(cell: Cell) -> bool:
    """Say whether a cell that stands alone reads like a note below a table: 说明, 填表人, a sentence."""
    return _FOOTNOTE.fullmatch(as_text(cell)) is not None


def is_total(cell: Cell) -> bool:
    """Say whether a header or a row's first cell names a total, with or without a full-marks note."""
    return type(cell) is str and strip_note(key(cell))[0] in TOTALS
