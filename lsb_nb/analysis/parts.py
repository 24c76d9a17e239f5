"""Parts that add up as printed: largest remainder that always reaches the printed total."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal

from lsb_nb.numbers import rounded

GUARD = 9
"""Decimals to which a computed number is rounded before it is compared or published."""


def published(value: float, decimals: int = 2) -> float:
    """Round as scores are published; NaN stays NaN, and there is no negative zero."""
    return float(rounded(value, decimals)) + 0.0 if math.isfinite(value) else value


def round_parts(parts: Sequence[float], total: float | None = None, *, decimals: int = 2) -> list[float]:
    """Round parts by largest remainder, so that they add up to the rounded total.

    Parameters
    ----------
    parts : sequence of float
        Signed parts; NaN counts as nothing and stays NaN.
    total : float, optional
        What the rounded parts add up to. Default: the sum of the parts. A part that is exactly 0 is changed only
        when nothing else can take the rest.
    decimals : int
        Decimals to keep.

    Returns
    -------
    list of float
        In the order of `parts`; summed in whole units of the last digit they give `total` exactly, even where the
        published numbers differ by a unit from what the parts make up.
    """
    unit = Decimal(1).scaleb(-decimals)
    exact = {i: rounded(part, GUARD) for i, part in enumerate(parts) if not math.isnan(part)}
    whole = rounded(math.fsum(map(float, exact.values())) if total is None else total, decimals)
    floors = {i: math.floor(part / unit) for i, part in exact.items()}
    missing = int(whole / unit) - sum(floors.values())
    step = 1 if missing > 0 else -1
    order = sorted(floors, key=lambda i: (exact[i] == 0, -step * (exact[i] / unit - floors[i]), i))
    for turn in range(abs(missing) if order else 0):
        floors[order[turn % len(order)]] += step
    return [float(floors[i] * unit) + 0.0 if i in floors else math.nan for i in range(len(parts))]
