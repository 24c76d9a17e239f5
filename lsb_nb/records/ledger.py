"""Collect problems while a quarter is read: where, what stands there, why it is wrong, how to mend it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import pandas as pd

from lsb_nb.records.clean import as_text
from lsb_nb.records.workbook import Cell
from lsb_nb.schema import PROBLEM_COLUMNS

_ADDRESS = re.compile("([A-Z]+)([0-9]+)")
MOST_ALIKE = 10
"""Warnings of one kind on one sheet that are listed one by one; the rest are counted in one line."""


class Place(NamedTuple):
    """A sheet of a file: names as shown, and the sheet's position for ordering."""

    quarter: str
    file: str
    sheet: str | None = None
    order: int = 0


class Found(NamedTuple):
    """One problem before it is worded into a frame; `mark` is the rater, unit and criterion that 更正 can settle."""

    severity: str
    place: Place
    row: int
    column: int
    value: str | None
    reason: str
    hint: str | None
    mark: tuple[str, str, str] | None = None


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


def cell_position(cell: object) -> tuple[int, int]:
    """Give row and column of an address such as ``D7``, counted from 0; -1 where it is none."""
    match = _ADDRESS.fullmatch(str(cell))
    if match is None:
        return -1, -1
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]) - 1, column - 1


def problems_frame(found: Iterable[Found]) -> pd.DataFrame:
    """Order problems (errors first, then quarter, file, sheet, cell) and make them a frame of `PROBLEM_COLUMNS`.

    The same problem of the same cell stands once. ``attrs["marks"]`` gives, by quarter, file, sheet and cell, the
    raters, units and criteria whose marks are at fault there and may be set right by 更正.
    """
    once: dict[Found, list[tuple[str, str, str]]] = {}
    for each in found:
        marks = once.setdefault(each._replace(mark=None), [])
        if each.mark is not None and each.mark not in marks:
            marks.append(each.mark)
    ordered = sorted(
        once,
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
    frame = pd.DataFrame(rows, columns=list(PROBLEM_COLUMNS), dtype=object)
    frame.attrs["marks"] = {row[1:5]: tuple(once[p]) for row, p in zip(rows, ordered, strict=True) if once[p]}
    return frame


def problem_rows(problems: pd.DataFrame) -> list[dict[str, Any]]:
    """Give a frame of problems as dictionaries, None where it says nothing."""
    told = problems.astype(object).where(problems.notna(), None)
    return [{str(name): value for name, value in row.items()} for row in told.to_dict("records")]


def rank_problems(problems: pd.DataFrame) -> pd.DataFrame:
    """Order problems to be acted on: errors first, the file and in it the sheet with the most errors first.

    Parameters
    ----------
    problems : pandas.DataFrame
        `PROBLEM_COLUMNS`.

    Returns
    -------
    pandas.DataFrame
        The same rows, renumbered; those of one sheet stand together, by row and column.
    """
    rows = [
        (row["severity"], row["file"], row["sheet"], row["cell"], index)
        for index, row in enumerate(problem_rows(problems))
    ]
    by_file: dict[object, list[int]] = {}
    by_sheet: dict[object, list[int]] = {}
    for severity, file, sheet, _cell, index in rows:
        for weights, name in ((by_file, file), (by_sheet, (file, sheet))):
            weight = weights.setdefault(name, [0, index])
            weight[0] -= severity == "error"

    def order(row: tuple[object, ...]) -> tuple[object, ...]:
        severity, file, sheet, cell, index = row
        return (severity != "error", by_file[file], by_sheet[file, sheet], cell_position(cell), index)

    return problems.iloc[[row[-1] for row in sorted(rows, key=order)]].reset_index(drop=True)
