"""同起点进步: improvement beyond the units that started equal, shrunk by what the data can tell, with its interval."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from lsb_nb.analysis.design import check_level, match_errors

LEAST_UNITS = 5
"""Fewer units than this give no expected line."""


def drive_index(
    history: pd.DataFrame, *, standard_errors: pd.DataFrame | pd.Series | float | None = None
) -> pd.DataFrame:
    """Measure each unit's later mean against what its earlier mean lets expect.

    Parameters
    ----------
    history : pandas.DataFrame
        units × quarters, oldest first, at least two: totals in points. The earlier half is the first ⌊n/2⌋ quarters.
    standard_errors : DataFrame (units × quarters), Series (by unit) or float, optional
        Standard error of each total, points. Without it, and from three quarters on, it is taken from how much the
        totals scatter within the halves once the quarters' own levels are removed.

    Returns
    -------
    pandas.DataFrame
        Indexed like `history`: ``start`` and ``later`` (means of the halves), ``change`` (later − start, raw),
        ``expected`` (the change of units with that start, on the line), ``drive`` (change − expected) and
        ``standard_error`` of the drive (NaN where it cannot be known). A unit that lacks a quarter has NaN from
        ``expected`` on; so have all with fewer than five complete units or no spread of starts.

    Raises
    ------
    ValueError
        With fewer than two quarters.

    Notes
    -----
    drive = later − (a + b · start), ordinary least squares over complete units. The standard error is that of
    mean(later) − b · mean(start); the line's own error is left out. Raw change punishes those who start high.
    """
    if history.shape[1] < 2:
        raise ValueError("`history` must have at least 2 quarters (columns).")
    values = history.to_numpy(float)
    half = values.shape[1] // 2
    start, later = values[:, :half].mean(axis=1), values[:, half:].mean(axis=1)
    frame = pd.DataFrame({"start": start, "later": later, "change": later - start}, index=history.index)
    frame[["expected", "drive", "standard_error"]] = np.nan
    whole = ~np.isnan(values).any(axis=1)
    if whole.sum() < LEAST_UNITS or round(float(np.ptp(start[whole])), 9) == 0:
        return frame
    coefficients, *_rest = np.linalg.lstsq(np.column_stack([np.ones(whole.sum()), start[whole]]), later[whole])
    expected = coefficients[0] + (coefficients[1] - 1) * start
    frame["expected"] = np.where(whole, expected, np.nan)
    frame["drive"] = frame["change"] - frame["expected"]
    variances = _variances(history, standard_errors, half, whole)
    slope = coefficients[1]
    parts = variances[:, :half].mean(axis=1) / half * slope**2 + variances[:, half:].mean(axis=1) / (
        values.shape[1] - half
    )
    frame["standard_error"] = np.where(whole, np.sqrt(parts), np.nan)
    return frame


def _variances(
    history: pd.DataFrame, given: pd.DataFrame | pd.Series | float | None, half: int, whole: np.ndarray
) -> np.ndarray:
    if isinstance(given, pd.DataFrame):
        return given.reindex(index=history.index, columns=history.columns).to_numpy(float) ** 2
    if isinstance(given, pd.Series):
        column = given.reindex(history.index).to_numpy(float)[:, None]
        return np.repeat(column, history.shape[1], axis=1) ** 2
    if given is not None:
        return np.full(history.shape, float(given) ** 2)
    freedom = (int(whole.sum()) - 1) * (history.shape[1] - 2)
    if freedom <= 0:
        return np.full(history.shape, np.nan)
    values = history.to_numpy(float)[whole]
    values = values - values.mean(axis=0)
    spread = sum(
        ((part - part.mean(axis=1, keepdims=True)) ** 2).sum() for part in (values[:, :half], values[:, half:])
    )
    return np.full(history.shape, spread / freedom)


def shrink(
    estimates: pd.Series | np.ndarray | list[float],
    standard_errors: pd.Series | np.ndarray | list[float],
    *,
    level: float = 0.95,
) -> pd.DataFrame:
    """Pull estimates towards their mean by how little they can be told apart from chance.

    Parameters
    ----------
    estimates, standard_errors : Series or array of float
        One per unit, matched by unit where both name units; pairs with a NaN are passed over and come back as NaN.
    level : float
        Coverage of the interval.

    Returns
    -------
    pandas.DataFrame
        ``estimate, standard_error, shrunk, lower, upper, proven`` per unit, and the same in every row: ``tau2`` (the
        variance between units), ``pooled`` with ``pooled_error`` (their mean), ``q`` and ``df`` (Cochran's Q).
        ``proven``: the interval leaves 0 and `tau2` is above 0. ``tau2`` = 0 means no proven differences: then
        every unit is the mean, and an order of units means nothing.

    Raises
    ------
    ValueError
        If their numbers differ, or `level` does not lie between 0 and 1.

    Notes
    -----
    DerSimonian and Laird (1986): tau² = max(0, (Q − df) / (Σw − Σw²/Σw)), w = 1/SE². Shrunk = m + B (y − m) with
    B = tau² / (tau² + SE²); its variance is B · SE² + (1 − B)² · var(m).
    """
    check_level(level)
    values = pd.Series(estimates, dtype=float)
    frame = pd.DataFrame({"estimate": values, "standard_error": match_errors(values, standard_errors)})
    known = frame.dropna()
    y, variance = known["estimate"].to_numpy(), np.maximum(known["standard_error"].to_numpy(), 1e-9) ** 2
    frame[["shrunk", "lower", "upper"]] = np.nan
    frame["proven"] = False
    if len(known) < 2:
        return frame.assign(tau2=0.0, pooled=y.mean() if len(y) else np.nan, pooled_error=np.nan, q=np.nan, df=0)
    weight = 1 / variance
    centre = float((weight * y).sum() / weight.sum())
    q = float((weight * (y - centre) ** 2).sum())
    freedom = len(y) - 1
    tau2 = max(0.0, (q - freedom) / float(weight.sum() - (weight**2).sum() / weight.sum()))
    weight = 1 / (variance + tau2)
    centre, error = float((weight * y).sum() / weight.sum()), float(weight.sum() ** -0.5)
    keep = tau2 / (tau2 + variance)
    shrunk = centre + keep * (y - centre)
    reach = stats.norm.ppf(0.5 + level / 2) * np.sqrt(keep * variance + (1 - keep) ** 2 * error**2)
    frame.loc[known.index, ["shrunk", "lower", "upper"]] = np.column_stack([shrunk, shrunk - reach, shrunk + reach])
    frame["proven"] = (tau2 > 0) & ((frame["lower"] > 0) | (frame["upper"] < 0))
    return frame.assign(tau2=tau2, pooled=centre, pooled_error=error, q=q, df=freedom)


def fit_gain(start: pd.Series, gain: pd.Series, *, groups: pd.Series | None = None) -> pd.DataFrame:
    """Fit gain on start, with a level of its own for each group: the line that 同起点 stands on.

    Parameters
    ----------
    start, gain : pandas.Series
        Per unit, points.
    groups : pandas.Series, optional
        Per unit, e.g. 村 or 社区; the first in sorted order is the base.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``intercept``, ``start`` and the other groups: ``coefficient``, ``standard_error``; ``rss`` and
        ``df`` in every row. Ordinary least squares.
    """
    columns = {"intercept": np.ones(len(start)), "start": start.to_numpy(float)}
    names = [] if groups is None else sorted(groups.astype(str).unique())[1:]
    columns |= {name: (groups.astype(str) == name).to_numpy(float) for name in names if groups is not None}
    design, target = np.column_stack(list(columns.values())), gain.to_numpy(float)
    inverse = np.linalg.inv(design.T @ design)
    coefficients = inverse @ design.T @ target
    rss = float(((target - design @ coefficients) ** 2).sum())
    freedom = len(target) - design.shape[1]
    errors = np.sqrt(np.diag(inverse) * rss / freedom)
    frame = pd.DataFrame({"coefficient": coefficients, "standard_error": errors}, index=pd.Index(columns, name="term"))
    return frame.assign(rss=rss, df=freedom)


def fit_slopes(history: pd.DataFrame) -> pd.DataFrame:
    """Measure each unit's trend per quarter, three ways: a check of the drive against one odd quarter.

    Parameters
    ----------
    history : pandas.DataFrame
        units × quarters, oldest first; numeric column labels are times, others count 0, 1, 2 …

    Returns
    -------
    pandas.DataFrame
        Indexed like `history`: ``slope`` (least squares), ``robust`` (Theil–Sen), ``mixed`` (random intercept and
        slope, shrunk; NaN with fewer than three complete units or quarters). ``attrs`` holds the mixed model:
        ``intercept, slope`` with ``intercept_error, slope_error``, ``sd_intercept, sd_slope, correlation, sigma``.

    Notes
    -----
    With the same quarters for all complete units, REML has a closed form as long as the between-unit covariance is
    positive definite: D = cov(b) − σ²(X′X)⁻¹. Otherwise negative directions are set to 0.
    """
    numeric = all(isinstance(label, int | float) for label in history.columns)
    times = np.asarray(history.columns if numeric else range(history.shape[1]), float)
    values = history.to_numpy(float)
    lines = np.full((len(values), 2), np.nan)
    robust = np.full(len(values), np.nan)
    for row, line in enumerate(values):
        seen = ~np.isnan(line)
        if seen.sum() >= 2:
            lines[row] = np.polynomial.polynomial.polyfit(times[seen], line[seen], 1)
            robust[row] = stats.theilslopes(line[seen], times[seen])[0]
    frame = pd.DataFrame({"slope": lines[:, 1], "robust": robust, "mixed": np.nan}, index=history.index)
    whole = ~np.isnan(values).any(axis=1)
    units, quarters = int(whole.sum()), len(times)
    if units < 3 or quarters < 3:
        return frame
    design = np.column_stack([np.ones(quarters), times])
    residuals = values[whole] - lines[whole] @ design.T
    variance = float((residuals**2).sum() / (units * (quarters - 2)))
    noise = variance * np.linalg.inv(design.T @ design)
    total = np.cov(lines[whole].T)
    spread, axes = np.linalg.eigh(total - noise)
    between = axes @ np.diag(np.maximum(spread, 0)) @ axes.T
    centre = lines[whole].mean(axis=0)
    pull = between @ np.linalg.inv(between + noise)
    frame.loc[whole, "mixed"] = (centre + (lines[whole] - centre) @ pull.T)[:, 1]
    sds = np.sqrt(np.diag(between))
    frame.attrs = {
        "intercept": centre[0],
        "slope": centre[1],
        "intercept_error": float(np.sqrt((between + noise)[0, 0] / units)),
        "slope_error": float(np.sqrt((between + noise)[1, 1] / units)),
        "sd_intercept": sds[0],
        "sd_slope": sds[1],
        "correlation": float(between[0, 1] / (sds[0] * sds[1])) if sds.all() else 0.0,
        "sigma": variance**0.5,
    }
    return frame


def measure_growth(history: pd.DataFrame) -> pd.DataFrame:
    """Measure growth per period: compound, and along the fitted line.

    Parameters
    ----------
    history : pandas.DataFrame
        units × periods, oldest first, positive values; numeric labels are times, others count 0, 1, 2 …

    Returns
    -------
    pandas.DataFrame
        Indexed like `history`: ``compound`` (last ÷ first to the power 1 / periods, less 1) and ``percent`` (slope in
        percent of the fitted first value), as in COINr's `get_trends`.
    """
    numeric = all(isinstance(label, int | float | np.number) for label in history.columns)
    times = np.asarray(history.columns if numeric else range(history.shape[1]), float)
    rows = {}
    for unit, line in zip(history.index, history.to_numpy(float), strict=True):
        at, seen = times[~np.isnan(line)], line[~np.isnan(line)]
        if len(seen) < 2:
            rows[unit] = (np.nan, np.nan)
            continue
        intercept, slope = np.polynomial.polynomial.polyfit(at, seen, 1)
        rows[unit] = ((seen[-1] / seen[0]) ** (1 / (at[-1] - at[0])) - 1, 100 * slope / (intercept + slope * at[0]))
    return pd.DataFrame.from_dict(rows, orient="index", columns=["compound", "percent"])
