"""The change of a total, split exactly into performance, scheme and adjustments, and who moved because of what.

All of this explains the 满分 total: scores before normalisation under arithmetic weights, plus adjustments. A scale
that moves with the field cannot show change.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from lsb_nb.analysis.parts import published, round_parts
from lsb_nb.bundles import Scores

ADJUSTMENT = "加减分"
"""Stands where a criterion's name would, when adjustments made the difference."""


def split_change(
    w0: pd.Series | Sequence[float], s0: pd.Series | Sequence[float],
    w1: pd.Series | Sequence[float], s1: pd.Series | Sequence[float],
) -> pd.DataFrame:  # fmt: skip
    """Split the change of a weighted sum into what the scores and what the weights did, exactly.

    Parameters
    ----------
    w0, s0, w1, s1 : Series (by criterion) or sequence of float
        Weights and scores before and after. Weights are taken as they are. A criterion that is absent, or has neither
        weight nor score, on one side goes wholly to scheme.

    Returns
    -------
    pandas.DataFrame
        One row per criterion: ``performance`` = (w0+w1)/2·(s1−s0), ``scheme`` = (s0+s1)/2·(w1−w0), ``change`` = their
        sum = w1·s1 − w0·s0, and ``present`` (``both``, ``before``, ``after``).

    Notes
    -----
    The two-factor form of Shapley, Kitagawa (1955) and Das Gupta (1993). Effects are not centred: a single scheme
    effect depends on where the scale starts, their sum does not.
    """
    columns = {}
    for name, values in (("w0", w0), ("s0", s0), ("w1", w1), ("s1", s1)):
        columns[name] = values if isinstance(values, pd.Series) else pd.Series(list(values), dtype=float)
    order = list(dict.fromkeys([*columns["w0"].index, *columns["w1"].index]))
    parts = {name: column.reindex(order).to_numpy(float) for name, column in columns.items()}
    before, after = ~np.isnan(parts["s0"]), ~np.isnan(parts["s1"])
    score0 = np.where(before, parts["s0"], np.where(after, parts["s1"], 0.0))
    score1 = np.where(after, parts["s1"], score0)
    weight0 = np.where(before, np.nan_to_num(parts["w0"]), 0.0)
    weight1 = np.where(after, np.nan_to_num(parts["w1"]), 0.0)
    performance = (weight0 + weight1) / 2 * (score1 - score0)
    scheme = (score0 + score1) / 2 * (weight1 - weight0)
    present = np.select([before & after, before, after], ["both", "before", "after"], "neither")
    frame = pd.DataFrame({"performance": performance, "scheme": scheme, "change": performance + scheme}, index=order)
    return frame.assign(present=present)


def effective_scores(scores: Scores) -> pd.DataFrame:
    """Give the 满分 scores; a not applicable item that has weight counts 100, what is left out is NaN."""
    return scores.full.mask(scores.full.isna() & (scores.weights > 0), 100.0)


def full_totals(scores: Scores, *, adjusted: bool = True) -> pd.Series:
    """Give each unit's 满分 total: arithmetic, with or without adjustments; NaN for an 未评 unit."""
    totals = (effective_scores(scores) * scores.weights).sum(axis=1, min_count=1)
    added = scores.units["adjustment"].reindex(totals.index).fillna(0.0) if adjusted else 0.0
    return (totals + added).reindex(scores.units.index).rename("total")


def is_official(scores: Scores) -> bool:
    """Tell whether the published total is the 满分 total: full marks scale, arithmetic means."""
    rule = getattr(scores.scheme, "rule", None)
    return rule is None or (rule("标准化方法") == "满分" and rule("合成方法") == "算术")


def shown_totals(scores: Scores) -> pd.Series:
    """Give what a view of gaps or change prints as the total: the published score, or the 满分 total's rounding."""
    if is_official(scores):
        return scores.units["score"].astype(float)
    return full_totals(scores).map(published)


def measure_change_parts(before: Scores, after: Scores, *, decimals: int = 2) -> pd.DataFrame:
    """Split each unit's change between two quarters by criterion, adding up exactly.

    Parameters
    ----------
    before, after : Scores
        Two quarters of one activity.
    decimals : int
        Of the column ``shown``.

    Returns
    -------
    pandas.DataFrame
        Units scored in both quarters, in the later order; per unit one row for each criterion's ``performance``, one
        for the whole ``scheme`` effect and one for ``adjustment``: ``unit, criterion`` (None for the last two),
        ``kind, present, points, shown``. ``shown`` adds up to the difference of the published totals.
    """
    rows: list[tuple[Any, ...]] = []
    scores0, scores1 = effective_scores(before), effective_scores(after)
    total0, total1 = shown_totals(before), shown_totals(after)
    added = after.units["adjustment"].astype(float) - before.units["adjustment"].astype(float)
    for unit in after.units.index:
        if unit not in before.units.index or np.isnan(total0[unit]) or np.isnan(total1[unit]):
            continue
        split = split_change(
            before.weights.loc[unit], scores0.loc[unit], after.weights.loc[unit], scores1.loc[unit]
        ).query("present != 'neither'")
        adjustment = float(added[unit])
        both = split[split["present"] == "both"]
        points = [*both["performance"], float(split["scheme"].sum()), adjustment]
        shown = round_parts(points, float(total1[unit] - total0[unit]), decimals=decimals)
        labels = [*((name, "performance") for name in both.index), (None, "scheme"), (None, "adjustment")]
        for (criterion, kind), part, printed in zip(labels, points, shown, strict=True):
            rows.append((unit, criterion, kind, part, printed))
    return pd.DataFrame(rows, columns=["unit", "criterion", "kind", "points", "shown"])


