"""Criterion scores from every source: raters' marks, ballots, the ledger of commitments, direct entries."""

from __future__ import annotations

import datetime as dt
import math
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from lsb_nb.bundles import Records
from lsb_nb.i18n import _
from lsb_nb.quarters import last_day
from lsb_nb.schema import COMMITMENT_STATES, GRADES, STATES
from lsb_nb.scheme import Scheme
from lsb_nb.scoring.exact import FITS, MISSING, NANO, settle
from lsb_nb.scoring.layout import (
    ABSENT,
    MARK,
    NOT_APPLICABLE,
    Layout,
    Problem,
    group_weights,
    lay_out,
    lists,
    places,
    problem,
)
from lsb_nb.scoring.ratings import Dropped, tally_ratings
from lsb_nb.text import key


class Points(NamedTuple):
    """Criterion scores of one quarter before normalisation.

    ``nano`` is units × criteria in whole billionths of [0, 100], `MISSING` where there is none; ``not_applicable``
    marks those of the missing ones that are not applicable, the others are unrated.
    """

    layout: Layout
    nano: np.ndarray
    not_applicable: np.ndarray
    dropped: list[Dropped]


def score_criteria(records: Records, scheme: Scheme, problems: list[Problem]) -> Points:
    """Score every criterion of one quarter but those of 进步计算 (steps 2 to 6).

    Parameters
    ----------
    records : Records
        One quarter.
    scheme : Scheme
        Weights and rules in force.
    problems : list of dict
        Errors and warnings are added to it.
    """
    layout = lay_out(records, scheme)
    for criterion in scheme.criteria:
        if criterion.full_marks <= 0:
            reason = _("指标“{name}”的满分必须大于 0").format(name=criterion.name)
            problems.append(problem("error", layout.quarter, reason, _("在“指标”表改正满分"), reading=True))
    tally = tally_ratings(records, scheme, layout, problems)
    sums, counts, not_applicable = tally.sums, tally.counts, tally.not_applicable
    ballots = records.frames["ballots"]
    in_use = set(tally.in_use)
    if len(ballots):
        in_use |= set(places(ballots["group"].tolist(), layout.groups).tolist())
    weights = group_weights(records, scheme, layout, sorted(in_use), problems)
    nano = np.full(layout.shape, MISSING)
    judged: Any = _of_method(layout, "评委打分")
    if len(judged) == len(layout.methods):
        judged = slice(None)  # saves copies
    nano[:, judged] = _weigh(sums[:, judged], counts[:, judged], weights, layout.full_marks[judged])
    voted = _of_method(layout, "等次测评")
    if len(ballots):
        nano[:, voted] = _ballots(ballots, scheme, layout, weights, voted, problems)
    if ledgers := _of_method(layout, "台账计算"):
        nano[:, ledgers], not_applicable[:, ledgers] = _ledger(records, scheme, layout, ledgers, problems)
    if len(records.frames["entries"]):
        _entries(records, layout, nano, not_applicable, problems)
    return Points(layout, nano, not_applicable & (nano == MISSING), tally.dropped)


def _of_method(layout: Layout, method: str) -> list[int]:
    return [place for place, name in enumerate(layout.methods) if name == method]


