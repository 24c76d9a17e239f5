"""Score a town's quarter, warm, against a vectorised pandas groupby with the same trimmed means."""

from __future__ import annotations

import pandas as pd
from run import ROOT, Row, side_by_side

import lsb_nb as lsb
from lsb_nb.scheme import scheme_of


def pandas_ranking(
    ratings: pd.DataFrame, groups: dict[str, str], weights: dict[str, float], full: pd.Series
) -> pd.Series:
    """Rank by pandas alone: trimmed group means, group weights, sum of points."""
    marks = ratings[ratings["state"] == "mark"].assign(group=lambda frame: frame["rater"].map(groups))
    by = marks.groupby(["unit", "criterion", "group"], observed=True)["mark"]
    stats = by.agg(["sum", "min", "max", "count"])
    trimmed = (stats["sum"] - stats["min"] - stats["max"]) / (stats["count"] - 2)
    mean = trimmed.where(stats["count"] >= 6, stats["sum"] / stats["count"]).unstack("group")  # noqa: PD010
    share = pd.Series(weights).reindex(mean.columns)
    points = mean.mul(share).sum(axis=1) / mean.notna().mul(share).sum(axis=1)
    scores = points.unstack("criterion") / full * 100  # noqa: PD010
    total = (scores * full).sum(axis=1) / (scores.notna() * full).sum(axis=1)
    return total.round(2).rank(ascending=False, method="min")


def measure() -> list[Row]:
    """Compare on the sandtable demo: 36 villages, 42 raters, every criterion."""
    records = lsb.load_activity(ROOT / "data" / "demo-sandtable", quarters=["2021Q4"]).at("2021Q4")
    groups = dict(zip(records.raters["rater"], records.raters["group"], strict=True))
    given = scheme_of(records).rule("评委组权重")
    weights = {group: float((given or {}).get(group, 1)) for group in set(groups.values())}
    full = records.criteria.set_index("criterion")["full_marks"].astype(float)
    ours, peer = side_by_side(
        lambda: lsb.score(records),
        lambda: pandas_ranking(records.ratings, groups, weights, full),
        runs=31,
        warm=3,
    )
    n = len(records.ratings)
    return [Row(f"score a town quarter ({n:,} cells), warm", ours, peer, "≤ 0.1 ×", 0.1, "pandas groupby, trimmed")]
