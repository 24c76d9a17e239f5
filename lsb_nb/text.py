"""How names and numbers are written: width folding, inner spaces, exact decimals."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache

_FOLD = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0x2212: 0x2D}
_SPACES = re.compile(r"[\s\u200b\ufeff]+")
_DECIMAL = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)", re.ASCII)


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Fold full-width characters to half width and trim; inner spaces stay."""
    return str(text).translate(_FOLD).strip(" \t\r\n\u200b\ufeff\xa0")


@lru_cache(maxsize=65536)
def key(text: str) -> str:
    """Fold the width and remove every space: what two spellings of one name share."""
    return _SPACES.sub("", fold(text))


def parse_decimal(text: str) -> Fraction:
    """Read a plain decimal exactly.

    Raises
    ------
    ValueError
        For anything but digits with at most one point and a sign: no exponent, percent sign or comma.
    """
    folded = key(text)
    if not _DECIMAL.fullmatch(folded):
        raise ValueError(f"“{text}”不是数字")
    return Fraction(folded.rstrip(".") if folded.rstrip(".") not in ("", "+", "-") else folded)
