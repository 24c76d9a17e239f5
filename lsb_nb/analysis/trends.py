"""History on shared criteria, 同起点进步 and 进步榜; the split of a change comes from `lsb_nb.analysis.change`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from lsb_nb.analysis.change import measure_change, measure_change_parts, measure_movers, shown_totals, split_change
from lsb_nb.analysis.drive import LEAST_UNITS, drive_index, fit_gain, fit_slopes, measure_growth, shrink
from lsb_nb.bundles import Scores
from lsb_nb.quarters import consecutive_before

__all__ = [
    "drive_index",
    "fit_gain",
    "fit_slopes",
    "measure_change",
    "measure_change_parts",
    "measure_growth",
    "measure_history",
    "measure_movers",
    "measure_progress",
    "shared_criteria",
    "shared_history",
    "shrink",
    "split_change",
]

HISTORY = (4, 8)
"""Least and most quarters, the current one included, that 同起点进步值 looks at."""


def shared_criteria(quarters: Sequence[Scores]) -> list[str]:
    """List the criteria that every quarter has under the same name and method, 进步计算 left out."""
    methods = [scores.structure["method"].to_dict() for scores in quarters]
    return [
        str(name)
        for name, method in methods[-1].items()
        if method != "进步计算" and all(each.get(name) == method for each in methods)
    ]


def shared_history(history: Mapping[str, Scores]) -> pd.DataFrame:
    """Put all quarters on one footing: the shared criteria under the latest quarter's weights, without adjustments.

    Parameters
    ----------
    history : mapping of quarter to Scores
        In any order.

    Returns
    -------
    pandas.DataFrame
        units × quarters, oldest first, units in the latest published order and then those that left; NaN where a unit
        has no shared score. ``attrs``: ``shared``, and ``left_out`` (criteria that not every quarter has).
    """
    quarters = sorted(history)
    latest = history[quarters[-1]]
    shared = shared_criteria([history[quarter] for quarter in quarters])
    order = list(dict.fromkeys(unit for quarter in reversed(quarters) for unit in history[quarter].units.index))
    weights = latest.structure["weight"].reindex(shared)
    pillars = latest.structure["pillar"].reindex(shared)
    columns = {}
    for quarter in quarters:
        values = history[quarter].full.reindex(columns=shared)
        full = history[quarter].states.reindex(columns=shared) == "not_applicable"
        values = values.mask(full & (history[quarter].weights.reindex(columns=shared) > 0), 100.0)
        columns[quarter] = _weighted(values, weights, pillars, latest).reindex(order)
    frame = pd.DataFrame(columns, index=pd.Index(order, name="unit"))
    everything = dict.fromkeys(name for quarter in quarters for name in history[quarter].structure.index)
    frame.attrs = {"shared": shared, "left_out": [name for name in everything if name not in shared]}
    return frame


def _weighted(values: pd.DataFrame, weights: pd.Series, pillars: pd.Series, latest: Scores) -> pd.Series:
    """Weigh what is there: first within the pillar, then the pillars by their official weight."""
    whole = latest.structure.groupby("pillar")["weight"].sum()
    top = pd.Series(0.0, index=values.index)
    bottom = top.copy()
    for pillar, members in weights.groupby(pillars, sort=False):
        there = values[members.index].notna() * members
        inner = there.sum(axis=1)
        mean = (values[members.index].fillna(0.0) * there).sum(axis=1) / inner.where(inner > 0)
        outer = float(whole[pillar]) * (inner > 0)
        top, bottom = top + (mean.fillna(0.0) * outer), bottom + outer
    return top / bottom.where(bottom > 0)


def measure_history(history: Mapping[str, Scores]) -> pd.DataFrame:
    """Follow every unit through the quarters: place, published score, and the total on shared criteria.

    Parameters
    ----------
    history : mapping of quarter to Scores
        In any order; one quarter is enough, missing ones are simply not there.

    Returns
    -------
    pandas.DataFrame
        Long, oldest quarter first: ``quarter, unit, rank`` (Int64), ``score`` (as printed), ``shared`` (满分 total of
        the shared criteria, unrounded, no adjustments), ``step`` (quarters since the first, so that a missing
        quarter leaves its place empty), ``joined`` (the unit was not there in the first quarter) and ``risen``
        (places from its first to its last ranked quarter, positive is up).
    """
    quarters = sorted(history)
    shared = shared_history(history)
    first = _serial(quarters[0])
    early = set(history[quarters[0]].units.index)
    frames = []
    for quarter in quarters:
        units = history[quarter].units
        frame = pd.DataFrame({"quarter": quarter, "unit": units.index, "rank": units["rank"].to_numpy()})
        frame["score"] = shown_totals(history[quarter]).to_numpy()
        frame["shared"] = shared[quarter].reindex(units.index).to_numpy()
        frame["step"] = _serial(quarter) - first
        frame["joined"] = [unit not in early for unit in units.index]
        frames.append(frame)
    whole = pd.concat(frames, ignore_index=True).astype({"rank": "Int64"})
    ends = whole.dropna(subset=["rank"]).groupby("unit")["rank"].agg(["first", "last"])
    whole["risen"] = whole["unit"].map(ends["first"] - ends["last"]).astype("Int64")
    whole.attrs = dict(shared.attrs)
    return whole


def _serial(quarter: str) -> int:
    return int(quarter[:4]) * 4 + int(quarter[5])


def measure_progress(history: Mapping[str, Scores], *, level: float = 0.95) -> pd.DataFrame:
    """Make the 进步榜: 同起点进步值 of every unit, shrunk, with its interval and the raw change beside it.

    Parameters
    ----------
    history : mapping of quarter to Scores
        The latest run of consecutive quarters counts, at most eight; fewer than four give no list.
    level : float
        Coverage of the interval.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``unit``, units not vetoed in the latest quarter; most improved first when differences are proven,
        else in published order: ``start, later, change`` (raw), ``expected, drive, standard_error`` as in
        `drive_index`, ``shrunk, lower, upper, proven`` and ``tau2`` as in `shrink`, and ``chance`` (the change that
        regression to the mean alone gives that start). Units that lack a quarter stand last with NaN.
        ``attrs``: ``quarters`` used, ``state`` (``enough``, ``too few quarters``, ``too few units``, ``no spread``),
        ``shared`` and ``left_out`` criteria.
    """
    latest = max(history)
    run = [*consecutive_before(latest, list(history))[1 - HISTORY[1] :], latest]
    used = {quarter: history[quarter] for quarter in run}
    totals = shared_history(used)
    units = history[latest].units
    present = [unit for unit in units.index if not bool(units["vetoed"][unit])]
    table = totals.reindex(present)
    if len(run) < 2:
        frame = pd.DataFrame(index=table.index, columns=["start", "later", "change", "expected", "drive"], dtype=float)
        frame = frame.assign(standard_error=np.nan)
    else:
        frame = drive_index(table)
    enough = len(run) >= HISTORY[0]
    state = "enough" if enough else "too few quarters"
    if enough and frame["drive"].isna().all():
        state = "no spread" if table.dropna().shape[0] >= LEAST_UNITS else "too few units"
    shrunk = shrink(frame["drive"], frame["standard_error"], level=level)
    frame[["shrunk", "lower", "upper"]] = shrunk[["shrunk", "lower", "upper"]] if enough else np.nan
    frame["proven"] = shrunk["proven"] & enough
    frame["tau2"] = shrunk["tau2"] if enough else 0.0
    frame["chance"] = _chance(frame, half=len(run) // 2, later=len(run) - len(run) // 2)
    if frame["proven"].any():
        frame = frame.sort_values("shrunk", ascending=False, kind="stable")
    else:
        frame = frame.loc[[*frame.index[frame["drive"].notna()], *frame.index[frame["drive"].isna()]]]
    frame.attrs = {"quarters": tuple(run), "state": state, **totals.attrs}
    return frame.rename_axis("unit")


def _chance(frame: pd.DataFrame, *, half: int, later: int) -> pd.Series:
    """Give what comes back by itself of a start that owes to chance: (1 − reliability) · (mean start − start)."""
    start = frame["start"].where(frame["drive"].notna())
    spread = float(start.var())
    if not half or not spread > 0:
        return pd.Series(np.nan, index=frame.index)
    slope = 1 + float(start.cov(frame["expected"])) / spread
    # The drive's variance is that of one quarter times (slope² ÷ half + 1 ÷ later); the start's is that ÷ half.
    noise = float((frame["standard_error"] ** 2).mean()) / (slope**2 / half + 1 / later) / half
    reliability = min(max(1 - noise / spread, 0.0), 1.0)
    return (1 - reliability) * (start.mean() - start)
