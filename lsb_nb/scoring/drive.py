"""同起点进步: how far a unit's later half lies above what its earlier half would lead one to expect."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from lsb_nb.i18n import _
from lsb_nb.scheme import Scheme
from lsb_nb.scoring.exact import MISSING, NANO, half_up
from lsb_nb.scoring.layout import Problem, problem
from lsb_nb.scoring.sources import Points
from lsb_nb.text import key

LEAST_EARLIER, MOST_EARLIER = 3, 7
LEAST_UNITS = 5


def score_drive(
    scheme: Scheme, now: Points, earlier: Sequence[Points], vetoed: np.ndarray, problems: list[Problem]
) -> np.ndarray:
    """Score 进步计算: 50 + 5 × residual of later on earlier mean, clipped to [0, 100].

    Parameters
    ----------
    scheme : Scheme
        The current weights; they are re-normalised over the criteria that all quarters share.
    now : Points
        The current quarter before normalisation.
    earlier : sequence of Points
        Consecutive earlier quarters, oldest first, at most seven.
    vetoed : numpy.ndarray of bool
        Units of the current quarter that the line is not fitted on.
    problems : list of dict
        Warnings are added to it.

    Returns
    -------
    numpy.ndarray of int64
        One score a unit in billionths; `MISSING` where it is not applicable.

    Notes
    -----
    Whole numbers and fractions throughout; the only rounding is the last one.
    """
    nothing = np.full(len(now.layout.units), MISSING)

    def give_up(reason: str) -> np.ndarray:
        hint = _("“进步计算”的指标本季度按不适用处理")
        problems.append(problem("warning", now.layout.quarter, reason, hint, value="进步计算"))
        return nothing

    if len(earlier) < LEAST_EARLIER:
        return give_up(
            _("进步计算需要此前连续 {need} 个季度的数据，现有 {have} 个").format(need=LEAST_EARLIER, have=len(earlier))
        )
    line = [*earlier, now]
    shared = shared_criteria(scheme, line)
    if not shared:
        return give_up(_("各季度没有相同的有权重的指标，无法进行进步计算"))
    totals = [history_totals(scheme, points, shared, now.layout.units) for points in line]
    half = len(line) // 2
    means: dict[int, tuple[Fraction, Fraction]] = {}
    for unit in range(len(nothing)):
        values = [column[unit] for column in totals]
        whole = [value for value in values if value is not None]
        if len(whole) == len(values):
            first, second = sum(whole[:half], Fraction(0)), sum(whole[half:], Fraction(0))
            means[unit] = (first / half, second / (len(line) - half))
    fitted = [unit for unit in means if not vetoed[unit]]
    if len(fitted) < LEAST_UNITS:
        return give_up(
            _("进步计算至少需要 {need} 个各季度齐全的单位，现有 {have} 个").format(need=LEAST_UNITS, have=len(fitted))
        )
    if len({half_up(means[unit][0]) for unit in fitted}) == 1:
        return give_up(_("各单位前期得分没有差别，无法进行进步计算"))
    _warn_of_gaps(now, earlier, totals, problems)
    for unit, residual in _residuals(means, fitted).items():
        nothing[unit] = half_up(min(max(50 * NANO + 5 * residual, Fraction(0)), Fraction(100 * NANO)))
    return nothing


def _warn_of_gaps(
    now: Points, earlier: Sequence[Points], totals: Sequence[Sequence[Fraction | None]], problems: list[Problem]
) -> None:
    """Name the units that lack an earlier quarter; those without a score now are warned of elsewhere."""
    for unit, name in enumerate(now.layout.units):
        lacking = [then.layout.quarter for then, column in zip(earlier, totals, strict=False) if column[unit] is None]
        if lacking:
            reason = _("“{unit}”缺 {quarters} 的得分，“进步计算”按不适用处理").format(
                unit=name, quarters="、".join(lacking)
            )
            hint = _("如当时用的是别的名称，写进“单位”表的“别名”列")
            problems.append(problem("warning", now.layout.quarter, reason, hint, value=name))


def shared_criteria(scheme: Scheme, line: Sequence[Points]) -> list[int]:
    """List the places in the scheme of the criteria that every quarter scores by the same method."""
    of_quarters = [dict(zip(map(key, p.layout.criteria), p.layout.methods, strict=True)) for p in line]
    weights = scheme.effective_weights()
    shared = [
        place
        for place, criterion in enumerate(scheme.criteria)
        if criterion.method != "进步计算"
        and all(methods.get(key(criterion.name)) == criterion.method for methods in of_quarters)
    ]
    return shared if any(weights[scheme.criteria[place].name] for place in shared) else []


def history_totals(
    scheme: Scheme, points: Points, shared: Sequence[int], units: Sequence[str]
) -> list[Fraction | None]:
    """Give 满分 totals of one quarter in billionths, current weights over the shared criteria; None for 未评."""
    row_of = {key(unit): row for row, unit in enumerate(points.layout.units)}
    column_of = {key(name): column for column, name in enumerate(points.layout.criteria)}
    full_for_na = scheme.rule("不适用指标") == "计满分"
    totals: list[Fraction | None] = []
    for unit in units:
        row = row_of.get(key(unit))
        parts: dict[str, tuple[Fraction, Fraction]] = {}
        rated = False
        for place in shared if row is not None else ():
            criterion = scheme.criteria[place]
            at = (row, column_of[key(criterion.name)])
            value = int(points.nano[at])
            if value == MISSING:
                if not (full_for_na and points.not_applicable[at]):
                    continue
                value = 100 * NANO
            elif criterion.weight and scheme.pillar_weights[criterion.pillar]:
                rated = True
            top, bottom = parts.get(criterion.pillar, (Fraction(0), Fraction(0)))
            parts[criterion.pillar] = (top + criterion.weight * value, bottom + criterion.weight)
        weighed = [(scheme.pillar_weights[p], top / bottom) for p, (top, bottom) in parts.items() if bottom]
        whole = sum((weight for weight, _value in weighed), Fraction(0))
        totals.append(sum((w * value for w, value in weighed), Fraction(0)) / whole if rated else None)
    return totals


def _residuals(means: dict[int, tuple[Fraction, Fraction]], fitted: Sequence[int]) -> dict[int, Fraction]:
    """Residuals of the second on the first value, the least-squares line fitted on some of the units."""
    common = math.lcm(*(value.denominator for pair in means.values() for value in pair))
    x = {unit: int(pair[0] * common) for unit, pair in means.items()}
    y = {unit: int(pair[1] * common) for unit, pair in means.items()}
    n, sum_x, sum_y = len(fitted), sum(x[u] for u in fitted), sum(y[u] for u in fitted)
    s_xx = n * sum(x[u] * x[u] for u in fitted) - sum_x * sum_x
    s_xy = n * sum(x[u] * y[u] for u in fitted) - sum_x * sum_y
    below = n * s_xx * common
    return {u: Fraction((n * y[u] - sum_y) * s_xx - s_xy * (n * x[u] - sum_x), below) for u in means}
