"""What most units lose, and what one unit loses alone."""

from __future__ import annotations

from typing import Any

import pandas as pd

from lsb_nb.analysis.commitments import unsorted
from lsb_nb.analysis.privacy import hide_names
from lsb_nb.bundles import Records, Scores
from lsb_nb.numbers import difference, rounded
from lsb_nb.scheme import Scheme

FIFTH = 0.2
BEYOND = 1.7
"""An individual problem lies further below the median than this many standard deviations of its criterion."""


def _points(scores: Scores) -> tuple[pd.DataFrame, pd.Series]:
    """Points of the ranked units by criterion on the scale of full marks, and the points each criterion can give."""
    worth = scores.structure["weight"].astype(float) * 100
    ranked = scores.ranked
    return scores.full.loc[ranked].astype(float).mul(worth / 100, axis=1), worth


def measure_common_losses(scores: Scores) -> pd.DataFrame:
    """Say what the ranked units lose on each criterion.

    Returns
    -------
    pandas.DataFrame
        Largest share of the full marks lost first: ``criterion, pillar, full_marks`` (points of the total), ``loss``
        (mean points lost, as published), ``share`` (of the full marks), ``units`` (with a score), ``many`` (units that
        lose more than a fifth).
    """
    points, worth = _points(scores)
    rows: list[dict[str, Any]] = []
    for criterion in points.columns:
        values = points[criterion].dropna()
        if values.empty or worth[criterion] <= 0:
            continue
        lost = ((worth[criterion] - values) / worth[criterion]).round(9)
        rows.append(
            {"criterion": criterion, "pillar": scores.structure.loc[criterion, "pillar"]}
            | {"full_marks": float(worth[criterion]), "loss": float(rounded(worth[criterion] - values.mean()))}
            | {"share": float(lost.mean()), "units": len(values), "many": int((lost > FIFTH).sum())}
        )
    columns = ["criterion", "pillar", "full_marks", "loss", "share", "units", "many"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.sort_values("share", ascending=False, kind="stable").reset_index(drop=True)


def measure_single_gaps(scores: Scores) -> pd.DataFrame:
    """Find where one unit lies far below the median of a criterion.

    A gap counts when it exceeds 1.7 standard deviations (around the median, over the ranked units) of its criterion.

    Returns
    -------
    pandas.DataFrame
        Largest gap first: ``unit, criterion, points, median, gap`` (points of the total; the gap is the difference
        of the published numbers).
    """
    points, _worth = _points(scores)
    rows: list[dict[str, Any]] = []
    for criterion in points.columns:
        values = points[criterion].dropna()
        if len(values) < 3:
            continue
        middle = float(values.median())
        spread = float(((values - middle) ** 2).mean() ** 0.5)
        for unit, value in values.items():
            gap = difference(middle, value)
            if middle - value > BEYOND * spread and gap > 0:
                rows.append(
                    {"unit": unit, "criterion": criterion, "points": float(rounded(value))}
                    | {"median": float(rounded(middle)), "gap": float(gap)}
                )
    frame = pd.DataFrame(rows, columns=["unit", "criterion", "points", "median", "gap"])
    return frame.sort_values("gap", ascending=False, kind="stable").reset_index(drop=True)


def measure_best(parts: pd.DataFrame) -> pd.DataFrame:
    """Name the best ranked unit or units of each part, by the points as they are printed.

    Parameters
    ----------
    parts : pandas.DataFrame
        From `lsb_nb.analysis.overview.measure_parts`.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``part``: ``units`` (tuple), ``points``, ``full_marks``.
    """
    ranked = parts[parts["status"] == "ranked"].dropna(subset=["points"])
    rows = {}
    for part, table in ranked.groupby("part", sort=False):
        best = table[table["points"] == table["points"].max()]
        rows[part] = {"units": tuple(best["unit"])} | best[["points", "full_marks"]].iloc[0].to_dict()
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=["units", "points", "full_marks"])
    return frame.rename_axis("part")


def measure_finding_kinds(records: Records, *, quarter: str) -> pd.DataFrame:
    """Count a quarter's findings by category.

    Returns
    -------
    pandas.DataFrame
        Most units first: ``category, findings, units``; findings without one stand under 未分类, so that the counts
        add up. Without rows where no finding has a category.
    """
    rows = hide_names(records.at(quarter).findings, records, columns=["category"])
    told = rows["category"].notna().any()
    rows = rows.assign(category=rows["category"].fillna(unsorted())) if told else rows.head(0)
    table = rows.groupby("category", sort=False)
    frame = pd.DataFrame({"findings": table.size(), "units": table["unit"].nunique()}).reset_index()
    return frame.sort_values(["units", "findings"], ascending=False, kind="stable").reset_index(drop=True)


def measure_not_applicable(scores: Scores) -> pd.DataFrame:
    """List the criteria that do not apply to a unit, and the place it would have with full or with no marks there.

    Returns
    -------
    pandas.DataFrame
        Units in published order: ``unit, criterion, as_full`` (True where the rule counts full marks), ``rank_full``
        and ``rank_zero`` (Int64; NA unless the totals are arithmetic means of 满分 scores and the unit is ranked).
    """
    scheme = scores.scheme
    assert isinstance(scheme, Scheme)
    as_full = scheme.rule("不适用指标") == "计满分"
    plain = scheme.rule("合成方法") == "算术" and scheme.rule("标准化方法") == "满分" and not as_full
    rows: list[dict[str, Any]] = []
    for unit in scores.units.index:
        for criterion in scores.states.columns[scores.states.loc[unit] == "not_applicable"]:
            known = plain and pd.notna(scores.units.loc[unit, "rank"])
            rows.append(
                {
                    "unit": unit,
                    "criterion": criterion,
                    "as_full": as_full,
                    "rank_full": _place(scores, unit, criterion, 100.0) if known else pd.NA,
                    "rank_zero": _place(scores, unit, criterion, 0.0) if known else pd.NA,
                }
            )
    frame = pd.DataFrame(rows, columns=["unit", "criterion", "as_full", "rank_full", "rank_zero"])
    return frame.astype({"rank_full": "Int64", "rank_zero": "Int64"})


def _place(scores: Scores, unit: str, criterion: str, mark: float) -> int:
    """Give the place of a unit if one criterion that was left out had a mark."""
    marks = scores.criteria.loc[unit].astype(float).copy()
    marks[criterion] = mark
    weight = scores.structure["weight"].astype(float) * marks.notna()
    pillar = scores.structure["pillar"]
    inner: dict[Any, float] = weight.groupby(pillar, sort=False).sum().to_dict()
    sums: dict[Any, float] = (weight * marks.fillna(0.0)).groupby(pillar, sort=False).sum().to_dict()
    outer: dict[Any, float] = scores.structure["weight"].astype(float).groupby(pillar, sort=False).sum().to_dict()
    left = [name for name in inner if inner[name] > 0]
    before = sum(outer[name] * sums[name] / inner[name] for name in left) / sum(outer[name] for name in left)
    total = before + float(scores.units["adjustment"].to_dict()[unit])
    others = scores.units["score"][scores.units["rank"].notna()].drop(unit)
    return 1 + int((others > float(rounded(total))).sum())
