"""Where the gaps are: points to the best, the median, a named unit, a target or full marks, exactly additive."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from lsb_nb.analysis.change import effective_scores, full_totals, is_official, shown_totals, split_change
from lsb_nb.analysis.parts import published, round_parts
from lsb_nb.analysis.problems import measure_common_losses
from lsb_nb.analysis.strengths import find_teachers, fix_first, measure_noise, measure_strengths, rank_strengths
from lsb_nb.analysis.whatif import compute_totals
from lsb_nb.bundles import Scores

__all__ = [
    "find_teachers",
    "fix_first",
    "measure_gaps",
    "measure_noise",
    "measure_pillar_gaps",
    "measure_strengths",
    "measure_top_gaps",
    "measure_waterfall",
    "rank_strengths",
]

REFERENCES = ("best", "median", "full")


class Reference(NamedTuple):
    """What gaps are measured to: a label, scores, weights (None: the unit's own), adjustment, total as printed."""

    label: str
    scores: pd.Series
    weights: pd.Series | None
    adjustment: float
    total: float


def _reference(scores: Scores, reference: Any) -> Reference:
    values = effective_scores(scores)
    ranked = scores.ranked
    criteria = list(scores.structure.index)
    if isinstance(reference, str) and (reference == "full" or (reference in ("best", "median") and not len(ranked))):
        return Reference("full", pd.Series(100.0, index=criteria), None, 0.0, 100.0)
    if isinstance(reference, str) and reference == "median":
        middle = values.loc[ranked].median()
        official = scores.structure["weight"].astype(float)
        pillars = scores.structure["pillar"]
        weights = _re_weigh(official.where(middle.notna(), 0.0), official, pillars)
        total = compute_totals(middle.to_frame("median").T, official, pillars=pillars).iloc[0]
        return Reference("median", middle, weights, 0.0, published(float(total)))
    if isinstance(reference, str) and reference == "best":
        reference = ranked[0]
    if isinstance(reference, str):
        if reference not in scores.units.index:
            known = "、".join(scores.units.index)
            raise ValueError(f"`reference` must be one of {REFERENCES}, a number, a mapping or a unit ({known}).")
        adjustment = float(scores.units["adjustment"][reference])
        total = float(shown_totals(scores)[reference])
        if math.isnan(total):
            raise ValueError(f"`reference` must be a unit with a score; {reference} is not rated.")
        own: Any = values.loc[reference]
        weights_there: Any = scores.weights.loc[reference]
        return Reference(reference, own, weights_there, adjustment, total)
    if isinstance(reference, Mapping | pd.Series):
        target = pd.Series(dict(reference), dtype=float).reindex(criteria)
        if target.isna().any():
            raise ValueError("`reference` must give every criterion a target in [0, 100].")
        total = float((target * scores.structure["weight"].astype(float)).sum())
        return Reference("target", target, None, 0.0, published(total))
    return Reference("target", pd.Series(float(reference), index=criteria), None, 0.0, published(float(reference)))


def _re_weigh(present: pd.Series, official: pd.Series, pillars: pd.Series) -> pd.Series:
    inner = present.groupby(pillars).transform("sum")
    outer = official.groupby(pillars).transform("sum").where(inner > 0, 0.0)
    weights = (present / inner.where(inner > 0)).fillna(0.0) * outer
    return weights / weights.sum() if weights.sum() > 0 else weights


def measure_gaps(
    scores: Scores, reference: str | float | Mapping[str, float] | pd.Series = "best", *, decimals: int = 2
) -> pd.DataFrame:
    """Measure the points each unit lies behind a reference, criterion by criterion, adding up exactly.

    Parameters
    ----------
    scores : Scores
        One quarter.
    reference : {'best', 'median', 'full'}, unit, number or mapping
        The top-ranked unit; the criterion medians of the ranked units with the total recomputed (both give way to full
        marks where no unit is ranked); full marks; a named unit; a target in [0, 100] for every criterion, or one for
        each. Full marks and targets take the unit's own weights.
    decimals : int
        Of the column ``shown``.

    Returns
    -------
    pandas.DataFrame
        Units in published order (未评 left out); per unit one row for each criterion (the mean of both weights × the
        difference of scores), one of kind ``weights`` (what re-weighting for left out items makes) and one of kind
        ``adjustment``: ``unit, rank, pillar, criterion, kind, state, reference, points`` (exact; positive is behind;
        NaN where one side lacks the score) and ``shown``, which adds up to ``total``, the gap of the published
        scores. ``attrs``: ``quarter, reference, decimals, official`` (False: the 满分 total is explained),
        ``order`` (criteria by mean gap within pillars), ``means`` (of the ranked units) and ``points`` (each can give).

    Raises
    ------
    ValueError
        For another reference; the message says what is allowed.

    Notes
    -----
    Gap = Σ (w_u+w_r)/2·(s_r−s_u) + Σ (s_u+s_r)/2·(w_r−w_u) + adjustment gap.
    """
    aim = _reference(scores, reference)
    values, totals = effective_scores(scores), shown_totals(scores)
    exact = full_totals(scores)
    pillars = scores.structure["pillar"]
    rows: list[tuple[Any, ...]] = []
    for unit in scores.units.index:
        if math.isnan(exact[unit]):
            continue
        own, weights = values.loc[unit], scores.weights.loc[unit]
        there = weights if aim.weights is None else aim.weights
        split = split_change(weights, own, there, aim.scores).reindex(scores.structure.index)
        both = split["present"] == "both"
        points = split["performance"].where(both)
        parts = [*points, float(split["scheme"].sum()), aim.adjustment - float(scores.units["adjustment"][unit])]
        total = published(aim.total - totals[unit], decimals)
        shown = round_parts(parts, total, decimals=decimals)
        rank = scores.units["rank"][unit]
        for i, criterion in enumerate(scores.structure.index):
            state = scores.states.loc[unit, criterion]
            label = (unit, rank, pillars[criterion], criterion, "criterion", state, aim.label)
            rows.append((*label, parts[i], shown[i], total))
        for i, kind in ((-2, "weights"), (-1, "adjustment")):
            rows.append((unit, rank, None, None, kind, None, aim.label, parts[i], shown[i], total))
    columns = ["unit", "rank", "pillar", "criterion", "kind", "state", "reference", "points", "shown", "total"]
    frame = pd.DataFrame(rows, columns=columns).astype({"rank": "Int64"})
    lost: Any = frame[(frame["kind"] == "criterion") & frame["rank"].notna()].groupby("criterion")["shown"].mean()
    order = lost.reindex(scores.structure.index).fillna(0.0).sort_values(ascending=False, kind="stable")
    in_pillars = [name for pillar in dict.fromkeys(pillars) for name in order.index if pillars[name] == pillar]
    frame.attrs = {
        "order": in_pillars,
        "means": {name: published(float(order[name]), decimals) for name in in_pillars},
        "quarter": scores.quarter,
        "reference": aim.label,
        "decimals": decimals,
        "official": is_official(scores),
        "pillar_points": {
            pillar: published(float(weight) * 100, 6)
            for pillar, weight in scores.structure.groupby("pillar", sort=False)["weight"].sum().items()
        },
        "points": {name: published(float(w) * 100, 6) for name, w in scores.structure["weight"].items()},
    }
    return frame


def measure_pillar_gaps(gaps: pd.DataFrame) -> pd.DataFrame:
    """Sum gaps by pillar, as printed.

    Parameters
    ----------
    gaps : pandas.DataFrame
        From `measure_gaps`.

    Returns
    -------
    pandas.DataFrame
        units × pillars in points, then ``weights``, ``adjustment`` and ``total``; a row adds up to its total.
    """
    digits = int(gaps.attrs.get("decimals", 2))
    labels = gaps["pillar"].where(gaps["kind"] == "criterion", gaps["kind"])
    table: Any = gaps.assign(part=labels)
    table = table.pivot_table(index="unit", columns="part", values="shown", aggfunc="sum", sort=False)
    last = ["weights", "adjustment"]
    table = table[[*(name for name in table.columns if name not in last), *last]]
    table["total"] = gaps.groupby("unit", sort=False)["total"].first()
    table = table.apply(lambda column: column.map(lambda value: published(value, digits)))
    return pd.DataFrame(table.rename_axis(columns=None))


def measure_top_gaps(scores: Scores, *, top: int = 10) -> pd.DataFrame:
    """List the criteria on which the whole field loses most points, and say whether many share the loss.

    Parameters
    ----------
    scores : Scores
        One quarter; ranked units count.
    top : int
        At most so many rows.

    Returns
    -------
    pandas.DataFrame
        Largest mean loss first, criteria without one left out: ``criterion, pillar, full_marks`` (points of the
        total), ``loss`` (mean points lost),
        ``sharing`` (units that lose more than a fifth), ``units`` (with a score), ``common`` (more than half share
        it: 共性, else 个性), ``worst`` (the unit, or the first of those, that loses most) and ``worst_loss``.
    """
    table = measure_common_losses(scores).sort_values("loss", ascending=False, kind="stable")
    table = table[table["loss"] > 0].head(top)
    ranked = scores.ranked
    lost = (100 - effective_scores(scores).loc[ranked]).mul(scores.structure["weight"].astype(float), axis=1)
    table = table.rename(columns={"many": "sharing"}).drop(columns="share").reset_index(drop=True)
    table["common"] = table["sharing"] * 2 > table["units"]
    table["worst"] = [lost[name].round(9).idxmax() for name in table["criterion"]]
    table["worst_loss"] = [published(float(np.nanmax(lost[name]))) for name in table["criterion"]]
    return table


def measure_waterfall(gaps: pd.DataFrame, unit: str, *, top: int = 9) -> pd.DataFrame:
    """Line up one unit's gaps so that each part starts where the one before ends.

    Parameters
    ----------
    gaps : pandas.DataFrame
        From `measure_gaps`.
    unit : str
        One of its units.
    top : int
        At most so many criteria of their own; the rest is summed.

    Returns
    -------
    pandas.DataFrame
        ``label`` (a criterion, or ``rest``, ``ahead``, ``weights``, ``adjustment``, ``total``), ``kind`` (``behind``,
        ``ahead``, ``total``), ``points, start, end``, as printed. Largest first; the last row is the total.

    Raises
    ------
    ValueError
        If `gaps` has no such unit.
    """
    own = gaps[(gaps["unit"] == unit) & gaps["shown"].notna()]
    if own.empty:
        raise ValueError(f"`unit` must be one of the units of `gaps`; not {unit!r}.")
    digits = int(gaps.attrs.get("decimals", 2))
    criteria = own[own["kind"] == "criterion"].sort_values("shown", ascending=False, kind="stable")
    behind = criteria[criteria["shown"] > 0]
    parts: list[tuple[str, float]] = [(row.criterion, row.shown) for row in behind.head(top).itertuples()]  # type: ignore[misc]
    parts.append(("rest", float(behind["shown"].iloc[top:].sum())))
    parts += [(kind, float(own.loc[own["kind"] == kind, "shown"].sum())) for kind in ("weights", "adjustment")]
    parts.append(("ahead", float(criteria.loc[criteria["shown"] < 0, "shown"].sum())))
    rows, at = [], 0.0
    for label, points in parts:
        points = published(points, digits)
        if points:
            after = published(at + points, digits)
            rows.append((label, "behind" if points > 0 else "ahead", points, at, after))
            at = after
    rows.append(("total", "total", at, 0.0, at))
    return pd.DataFrame(rows, columns=["label", "kind", "points", "start", "end"])
