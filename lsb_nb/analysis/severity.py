"""Severity of raters, and units as if every rater had scored every unit: two-way fixed effects per rater group."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
import pandas as pd

from lsb_nb.analysis.components import measure_squares, variance_components
from lsb_nb.analysis.design import check_level, check_table, place, require_connected, share_of_groups, split_groups

SIDES = ("raters", "units")


@dataclasses.dataclass(frozen=True)
class SeverityFit:
    """A fitted model y = mu + unit + severity + error.

    Attributes
    ----------
    units : pandas.DataFrame
        Indexed by unit: ``raw`` (mean of the marks it has), ``adjusted`` (mean had the whole panel scored it),
        ``se`` (of ``adjusted``), in points.
    raters : pandas.DataFrame
        Indexed by rater: ``severity`` (points given above the panel's mean; negative is strict), ``se``,
        ``low, high`` (interval by Student's t), ``sure`` (True where it differs from 0 with all raters compared at
        once: Bonferroni), ``marks`` (their number).
    covariance : pandas.DataFrame
        units × units, of ``adjusted``; the variance of a difference is c_ii + c_jj − 2·c_ij.
    residuals, studentised : pandas.DataFrame
        units × raters: mark minus fitted mark, in points and in its own standard errors; NaN where there is no mark.
    mu, sigma, sse : float
        Mean of the adjusted units, residual standard deviation, residual sum of squares.
    df : int
        Residual degrees of freedom.
    ss_units : float
        Sum of squares of units adjusted for raters; F = ss_units ÷ (units − 1) ÷ sigma².
    """

    units: pd.DataFrame
    raters: pd.DataFrame
    covariance: pd.DataFrame
    residuals: pd.DataFrame
    studentised: pd.DataFrame
    mu: float
    sigma: float
    sse: float
    df: int
    ss_units: float


def fit_severity(table: pd.DataFrame, *, random: Collection[str] = (), level: float = 0.95) -> SeverityFit:
    """Fit unit and rater effects to a table of marks, some of which may be missing.

    Parameters
    ----------
    table : pandas.DataFrame, shape (units, raters)
        NaN where the rater did not score the unit.
    random : collection of {'raters', 'units'}
        Effects taken as random: they shrink towards 0 by the ratio of `variance_components` (mixed-model equations).
        Default: both fixed, least squares.
    level : float
        Level of the intervals.

    Returns
    -------
    SeverityFit
        Frames ``units`` (``raw, adjusted, se``) and ``raters`` (``severity, se, low, high, sure, marks``) and the
        rest.

    Raises
    ------
    ValueError
        If the design falls into unlinked parts (the message names them), `random` names something else, or `level`
        does not lie between 0 and 1.

    Notes
    -----
    Severities sum to 0, so that ``adjusted`` is the mean over the whole panel: the raw mean minus the mean severity of
    those who scored the unit. Henderson's mixed-model equations for random effects.
    """
    from scipy.stats import t

    if unknown := [side for side in random if side not in SIDES]:
        raise ValueError(f"`random` must hold only 'raters', 'units'; not {unknown[0]!r}.")
    check_level(level)
    frame = check_table(table)
    require_connected(frame)
    y = frame.to_numpy()
    here = ~np.isnan(y)
    n, k = y.shape
    centre = float(y[here].mean())
    y0 = np.where(here, y - centre, 0.0)
    per_unit, per_rater = here.sum(axis=1), here.sum(axis=0)
    squares = measure_squares(frame)
    components = variance_components(frame)
    variance = float(squares["residual"])
    penalty = {
        side: variance / max(float(components[side[:-1]]), 1e-9 * variance) if side in random and variance > 0 else 0.0
        for side in SIDES
    }
    normal = np.zeros((1 + n + k, 1 + n + k))
    normal[0, 0] = here.sum()
    normal[0, 1 : n + 1] = normal[1 : n + 1, 0] = per_unit
    normal[0, n + 1 :] = normal[n + 1 :, 0] = per_rater
    normal[1 : n + 1, 1 : n + 1] = np.diag(per_unit + penalty["units"])
    normal[n + 1 :, n + 1 :] = np.diag(per_rater + penalty["raters"])
    normal[1 : n + 1, n + 1 :] = here
    normal[n + 1 :, 1 : n + 1] = here.T
    inverse = np.linalg.pinv(normal, hermitian=True)
    effects = inverse @ np.concatenate([[y0.sum()], y0.sum(axis=1), y0.sum(axis=0)])
    # Estimable whatever the constraint: a unit under the mean rater, a rater against the mean rater.
    pick_units = np.hstack([np.ones((n, 1)), np.eye(n), np.full((n, k), 1 / k)])
    pick_raters = np.hstack([np.zeros((k, 1 + n)), np.eye(k) - 1 / k])
    adjusted, severity = pick_units @ effects + centre, pick_raters @ effects
    covariance = variance * pick_units @ inverse @ pick_units.T
    rater_se = np.sqrt(variance * np.einsum("ij,jk,ik->i", pick_raters, inverse, pick_raters))
    df = int(squares["df"])
    reach, far = (float(t.ppf(1 - tail, df)) if df > 0 else math.nan for tail in ((1 - level) / 2, (1 - level) / 2 / k))
    residuals = np.where(here, y - adjusted[:, None] - severity, np.nan)
    leverage = (
        inverse[0, 0]
        + (2 * inverse[0, 1 : n + 1] + np.diag(inverse)[1 : n + 1])[:, None]
        + (2 * inverse[0, n + 1 :] + np.diag(inverse)[n + 1 :])
        + 2 * inverse[1 : n + 1, n + 1 :]
    )
    room = 1 - leverage
    spread = math.sqrt(variance) * np.sqrt(np.where(room > 1e-9, room, np.nan))
    studentised = np.divide(residuals, spread, out=np.full(y.shape, np.nan), where=spread > 0)
    units, raters = frame.index, frame.columns
    return SeverityFit(
        units=pd.DataFrame(
            {"raw": np.nanmean(y, axis=1), "adjusted": adjusted, "se": np.sqrt(np.diag(covariance))}, index=units
        ),
        raters=pd.DataFrame(
            {
                "severity": severity,
                "se": rater_se,
                "low": severity - reach * rater_se,
                "high": severity + reach * rater_se,
                "sure": np.abs(severity) > np.nan_to_num(far * rater_se, nan=np.inf) + 1e-9,
                "marks": per_rater,
            },
            index=raters,
        ),
        covariance=pd.DataFrame(covariance, index=units, columns=units),
        residuals=pd.DataFrame(residuals, index=units, columns=raters),
        studentised=pd.DataFrame(studentised, index=units, columns=raters),
        mu=float(adjusted.mean()),
        sigma=math.sqrt(variance),
        sse=float(np.nansum(residuals**2)),
        df=df,
        ss_units=float(squares["unit"]) * (n - 1),
    )


def adjust_tables(
    table: pd.DataFrame | Mapping[str, pd.DataFrame],
    *,
    groups: Mapping[Any, Any] | None = None,
    group_weights: Mapping[str, Any] | None = None,
) -> pd.DataFrame:
    """Put the ranking by severity-adjusted points beside the ranking by raw means, group by group.

    Parameters
    ----------
    table : pandas.DataFrame, shape (units, raters), or mapping of group to such a table
        Points; NaN where the rater did not score the unit.
    groups : mapping of rater to group, optional
        Not given: one group.
    group_weights : mapping of group to weight, optional
        Not given: equal weights. Re-normalised where no rater of a group scored a unit.

    Returns
    -------
    pandas.DataFrame
        Indexed by unit, in raw order: ``raw, adjusted`` (points), ``raw_rank, adjusted_rank``, ``move`` (places won by
        adjusting; positive is up), ``bias`` (raw − adjusted: what the composition of its raters gave the unit).

    Raises
    ------
    ValueError
        If a group's design falls into unlinked parts.
    """
    tables = split_groups(table, groups)
    weights = share_of_groups(list(tables), group_weights)
    units = next(iter(tables.values())).index
    sums = {"raw": np.zeros(len(units)), "adjusted": np.zeros(len(units))}
    used = np.zeros(len(units))
    for weight, part in zip(weights, tables.values(), strict=True):
        if weight == 0:
            continue
        if part.notna().any(axis=0).sum() == 1:
            fitted = pd.DataFrame({name: part.mean(axis=1) for name in sums})
        else:
            fitted = fit_severity(part).units.reindex(units)
        used += weight * fitted["raw"].notna().to_numpy()
        for name in sums:
            sums[name] += weight * fitted[name].fillna(0.0).to_numpy()
    return compare_rankings(pd.DataFrame({name: total / used for name, total in sums.items()}, index=units))


def compare_rankings(points: pd.DataFrame) -> pd.DataFrame:
    """Rank by ``raw`` and by ``adjusted`` points: adds ``raw_rank, adjusted_rank, move, bias``, in raw order."""
    ranked = points.assign(raw_rank=place(points["raw"].to_numpy()), adjusted_rank=place(points["adjusted"].to_numpy()))
    ranked = ranked.assign(move=ranked["raw_rank"] - ranked["adjusted_rank"], bias=ranked["raw"] - ranked["adjusted"])
    return ranked.sort_values("raw_rank", kind="stable")
