"""Rounding that is right at ties: fast in floats, decided by exact numbers wherever a float is too close to call."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from decimal import ROUND_HALF_EVEN, Context, Decimal, localcontext
from fractions import Fraction
from typing import Any

import numpy as np

NANO = 10**9
"""Computed scores are compared, and published, as whole billionths."""

MISSING = np.iinfo(np.int64).min
"""Stands for no score in an array of whole billionths."""

FITS = 2**62
"""Whole numbers below this add up in 64 bits."""

_CENTS = NANO // 100
_DIGITS = Context(prec=70)
_SNAP = 40

Number = Fraction | Decimal
"""An exact fraction, or a decimal good to about 60 digits where a root or a logarithm is in it."""


def to_decimal(value: Number) -> Decimal:
    """Give a number as a decimal of 70 digits."""
    if isinstance(value, Decimal):
        return value
    return _DIGITS.divide(Decimal(value.numerator), Decimal(value.denominator))


def half_up(value: Number) -> int:
    """Round to the nearest whole number, halves away from zero."""
    if isinstance(value, Decimal):
        # A true tie comes out of roots and logarithms a hair beside it: snap before deciding.
        with localcontext(_DIGITS):
            value = Fraction(value.quantize(Decimal(1).scaleb(-_SNAP), rounding=ROUND_HALF_EVEN))
    size = math.floor(abs(value) + Fraction(1, 2))
    return -size if value < 0 else size


def is_positive(value: Number) -> bool:
    """Say whether a value is above 0; a root or logarithm a hair beside 0 is 0."""
    return bool(value > Decimal(1).scaleb(-_SNAP)) if isinstance(value, Decimal) else value > 0


def settle(estimate: np.ndarray, exact: Callable[[int], Number], *, slack: float) -> np.ndarray:
    """Round half away from zero, exactly.

    Parameters
    ----------
    estimate : numpy.ndarray of float
        Values in the unit to round to; NaN where there is none.
    exact : callable
        Flat position -> the exact value, in the same unit. Called only where `estimate` lies within `slack` of a half.
    slack : float
        A bound on the error of `estimate`.

    Returns
    -------
    numpy.ndarray of int64
        Same shape; `MISSING` where `estimate` is NaN.
    """
    absent = np.isnan(estimate)
    if holes := bool(absent.any()):
        estimate = np.where(absent, 0.0, estimate)
    size = np.abs(estimate)
    nearest = np.floor(size + 0.5)
    result: np.ndarray = np.copysign(nearest, estimate).astype(np.int64)
    close = np.abs(size - nearest) >= 0.5 - slack
    if holes:
        close &= ~absent
    if close.any():
        with localcontext(_DIGITS):
            for position in np.flatnonzero(close).tolist():
                result.flat[position] = half_up(exact(position))
    if holes:
        result[absent] = MISSING
    return result


def to_cents(nano: np.ndarray) -> np.ndarray:
    """Round whole billionths half away from zero to whole hundredths; `MISSING` stays."""
    present = nano != MISSING
    size = (np.abs(np.where(present, nano, 0)) + _CENTS // 2) // _CENTS
    return np.where(present, np.where(nano < 0, -size, size), MISSING)


def to_float(whole: np.ndarray, unit: int) -> np.ndarray:
    """Turn whole parts of 1/`unit` into floats; NaN for `MISSING`."""
    return np.where(whole == MISSING, np.nan, whole / unit)


def of_fractions(values: Iterable[Fraction]) -> np.ndarray:
    """Give the nearest float of each fraction."""
    # what float() does, without its call
    return np.array([value.numerator / value.denominator for value in values], dtype=float)


def standard_score(distance: int, squares: int, count: int) -> Decimal:
    """Give 50 + 10 · distance · √(count − 1) ÷ √squares, from whole deviations and the sum of their squares."""
    with localcontext(_DIGITS):
        return 50 + 10 * Decimal(distance) * (Decimal(count - 1) / Decimal(squares)).sqrt()


def weighted_mean(method: str, items: Iterable[tuple[Fraction, Number]]) -> Number:
    """Give the arithmetic, geometric or harmonic mean of (weight, value) pairs with positive weights.

    Exact where the values are fractions and the method needs no logarithm, else to about 60 digits.
    """
    pairs = list(items)
    if method == "geometric" or any(isinstance(value, Decimal) for _weight, value in pairs):
        whole = sum((weight for weight, _value in pairs), Fraction(0))
        with localcontext(_DIGITS):
            parts: list[Any] = [(to_decimal(weight / whole), to_decimal(value)) for weight, value in pairs]
            if method == "geometric":
                return sum((w * x.ln() for w, x in parts), Decimal(0)).exp()
            if method == "harmonic":
                return 1 / sum((w / x for w, x in parts), Decimal(0))
            return sum((w * x for w, x in parts), Decimal(0))
    values = [Fraction(value) for _weight, value in pairs]
    if method == "harmonic":
        values = [1 / value for value in values]
    # Whole numbers over common denominators: adding fractions one by one would reduce each sum.
    of_weights = math.lcm(*(weight.denominator for weight, _value in pairs))
    of_values = math.lcm(*(value.denominator for value in values))
    weights = [weight.numerator * (of_weights // weight.denominator) for weight, _value in pairs]
    top = sum(w * x.numerator * (of_values // x.denominator) for w, x in zip(weights, values, strict=True))
    bottom = sum(weights) * of_values
    return Fraction(bottom, top) if method == "harmonic" else Fraction(top, bottom)
