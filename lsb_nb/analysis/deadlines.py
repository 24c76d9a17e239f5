"""Due, overdue, open: what each word means on a day, the same for reports, ledgers and tasks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pandas as pd

from lsb_nb.schema import CLOSED
from lsb_nb.text import key


def is_due(deadline: dt.date | None, day: dt.date) -> bool:
    """Tell whether a deadline falls on a day or before it; what has none is never due."""
    return bool(pd.notna(deadline) and deadline <= day)


def days_overdue(deadline: dt.date | None, day: dt.date) -> int:
    """Count the whole days from a deadline to a day, 0 where it is not past: the last day still counts as in time."""
    return max((day - deadline).days, 0) if deadline is not None and pd.notna(deadline) else 0


def is_open(finding: Mapping[Any, Any], day: dt.date) -> bool:
    """Tell whether a finding stood open at the end of a day.

    Parameters
    ----------
    finding : mapping
        ``found, closed, recurred`` (dates or None) and ``state``, which counts only without a date of closing.
    day : datetime.date
        The day.

    Returns
    -------
    bool
        A finding that came back is open from that day on, until a later date of closing.
    """
    back, closed = finding["recurred"], finding["closed"]
    if pd.notna(back) and back <= day:
        return bool(pd.isna(closed) or not back < closed <= day)
    if pd.notna(closed):
        return bool(finding["found"] <= day < closed)
    return bool(finding["found"] <= day) and key(str(finding["state"])) not in CLOSED
