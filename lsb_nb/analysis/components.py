"""Where the differences between marks come from, and how many raters are enough (G-study, D-study)."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from lsb_nb.analysis.design import check_table, require_connected
from lsb_nb.i18n import _


def measure_squares(table: pd.DataFrame) -> pd.Series:
    """Give the mean squares of the two-way layout units × raters, cells may be missing.

    Parameters
    ----------
    table : pandas.DataFrame, shape (units, raters)
        NaN where the rater did not score the unit.

    Returns
    -------
    pandas.Series
        ``unit`` and ``rater`` (each adjusted for the other), ``residual``, ``between`` and ``within`` (one way), in
        squared points; ``df`` of the residual; ``per_unit, per_rater, per_unit_between``: the number of marks that
        multiplies the variance in the expected mean square; ``complete`` (1 or 0).

    Raises
    ------
    ValueError
        If the design is not connected.

    Notes
    -----
    Henderson's method 3: the expectation of the adjusted unit mean square is residual + per_unit · unit variance with
    per_unit = (cells − raters) ÷ (units − 1). Complete tables give the usual analysis of variance.
    """
    frame = check_table(table)
    require_connected(frame)
    y = frame.to_numpy()
    here = ~np.isnan(y)
    n, k = y.shape
    cells = here.sum()
    # Deviations from the grand mean keep the sums of squares accurate.
    y0 = np.where(here, y - y[here].mean(), 0.0)
    per_unit, per_rater = here.sum(axis=1), here.sum(axis=0)
    total = (y0**2).sum()
    within_units = total - (y0.sum(axis=1) ** 2 / per_unit).sum()
    within_raters = total - (y0.sum(axis=0) ** 2 / per_rater).sum()
    reduced = np.diag(per_rater.astype(float)) - here.T @ (here / per_unit[:, None])
    right = y0.sum(axis=0) - here.T @ (y0.sum(axis=1) / per_unit)
    residual = within_units - right @ np.linalg.pinv(reduced, hermitian=True) @ right
    residual = residual if residual > 1e-12 * total else 0.0
    df = int(cells - n - k + 1)
    return pd.Series(
        {
            "unit": max(within_raters - residual, 0.0) / (n - 1),
            "rater": max(within_units - residual, 0.0) / (k - 1),
            "residual": residual / df if df else math.nan,
            "between": (total - within_units) / (n - 1),
            "within": within_units / (cells - n),
            "df": df,
            "per_unit": (cells - k) / (n - 1),
            "per_rater": (cells - n) / (k - 1),
            "per_unit_between": (cells - (per_unit**2).sum() / cells) / (n - 1),
            "complete": float(here.all()),
        }
    )


def variance_components(table: pd.DataFrame, *, groups: Mapping[Any, Any] | None = None) -> pd.Series:
    """Split the variance of marks into units, raters and the rest; negative estimates count as 0.

    Parameters
    ----------
    table : pandas.DataFrame, shape (units, raters)
        NaN where the rater did not score the unit.
    groups : mapping of rater to group, optional
        Raters nested in groups (design p × (r:t)); needs a complete table.

    Returns
    -------
    pandas.Series
        ``unit, rater, residual`` in squared points; with `groups` also ``group`` and ``unit_group``, ``rater`` then
        being raters within groups.

    Raises
    ------
    ValueError
        If the design is not connected, or `groups` is given with missing marks.

    Notes
    -----
    Henderson's method 3; on complete tables the analysis of variance, equal to REML where no estimate is negative.
    Nested design: Brennan, Generalizability Theory (2001), ch. 3, with unequal groups by their expected mean squares.
    """
    if groups is None:
        squares = measure_squares(table)
        residual = squares["residual"]
        return pd.Series(
            {
                "unit": max((squares["unit"] - residual) / squares["per_unit"], 0.0),
                "rater": max((squares["rater"] - residual) / squares["per_rater"], 0.0),
                "residual": residual,
            }
        )
    frame = check_table(table)
    if frame.isna().to_numpy().any():
        raise ValueError(_("分组的方差分解要求评分没有缺失，请分组单独计算"))
    codes, names = pd.factorize(np.array([str(groups[rater]) for rater in frame.columns]))
    y = frame.to_numpy()
    n, total = y.shape
    sizes = np.bincount(codes)
    count = len(names)
    if count < 2 or sizes.min() < 2:
        raise ValueError(_("分组的方差分解要求至少两组，每组至少两名评委"))
    cell = np.stack([y[:, codes == g].mean(axis=1) for g in range(count)], axis=1)
    unit, group, rater, grand = y.mean(axis=1), cell.mean(axis=0), y.mean(axis=0), y.mean()
    rest = y - cell[:, codes] - rater + group[codes]
    ms_rest = (rest**2).sum() / ((n - 1) * (total - count))
    ms_rater = n * ((rater - group[codes]) ** 2).sum() / (total - count)
    ms_unit_group = (sizes * (cell - unit[:, None] - group + grand) ** 2).sum() / ((n - 1) * (count - 1))
    ms_group = n * (sizes * (group - grand) ** 2).sum() / (count - 1)
    ms_unit = total * ((unit - grand) ** 2).sum() / (n - 1)
    evened = (total - (sizes**2).sum() / total) / (count - 1)
    unit_group = (ms_unit_group - ms_rest) / evened
    found = {
        "unit": (ms_unit - ms_rest - (sizes**2).sum() / total * unit_group) / total,
        "group": (ms_group - ms_rater - ms_unit_group + ms_rest) / (n * evened),
        "rater": (ms_rater - ms_rest) / n,
        "unit_group": unit_group,
        "residual": ms_rest,
    }
    return pd.Series({name: max(float(value), 0.0) for name, value in found.items()})


def measure_reliability(components: Mapping[str, float] | pd.Series, *, raters: float, groups: int = 1) -> pd.Series:
    """Say how far the mean of a panel can be relied on.

    Parameters
    ----------
    components : mapping or pandas.Series
        As `variance_components` gives them.
    raters : float
        Raters in each group.
    groups : int
        Number of rater groups; counts only with the nested components.

    Returns
    -------
    pandas.Series
        ``relative`` (for the order of units) and ``absolute`` (for their level), each in [0, 1].

    Notes
    -----
    D-study coefficients Eρ² and Φ, Brennan (2001).
    """
    part = dict(components.items())
    noise = part.get("unit_group", 0.0) / groups + part["residual"] / (groups * raters)
    level = noise + part.get("group", 0.0) / groups + part.get("rater", 0.0) / (groups * raters)
    unit = part["unit"]
    values = [unit / (unit + error) if unit + error > 0 else math.nan for error in (noise, level)]
    return pd.Series(values, index=["relative", "absolute"])


def raters_needed(
    components: Mapping[str, float] | pd.Series, reliability: float = 0.8, *, kind: str = "relative"
) -> int | None:
    """Give the smallest panel that reaches a reliability.

    Parameters
    ----------
    components : mapping or pandas.Series
        ``unit, rater, residual`` variances, as `variance_components` gives them.
    reliability : float
        Wanted coefficient, strictly between 0 and 1.
    kind : {'relative', 'absolute'}
        For the order of units, or for their level.

    Returns
    -------
    int or None
        None if units do not differ: no panel suffices.

    Raises
    ------
    ValueError
        For a reliability outside (0, 1) or another kind, or if there were too few marks to split the variance (NaN).

    Notes
    -----
    n = rho² ÷ (1 − rho²) · residual variance ÷ unit variance, rho² the wanted coefficient.
    """
    if kind not in ("relative", "absolute"):
        raise ValueError(f"`kind` must be one of 'relative', 'absolute'; not {kind!r}.")
    if not 0 < reliability < 1:
        raise ValueError(f"`reliability` must lie between 0 and 1; not {reliability!r}.")
    part = dict(components.items())
    noise = part["residual"] + (part.get("rater", 0.0) if kind == "absolute" else 0.0)
    if math.isnan(part["unit"]) or math.isnan(noise):
        raise ValueError(_("评分太少，不能推算要多少名评委"))
    if part["unit"] <= 0:
        return None
    exact = float(reliability / (1 - reliability) * noise / part["unit"])
    return max(1, math.ceil(round(exact, 9)))


def measure_panel_curve(
    components: Mapping[str, float] | pd.Series, *, today: int, sizes: Sequence[int] | None = None
) -> pd.DataFrame:
    """Give the reliability of panels of every size, today's marked.

    Parameters
    ----------
    components : mapping or pandas.Series
        ``unit, rater, residual`` variances.
    today : int
        Size of today's panel.
    sizes : sequence of int, optional
        Sizes to show; not given: 1 to the larger of 40 and one and a half times today's.

    Returns
    -------
    pandas.DataFrame
        ``raters, relative, absolute, today`` (True in one row).
    """
    shown = sorted({*(sizes or range(1, max(40, math.ceil(1.5 * today)) + 1)), today})
    rows = [measure_reliability(components, raters=size) for size in shown]
    frame = pd.DataFrame(rows).reset_index(drop=True)
    frame.insert(0, "raters", shown)
    return frame.assign(today=[size == today for size in shown])


def measure_panel_curves(tables: Mapping[str, pd.DataFrame], *, sizes: Sequence[int] | None = None) -> pd.DataFrame:
    """Give the reliability of panels of every size, group by group.

    Parameters
    ----------
    tables : mapping of group to pandas.DataFrame
        units × raters, as `rater_tables` gives them. Groups too small, or whose marks fall into unlinked parts, are
        left out.
    sizes : sequence of int, optional
        Sizes to show; not given: 1 to the larger of 40 and one and a half times the largest panel.

    Returns
    -------
    pandas.DataFrame
        ``group, raters, relative, absolute, today``.
    """
    largest = max((table.shape[1] for table in tables.values()), default=0)
    shown = sizes or range(1, max(40, math.ceil(1.5 * largest)) + 1)
    curves = []
    for group, table in tables.items():
        try:
            components = variance_components(table)
        except ValueError:
            continue
        curve = measure_panel_curve(components, today=table.shape[1], sizes=list(shown))
        if curve["relative"].notna().any():
            curve.insert(0, "group", group)
            curves.append(curve)
    columns = ["group", "raters", "relative", "absolute", "today"]
    return pd.concat(curves, ignore_index=True) if curves else pd.DataFrame(columns=columns)
