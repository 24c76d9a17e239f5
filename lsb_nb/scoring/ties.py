"""Exact values of single cells: asked for only where a float lies too close to a rounding boundary."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from lsb_nb.scoring.exact import MISSING, NANO, Number, standard_score, to_decimal, weighted_mean


class Parts(NamedTuple):
    """What a total is made of, exactly.

    ``nano`` units × criteria before normalisation; ``have`` the cells that count; ``hundred`` those that count 100
    because they are not applicable; ``columns`` remembers the whole numbers of a column.
    """

    nano: np.ndarray
    have: np.ndarray
    hundred: np.ndarray
    normalisation: str
    aggregation: str
    weights: list[Fraction]
    pillar_of: list[int]
    pillar_weights: list[Fraction]
    columns: dict[int, tuple[int, ...]]


def criterion_value(parts: Parts, unit: int, criterion: int) -> Number:
    """Give one normalised criterion score."""
    if parts.hundred[unit, criterion]:
        return Fraction(100)
    score = int(parts.nano[unit, criterion])
    if parts.normalisation == "full_marks":
        return Fraction(score, NANO)
    count, total, squares, least, most = _column(parts, criterion)
    if parts.normalisation == "rank_points":
        column = parts.nano[:, criterion]
        return Fraction(int(((column != MISSING) & (column <= score)).sum()) * 100, count)
    if least == most:
        return Fraction(50)
    if parts.normalisation == "minmax":
        return Fraction((score - least) * 100, most - least)
    spread = count * (count * squares - total * total)
    return standard_score(count * score - total, spread, count)


def _column(parts: Parts, criterion: int) -> tuple[int, ...]:
    if criterion not in parts.columns:
        column = parts.nano[:, criterion]
        values: list[int] = column[column != MISSING].tolist()
        squares = sum(value * value for value in values)
        parts.columns[criterion] = (len(values), sum(values), squares, min(values), max(values))
    return parts.columns[criterion]


def pillar_value(parts: Parts, unit: int, pillar: int) -> Number:
    """Give one pillar score; the pillar must have something that weighs."""
    items = [(parts.weights[c], criterion_value(parts, unit, c)) for c in _weighing(parts, unit, pillar)]
    return weighted_mean(parts.aggregation, items)


def _weighing(parts: Parts, unit: int, pillar: int) -> list[int]:
    return [c for c, p in enumerate(parts.pillar_of) if p == pillar and parts.weights[c] and parts.have[unit, c]]


def total_value(parts: Parts, unit: int) -> Number:
    """Give a unit's total before adjustments."""
    items = [
        (weight, pillar_value(parts, unit, pillar))
        for pillar, weight in enumerate(parts.pillar_weights)
        if weight and _weighing(parts, unit, pillar)
    ]
    return weighted_mean(parts.aggregation, items)


def plus(value: Number, points: Fraction) -> Number:
    """Add an exact number of points."""
    return value + to_decimal(points) if isinstance(value, Decimal) else value + points
