"""Strong and weak sides of a unit, what to fix first, and whom to learn from (取长补短)."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd

from lsb_nb.analysis.change import effective_scores
from lsb_nb.analysis.parts import GUARD, published
from lsb_nb.bundles import Records, Scores
from lsb_nb.schema import MICRO

STRONG = 0.8
"""Quantile of the other ranked units that counts as what can be reached."""


def rank_strengths(values: pd.DataFrame, *, top: int = 5) -> pd.DataFrame:
    """List each unit's best and worst places over all columns; last places are never hidden.

    Parameters
    ----------
    values : pandas.DataFrame
        units × criteria, higher is better; NaN is passed over.
    top : int
        At most so many of each kind.

    Returns
    -------
    pandas.DataFrame
        ``unit, kind`` (``strength`` or ``weakness``), ``order, criterion, rank, of`` (units with a value), ``value``.
        Strengths best place first, weaknesses worst first; equal places in the order of the columns.
    """
    ranks = values.round(GUARD).rank(method="min", ascending=False)
    counts = values.notna().sum()
    rows: list[tuple[Any, ...]] = []
    for unit in values.index:
        own = ranks.loc[unit].dropna()
        # Half of the criteria at most, and none twice: nothing is strong and weak at once.
        most = min(top, max(1, len(own) // 2))
        strong = own.sort_values(kind="stable").head(most)
        weak = own.drop(strong.index).sort_values(ascending=False, kind="stable").head(most)
        for kind, chosen in (("strength", strong), ("weakness", weak)):
            for order, (criterion, rank) in enumerate(chosen.items(), 1):
                value = values[criterion][unit]
                rows.append((unit, kind, order, criterion, int(rank), int(counts[criterion]), value))
    return pd.DataFrame(rows, columns=["unit", "kind", "order", "criterion", "rank", "of", "value"])


def measure_strengths(scores: Scores, *, top: int = 3) -> pd.DataFrame:
    """List the ranked units' best and worst criteria by place among the ranked units.

    Returns
    -------
    pandas.DataFrame
        As `rank_strengths`; ``value`` is the 满分 score in [0, 100].
    """
    ranked = scores.ranked
    return rank_strengths(effective_scores(scores).loc[ranked], top=top)


def measure_noise(records: Records, scores: Scores) -> pd.DataFrame:
    """Estimate the standard error of every criterion score from how raters differ once their severity is removed.

    Parameters
    ----------
    records : Records
        Holds the quarter of `scores`.
    scores : Scores
        Its ``dropped`` marks are left out.

    Returns
    -------
    pandas.DataFrame
        units × criteria on the scale of `Scores.full`; NaN where no two raters scored (ballots, ledgers, entries).

    Notes
    -----
    Per criterion and rater group: residual variance of mark = unit + rater + e, over (n − units − raters + 1) degrees
    of freedom, ÷ marks of the unit; groups weighted as the rule says. Trimming makes it approximate.
    """
    frame = pd.DataFrame(np.nan, index=scores.units.index, columns=scores.structure.index)
    quarter = records.at(scores.quarter)
    plain = {"rater": object, "unit": object, "criterion": object}
    marks = quarter.ratings[quarter.ratings["state"] == "mark"].astype(plain)
    if marks.empty:
        return frame
    keys = ["rater", "unit", "criterion"]
    gone = scores.dropped[scores.dropped["why"] != "trimmed"][keys].assign(gone=True)
    marks = marks.merge(gone, on=keys, how="left")
    marks = marks[marks["gone"].isna()].merge(quarter.raters[["rater", "group"]], on="rater")
    marks = marks.assign(points=marks["mark"].astype(float) / MICRO)
    rule = getattr(scores.scheme, "rule", lambda _name: None)("评委组权重")
    for criterion, table in marks.groupby("criterion", sort=False, observed=True):
        variances, shares = [], []
        for group, own in table.groupby("group", sort=False):
            wide = own.pivot_table(index="unit", columns="rater", values="points", observed=True)
            variances.append(_error(wide) ** 2)
            shares.append(1.0 if rule is None else float(rule.get(group, 0)))
        if not sum(shares):
            continue
        spread = pd.concat(variances, axis=1).mul(np.array(shares) ** 2, axis=1).sum(axis=1, min_count=len(shares))
        error = np.sqrt(spread) / sum(shares) / float(scores.structure["full_marks"][criterion]) * 100
        frame[criterion] = error.reindex(frame.index)
    return frame


def _error(wide: pd.DataFrame) -> pd.Series:
    table = wide.to_numpy(float)
    seen = ~np.isnan(table)
    freedom = int(seen.sum()) - table.shape[0] - table.shape[1] + 1
    if freedom <= 0 or table.shape[1] < 2:
        return pd.Series(np.nan, index=wide.index)
    units, raters = np.zeros(table.shape[0]), np.zeros(table.shape[1])
    # Back and forth until unit and rater means settle: the least squares fit of an incomplete two-way table.
    for _turn in range(200):
        before = raters
        units = np.nansum(np.where(seen, table - raters, 0.0), axis=1) / seen.sum(axis=1)
        raters = np.nansum(np.where(seen, table - units[:, None], 0.0), axis=0) / seen.sum(axis=0)
        if np.abs(raters - before).max() < 1e-10:
            break
    rest = np.where(seen, table - units[:, None] - raters, 0.0)
    return pd.Series(np.sqrt((rest**2).sum() / freedom / seen.sum(axis=1)), index=wide.index)


def fix_first(scores: Scores, *, noise: pd.DataFrame | None = None, quantile: float = STRONG) -> pd.DataFrame:
    """Say what each unit gains by reaching what the best fifth of its peers reach, criterion by criterion.

    Parameters
    ----------
    scores : Scores
        One quarter.
    noise : pandas.DataFrame, optional
        units × criteria, standard errors as from `measure_noise`; gaps under two of them are not kept.
    quantile : float
        Of the other ranked units' scores, linear.

    Returns
    -------
    pandas.DataFrame
        Units in published order, most attainable first: ``unit, criterion, pillar, score, target`` ([0, 100]),
        ``attainable`` (points of the total, w·max(0, target − score)), ``error`` (points, NaN when not known) and
        ``kept`` (False: within noise). Rows with nothing to gain are left out. ``attrs``: ``compared`` (whether there
        was anyone to compare with) and ``unrated`` (units without a score).

    Raises
    ------
    ValueError
        If `quantile` is outside [0, 1].
    """
    if not 0 <= quantile <= 1:
        raise ValueError(f"`quantile` must be between 0 and 1; not {quantile!r}.")
    values = effective_scores(scores)
    ranked = scores.ranked
    rows: list[tuple[Any, ...]] = []
    for unit in scores.units.index:
        peers = values.loc[ranked.drop(unit) if unit in ranked else ranked]
        own = []
        for criterion in scores.structure.index:
            score = float(values[criterion][unit])
            others = peers[criterion].dropna()
            if math.isnan(score) or others.empty:
                continue
            target = float(others.quantile(quantile))
            weight = float(scores.weights[criterion][unit])
            gain = weight * max(0.0, target - score)
            error = np.nan if noise is None else float(noise[criterion].get(unit, np.nan)) * weight
            if round(gain, GUARD) > 0:
                kept = not gain < 2 * error
                pillar = scores.structure["pillar"][criterion]
                own.append((unit, criterion, pillar, score, target, published(gain), error, kept))
        rows += sorted(own, key=lambda row: (not row[-1], -row[5]))
    columns = ["unit", "criterion", "pillar", "score", "target", "attainable", "error", "kept"]
    frame = pd.DataFrame(rows, columns=columns).astype({"kept": bool})
    frame.attrs["compared"] = len(ranked) > 1
    frame.attrs["unrated"] = list(scores.units.index[~scores.units["rated"].astype(bool)])
    return frame


def find_teachers(scores: Scores, *, weak: int = 3, top: int = 3, noise: pd.DataFrame | None = None) -> pd.DataFrame:
    """Find, for each unit's weak criteria, up to three units to learn from.

    Parameters
    ----------
    scores : Scores
        One quarter.
    weak : int
        So many criteria per unit, the first kept ones of `fix_first`.
    top : int
        At most so many teachers for each.
    noise : pandas.DataFrame, optional
        As in `fix_first`.

    Returns
    -------
    pandas.DataFrame
        ``unit, criterion, attainable, order, teacher, teacher_score, ahead`` (points of the total by which the
        teacher is better) and ``mutual`` (the unit is itself in the best fifth where the teacher is weak).

    Notes
    -----
    Teachers are ranked units at or above the target. The same kind (村, 社区) comes first, then the nearest total:
    what a unit in a like position manages is easier to take over.
    """
    wants = fix_first(scores, noise=noise)
    wants = wants[wants["kept"]].groupby("unit", sort=False).head(weak)
    values = effective_scores(scores)
    ranked = scores.ranked
    weak_sides = wants.groupby("unit")["criterion"].agg(set).to_dict()
    targets = {(row.unit, row.criterion): row.target for row in wants.itertuples()}
    rows: list[tuple[Any, ...]] = []
    want: Any
    for want in wants.itertuples():
        good = values[want.criterion].reindex(ranked).drop(want.unit, errors="ignore")
        good = good[good.round(GUARD) >= round(float(want.target), GUARD)]
        kinds, totals = scores.units["kind"], scores.units["score"].astype(float)
        order = sorted(
            good.index,
            key=lambda name: (kinds[name] != kinds[want.unit], abs(totals[name] - totals[want.unit]), -good[name]),
        )
        for place, teacher in enumerate(order[:top], 1):
            mutual = any(
                values[criterion][want.unit] >= targets[(teacher, criterion)]
                for criterion in weak_sides.get(teacher, ())
            )
            ahead = published((good[teacher] - want.score) * float(scores.weights[want.criterion][want.unit]))
            label = (want.unit, want.criterion, want.attainable, place)
            rows.append((*label, teacher, float(good[teacher]), ahead, mutual))
    columns = ["unit", "criterion", "attainable", "order", "teacher", "teacher_score", "ahead", "mutual"]
    return pd.DataFrame(rows, columns=columns)
