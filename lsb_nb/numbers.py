"""How numbers, dates and quarters are printed: half-up, the same decimals down a column, a true minus sign."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from lsb_nb.i18n import _

MINUS = "−"
DASH = "—"
_NINE = Decimal("1e-9")


def is_missing(value: Any) -> bool:
    """Tell whether a value says nothing: None, NaN or pandas' NA."""
    if value is None:
        return True
    try:
        return bool(value != value)
    except TypeError:
        # pandas' NA refuses to be true or false
        return True


def rounded(value: Any, digits: int = 2) -> Decimal:
    """Round half away from zero, first to 9 decimals, then to `digits`, as scores are published."""
    exact = value if isinstance(value, Decimal) else Decimal(repr(float(value)))
    return exact.quantize(_NINE, ROUND_HALF_UP).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


def fixed(value: Any, digits: int = 2) -> str:
    """Print a number with fixed decimals and U+2212 as minus; a dash where there is none."""
    if is_missing(value):
        return DASH
    number = rounded(value, digits)
    return (MINUS if number < 0 else "") + f"{abs(number):.{digits}f}"


def signed(value: Any, digits: int = 2) -> str:
    """Print a change: `fixed` with an explicit plus; zero has no sign."""
    if is_missing(value):
        return DASH
    return ("+" if rounded(value, digits) > 0 else "") + fixed(value, digits)


def plain(value: Any) -> str:
    """Print a number as it was written, without needless zeros: ``25``, ``0.5``."""
    if is_missing(value):
        return DASH
    number = rounded(value, 6).normalize()
    return f"{number:f}".replace("-", MINUS)


def percent(part: Any, whole: Any = 1) -> str:
    """Print a share without decimals: ``83%``; a dash where there is nothing to share."""
    if is_missing(part) or is_missing(whole) or not whole:
        return DASH
    return fixed(Decimal(repr(float(part))) * 100 / Decimal(repr(float(whole))), 0) + "%"


def span(low: Any, high: Any) -> str:
    """Print a range: ``1—4``, or the one number where both are equal."""
    return f"{low}" if low == high else f"{low}—{high}"


def difference(a: Any, b: Any, digits: int = 2) -> Decimal:
    """Give a − b of the published numbers, so that a sentence never contradicts the table."""
    return rounded(a, digits) - rounded(b, digits)


def mean_published(values: Sequence[Any]) -> Decimal:
    """Give the mean of published scores, rounded as a published score."""
    exact = sum((rounded(value) for value in values), Decimal(0)) / len(values)
    return rounded(exact)


def date_words(day: dt.date | None) -> str:
    """Write a date in running text: 2021年12月31日."""
    if is_missing(day) or day is None:
        return DASH
    return _("{year}年{month}月{day}日").format(year=day.year, month=day.month, day=day.day, iso=f"{day:%Y-%m-%d}")


def quarter_words(quarter: str) -> str:
    """Write a quarter in running text: 2021年第四季度."""
    return _("{year}年第{han}季度").format(year=quarter[:4], han="一二三四"[int(quarter[5]) - 1], n=quarter[5])
