"""From raters' marks to sums by unit, criterion and rater group: recusal, void sheets, trimming."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import NamedTuple

import numpy as np
import pandas as pd

from lsb_nb.bundles import Records
from lsb_nb.i18n import _
from lsb_nb.schema import STATES
from lsb_nb.scheme import Scheme
from lsb_nb.scoring.exact import FITS, NANO, settle
from lsb_nb.scoring.layout import ABSENT, MARK, NOT_APPLICABLE, Layout, Problem, codes, problem

WHY = ("recused", "void", "trimmed")
Dropped = tuple["Marks | Callable[[], Marks]", str]
"""Marks left out, or what finds them when they are asked for, and one of `WHY`."""
_NO_LOWEST = np.iinfo(np.int64).max
SAMPLE = 1024
"""About so many marks are looked at first to find the raters whose marks differ."""


class Marks(NamedTuple):
    """Marks row by row: places of rater, unit and criterion, and the mark in millionths of a point.

    Places are in the least type that holds them: widen before multiplying.
    """

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
    ``in_use`` lists the groups with a mark left after void sheets; ``dropped`` holds the marks left out, in parts.
    """

    sums: np.ndarray
    counts: np.ndarray
    not_applicable: np.ndarray
    in_use: list[int]
    dropped: list[Dropped]


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
    rater, unit, criterion, state = (
        codes(frame[name], names)
        for name, names in (
            ("rater", layout.raters),
            ("unit", layout.units),
            ("criterion", layout.criteria),
            ("state", STATES),
        )
    )
    strange = _refuse_strangers(frame, (rater, unit, criterion), layout, problems)
    mark = frame["mark"].array.to_numpy(dtype=np.int64, na_value=0)
    rows = Marks(rater, unit, criterion, mark)
    if strange:
        known = (rows.rater >= 0) & (rows.unit >= 0) & (rows.criterion >= 0)
        rows, state = rows.take(known), state[known]
    rows = _refuse_huge(rows, layout, problems)
    dropped: list[Dropped] = []
    # Rows are not taken away one rule after another: what does not count is sent to a cell beyond the last.
    cell = _cells(rows, layout, shape)
    nowhere = shape[0] * shape[1] * shape[2]
    is_mark = state == MARK
    if scheme.rule("回避") and (recused := _recused(layout)).any():
        out = recused[rows.rater, rows.unit]
        dropped.append((rows.take(out & is_mark), "recused"))
        cell[out] = nowhere
        is_mark &= ~out
    if scheme.rule("全同分票作废") and (void := _void(rows, is_mark, layout)).any():
        out = void[rows.rater]
        dropped.append((rows.take(out & is_mark), "void"))
        cell[out] = nowhere
        is_mark &= ~out
    says = absent = cell[:0]
    if not is_mark.all():
        others = np.flatnonzero(~is_mark)
        said = state[others]
        says, absent = (cell[others[said == word]] for word in (NOT_APPLICABLE, ABSENT))
        cell[others] = nowhere
    counts = np.bincount(cell, minlength=nowhere + 1)
    in_use = [group for group in range(shape[2]) if counts[group : nowhere : shape[2]].any()]
    not_applicable = np.zeros(layout.shape, dtype=bool)
    if len(says):
        yes, no = (np.bincount(at, minlength=nowhere + 1)[:-1] for at in (says, absent))
        yes, no = (each.reshape(shape).sum(axis=2) for each in (yes, no + counts[:-1]))
        not_applicable = (yes > 0) & (no == 0)
    least = scheme.rule("去极值最少评委数")
    if scheme.rule("去极值口径") == "整张":
        there = np.flatnonzero(is_mark)
        there = there[_extreme_sheets(rows.take(there), layout, least)]
        dropped.append((rows.take(there), "trimmed"))
        cell[there] = nowhere
        counts = np.bincount(cell, minlength=nowhere + 1)
    sums = np.zeros(nowhere + 1, dtype=np.int64)
    np.add.at(sums, cell, rows.mark)
    counts, sums = counts[:-1], sums[:-1]
    if scheme.rule("去极值口径") == "逐项":
        many = counts >= least
        low, high = _edges(rows.mark, cell, len(sums) + 1)
        sums -= np.where(many, low[:-1] + high[:-1], 0)
        counts -= 2 * many
        dropped.append((lambda: _trimmed(rows, cell, layout, shape, np.flatnonzero(many)), "trimmed"))
    return Tally(sums.reshape(shape), counts.reshape(shape), not_applicable, in_use, dropped)


