"""What would change a quarter's picture: printed tipping weights, a criterion left out, other methods beside it."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from lsb_nb.analysis.whatif import MEANS, compute_totals, leave_one_out, move_weight, rank_totals, tipping_points
from lsb_nb.bundles import DataProblems, Records, Scores
from lsb_nb.rules import AGGREGATIONS, NORMALISATIONS
from lsb_nb.scheme import Scheme, scheme_of
from lsb_nb.scoring.composite import score

_STEP = 0.1
_STEPS = 10


def _mean_of(scores: Scores) -> str:
    rule = getattr(scores.scheme, "rule", None)
    return "arithmetic" if rule is None else AGGREGATIONS[rule("合成方法")]


def _ranked(scores: Scores) -> tuple[pd.DataFrame, pd.Series, dict[Any, str], pd.Series]:
    """Scores of the ranked units with what counts as full filled in, official weights, pillars and adjustments."""
    ranked = scores.units.index[scores.units["rank"].notna()]
    values = scores.criteria.mask(scores.criteria.isna() & (scores.weights > 0), 100.0).loc[ranked].astype(float)
    weights = scores.structure["weight"].astype(float)
    return values, weights, scores.structure["pillar"].to_dict(), scores.units["adjustment"].loc[ranked].astype(float)


def measure_tipping(scores: Scores, *, pairs: str = "neighbours") -> pd.DataFrame:
    """Find the smallest change of each weight that swaps two units, printed so that published scores bear it out.

    Parameters
    ----------
    scores : Scores
        One quarter; ranked units count.
    pairs : {'neighbours', 'all'}
        Neighbours in rank and the leader against everyone, or every pair.

    Returns
    -------
    pandas.DataFrame
        As `lsb_nb.analysis.whatif.tipping_points` with weights in points of 100 (``weight``, ``tie_weight``,
        ``change``), and ``printed``: the weight to say, rounded away from the present one to 0.1 and moved on until
        the published score of ``worse`` is the higher (NaN when no weight in reach does it); ``first``: who is first
        at that weight (None for none).
    """
    values, weights, pillars, adjustments = _ranked(scores)
    kind = _mean_of(scores)
    table = tipping_points(values, weights, pillars=pillars, adjustments=adjustments, pairs=pairs, aggregate=kind)
    table[["weight", "tie_weight", "change"]] *= 100
    shares = (weights / weights.sum()).to_numpy()
    names = np.array([pillars[name] for name in values.columns])
    into, back = MEANS[kind]
    scaled = pd.DataFrame(into(values.to_numpy()), values.index, values.columns)
    printed: list[float] = []
    first: list[str | None] = []
    row: Any
    for row in table.itertuples():
        moving = (
            np.flatnonzero(names == row.criterion)
            if row.kind == "pillar"
            else np.array([values.columns.get_loc(row.criterion)])
        )
        giving = (
            np.flatnonzero(names != row.criterion)
            if row.kind == "pillar"
            else np.setdiff1d(np.flatnonzero(names == pillars[row.criterion]), moving)
        )
        found, leader = math.nan, None
        if not math.isnan(row.tie_weight):
            reach = 100 * float(shares[moving].sum() + shares[giving].sum())
            for weight in _away(row.tie_weight, row.change, reach):
                moved = move_weight(shares, moving, giving, np.array([weight / 100]))[0]
                totals = compute_totals(scaled, pd.Series(moved, values.columns), pillars=pillars)
                shown = _cents(back(totals.to_numpy()) + adjustments.to_numpy())
                at = dict(zip(values.index, shown, strict=True))
                if at[row.worse] > at[row.better]:
                    found, leader = weight, values.index[int(np.argmax(shown))]
                    break
        printed.append(found)
        first.append(leader)
    return table.assign(printed=printed, first=pd.Series(first, index=table.index, dtype=object))


def _away(tie: float, change: float, reach: float) -> list[float]:
    """Tenths from the tie on, away from the present weight, inside the slider's reach."""
    up = change > 0
    start = math.ceil(round(tie / _STEP, 6)) if up else math.floor(round(tie / _STEP, 6))
    tenths = [(start + i * (1 if up else -1)) for i in range(_STEPS)]
    return [round(n * _STEP, 1) for n in tenths if -1e-9 <= n * _STEP <= reach + 1e-9]


