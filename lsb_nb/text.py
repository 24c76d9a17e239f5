"""How names and numbers are written: width folding, inner spaces, exact decimals."""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction
from functools import lru_cache

from lsb_nb.i18n import _, language

DIGITS = 9
"""Digits before the point that a number of a rule or scenario may have."""
DECIMALS = 9
"""Decimals of such a number: as many as computed scores are compared by."""
WEIGHT_DECIMALS = 20
"""Decimals of 权重 in 指标, whose cells may hold the result of a formula such as ``=1/3``."""
WEIGHT_DIGITS = 15
"""Digits of 权重 before the point: weights are fractions of their sum, so that large ones cannot overflow."""

INVISIBLE = "".join(
    chr(code)
    for first, last in (
        (0x00, 0x08), (0x0E, 0x1B), (0x7F, 0x84), (0x86, 0x9F), (0xAD, 0xAD), (0x200B, 0x200F), (0x202A, 0x202D),
        (0x2060, 0x2064), (0x2066, 0x2069), (0xFEFF, 0xFEFF),
    )
    for code in range(first, last + 1)
)  # fmt: skip
"""Control characters that are no space, and marks of no width, such as those that copying from a page leaves behind.

U+202E is not one of them: what follows it is shown from right to left, so that 5.29 looks like 92.5.
"""
_FOLD = {
    **{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}, 0x3000: 0x20, 0x2212: 0x2D,
    **dict.fromkeys(map(ord, INVISIBLE)),
}  # fmt: skip
_SPACES = re.compile(r"\s+")
_DECIMAL = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)", re.ASCII)


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Fold full-width characters to half width, leave out what is invisible, and trim; inner spaces stay."""
    return str(text).translate(_FOLD).strip(" \t\r\n\xa0")


@lru_cache(maxsize=65536)
def key(text: str) -> str:
    """Fold the width and remove every space: what two spellings of one name share."""
    return _SPACES.sub("", fold(text))


def capital(words: str) -> str:
    """Begin with a capital where the language has them: one message serves inside sentences and at their head."""
    return words if language() == "zh" else words[:1].upper() + words[1:]


def display_width(text: str) -> int:
    """Count the columns a text takes where Han characters are two wide."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def parse_decimal(text: str, *, decimals: int = DECIMALS, digits: int = DIGITS) -> Fraction:
    """Read a plain decimal exactly.

    Parameters
    ----------
    text : str
        Digits with at most one point and a sign.
    decimals : int
        The most decimals allowed, trailing zeros not counted. Whole multiples of so small a part, times any count of
        ballots or commitments that a file can hold, stay whole numbers that can be added without overflow.

    digits : int
        The most digits allowed before the point.

    Raises
    ------
    ValueError
        For anything else: no exponent, percent sign or comma; the message says what is allowed.
    """
    folded = key(text)
    shown = text if len(text) <= 40 else f"{text[:40]}……"
    if not _DECIMAL.fullmatch(folded):
        raise ValueError(_("“{value}”不是数字").format(value=shown))
    whole, _point, part = folded.lstrip("+-").partition(".")
    if len(whole.lstrip("0")) > digits:
        raise ValueError(_("“{value}”太大，小数点前最多 {n} 位").format(value=shown, n=digits))
    if len(part.rstrip("0")) > decimals:
        raise ValueError(_("“{value}”的小数太长，最多 {n} 位").format(value=shown, n=decimals))
    return Fraction(folded.rstrip(".") if folded.rstrip(".") not in ("", "+", "-") else folded)
