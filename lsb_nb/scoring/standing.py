"""Places, order and bands: what is read off published scores."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from lsb_nb.scheme import Scheme
from lsb_nb.scoring.exact import MISSING

_LAST = -(2**62)


def rank_units(keys: Sequence[np.ndarray], eligible: np.ndarray) -> np.ndarray:
    """Give competition ranks (1, 2, 2, 4), highest first.

    Parameters
    ----------
    keys : sequence of numpy.ndarray of int64
        Published scores, the first decides, each next one breaks ties; `MISSING` comes last.
    eligible : numpy.ndarray of bool
        Units that take part.

    Returns
    -------
    numpy.ndarray of int64
        0 for a unit that takes no part.
    """
    ranks = np.zeros(len(eligible), dtype=np.int64)
    units = np.flatnonzero(eligible)
    if len(units):
        columns = [np.where(key == MISSING, _LAST, key)[units] for key in keys]
        order = np.lexsort([-column for column in reversed(columns)])
        new = np.zeros(len(units), dtype=bool)
        new[0] = True
        for column in columns:
            falling = column[order]
            new[1:] |= falling[1:] != falling[:-1]
        ranks[units[order]] = np.maximum.accumulate(np.where(new, np.arange(1, len(units) + 1), 0))
    return ranks


def publish_order(ranks: np.ndarray, cents: np.ndarray) -> np.ndarray:
    """Order units as published: ranked by rank, vetoed by score, 未评 last; equal ones as in the sheet 单位."""
    kind = np.where(cents == MISSING, 2, np.where(ranks > 0, 0, 1))
    within = np.where(kind == 0, ranks, np.where(kind == 1, -np.maximum(cents, _LAST), 0))
    return np.lexsort([within, kind])


def band_units(scheme: Scheme, ranks: np.ndarray, cents: np.ndarray) -> np.ndarray:
    """Give each ranked unit its band by lines or by quotas; None for a unit without a rank."""
    bands = np.full(len(ranks), None, dtype=object)
    if scheme.rule("等次名额") is None:
        lines: list[tuple[str, Fraction]] = list(scheme.rule("等次线"))
        bands[ranks > 0] = scheme.band_names()[-1]
        for name, line in reversed(lines):
            bands[(ranks > 0) & (cents >= math.ceil(line * 100))] = name
        return bands
    order = np.flatnonzero(ranks > 0)
    order = order[np.argsort(ranks[order], kind="stable")]
    bands[order] = scheme.band_rest()
    places = ranks[order]
    start = 0
    for name, share in scheme.rule("等次名额"):
        end = start + math.floor(share * len(order))
        while start < end < len(order) and places[end - 1] == places[end]:
            end -= 1
        bands[order[start:end]] = name
        start = max(start, end)
    return bands
