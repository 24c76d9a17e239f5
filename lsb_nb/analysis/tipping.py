"""What would change a quarter's picture: printed tipping weights, a criterion left out, other methods beside it."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from lsb_nb.analysis.whatif import MEANS, compute_totals, leave_one_out, move_weight, rank_totals, tipping_points, weigh
from lsb_nb.bundles import DataProblems, Records, Scores
from lsb_nb.rules import AGGREGATIONS, NORMALISATIONS
from lsb_nb.scheme import Scheme
from lsb_nb.scheme_sheets import scheme_of
from lsb_nb.scoring.composite import score


def _mean_of(scores: Scores) -> str:
    rule = getattr(scores.scheme, "rule", None)
    return "arithmetic" if rule is None else AGGREGATIONS[rule("合成方法")]


def _ranked(scores: Scores) -> tuple[pd.DataFrame, pd.Series, dict[Any, str], pd.Series]:
    """Scores of the ranked units with what counts as full filled in, official weights, pillars and adjustments."""
    ranked = scores.ranked
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
        at that weight (None for none). ``attrs["leaders"]``: who is first now, more than one where the place is shared.
    """
    values, weights, pillars, adjustments = _ranked(scores)
    kind = _mean_of(scores)
    table = tipping_points(values, weights, pillars=pillars, adjustments=adjustments, pairs=pairs, aggregate=kind)
    table[["weight", "tie_weight", "change"]] *= 100
    shares = (weights / weights.sum()).to_numpy()
    names = np.array([pillars[name] for name in values.columns])
    groups = [np.flatnonzero(names == name) for name in dict.fromkeys(names)]
    into, back = MEANS[kind]
    scaled = into(values.to_numpy())
    place = {name: i for i, name in enumerate(values.index)}
    shown: dict[tuple[str, str], tuple[np.ndarray, np.ndarray]] = {}
    printed: list[float] = []
    first: list[str | None] = []
    row: Any
    for row in table.itertuples():
        key = (row.kind, row.criterion)
        if key not in shown:
            own = names == row.criterion if row.kind == "pillar" else values.columns == row.criterion
            rest = ~own if row.kind == "pillar" else (names == pillars[row.criterion]) & ~own
            moving, giving = np.flatnonzero(own), np.flatnonzero(rest)
            reach = float(shares[moving].sum() + shares[giving].sum())
            tenths = np.arange(math.floor(reach * 1000 + 1e-9) + 1)
            if not len(giving) or not shares[giving].sum() > 0:
                tenths = tenths[:0]
            moved = move_weight(shares, moving, giving, np.minimum(tenths / 1000, reach)) if len(tenths) else None
            totals = np.empty((len(values), 0)) if moved is None else back(weigh(scaled, moved, list(groups)))
            shown[key] = (tenths, _cents(totals + adjustments.to_numpy()[:, None]))
        found, leader = math.nan, None
        if not math.isnan(row.tie_weight):
            tenths, cents = shown[key]
            ahead = np.flatnonzero(cents[place[row.worse]] > cents[place[row.better]])
            for at in _away(tenths[ahead], 10 * row.tie_weight, 10 * row.change):
                found = round(float(at) / 10, 1)
                leader = values.index[int(np.argmax(cents[:, at]))]
                break
        printed.append(found)
        first.append(leader)
    table.attrs["leaders"] = list(scores.units.index[scores.units["rank"] == 1])
    return table.assign(printed=printed, first=pd.Series(first, index=table.index, dtype=object))


def _away(tenths: np.ndarray, tie: float, change: float) -> np.ndarray:
    """Of the tenths that swap the pair, those from the tie on, away from the present weight, nearest first."""
    if abs(change) < 1e-6:
        # Equal already: the way that swaps them is whichever does it sooner.
        return np.asarray(tenths[np.argsort(np.abs(tenths - tie), kind="stable")])
    return np.asarray(tenths[tenths >= tie - 1e-5] if change > 0 else tenths[tenths <= tie + 1e-5][::-1])


def _cents(totals: np.ndarray) -> np.ndarray:
    size = np.floor(np.round(np.round(np.abs(totals), 9) * 100, 7) + 0.5)
    return np.asarray(np.where(totals < 0, -size, size))


def measure_leave_one_out(scores: Scores) -> pd.DataFrame:
    """Rank the units with each criterion left out in turn, and say how much moves.

    Returns
    -------
    pandas.DataFrame
        Most movement first: ``criterion, pillar, moved`` (units whose place differs), ``largest`` (places),
        ``mean`` (places over all ranked units), ``first`` (who is first then, 、 between those that share it) and
        ``first_changes``. Without a row for the only criterion there is.
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
        if ranks[name].isna().all():
            # Nothing is left to rank by where this is the only criterion.
            continue
        moved = (ranks[name].astype(float) - official).abs()
        first = "、".join(map(str, ranks.index[(ranks[name] == 1).fillna(False).to_numpy(bool)])) or None
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