def _weigh(sums: np.ndarray, counts: np.ndarray, weights: list[Fraction], full: np.ndarray) -> np.ndarray:
    """Weigh the group means, re-normalised over the groups that have something, as billionths of 100."""
    common = math.lcm(*(weight.denominator for weight in weights)) if weights else 1
    whole = [weight.numerator * (common // weight.denominator) for weight in weights]
    shares = np.zeros(sums.shape[2])
    shares[: len(whole)] = whole
    bottom = (counts > 0) @ shares
    top = (sums / np.maximum(counts, 1)).astype(float, copy=False) @ shares
    estimate = np.divide(top, bottom, out=np.full(top.shape, np.nan), where=bottom > 0)
    estimate *= 100 * NANO / np.maximum(full, 1)

    def exact(position: int) -> Fraction:
        unit, criterion = divmod(position, sums.shape[1])
        have = [g for g, weight in enumerate(whole) if weight and counts[unit, criterion, g]]
        mean = sum(
            (Fraction(whole[g] * int(sums[unit, criterion, g]), int(counts[unit, criterion, g])) for g in have),
            Fraction(0),
        )
        return mean * 100 * NANO / (sum(whole[g] for g in have) * int(full[criterion]))

    return settle(estimate, exact, slack=max(1e-3, 1e-4 * len(whole)))


def _misplaced(frame: pd.DataFrame, found: np.ndarray, layout: Layout, method: str, problems: list[Problem]) -> None:
    """Refuse scores for a criterion whose 计分方式 says that they come from elsewhere."""
    for place in dict.fromkeys(found.tolist()):
        if place >= 0 and layout.methods[place] == method:
            continue
        row = frame.iloc[int(np.flatnonzero(found == place)[0])].to_dict()
        if place < 0:
            reason = _("“{name}”不在本季度的名单中").format(name=row["criterion"])
        else:
            reason = _("指标“{name}”的计分方式是{method}，却有{source}的数据").format(
                name=layout.criteria[place], method=layout.methods[place], source=method
            )
        hint = _("改正计分方式，或删去这些数据")
        problems.append(problem("error", layout.quarter, reason, hint, row=row, value=row["criterion"], reading=True))


def _ballots(
    frame: pd.DataFrame,
    scheme: Scheme,
    layout: Layout,
    weights: list[Fraction],
    voted: list[int],
    problems: list[Problem],
) -> np.ndarray:
    units, criteria, groups = lists(frame, "unit", "criterion", "group")
    unit, criterion = places(units, layout.units), places(criteria, layout.criteria)
    group = places(groups, layout.groups)
    _misplaced(frame, criterion, layout, "等次测评", problems)
    values = scheme.rule("等次分值")
    common = math.lcm(*(values[grade].denominator for grade in GRADES))
    shape = (*layout.shape, max(len(layout.groups), 1))
    known = (unit >= 0) & (criterion >= 0)
    at = (unit[known], criterion[known], group[known])
    given = {grade: frame[name].to_numpy(dtype=np.int64, na_value=0)[known] for grade, name in GRADES.items()}
    # Grades of many decimals times many ballots may be beyond 64 bits; Python's own whole numbers know no end.
    dtype = np.int64 if 100 * common * sum(sum(count.tolist()) for count in given.values()) < FITS else object
    sums, counts = np.zeros(shape, dtype=dtype), np.zeros(shape, dtype=np.int64)
    for grade, count in given.items():
        np.add.at(sums, at, count.astype(dtype) * int(values[grade] * common))
        np.add.at(counts, at, count)
    return _weigh(sums[:, voted], counts[:, voted], weights, np.full(len(voted), 100 * common))


def _ledger(
    records: Records, scheme: Scheme, layout: Layout, ledgers: list[int], problems: list[Problem]
) -> tuple[np.ndarray, np.ndarray]:
    frame = records.frames["commitments"]
    credit: dict[str, Fraction] = dict(scheme.rule("部分完成计分")) | {"已完成": Fraction(1)}
    common = math.lcm(*(value.denominator for value in credit.values()))
    if not len(frame):
        _warn_of_no_ledger(layout, ledgers, problems)
    units, written, days, given = lists(frame, "unit", "state", "due", "criterion")
    unit = places(units, layout.units)
    word = _fold_each(written, "")
    strange = {text for text, folded in word.items() if folded not in COMMITMENT_STATES}
    for row, text in enumerate(written) if strange else ():
        if text in strange:
            reason = _("完成情况“{state}”不认识").format(state=word[text])
            hint = _("只能填：{known}").format(known="、".join(COMMITMENT_STATES))
            where = frame.iloc[row].to_dict()
            problems.append(problem("error", layout.quarter, reason, hint, row=where, value=word[text], reading=True))
    last = last_day(layout.quarter)
    counts = (unit >= 0) & _on_or_before(days, last)
    worth = {text: int(credit.get(folded, 0) * common) for text, folded in word.items()}
    got = np.array([worth[text] for text in written], dtype=np.int64)
    name_of = _fold_each(given, None)
    # A sheet without the column 指标 leaves None in every row; a blank cell of a column that is there is "".
    has_column = any(name is not None for name in name_of.values())
    names = [name_of[name] for name in given] if has_column else []
    if has_column:
        _warn_of_none_named(layout, [place for place in ledgers if key(layout.criteria[place]) not in names], problems)
    sums = np.zeros((layout.shape[0], len(ledgers)), dtype=np.int64)
    due = np.zeros_like(sums)
    for column, place in enumerate(ledgers):
        use = counts & np.array([name == key(layout.criteria[place]) for name in names]) if has_column else counts
        np.add.at(sums[:, column], unit[use], got[use])
        np.add.at(due[:, column], unit[use], 1)
    full = np.full(len(ledgers), common)
    nano = _weigh(sums[:, :, None], due[:, :, None], [Fraction(1)], full)
    return nano, nano == MISSING


def _warn_of_no_ledger(layout: Layout, ledgers: list[int], problems: list[Problem]) -> None:
    """Say that no commitment is there at all, which a misspelt title of the sheet comes to."""
    for place in ledgers:
        name = layout.criteria[place]
        reason = _("指标“{name}”按台账计算，但没有“承诺台账”表，或表中没有内容").format(name=name)
        hint = _("补上“承诺台账”（核对工作表名称），或改正“指标”表的计分方式")
        problems.append(problem("warning", layout.quarter, reason, hint, value=name))


def _warn_of_none_named(layout: Layout, ledgers: list[int], problems: list[Problem]) -> None:
    """Say that the ledger's column 指标 never names a criterion, as when it was left blank throughout."""
    for place in ledgers:
        name = layout.criteria[place]
        reason = _("指标“{name}”按台账计算，但“承诺台账”的“指标”列没有一行写着它，各单位都算不适用").format(name=name)
        hint = _("在“指标”列写上“{name}”；若全部承诺都计入，就删去这一列").format(name=name)
        problems.append(problem("warning", layout.quarter, reason, hint, value=name))


def _fold_each(texts: list[Any], otherwise: Any) -> dict[Any, Any]:
    """Fold every distinct text once; `otherwise` for what is no text."""
    return {text: key(text) if isinstance(text, str) else otherwise for text in set(texts)}


def _on_or_before(days: list[Any], last: dt.date) -> np.ndarray:
    try:
        return np.array([day <= last for day in days], dtype=bool)
    except TypeError:
        # a Timestamp does not compare with a date
        return np.array([(day.date() if isinstance(day, pd.Timestamp) else day) <= last for day in days], dtype=bool)


def _entries(
    records: Records, layout: Layout, nano: np.ndarray, not_applicable: np.ndarray, problems: list[Problem]
) -> None:
    frame = records.frames["entries"]
    unit, criterion, state = (
        places(frame[name].tolist(), names)
        for name, names in (("unit", layout.units), ("criterion", layout.criteria), ("state", STATES))
    )
    _misplaced(frame, criterion, layout, "直接录入", problems)
    direct = np.array([method == "直接录入" for method in layout.methods])
    use = (unit >= 0) & (criterion >= 0) & direct[criterion]
    marks = use & (state == MARK)
    at = (unit[marks], criterion[marks])
    mark, full = frame["mark"].to_numpy(dtype=np.int64, na_value=0)[marks], layout.full_marks[criterion[marks]]
    nano[at] = settle(
        mark / np.maximum(full, 1) * (100 * NANO),
        lambda i: Fraction(int(mark[i]) * 100 * NANO, max(int(full[i]), 1)),
        slack=1e-3,
    )
    says = use & (state == NOT_APPLICABLE)
    not_applicable[unit[says], criterion[says]] = True
    # One entry a unit: a cell that says 不适用 beside one that is missing does not make the criterion 不适用.
    other = use & (state == ABSENT)
    not_applicable[unit[other], criterion[other]] = False


def warn_of_unrated(points: Points, present: np.ndarray, rated: np.ndarray, problems: list[Problem]) -> None:
    """Name the scores and the units that are missing, or say that there is no score at all."""
    if not present.any():
        reason = _("还没有任何有效得分，全部单位列为未评")
        problems.append(problem("warning", points.layout.quarter, reason, _("核对评分表")))
        return
    for unit, place in () if present.all() else np.argwhere(~present & ~points.not_applicable):
        name, criterion = points.layout.units[unit], points.layout.criteria[place]
        reason = _("“{unit}”的指标“{criterion}”没有有效得分").format(unit=name, criterion=criterion)
        hint = _("该指标不计入，其权重分给其余指标")
        problems.append(problem("warning", points.layout.quarter, reason, hint, value=name))
    for unit in () if rated.all() else np.flatnonzero(~rated):
        reason = _("“{unit}”没有任何有权重的得分，列为未评").format(unit=points.layout.units[unit])
        problems.append(
            problem("warning", points.layout.quarter, reason, _("核对评分表"), value=points.layout.units[unit])
        )
