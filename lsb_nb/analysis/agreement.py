"""How far raters agree: intraclass correlations, Kendall's W, Krippendorff's alpha, halo."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd

from lsb_nb.analysis.components import measure_squares
from lsb_nb.analysis.design import Floats, check_level, check_table

FORMS = ("ICC1", "ICC2", "ICC3", "ICC1k", "ICC2k", "ICC3k")
LEVELS = ("nominal", "ordinal", "interval", "ratio")


def icc(table: pd.DataFrame, *, level: float = 0.95) -> pd.DataFrame:
    """Give the six intraclass correlations with intervals.

    Parameters
    ----------
    table : pandas.DataFrame, shape (units, raters)
        NaN where the rater did not score the unit.
    level : float
        Level of the intervals.

    Returns
    -------
    pandas.DataFrame
        Indexed ``ICC1, ICC2, ICC3, ICC1k, ICC2k, ICC3k``: ``value`` (a negative variance counts as 0), ``low, high``,
        and ``approximate``, True where marks are missing: then the mean squares are adjusted for the other side and k
        is the effective number of marks per unit. Read ICC3k for the order of units, ICC2k for their level; ICC1 and
        ICC1k belong to designs in which every unit has other raters.

    Raises
    ------
    ValueError
        If the design is not connected, or `level` does not lie between 0 and 1.

    Notes
    -----
    Shrout & Fleiss (1979), Psychological Bulletin 86; intervals of McGraw & Wong (1996).
    """
    from scipy.stats import f

    check_level(level)
    frame = check_table(table)
    n = len(frame)
    ms = measure_squares(frame)
    unit, rater, rest, df = ms["unit"], ms["rater"], ms["residual"], ms["df"]
    k, k1 = ms["per_unit"], ms["per_unit_between"]
    tail = 1 - (1 - level) / 2
    rows: dict[str, tuple[float, float, float]] = {}
    with np.errstate(divide="ignore", invalid="ignore"):
        for single, ratio, df2, size in (
            ("ICC1", np.divide(ms["between"], ms["within"]), frame.notna().to_numpy().sum() - n, k1),
            ("ICC3", np.divide(unit, rest), df, k),
        ):
            bounds = [ratio, ratio / f.ppf(tail, n - 1, df2), ratio * f.ppf(tail, df2, n - 1)]
            one = [1 - size / (x + size - 1) for x in bounds]
            mean = [1 - np.divide(1.0, x) for x in bounds]
            rows[single], rows[f"{single}k"] = (one[0], one[1], one[2]), (mean[0], mean[1], mean[2])
        value = np.divide(unit - rest, unit + (k - 1) * rest + k * (rater - rest) / n)
        ratio = np.divide(rater, rest)
        a = n * (1 + (k - 1) * value) - k * value
        v = df * (k * value * ratio + a) ** 2 / ((n - 1) * (k * value * ratio) ** 2 + a**2)
        upper, lower = f.ppf(tail, n - 1, v), f.ppf(tail, v, n - 1)
        common = k * rater + (k * n - k - n) * rest
        low = n * (unit - upper * rest) / (upper * common + n * unit)
        high = n * (lower * unit - rest) / (common + n * lower * unit)
        rows["ICC2"] = (value, low, high)
        rows["ICC2k"] = (
            np.divide(unit - rest, unit + (rater - rest) / n),
            low * k / (1 + low * (k - 1)),
            high * k / (1 + high * (k - 1)),
        )
    result = pd.DataFrame([rows[form] for form in FORMS], index=list(FORMS), columns=["value", "low", "high"])
    result["value"] = result["value"].clip(lower=0)
    result["high"] = result[["value", "high"]].max(axis=1, skipna=False)
    return result.assign(approximate=not ms["complete"])


def kendall_w(table: pd.DataFrame) -> pd.Series:
    """Give Kendall's coefficient of concordance, corrected for ties, with its test.

    Parameters
    ----------
    table : pandas.DataFrame, shape (units, raters)
        Points (or places); NaN where the rater did not score the unit.

    Returns
    -------
    pandas.Series
        ``W`` in [0, 1], ``W_uncorrected``, ``chi2``, ``df``, ``p``, and ``approximate``: True where marks are missing.
        Then W = (1 + (m − 1) · r̄) ÷ m with r̄ the mean rank correlation of all pairs of raters over the units both
        scored, never below 0, and the test is that of Skillings & Mack.

    Notes
    -----
    Kendall & Babington Smith (1939); Siegel (1956) for ties; Skillings & Mack (1981), Technometrics 23. A rater who
    gives every unit the same points has no order and agrees with nobody.
    """
    from scipy.stats import chi2

    frame = check_table(table)
    n, m = frame.shape
    ranks = frame.rank()
    if frame.isna().to_numpy().any():
        w, statistic = _incomplete_w(frame, ranks)
        plain = math.nan
    else:
        totals = ranks.sum(axis=1).to_numpy()
        spread = ((totals - totals.mean()) ** 2).sum()
        ties = sum(float((counts**3 - counts).sum()) for counts in (frame[r].value_counts() for r in frame))
        most = (m**2 * (n**3 - n) - m * ties) / 12
        w = spread / most if most > 0 else math.nan
        plain = 12 * spread / (m**2 * (n**3 - n))
        statistic = m * (n - 1) * w
    p = float(chi2.sf(statistic, n - 1)) if math.isfinite(statistic) else math.nan
    names = ["W", "W_uncorrected", "chi2", "df", "p", "approximate"]
    approximate = bool(frame.isna().to_numpy().any())
    return pd.Series([w, plain, statistic, n - 1, p, approximate], index=names, dtype=object)


def _incomplete_w(frame: pd.DataFrame, ranks: pd.DataFrame) -> tuple[float, float]:
    m = frame.shape[1]
    here = frame.notna().to_numpy()
    upper = np.triu_indices(m, 1)
    shared = (here.T.astype(float) @ here)[upper] > 2
    # No order in one of the two sheets: no agreement.
    correlations = np.nan_to_num(frame.corr(method="spearman", min_periods=3).to_numpy()[upper][shared])
    w = max(0.0, (1 + (m - 1) * float(correlations.mean())) / m) if len(correlations) else math.nan
    size = here.sum(axis=0)
    score = np.where(here, (ranks.to_numpy() - (size + 1) / 2) * np.sqrt(12 / (size + 1)), 0.0).sum(axis=1)
    together = here.astype(float) @ here.T
    covariance = np.diag(here @ size.astype(float)) - together
    return w, float(score @ np.linalg.pinv(covariance, hermitian=True) @ score)


def krippendorff_alpha(table: pd.DataFrame, *, level: str = "interval") -> float:
    """Give Krippendorff's alpha; cells may be missing.

    Parameters
    ----------
    table : pandas.DataFrame, shape (units, raters)
        NaN where the rater did not score the unit.
    level : {'nominal', 'ordinal', 'interval', 'ratio'}
        Level of measurement.

    Returns
    -------
    float
        1 for full agreement, 0 for chance; NaN if all marks are equal.

    Raises
    ------
    ValueError
        For another level.

    Notes
    -----
    Krippendorff (2011), Computing Krippendorff's Alpha-Reliability: coincidences of values within units.
    """
    if level not in LEVELS:
        raise ValueError(f"`level` must be one of {', '.join(map(repr, LEVELS))}; not {level!r}.")
    y = check_table(table).to_numpy()
    values, codes = np.unique(y[~np.isnan(y)], return_inverse=True)
    counts = np.zeros((len(y), len(values)))
    np.add.at(counts, (np.nonzero(~np.isnan(y))[0], codes), 1.0)
    per_unit = counts.sum(axis=1)
    counts, per_unit = counts[per_unit > 1], per_unit[per_unit > 1]
    weighted = counts / (per_unit - 1)[:, None]
    coincidences = counts.T @ weighted - np.diag(weighted.sum(axis=0))
    margins = coincidences.sum(axis=0)
    distance = _distances(values, margins, level)
    expected = (np.outer(margins, margins) * distance).sum() / (margins.sum() - 1)
    return float(1 - (coincidences * distance).sum() / expected) if expected > 0 else math.nan


def _distances(values: Floats, margins: Floats, level: str) -> Floats:
    scale = values
    if level == "nominal":
        return np.not_equal(values[:, None], values[None, :]).astype(np.float64)
    if level == "ordinal":
        scale = np.cumsum(margins) - margins / 2
    squared: Floats = np.square(scale[:, None] - scale[None, :])
    if level == "ratio":
        both = np.square(values[:, None] + values[None, :])
        return np.asarray(np.divide(squared, both, out=np.zeros(both.shape), where=both != 0))
    return squared


def measure_halo(table: Any) -> pd.Series:
    """Give the mean correlation between criteria, and the share of variance on their first axis.

    Parameters
    ----------
    table : pandas.DataFrame or array_like, shape (cases, criteria)
        Cases are units (or units × raters). Rows with a missing value are left out.

    Returns
    -------
    pandas.Series
        ``mean_r``: mean correlation over pairs of criteria; ``first_share``: largest eigenvalue of the correlation
        matrix ÷ number of criteria. Criteria without spread are left out; NaN if fewer than two remain.

    Notes
    -----
    A high value may be halo, or criteria that truly go together: marks alone cannot tell the two apart.
    """
    x = np.asarray(table, dtype=float)
    x = x[~np.isnan(x).any(axis=1)]
    if len(x) > 2:
        x = x[:, x.std(axis=0) > 1e-12]
    if len(x) < 3 or x.shape[1] < 2:
        return pd.Series({"mean_r": math.nan, "first_share": math.nan})
    r = np.corrcoef(x, rowvar=False)
    pairs = r[np.triu_indices(len(r), 1)]
    return pd.Series({"mean_r": float(pairs.mean()), "first_share": float(np.linalg.eigvalsh(r)[-1]) / len(r)})