def measure_change(before: Scores | None, after: Scores) -> pd.DataFrame:
    """Compare two quarters unit by unit: places, totals, and what made the change.

    Parameters
    ----------
    before, after : Scores
        Two quarters; None where there is no quarter before. A quarter is not compared with itself.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``unit`` in the later published order, then units that left: ``rank0, rank1`` (Int64), ``risen``
        (places, positive is up), ``score0, score1`` (as printed), ``change`` (of the printed), ``performance, scheme,
        adjustment`` (as printed; they add up to ``change``), ``present`` (``both, after, before``: joined late or
        gone). ``attrs``: ``quarters``, ``added`` and ``dropped`` (criteria present in one quarter only), ``official``
        (False: the numbers explain the 满分 total, not the published one). Without a quarter before, the first of
        ``quarters`` is None and no unit is compared.
    """
    if before is None or before.quarter == after.quarter:
        return _uncompared(after)
    order = [*after.units.index, *(unit for unit in before.units.index if unit not in after.units.index)]
    parts = measure_change_parts(before, after)
    split = parts.pivot_table(index="unit", columns="kind", values="shown", aggfunc="sum", observed=True)
    frame = pd.DataFrame(index=pd.Index(order, name="unit"))
    frame["rank0"], frame["rank1"] = before.units["rank"].reindex(order), after.units["rank"].reindex(order)
    frame["risen"] = frame["rank0"] - frame["rank1"]
    frame["score0"], frame["score1"] = shown_totals(before).reindex(order), shown_totals(after).reindex(order)
    frame["change"] = (frame["score1"] - frame["score0"]).map(published)
    for kind in ("performance", "scheme", "adjustment"):
        column = split[kind] if kind in split else pd.Series(dtype=float)
        frame[kind] = column.reindex(order).map(published)
    had, has = frame["score0"].notna(), frame["score1"].notna()
    frame["present"] = np.select([had & has, has, had], ["both", "after", "before"], "neither")
    names0, names1 = list(before.structure.index), list(after.structure.index)
    frame.attrs = {
        "quarters": (before.quarter, after.quarter),
        "added": [name for name in names1 if name not in names0],
        "dropped": [name for name in names0 if name not in names1],
        "official": is_official(before) and is_official(after),
    }
    return frame


def _uncompared(after: Scores) -> pd.DataFrame:
    frame = pd.DataFrame(index=after.units.index)
    frame["rank0"] = pd.array([pd.NA] * len(frame), dtype="Int64")
    frame["rank1"], frame["risen"] = after.units["rank"], frame["rank0"]
    frame["score0"], frame["score1"] = np.nan, shown_totals(after)
    frame[["change", "performance", "scheme", "adjustment"]] = np.nan
    frame["present"] = np.where(frame["score1"].notna(), "after", "neither")
    frame.attrs = {"quarters": (None, after.quarter), "added": [], "dropped": [], "official": is_official(after)}
    return frame


def measure_movers(before: Scores | None, after: Scores, *, top: int = 5) -> pd.DataFrame:
    """List who rose and who fell most, with the criterion that did it.

    Parameters
    ----------
    before, after : Scores
        Two quarters; None where there is no quarter before.
    top : int
        At most so many in each direction.

    Returns
    -------
    pandas.DataFrame
        ``unit, rank0, rank1, risen, change``, ``criterion`` (whose points moved furthest from the field's mean move,
        in the direction of the unit's move; 加减分 possible) and ``points`` (that criterion's own change, as printed).
        Climbers first. Only units ranked in both quarters; none where nobody moved. ``attrs``: ``compared`` (whether
        there was a quarter before) and ``ranked`` (units ranked in both).
    """
    change = measure_change(before, after)
    parts = measure_change_parts(before or after, after)
    ranked = change[change["risen"].notna()]
    rows = []
    up = ranked[ranked["risen"] > 0].sort_values(["risen", "change"], ascending=[False, False], kind="stable").head(top)
    down = ranked[ranked["risen"] < 0].sort_values(["risen", "change"], kind="stable").head(top)
    parts = parts[parts["kind"] != "scheme"].assign(criterion=parts["criterion"].fillna(ADJUSTMENT))
    means = parts.groupby("criterion")["points"].mean()
    movers: Any = pd.concat([up, down])
    for unit, row in movers.iterrows():
        own: Any = parts[parts["unit"] == unit].set_index("criterion")
        ahead = (own["points"] - means.reindex(own.index)) * (1 if row["risen"] > 0 else -1)
        cause = ahead.idxmax() if len(ahead) and ahead.max() > 1e-9 else None
        points = np.nan if cause is None else float(own["shown"][cause])
        rows.append((unit, row["rank0"], row["rank1"], row["risen"], row["change"], cause, points))
    frame = pd.DataFrame(rows, columns=["unit", "rank0", "rank1", "risen", "change", "criterion", "points"])
    frame = frame.astype({"rank0": "Int64", "rank1": "Int64", "risen": "Int64"})
    frame.attrs["compared"] = change.attrs["quarters"][0] is not None
    frame.attrs["ranked"] = len(ranked)
    return frame
