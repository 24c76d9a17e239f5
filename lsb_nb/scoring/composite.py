"""From records and scheme to scores: totals, published scores, ranks, bands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import NamedTuple

import numpy as np
import pandas as pd

from lsb_nb.bundles import DataProblems, Records, Scores, problem_frame
from lsb_nb.i18n import _
from lsb_nb.quarters import consecutive_before
from lsb_nb.rules import AGGREGATIONS, NORMALISATIONS, find_clashes
from lsb_nb.schema import MICRO
from lsb_nb.scheme import Scheme
from lsb_nb.scheme_sheets import build_scheme
from lsb_nb.scoring import aggregate, normalise, ties
from lsb_nb.scoring.drive import MOST_EARLIER, score_drive
from lsb_nb.scoring.exact import MISSING, NANO, is_positive, of_fractions, settle, to_cents, to_float
from lsb_nb.scoring.frames import build_scores
from lsb_nb.scoring.layout import Problem, lists, locate, places, problem, rule_row
from lsb_nb.scoring.sources import Points, score_criteria, warn_of_unrated
from lsb_nb.scoring.standing import band_units, publish_order, rank_units

ON_ERROR = ("raise", "keep")


class Result(NamedTuple):
    """The numbers of one quarter in arrays, units and criteria in the order of their sheets."""

    points: Points
    parts: ties.Parts
    rated: np.ndarray
    vetoed: np.ndarray
    normalised: np.ndarray
    pillars: np.ndarray
    before: np.ndarray
    adjustment: np.ndarray
    cents: np.ndarray
    criteria_cents: Callable[[], np.ndarray]
    pillar_cents: Callable[[], np.ndarray]
    ranks: np.ndarray
    bands: Callable[[], np.ndarray]
    order: np.ndarray
    history: tuple[str, ...]


def score(
    records: Records, quarter: str | None = None, *, scheme: Scheme | None = None, on_error: str = "raise"
) -> Scores:
    """Score one quarter.

    Parameters
    ----------
    records : Records
        One quarter or several; earlier quarters are read where 进步计算 needs them.
    quarter : str, optional
        Code such as ``2021Q4``; the latest when left out.
    scheme : Scheme, optional
        Weights and rules to score by, such as a scenario's; those of the workbook when left out.
    on_error : {'raise', 'keep'}
        What to do about errors: raise them all at once, or keep them in `Scores.problems` and score what can be.

    Returns
    -------
    Scores
        See `lsb_nb.bundles.Scores` for its frames.

    Raises
    ------
    DataProblems
        With every error and warning of loading and scoring, if there is an error and `on_error` is ``raise``.
    KeyError
        If there is no such quarter.
    ValueError
        If `on_error` is neither of the two, or the scheme's criteria are not those of the quarter.
    """
    if on_error not in ON_ERROR:
        raise ValueError(f"`on_error` must be one of 'raise', 'keep'; not {on_error!r}.")
    quarter = records.quarters[-1] if quarter is None else quarter
    now = records if records.quarters == (quarter,) else records.at(quarter)
    problems: list[Problem] = []
    if scheme is None:
        scheme, problems = build_scheme(now)
    elif [c.name for c in scheme.criteria] != now.frames["criteria"]["criterion"].tolist():
        raise ValueError("`scheme` must have the criteria of the quarter, in their order.")
    else:
        _check_scheme(scheme, quarter, problems)
    points = score_criteria(now, scheme, problems)
    history = _add_drive(records, now, scheme, points, problems)
    result = _compute(now, scheme, points, history, problems)
    broken = any(row["severity"] == "error" for row in problems)
    broken = broken or (len(now.problems) > 0 and "error" in lists(now.problems, "severity")[0])
    if broken and on_error == "raise":
        raise DataProblems(_problem_frame(records, (quarter, *history), problems))
    return build_scores(records, now, scheme, result, lambda: _problem_frame(records, (quarter, *history), problems))


def _problem_frame(records: Records, quarters: Sequence[str], problems: list[Problem]) -> pd.DataFrame:
    """Put errors first, then the warnings of loading the quarters that count, then those of scoring."""
    read = records.problems[records.problems["quarter"].isin(quarters)]
    known = [{str(name): value for name, value in row.items()} for row in read.to_dict("records")]
    broken = any(row["severity"] == "error" for row in known)
    rows = [*known, *(locate(row, records) for row in problems if not (broken and row.get("reading")))]
    return problem_frame(sorted(rows, key=lambda row: row["severity"] != "error"))


def _check_scheme(scheme: Scheme, quarter: str, problems: list[Problem]) -> None:
    for name, reason, hint in find_clashes(scheme.rules):
        problems.append(problem("error", quarter, reason, hint, value=name))
    if not any(c.weight and scheme.pillar_weights[c.pillar] for c in scheme.criteria):
        reason, hint = _("没有一项指标的权重大于 0"), _("至少给一项指标和它的板块大于 0 的权重")
        problems.append(problem("error", quarter, reason, hint))


def _add_drive(
    records: Records, now: Records, scheme: Scheme, points: Points, problems: list[Problem]
) -> tuple[str, ...]:
    """Fill the columns of 进步计算 in place; give the earlier quarters used."""
    columns = [place for place, method in enumerate(points.layout.methods) if method == "进步计算"]
    if not columns:
        return ()
    before = tuple(consecutive_before(points.layout.quarter, records.quarters)[-MOST_EARLIER:])
    earlier = []
    for quarter in before:
        then = records.at(quarter)
        old, wrong = build_scheme(then)
        earlier.append(score_criteria(then, old, wrong))
        problems.extend(row for row in wrong if row["severity"] == "error")
    scores = score_drive(scheme, points, earlier, _vetoed(now, points), problems)
    points.nano[:, columns] = scores[:, None]
    points.not_applicable[:, columns] = (scores == MISSING)[:, None]
    return before


def _vetoed(records: Records, points: Points) -> np.ndarray:
    vetoed = np.zeros(len(points.layout.units), dtype=bool)
    if len(records.frames["vetoes"]):
        found = places(records.frames["vetoes"]["unit"].tolist(), points.layout.units)
        vetoed[found[found >= 0]] = True
    return vetoed


def _adjustments(records: Records, scheme: Scheme, points: Points) -> list[Fraction]:
    frame = records.frames["adjustments"]
    found = [Fraction(0)] * len(points.layout.units)
    if len(frame):
        given = frame["points"].to_numpy(dtype=np.int64, na_value=0).tolist()
        sums = [0] * (len(found) + 1)
        for unit, micro in zip(places(frame["unit"].tolist(), points.layout.units).tolist(), given, strict=True):
            sums[unit] += micro
        cap: Fraction = scheme.rule("加减分上限")
        found = [min(max(Fraction(micro, MICRO), -cap), cap) for micro in sums[:-1]]
    return found


def _compute(
    records: Records, scheme: Scheme, points: Points, history: tuple[str, ...], problems: list[Problem]
) -> Result:
    """Take steps 7 to 15: from criterion scores to ranks and bands."""
    parts, rated, normalised = _normalise(scheme, points, problems)
    weights = of_fractions(parts.weights)
    method = parts.aggregation
    if method in aggregate.NEEDS_POSITIVE:
        counts = weights * of_fractions(parts.pillar_weights[pillar] for pillar in parts.pillar_of)
        refused = _refuse(records, scheme, parts, normalised, counts, points, problems)
        normalised[refused] = np.nan
        rated = rated & ~refused
    mean = aggregate.METHODS[method]
    pillar_of = np.array(parts.pillar_of, dtype=np.int64)
    pillars = np.empty((len(rated), len(parts.pillar_weights)))
    for pillar in range(pillars.shape[1]):
        columns = np.flatnonzero(pillar_of == pillar)
        values = normalised[:, columns]
        if method in aggregate.NEEDS_POSITIVE and not parts.pillar_weights[pillar]:
            # What weighs nothing is not refused; such a pillar has no score where the mean is not defined.
            values[((values <= 0) & (weights[columns] > 0)).any(axis=1)] = np.nan
        pillars[:, pillar] = mean(values, weights[columns])
    before = mean(pillars, of_fractions(parts.pillar_weights))
    exact_adjustment = _adjustments(records, scheme, points)
    adjustment = np.zeros(len(exact_adjustment))
    if len(records.frames["adjustments"]):
        adjustment[:] = [float(value) for value in exact_adjustment]
    slack = _slack(normalised, parts)
    largest = float(np.abs(adjustment).max(initial=0.0))
    cents = to_cents(
        settle(
            (before + adjustment) * NANO,
            lambda u: ties.plus(ties.total_value(parts, u), exact_adjustment[u]) * NANO,
            slack=slack * (1 + largest / 100),
        )
    )
    width, height = max(normalised.shape[1], 1), max(pillars.shape[1], 1)

    def criteria_cents() -> np.ndarray:
        exact = lambda i: ties.criterion_value(parts, *divmod(i, width)) * NANO  # noqa: E731
        return to_cents(settle(normalised * NANO, exact, slack=slack))

    def pillar_cents() -> np.ndarray:
        exact = lambda i: ties.pillar_value(parts, *divmod(i, height)) * NANO  # noqa: E731
        return to_cents(settle(pillars * NANO, exact, slack=slack))

    vetoed = _vetoed(records, points)
    eligible = ~vetoed & (cents != MISSING)
    keys = [cents]
    names = list(scheme.pillar_weights)
    rivals = cents[eligible].tolist()
    for name in scheme.rule("并列处理") if len(set(rivals)) < len(rivals) else ():
        if name in names:
            keys.append(pillar_cents()[:, names.index(name)])
        else:
            keys.append(criteria_cents()[:, points.layout.criteria.index(name)])
    ranks = rank_units(keys, eligible)
    return Result(
        points, parts, rated, vetoed, normalised, pillars, before, adjustment, cents, criteria_cents, pillar_cents,
        ranks, lambda: band_units(scheme, ranks, cents), publish_order(ranks, cents), history,
    )  # fmt: skip


def _slack(normalised: np.ndarray, parts: ties.Parts) -> float:
    """Bound the error of a total in billionths: a few units in the last place for every column added."""
    largest = float(np.fmax.reduce(np.abs(normalised), axis=None, initial=100.0))
    return largest * NANO * 1e-15 * (len(parts.weights) + len(parts.pillar_weights) + 30)


def _normalise(scheme: Scheme, points: Points, problems: list[Problem]) -> tuple[ties.Parts, np.ndarray, np.ndarray]:
    """Put the criteria on one scale and settle what counts for whom (steps 7 to 9)."""
    method = NORMALISATIONS[scheme.rule("标准化方法")]
    names = list(scheme.pillar_weights)
    pillar_of = [names.index(criterion.pillar) for criterion in scheme.criteria]
    weights = [criterion.weight for criterion in scheme.criteria]
    pillar_weights = [scheme.pillar_weights[name] for name in names]
    weighs = [weight.numerator > 0 for weight in pillar_weights]
    counts = np.array([w.numerator > 0 and weighs[p] for w, p in zip(weights, pillar_of, strict=True)], dtype=bool)
    present = points.nano != MISSING
    rated = (present & counts).any(axis=1)
    if method == "full_marks":
        normalised = to_float(points.nano, NANO)
    else:
        nano = to_float(points.nano, 1)
        normalised = normalise.METHODS[method](nano)
        for place in np.flatnonzero(present.any(axis=0) & ~normalise.has_spread(nano)):
            reason = _("指标“{name}”各单位得分没有差别").format(name=points.layout.criteria[place])
            hint = _("按{method}，该指标各单位都记 {value} 分").format(
                method=scheme.rule("标准化方法"), value=100 if method == "rank_points" else 50
            )
            problems.append(
                problem("warning", points.layout.quarter, reason, hint, value=points.layout.criteria[place])
            )
    hundred = np.zeros(present.shape, dtype=bool)
    if scheme.rule("不适用指标") == "计满分":
        hundred = points.not_applicable & rated[:, None]
        normalised[hundred] = 100.0
    have = (present | hundred) & rated[:, None]
    normalised[~have] = np.nan
    warn_of_unrated(points, present, rated, problems)
    aggregation = AGGREGATIONS[scheme.rule("合成方法")]
    parts = ties.Parts(points.nano, have, hundred, method, aggregation, weights, pillar_of, pillar_weights, {})
    return parts, rated, normalised


def _refuse(
    records: Records,
    scheme: Scheme,
    parts: ties.Parts,
    normalised: np.ndarray,
    weights: np.ndarray,
    points: Points,
    problems: list[Problem],
) -> np.ndarray:
    """Refuse scores of 0 or less that have weight; give the units that have one."""
    refused = np.zeros(len(normalised), dtype=bool)
    row = rule_row(records, "合成方法")
    for unit, place in np.argwhere((normalised < 1e-6) & (weights > 0)):
        if is_positive(ties.criterion_value(parts, unit, place)):
            continue
        refused[unit] = True
        name, criterion = points.layout.units[unit], points.layout.criteria[place]
        reason = _("合成方法“{method}”要求得分大于 0，“{unit}”的“{criterion}”为 {value}").format(
            method=scheme.rule("合成方法"), unit=name, criterion=criterion, value=f"{normalised[unit, place]:g}"
        )
        hint = _("改用“算术”，或改正得分、权重")
        problems.append(
            problem("error", points.layout.quarter, reason, hint, row=row, value=str(scheme.rule("合成方法")))
        )
    return refused
