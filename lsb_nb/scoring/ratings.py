"""From raters' marks to sums by unit, criterion and rater group: recusal, void sheets, trimming."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

import numpy as np
import pandas as pd

from lsb_nb.bundles import Records
from lsb_nb.i18n import _
from lsb_nb.scheme import Scheme
from lsb_nb.scoring.exact import NANO, settle
from lsb_nb.scoring.layout import Layout, Problem, codes, problem

WHY = ("recused", "void", "trimmed")


class Marks(NamedTuple):
    """Marks row by row: places of rater, unit and criterion, and the mark in millionths of a point."""

    rater: np.ndarray
    unit: np.ndarray
    criterion: np.ndarray
    mark: np.ndarray

    def take(self, rows: np.ndarray) -> Marks:
        """Give some rows, by a mask or by places."""
        return Marks(self.rater[rows], self.unit[rows], self.criterion[rows], self.mark[rows])


class Tally(NamedTuple):
    """What the raters' marks come to.

    ``sums`` (millionths) and ``counts`` are units × criteria × groups, ``not_applicable`` units × criteria;
    ``in_use`` lists the groups with a mark left after void sheets; ``dropped`` holds (marks, place in `WHY`) parts.
    """

    sums: np.ndarray
    counts: np.ndarray
    not_applicable: np.ndarray
    in_use: np.ndarray
    dropped: list[tuple[Marks, int]]


def tally_ratings(records: Records, scheme: Scheme, layout: Layout, problems: list[Problem]) -> Tally:
    """Leave out recused, void and trimmed marks and sum the rest.

    Parameters
    ----------
    records : Records
        One quarter.
    scheme : Scheme
        The rules in force.
    layout : Layout
        Places of names.
    problems : list of dict
        Errors and warnings are added to it.

    Returns
    -------
    Tally
        Whole numbers throughout, so that nothing depends on the order of rows.
    """
    frame = records.frames["ratings"]
    shape = (*layout.shape, max(len(layout.groups), 1))
    rows = Marks(
        codes(frame["rater"], layout.raters),
        codes(frame["unit"], layout.units),
        codes(frame["criterion"], layout.criteria),
        frame["mark"].to_numpy(dtype=np.int64, na_value=0),
    )
    state = codes(frame["state"], ("mark", "missing", "not_applicable"))
    _refuse_strangers(frame, rows, layout, problems)
    if min(int(column.min(initial=0)) for column in (state, *rows[:3])) < 0:
        use = (state >= 0) & (rows.rater >= 0) & (rows.unit >= 0) & (rows.criterion >= 0)
        rows, state = rows.take(use), state[use]
    dropped: list[tuple[Marks, int]] = []

    def leave_out(out: np.ndarray, why: int) -> None:
        nonlocal rows, state
        if out.any():
            dropped.append((rows.take(out & (state == 0)), why))
            rows, state = rows.take(~out), state[~out]

    if scheme.rule("回避"):
        leave_out(_recused(records, layout)[rows.rater, rows.unit], 0)
    if scheme.rule("全同分票作废"):
        is_mark = state == 0
        leave_out(_void(rows.take(is_mark), layout)[rows.rater], 1)
    marks = rows
    not_applicable = np.zeros(layout.shape, dtype=bool)
    if state.any():
        marks = rows.take(state == 0)
        not_applicable = _all_not_applicable(rows, state == 2, layout)
    cell = _cells(marks, layout, shape)
    counts = np.bincount(cell, minlength=shape[0] * shape[1] * shape[2])
    in_use = np.flatnonzero(counts.reshape(-1, shape[2]).any(axis=0))
    least = scheme.rule("去极值最少评委数")
    if scheme.rule("去极值口径") == "整张":
        out = _extreme_sheets(marks, layout, least)
        dropped.append((marks.take(out), 2))
        marks, cell = marks.take(~out), cell[~out]
        counts = np.bincount(cell, minlength=len(counts))
    sums = np.zeros(len(counts), dtype=np.int64)
    np.add.at(sums, cell, marks.mark)
    if scheme.rule("去极值口径") == "逐项":
        dropped.append((_trim_marks(marks, cell, layout, shape, sums, counts, least), 2))
    return Tally(sums.reshape(shape), counts.reshape(shape), not_applicable, in_use, dropped)


def _refuse_strangers(frame: pd.DataFrame, rows: Marks, layout: Layout, problems: list[Problem]) -> None:
    for column, found in (("rater", rows.rater), ("unit", rows.unit), ("criterion", rows.criterion)):
        if len(found) and found.min() < 0:
            row = frame.iloc[int(np.argmin(found))].to_dict()
            reason = _("“{name}”不在本季度的名单中").format(name=row[column])
            problems.append(
                problem(
                    "error", layout.quarter, reason, _("改正名称，或补入名单"), row=row, value=row[column], reading=True
                )
            )
    judged = np.array([method == "评委打分" for method in layout.methods])
    wrong = ~judged[rows.criterion] & (rows.criterion >= 0) if not judged.all() else np.zeros(0, dtype=bool)
    for place in dict.fromkeys(rows.criterion[wrong].tolist()) if wrong.any() else ():
        row = frame.iloc[int(np.flatnonzero(rows.criterion == place)[0])].to_dict()
        name, method = layout.criteria[place], layout.methods[place]
        reason = _("指标“{name}”的计分方式是{method}，却有评委打分").format(name=name, method=method)
        problems.append(
            problem(
                "error", layout.quarter, reason, _("改正计分方式，或删去这些打分"), row=row, value=name, reading=True
            )
        )


def _recused(records: Records, layout: Layout) -> np.ndarray:
    place = {unit: i for i, unit in enumerate(layout.units)}
    out = np.zeros((len(layout.raters), len(layout.units)), dtype=bool)
    for rater, names in enumerate(records.frames["raters"]["recused"].tolist()):
        for name in names if isinstance(names, tuple) else ():
            if name in place:
                out[rater, place[name]] = True
    return out


def _void(marks: Marks, layout: Layout) -> np.ndarray:
    """Raters with marks for two units or more, all the same fraction of full marks."""
    full = layout.full_marks[marks.criterion]
    divisor = np.gcd(marks.mark, full)
    void = np.ones(len(layout.raters), dtype=bool)
    for values in (marks.mark // divisor, full // divisor):
        low, high = _edges(values, marks.rater, len(void))
        void &= low == high
    low, high = _edges(marks.unit, marks.rater, len(void))
    return void & (low < high)


def _edges(values: np.ndarray, at: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:
    low, high = np.full(size, np.iinfo(np.int64).max), np.full(size, -1, dtype=np.int64)
    np.minimum.at(low, at, values)
    np.maximum.at(high, at, values)
    return low, high


def _all_not_applicable(rows: Marks, says: np.ndarray, layout: Layout) -> np.ndarray:
    cell = rows.unit * layout.shape[1] + rows.criterion
    size = layout.shape[0] * layout.shape[1]
    yes, no = np.bincount(cell[says], minlength=size), np.bincount(cell[~says], minlength=size)
    return np.asarray((yes > 0) & (no == 0)).reshape(layout.shape)


def _cells(marks: Marks, layout: Layout, shape: tuple[int, int, int]) -> np.ndarray:
    cell = marks.unit * shape[1] + marks.criterion
    return np.asarray(cell if shape[2] == 1 else cell * shape[2] + layout.rater_group[marks.rater])


def _trim_marks(
    marks: Marks,
    cell: np.ndarray,
    layout: Layout,
    shape: tuple[int, int, int],
    sums: np.ndarray,
    counts: np.ndarray,
    least: int,
) -> Marks:
    """Take one lowest and one highest mark out of `sums` and `counts`, in place; give the marks taken.

    Among equal marks the first rater's is the lowest and the last rater's the highest.
    """
    trim = np.flatnonzero(counts >= least)
    width = len(layout.raters) or 1
    low, high = _edges(marks.mark * width + marks.rater, cell, len(sums))
    ends = np.concatenate([low[trim], high[trim]])
    sums[trim] -= low[trim] // width + high[trim] // width
    counts[trim] -= 2
    at = np.concatenate([trim, trim]) // shape[2]
    return Marks(ends % width, at // shape[1], at % shape[1], ends // width)


def _extreme_sheets(marks: Marks, layout: Layout, least: int) -> np.ndarray:
    """Mask the marks of the lowest and the highest sheet of each unit and group with `least` sheets or more."""
    width = len(layout.raters) or 1
    sheet, size = marks.unit * width + marks.rater, len(layout.units) * width
    got, full = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64)
    np.add.at(got, sheet, marks.mark)
    np.add.at(full, sheet, layout.full_marks[marks.criterion])
    there = np.flatnonzero(full)
    level = settle(
        got[there] / full[there] * NANO,
        lambda i: Fraction(int(got[there[i]]) * NANO, int(full[there[i]])),
        slack=1e-3,
    )
    rater = there % width
    at = there // width * len(layout.groups) + layout.rater_group[rater]
    low, high = _edges(level * width + rater, at, len(layout.units) * len(layout.groups))
    trim = np.flatnonzero(np.bincount(at, minlength=len(low)) >= least)
    unit = trim // len(layout.groups)
    out = np.zeros(size, dtype=bool)
    out[unit * width + low[trim] % width] = True
    out[unit * width + high[trim] % width] = True
    return np.asarray(out[sheet])
