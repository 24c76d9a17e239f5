"""Quarters as text: ``2021Q4``. Parse what offices write, order, shift, and give the last day."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata

from lsb_nb.i18n import _
from lsb_nb.text import key

FIRST_YEAR, LAST_YEAR = 1900, 2199
"""Years that a quarter may lie in: whatever is reckoned from one stays a date."""

_CODE = re.compile(r"(\d{4})[Qq]([1-4])")
_WORDS = re.compile(r"(\d{4})年(?:第)?([一二三四1-4])季度")
_NUMERALS = {"一": 1, "二": 2, "三": 3, "四": 4}


def parse_quarter(text: str) -> str:
    """Read a quarter in any accepted spelling.

    Parameters
    ----------
    text : str
        ``2021Q4``, ``2021年第四季度`` or ``2021年四季度``; width and inner spaces do not matter.

    Returns
    -------
    str
        The quarter's code, ``YYYYQn``. Codes sort in time order as text.

    Raises
    ------
    ValueError
        If the text is none of the accepted spellings.
    """
    folded = key(unicodedata.normalize("NFKC", str(text)))
    match = _CODE.fullmatch(folded) or _WORDS.fullmatch(folded)
    if match is None or not FIRST_YEAR <= int(match[1]) <= LAST_YEAR:
        raise ValueError(_("“{text}”不是季度，应写作 2021Q4 或 2021年第四季度").format(text=text))
    year, part = match.groups()
    return f"{year}Q{_NUMERALS.get(part, part)}"


def shift_quarter(quarter: str, by: int) -> str:
    """Give the quarter `by` quarters later (earlier when negative)."""
    index = int(quarter[:4]) * 4 + int(quarter[5]) - 1 + by
    return f"{index // 4}Q{index % 4 + 1}"


def last_day(quarter: str) -> dt.date:
    """Give the quarter's last day."""
    after = shift_quarter(quarter, 1)
    return dt.date(int(after[:4]), 3 * int(after[5]) - 2, 1) - dt.timedelta(days=1)


def consecutive_before(quarter: str, available: list[str] | tuple[str, ...]) -> list[str]:
    """List the quarters that lead up to `quarter` without a gap, oldest first, `quarter` left out.

    Parameters
    ----------
    quarter : str
        The current quarter.
    available : list of str
        Quarters that exist; order does not matter.
    """
    have = set(available)
    found: list[str] = []
    while (before := shift_quarter(quarter, -1 - len(found))) in have:
        found.append(before)
    return found[::-1]
