"""Put criteria on one scale: full marks, min-max, z-scores, rank points."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

_DECIMALS = 9


def full_marks(values: np.ndarray) -> np.ndarray:
    """Leave scores as they are."""
    return values.copy()


def minmax(values: np.ndarray, *, low: float = 0.0, high: float = 100.0) -> np.ndarray:
    """Stretch each column to [low, high]; a column without spread stands in the middle."""
    least, most = _edges(values)
    span = most - least
    flat = ~_spread(least, most)
    scaled = (values - least) / np.where(flat, 1.0, span) * (high - low) + low
    return np.where(flat & ~np.isnan(values), (low + high) / 2, scaled)


def zscore(values: np.ndarray, *, mean: float = 50.0, sd: float = 10.0, ddof: int = 1) -> np.ndarray:
    """Give each column the mean `mean` and the standard deviation `sd`; a column without spread stands at `mean`."""
    least, most = _edges(values)
    flat = ~_spread(least, most)
    present = ~np.isnan(values)
    count = present.sum(axis=0)
    # n·x − Σx is free of rounding when the values are whole numbers, as scores in billionths are.
    distance = count * values - _column_sum(values)
    squares = _column_sum(distance * distance)
    scaled = mean + sd * distance * np.sqrt(np.maximum(count - ddof, 0)) / np.sqrt(np.where(flat, 1.0, squares))
    return np.where(flat & present, mean, scaled)


def rank_points(values: np.ndarray, *, high: float = 100.0) -> np.ndarray:
    """Give (n − r + 1) ÷ n × `high`, r the competition rank, values compared after rounding to 9 decimals."""
    result = np.full(values.shape, np.nan)
    for column in range(values.shape[1]):
        present = np.flatnonzero(~np.isnan(values[:, column]))
        if len(present):
            rounded = np.round(values[present, column], _DECIMALS)
            not_above = np.searchsorted(np.sort(rounded), rounded, side="right")
            result[present, column] = not_above / len(present) * high
    return result


METHODS: Mapping[str, Callable[..., np.ndarray]] = MappingProxyType(
    {"full_marks": full_marks, "minmax": minmax, "zscore": zscore, "rank_points": rank_points}
)
"""Name -> function of a units × criteria array (NaN: missing) and keyword options. A new method is one line here."""


def normalise(
    frame: pd.DataFrame, *, method: str | Callable[..., np.ndarray] = "full_marks", **options: Any
) -> pd.DataFrame:
    """Put every column on one scale.

    Parameters
    ----------
    frame : pandas.DataFrame
        Units × criteria, higher is better; NaN for missing.
    method : {'full_marks', 'minmax', 'zscore', 'rank_points'} or callable
        A key of `METHODS`, or a function of a units × criteria array.
    **options
        minmax: ``low`` (0), ``high`` (100); zscore: ``mean`` (50), ``sd`` (10), ``ddof`` (1);
        rank_points: ``high`` (100).

    Returns
    -------
    pandas.DataFrame
        Same index and columns; missing stays NaN. A column without spread stands in the middle of the scale
        (rank_points: everybody first).

    Raises
    ------
    ValueError
        If there is no such method.

    Notes
    -----
    Methods as in OECD/JRC, Handbook on Constructing Composite Indicators (2008), step 5.
    """
    if isinstance(method, str) and method not in METHODS:
        allowed = ", ".join(map(repr, METHODS))
        raise ValueError(f"`method` must be one of {allowed}; not {method!r}.")
    function = METHODS[method] if isinstance(method, str) else method
    values = frame.to_numpy(dtype=float, na_value=np.nan)
    return pd.DataFrame(function(values, **options), index=frame.index, columns=frame.columns)


def has_spread(values: np.ndarray) -> np.ndarray:
    """Say of each column whether at least two of its values differ after rounding to 9 decimals."""
    return _spread(*_edges(values))


def _edges(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    absent = np.isnan(values)
    least = np.where(absent, np.inf, values).min(axis=0, initial=np.inf)
    most = np.where(absent, -np.inf, values).max(axis=0, initial=-np.inf)
    empty = np.isinf(least)
    return np.where(empty, 0.0, least), np.where(empty, 0.0, most)


def _spread(least: np.ndarray, most: np.ndarray) -> np.ndarray:
    return np.asarray(np.round(most, _DECIMALS) > np.round(least, _DECIMALS))


def _column_sum(values: np.ndarray) -> np.ndarray:
    # cumsum adds strictly in order, so that the last bit does not depend on how the array lies in memory.
    clean = np.where(np.isnan(values), 0.0, values)
    return clean.cumsum(axis=0)[-1] if len(clean) else np.zeros(values.shape[1])