def _refuse_strangers(
    frame: pd.DataFrame, places: tuple[np.ndarray, ...], layout: Layout, problems: list[Problem]
) -> bool:
    """Refuse names that are on no list, and marks for a criterion that raters do not score; say if there are names."""
    strange = False
    for column, found in zip(("rater", "unit", "criterion"), places, strict=True):
        if len(found) and found.min() < 0:
            strange = True
            row = frame.iloc[int(np.argmin(found))].to_dict()
            reason = _("“{name}”不在本季度的名单中").format(name=row[column])
            problems.append(
                problem(
                    "error", layout.quarter, reason, _("改正名称，或补入名单"), row=row, value=row[column], reading=True
                )
            )
    others = (places[2] == place for place, method in enumerate(layout.methods) if method != "评委打分")
    for at in sorted(int(np.argmax(there)) for there in others if there.any()):
        row, place = frame.iloc[at].to_dict(), int(places[2][at])
        name, method = layout.criteria[place], layout.methods[place]
        reason = _("指标“{name}”的计分方式是{method}，却有评委打分").format(name=name, method=method)
        problems.append(
            problem(
                "error", layout.quarter, reason, _("改正计分方式，或删去这些打分"), row=row, value=name, reading=True
            )
        )
    return strange


def _refuse_huge(rows: Marks, layout: Layout, problems: list[Problem]) -> Marks:
    """Refuse full marks so large, with so many marks, that sums of millionths would not fit 64 bits."""
    largest = int(rows.mark.max(initial=0))
    if largest * max(len(rows.mark), len(layout.raters), 1) < FITS:
        return rows
    reason = _("满分太大，{n} 个分数合计超出可精确计算的范围").format(n=len(rows.mark))
    hint = _("把满分改小，如以 100 分计，或改用“直接录入”")
    problems.append(problem("error", layout.quarter, reason, hint))
    return rows._replace(mark=np.zeros_like(rows.mark))


def _recused(layout: Layout) -> np.ndarray:
    place = {unit: i for i, unit in enumerate(layout.units)}
    out = np.zeros((len(layout.raters), len(layout.units)), dtype=bool)
    for rater, names in enumerate(layout.recused):
        for name in names if isinstance(names, tuple) else ():
            if name in place:
                out[rater, place[name]] = True
    return out


def _void(rows: Marks, is_mark: np.ndarray, layout: Layout) -> np.ndarray:
    """Raters with marks for two units or more, all the same fraction of full marks."""
    every = max(len(is_mark) // SAMPLE, 1)
    few = Marks(*(column[::every] for column in rows)).take(is_mark[::every])
    # A rater whose marks differ within the sample needs no further look, and hardly any other is left.
    # Different floats are different fractions, though not the other way round.
    low, high = _edges(few.mark / np.maximum(layout.full_marks, 1)[few.criterion], few.rater, len(layout.raters))
    alike = low >= high
    if alike.any():
        rest = rows.take(np.flatnonzero(alike[rows.rater] & is_mark))
        low, high = _edges(rest.unit, rest.rater, len(alike))
        alike &= _alike(rest, layout) & (low < high)
    return alike


def _alike(marks: Marks, layout: Layout) -> np.ndarray:
    """Raters without two marks that are different fractions of full marks."""
    full = layout.full_marks[marks.criterion]
    divisor = np.gcd(marks.mark, full)
    alike = np.ones(len(layout.raters), dtype=bool)
    for values in (marks.mark // divisor, full // divisor):
        low, high = _edges(values, marks.rater, len(alike))
        alike &= low >= high
    return alike


def _edges(values: np.ndarray, at: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:
    if values.dtype.kind == "i":
        values = values.astype(np.int64, copy=False)
    low, high = np.empty(size, dtype=values.dtype), np.empty(size, dtype=values.dtype)
    low.fill(_NO_LOWEST)
    high.fill(-1)
    np.minimum.at(low, at, values)
    np.maximum.at(high, at, values)
    return low, high


def _cells(marks: Marks, layout: Layout, shape: tuple[int, int, int]) -> np.ndarray:
    cell = np.multiply(marks.unit, shape[1], dtype=np.int64)
    cell += marks.criterion
    if shape[2] > 1:
        cell *= shape[2]
        cell += layout.rater_group.take(marks.rater)
    return np.asarray(cell)


def _trimmed(marks: Marks, cell: np.ndarray, layout: Layout, shape: tuple[int, int, int], trim: np.ndarray) -> Marks:
    """Tell the lowest and the highest mark of each cell of `trim`.

    Among equal marks the first rater's is the lowest and the last rater's the highest.
    """
    width = len(layout.raters) or 1
    low, high = _edges(marks.mark * width + marks.rater, cell, shape[0] * shape[1] * shape[2] + 1)
    ends = np.concatenate([low[trim], high[trim]])
    at = np.concatenate([trim, trim]) // shape[2]
    return Marks(ends % width, at // shape[1], at % shape[1], ends // width)


def _extreme_sheets(marks: Marks, layout: Layout, least: int) -> np.ndarray:
    """Mask the marks of the lowest and the highest sheet of each unit and group with `least` sheets or more."""
    width = len(layout.raters) or 1
    sheet, size = np.multiply(marks.unit, width, dtype=np.int64) + marks.rater, len(layout.units) * width
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
