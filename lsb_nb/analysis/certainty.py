"""How certain the published ranking of a quarter is, and what other raters and weights would do to its places."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from lsb_nb.analysis.acceptability import draw_weights, share_ranks
from lsb_nb.analysis.leave_out import leave_one_rater
from lsb_nb.analysis.panel import panel_marks, panel_totals, read_marks
from lsb_nb.analysis.resample import draw_totals
from lsb_nb.analysis.separation import Separation, separate_units
from lsb_nb.bundles import Records, Scores
from lsb_nb.i18n import _


def separate_ranks(
    records: Records, scores: Scores, *, level: float = 0.95, draws: int = 2_000, seed: int = 0
) -> Separation:
    """Decide for every pair of ranked units whether one is surely above the other.

    Parameters
    ----------
    records : Records
        One quarter or several.
    scores : Scores
        Published scores of the quarter.
    level, draws, seed
        As in `separate_units`.

    Returns
    -------
    Separation
        Of the published scores. Where nothing can be judged (no marks of single raters, one rater in a group, another
        scale than 满分 and arithmetic means) nothing is separated and ``reason`` says why.

    Notes
    -----
    `separate_units` of `panel_totals`.
    """
    published = scores.units.loc[scores.units["rank"].notna(), "score"].astype(float)
    if reason := _why_not(records, scores, len(published)):
        return _nothing(published, reason)
    found = separate_units(**panel_totals(records, scores), level=level, draws=draws, seed=seed)
    if not np.isfinite(found.critical):
        return _nothing(published, _("有的评委组只有一名评委，看不出评委之间的差别，不判断名次有多确定。"))
    return found


def measure_rank_shares(
    records: Records, scores: Scores, *, concentration: float = 100, draws: int = 10_000, seed: int = 0
) -> pd.DataFrame:
    """Give the share of draws in which each ranked unit holds each place, raters and weights drawn together.

    Parameters
    ----------
    records, scores
        As in `separate_ranks`.
    concentration : float
        Of the weights around the official ones, see `draw_weights`.
    draws, seed : int
        Number of draws and seed of the random numbers.

    Returns
    -------
    pandas.DataFrame
        units × places in published order, shares; without rows where nothing can be judged.
    """
    published = scores.units.loc[scores.units["rank"].notna(), "score"]
    if _why_not(records, scores, len(published)):
        return pd.DataFrame(columns=range(1, len(published) + 1), dtype=float)
    panel = panel_marks(records, scores)
    weights = draw_weights(panel["weights"], concentration=concentration, draws=draws, seed=seed)
    return share_ranks(draw_totals(**{**panel, "weights": weights}, seed=seed)).loc[published.index]


def measure_leave_one_rater(records: Records, scores: Scores) -> pd.DataFrame:
    """Rank the quarter again without each rater in turn; columns as in `leave_one_rater`, raters by their codes.

    Without rows where nothing can be judged.
    """
    if _why_not(records, scores, int(scores.units["rank"].notna().sum())):
        return pd.DataFrame(columns=["group", "rater", "first", "changed", "moved"])
    return leave_one_rater(**panel_totals(records, scores))


def _why_not(records: Records, scores: Scores, ranked: int) -> str:
    scheme: Any = scores.scheme
    if ranked < 2:
        return _("参与排名的单位不足两个，不判断名次。")
    if read_marks(records, scores).empty:
        return _("本季没有逐名评委的评分，不判断名次有多确定。")
    if scheme.rule("标准化方法") != "满分" or scheme.rule("合成方法") != "算术":
        return _("公布总分不是满分制算术合成，评委误差不能折算成总分的分，不判断名次有多确定。")
    return ""


def _nothing(published: pd.Series, reason: str) -> Separation:
    units, n = published.index, len(published)
    limits = np.where(np.eye(n, dtype=bool), 0.0, np.inf)
    return Separation(
        estimates=published.rename("estimate"),
        above=pd.DataFrame(np.zeros((n, n), dtype=bool), index=units, columns=units),
        limits=pd.DataFrame(limits, index=units, columns=units),
        limit=float("inf"),
        critical=float("inf"),
        trimmed=False,
        incomplete=False,
        reason=reason,
    )
