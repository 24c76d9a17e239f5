"""Collect problems while a quarter is read: where, what stands there, why it is wrong, how to mend it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import pandas as pd

from lsb_nb.records.clean import as_text
from lsb_nb.records.workbook import Cell
from lsb_nb.schema import PROBLEM_COLUMNS

MOST_ALIKE = 10
"""Warnings of one kind on one sheet that are listed one by one; the rest are counted in one line."""


class Place(NamedTuple):
    """A sheet of a file: names as shown, and the sheet's position for ordering."""

    quarter: str
    file: str
    sheet: str | None = None
    order: int = 0


class Found(NamedTuple):
    """One problem before it is worded into a frame."""

    severity: str
    place: Place
    row: int
    column: int
    value: str | None
    reason: str
    hint: str | None


def problem(
    severity: str,
    place: Place,
    reason: str,
    hint: str | None = None,
    *,
    row: int = -1,
    column: int = -1,
    value: Cell | None = None,
) -> Found:
    """Note one problem; `row` and `column` count from 0, -1 where no cell is meant."""
    return Found(severity, place, row, column, None if value is None or value == "" else as_text(value), reason, hint)


def cell_name(row: int, column: int) -> str | None:
    """Give a cell's address, such as ``D7``; None where no cell is meant."""
    return column_letters(column) + str(row + 1) if row >= 0 and column >= 0 else None


def column_letters(column: int) -> str:
    """Give a column's letters, 0 = ``A``."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def problems_frame(found: Iterable[Found]) -> pd.DataFrame:
    """Order problems (errors first, then quarter, file, sheet, cell) and make them a frame of `PROBLEM_COLUMNS`.

    The same problem of the same cell stands once.
    """
    ordered = sorted(
        dict.fromkeys(found),
        key=lambda p: (p.severity != "error", p.place.quarter, p.place.file, p.place.order, p.row, p.column),
    )
    rows: Sequence[tuple[Any, ...]] = [
        (
            p.severity,
            p.place.quarter,
            p.place.file,
            p.place.sheet,
            cell_name(p.row, p.column),
            p.value,
            p.reason,
            p.hint,
        )
        for p in ordered
    ]
    return pd.DataFrame(rows, columns=list(PROBLEM_COLUMNS), dtype=object)
