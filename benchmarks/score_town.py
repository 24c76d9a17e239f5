"""Score a town's quarter, warm, against a vectorised pandas groupby with the same trimmed means.

Both are handed records in memory and give every unit's rank; the peer is handed the weights too, which ours reads from
the records with the rules each time. A row of its own adds the frame of published scores, which the peer does not make.
"""

from __future__ import annotations

import dataclasses
import math
import time
from collections.abc import Callable

import pandas as pd
from run import ROOT, Row, side_by_side

import lsb_nb as lsb
from lsb_nb.scheme_sheets import scheme_of

RATERS, UNITS, CRITERIA = 40, 36, 15


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


def plain_quarter() -> lsb.Records:
    """Make a quarter of marks alone, two groups of raters, everything else by default, laid out as a loader does."""
    like = lsb.load_activity(ROOT / "data" / "demo-sandtable", quarters=["2021Q4"]).at("2021Q4")
    frames = {name: frame.iloc[:0] for name, frame in like.frames.items()}
    units, raters = [f"u{u:02d}" for u in range(UNITS)], [f"r{r:02d}" for r in range(RATERS)]
    criteria = [f"c{c:02d}" for c in range(CRITERIA)]
    cells = [(r, u, c) for r in range(RATERS) for u in range(UNITS) for c in range(CRITERIA)]
    rows = {
        "units": {"unit": units},
        "criteria": {"criterion": criteria, "full_marks": pd.array([10_000_000] * CRITERIA, dtype="Int64")},
        "raters": {"rater": raters, "group": ["leaders" if r < 11 else "cadres" for r in range(RATERS)]},
        "ratings": {
            name: pd.Categorical.from_codes([cell[at] for cell in cells], categories=pd.Index(names, dtype=object))
            for at, (name, names) in enumerate({"rater": raters, "unit": units, "criterion": criteria}.items())
        }
        | {
            "mark": pd.array([5_000_000 + (7 * r + 3 * u + c * u) % 50 * 100_000 for r, u, c in cells], dtype="Int64"),
            "state": pd.Categorical.from_codes([0] * len(cells), dtype=like.ratings["state"].dtype),
        },
    }
    for name, columns in rows.items():
        made = pd.DataFrame(columns)
        wanted = {c: made[c] if c in made else pd.Series([None] * len(made), dtype=object) for c in frames[name]}
        frames[name] = pd.DataFrame({c: v if str(v.dtype) != "str" else v.astype(object) for c, v in wanted.items()})
        frames[name]["quarter"] = pd.Series(["2021Q4"] * len(made), dtype=object)
        frames[name] = frames[name].copy()
    return dataclasses.replace(like, frames=frames, problems=like.problems.iloc[:0])


def compare(records: lsb.Records, what: str, give: Callable[[lsb.Scores], object], limit: float = math.inf) -> Row:
    """Compare on one quarter, up to what `give` takes from the scores."""
    groups = dict(zip(records.raters["rater"], records.raters["group"], strict=True))
    given = scheme_of(records).rule("评委组权重")
    weights = {group: float((given or {}).get(group, 1)) for group in set(groups.values())}
    full = records.criteria.set_index("criterion")["full_marks"].astype(float)
    ours, peer = side_by_side(
        lambda: give(lsb.score(records)),
        lambda: pandas_ranking(records.ratings, groups, weights, full),
        runs=101,
        warm=5,
        clock=time.process_time,
    )
    n = len(records.ratings)
    path, target = f"score a town quarter, {what} ({n:,} cells), warm", "–" if limit == math.inf else f"≤ {limit} ×"
    return Row(path, ours, peer, target, limit, "pandas groupby, trimmed")


def measure() -> list[Row]:
    """Compare on a quarter of marks alone, and on the sandtable demo with its ledger, entries, void sheets and cuts."""
    demo = lsb.load_activity(ROOT / "data" / "demo-sandtable", quarters=["2021Q4"]).at("2021Q4")
    plain = plain_quarter()
    return [
        compare(plain, "marks alone", lambda scores: scores.ranks, 0.1),
        compare(plain, "marks alone, with the frame of scores", lambda scores: scores.units),
        compare(demo, "the sandtable demo, whose ledger the peer leaves out", lambda scores: scores.ranks),
    ]
