"""Weighted means over columns: arithmetic, geometric, harmonic; what is missing gives its weight to the rest."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
import pandas as pd


def arithmetic(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Σ w·x ÷ Σ w over what is present."""
    return _mean(values, weights)


def geometric(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """exp(Σ w·ln x ÷ Σ w) over what is present; values that carry weight must be above 0."""
    return np.asarray(np.exp(_mean(np.log(_positive(values, weights)), weights)))


def harmonic(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Σ w ÷ Σ (w ÷ x) over what is present; values that carry weight must be above 0."""
    return np.asarray(1.0 / _mean(1.0 / _positive(values, weights), weights))


METHODS: Mapping[str, Callable[[np.ndarray, np.ndarray], np.ndarray]] = MappingProxyType(
    {"arithmetic": arithmetic, "geometric": geometric, "harmonic": harmonic}
)
"""Name -> function of units × columns values (NaN: missing) and column weights, giving one value a unit (NaN: none)."""

NEEDS_POSITIVE = ("geometric", "harmonic")
"""Methods that refuse a score of 0 or less that has weight."""


def aggregate(
    frame: pd.DataFrame,
    weights: Mapping[str, float] | pd.Series | None = None,
    *,
    method: str | Callable[[np.ndarray, np.ndarray], np.ndarray] = "arithmetic",
    min_share: float = 0.0,
) -> pd.Series:
    """Take the weighted mean over the columns, unit by unit.

    Parameters
    ----------
    frame : pandas.DataFrame
        Units × columns (criteria or pillars); NaN for missing.
    weights : mapping or pandas.Series, optional
        Column -> weight, at least 0, in any unit; they are normalised over the columns a unit has. Equal when left out.
    method : {'arithmetic', 'geometric', 'harmonic'} or callable
        A key of `METHODS`, or a function of (values, weights).
    min_share : float
        A unit that has less than this share of the columns gets NaN.

    Returns
    -------
    pandas.Series
        One value a unit; NaN where no column with positive weight is present.

    Raises
    ------
    ValueError
        If there is no such method, a column has no weight, a weight is negative or not a number, or a geometric or
        harmonic mean meets a value of 0 or less that has weight.
    """
    if isinstance(method, str) and method not in METHODS:
        allowed = ", ".join(map(repr, METHODS))
        raise ValueError(f"`method` must be one of {allowed}; not {method!r}.")
    function = METHODS[method] if isinstance(method, str) else method
    given = dict.fromkeys(frame.columns, 1.0) if weights is None else dict(weights)
    if missing := [str(column) for column in frame.columns if column not in given]:
        raise ValueError(f"`weights` must name every column; missing: {', '.join(missing)}.")
    shares = np.array([float(given[column]) for column in frame.columns])
    if not (shares >= 0).all():
        raise ValueError("`weights` must be numbers of at least 0.")
    values = frame.to_numpy(dtype=float, na_value=np.nan)
    result = function(values, shares)
    if min_share > 0:
        # Half a column's worth of float noise must not decide: 9 of 10 is 90%.
        result = np.where((~np.isnan(values)).mean(axis=1) < min_share - 1e-9, np.nan, result)
    return pd.Series(result, index=frame.index)


def _mean(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    if not len(weights):
        return np.full(len(values), np.nan)
    # cumsum adds strictly in order; a matrix product may add in another order on another machine.
    have = ~np.isnan(values) & (weights > 0)
    top = np.where(have, values * weights, 0.0).cumsum(axis=1)[:, -1]
    bottom = np.where(have, weights, 0.0).cumsum(axis=1)[:, -1]
    return np.asarray(np.divide(top, bottom, out=np.full(len(top), np.nan), where=bottom > 0))


def _positive(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    if ((values <= 0) & (weights > 0)).any():
        raise ValueError("Geometric and harmonic means need values above 0 wherever there is weight.")
    return np.where(values > 0, values, np.nan)
