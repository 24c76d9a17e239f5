"""Draw 10,000 panels of raters, 36 × 40 × 15, trimmed item by item, against a pandas loop."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pandas as pd
from run import Row, side_by_side

from lsb_nb.analysis.ranks import draw_totals, draw_weights

DRAWS, LOOP = 10_000, 5
LEAST = 6


def pandas_loop(long: pd.DataFrame, raters: list[str], groups: dict[str, str], draws: int) -> list[pd.Series]:
    """Draw raters within groups, take trimmed group means and sum, draw by draw."""
    rng = np.random.default_rng(0)
    by_group = pd.Series(groups).groupby(pd.Series(groups)).groups
    by_rater = dict(iter(long.groupby("rater", sort=False)))
    totals = []
    for _draw in range(draws):
        drawn = [rater for members in by_group.values() for rater in rng.choice(list(members), len(members))]
        marks = pd.concat([by_rater[rater] for rater in drawn], ignore_index=True)
        stats = marks.groupby(["unit", "criterion", "group"])["mark"].agg(["sum", "min", "max", "count"])
        trimmed = (stats["sum"] - stats["min"] - stats["max"]) / (stats["count"] - 2)
        means = trimmed.where(stats["count"] >= LEAST, stats["sum"] / stats["count"])
        totals.append(means.groupby(["unit", "criterion"]).mean().groupby("unit").sum())
    return totals


def measure() -> list[Row]:
    """Compare with and without trimming, and jointly with weights; the loop runs a few draws and is multiplied."""
    rng = np.random.default_rng(0)
    units, raters = [f"u{i:02d}" for i in range(36)], [f"r{i:02d}" for i in range(40)]
    groups = {rater: "leaders" if i < 11 else "cadres" for i, rater in enumerate(raters)}
    marks = {f"c{k:02d}": pd.DataFrame(rng.normal(6, 0.5, (36, 40)), units, raters) for k in range(15)}
    parts = [
        table.rename_axis("unit").reset_index().melt("unit", var_name="rater", value_name="mark")
        for table in marks.values()
    ]
    long = pd.concat([part.assign(criterion=name) for name, part in zip(marks, parts, strict=True)], ignore_index=True)
    long["group"] = long["rater"].map(groups)
    weights = draw_weights(dict.fromkeys(marks, 1), draws=DRAWS)
    rows = []
    for name, options in (
        ("trimmed", {"trim_from": LEAST}),
        ("not trimmed", {}),
        ("trimmed, weights drawn too", {"trim_from": LEAST, "weights": weights}),
    ):
        tracemalloc.start()
        draw_totals(marks, groups=groups, **options)
        peak = tracemalloc.get_traced_memory()[1] / 1e6
        tracemalloc.stop()
        ours, peer = side_by_side(
            lambda options=options: draw_totals(marks, groups=groups, **options),
            lambda: pandas_loop(long, raters, groups, LOOP),
            runs=5,
        )
        what = f"pandas loop, trimmed ({LOOP} draws × {DRAWS // LOOP:,}); our peak {peak:.0f} MB of 100"
        rows.append(
            # the peer trims and keeps the weights: only the row that does the same is held to the target
            Row(
                f"{DRAWS:,} rater bootstraps, 36 × 40 × 15, {name}",
                ours,
                peer * DRAWS / LOOP,
                "≤ 0.01 ×" if name == "trimmed" else "–",
                0.01 if name == "trimmed" else float("inf"),
                what,
            )
        )
    return rows