def _cents(totals: np.ndarray) -> np.ndarray:
    size = np.floor(np.round(np.round(np.abs(totals), 9) * 100, 7) + 0.5)
    return np.asarray(np.where(totals < 0, -size, size))


def measure_leave_one_out(scores: Scores) -> pd.DataFrame:
    """Rank the units with each criterion left out in turn, and say how much moves.

    Returns
    -------
    pandas.DataFrame
        Most movement first: ``criterion, pillar, moved`` (units whose place differs), ``largest`` (places),
        ``mean`` (places over all ranked units), ``first`` (who is first then) and ``first_changes``.
        ``attrs["ranks"]``: units × (``all``, criteria), as `leave_one_out`.
    """
    values, weights, pillars, adjustments = _ranked(scores)
    into, back = MEANS[_mean_of(scores)]
    if _mean_of(scores) == "arithmetic":
        ranks = leave_one_out(values, weights, pillars=pillars, adjustments=adjustments)
    else:
        columns = {}
        for name in (None, *values.columns):
            left = values if name is None else values.assign(**{str(name): np.nan})
            scaled = pd.DataFrame(into(left.to_numpy()), left.index, left.columns)
            totals = back(compute_totals(scaled, weights, pillars=pillars).to_numpy())
            columns[str(name or "all")] = rank_totals(pd.Series(totals, left.index) + adjustments)
        ranks = pd.DataFrame(columns)
    official = ranks["all"].astype(float)
    rows = []
    for name in values.columns:
        moved = (ranks[name].astype(float) - official).abs()
        first = str(ranks.index[int(np.argmin(ranks[name].astype(float)))]) if len(ranks) else None
        changes = bool(len(ranks)) and not bool(((ranks[name] == 1) == (ranks["all"] == 1)).all())
        most, mean = (int(moved.max()), float(moved.mean())) if len(moved) else (0, 0.0)
        rows.append((name, pillars[name], int((moved > 0).sum()), most, mean, first, changes))
    columns_ = ["criterion", "pillar", "moved", "largest", "mean", "first", "first_changes"]
    frame = pd.DataFrame(rows, columns=columns_).sort_values("mean", ascending=False, kind="stable")
    frame = frame.reset_index(drop=True)
    frame.attrs["ranks"] = ranks
    return frame


def compare_methods(records: Records, quarter: str | None = None, *, scheme: Scheme | None = None) -> pd.DataFrame:
    """Rank the units under every normalisation and aggregation, side by side.

    Parameters
    ----------
    records : Records
        Holds the quarter.
    quarter : str, optional
        The latest when left out.
    scheme : Scheme, optional
        The workbook's when left out.

    Returns
    -------
    pandas.DataFrame
        Units in published order × methods such as ``满分·算术`` (Int64; NA: not ranked), the method in force first.
        ``attrs``: ``refused`` (method -> reason, where a mean refuses scores that are not above 0), ``spread`` (unit
        -> best and worst place) and ``published`` (the method in force).
    """
    quarter = records.quarters[-1] if quarter is None else quarter
    scheme = scheme_of(records.at(quarter)) if scheme is None else scheme
    own = (scheme.rule("标准化方法"), scheme.rule("合成方法"))
    every = [(scale, mean) for scale in NORMALISATIONS for mean in AGGREGATIONS if (scale, mean) != own]
    columns: dict[str, pd.Series] = {}
    refused: dict[str, str] = {}
    order = score(records, quarter, scheme=scheme).units.index
    for scale, mean in [own, *every]:
        rules: Mapping[str, Any] = {**scheme.rules, "标准化方法": scale, "合成方法": mean}
        if scale != "满分":
            rules = {**rules, "不适用指标": "重新分配"}
        varied = dataclasses.replace(scheme, rules=MappingProxyType(dict(rules)))
        try:
            columns[f"{scale}·{mean}"] = score(records, quarter, scheme=varied).units["rank"].reindex(order)
        except DataProblems as error:
            refused[f"{scale}·{mean}"] = str(error.problems["reason"].iloc[0])
    frame = pd.DataFrame(columns, index=order).astype("Int64")
    least, most = frame.min(axis=1), frame.max(axis=1)
    frame.attrs = {
        "refused": refused,
        "published": f"{own[0]}·{own[1]}",
        "spread": {unit: (least[unit], most[unit]) for unit in order},
    }
    return frame
