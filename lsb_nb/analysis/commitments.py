"""Commitments at a quarter's end: which fell due, how many were kept, how late the others are."""

from __future__ import annotations

from typing import Any

import pandas as pd

from lsb_nb.analysis.deadlines import days_overdue, is_due
from lsb_nb.analysis.privacy import hide_names
from lsb_nb.bundles import Records
from lsb_nb.i18n import _
from lsb_nb.quarters import last_day


def unsorted() -> str:
    """Name the category, source or criterion of a row that tells none."""
    return _("未分类")


def measure_promises(records: Records, quarter: str) -> pd.DataFrame:
    """List a quarter's commitments with how late they are on its last day.

    Parameters
    ----------
    records : Records
        Holds the quarter.
    quarter : str
        ``2021Q4``.

    Returns
    -------
    pandas.DataFrame
        Latest first, then by deadline: ``number, unit, commitment, category, due, state, progress``, ``is_due`` (on
        or before the last day), ``kept`` (已完成) and ``days_late`` (whole days from the deadline to the last day of
        one that is due and not kept, else 0). No person is named.
    """
    rows: Any = records.at(quarter).commitments
    day = last_day(quarter)
    frame = rows[["number", "unit", "commitment", "category", "due", "state", "progress"]].copy()
    frame["category"] = frame["category"].fillna(unsorted())
    frame["is_due"] = pd.Series([is_due(due, day) for due in frame["due"]], index=frame.index, dtype=bool)
    frame["kept"] = frame["state"] == "已完成"
    late = frame["is_due"] & ~frame["kept"]
    frame["days_late"] = [days_overdue(due, day) if open_ else 0 for due, open_ in zip(frame["due"], late, strict=True)]
    frame = frame.sort_values(["days_late", "due"], ascending=[False, True], kind="stable")
    return hide_names(frame.reset_index(drop=True), records, columns=["commitment", "category", "progress"])


def summarise_promises(promises: pd.DataFrame, *, by: str = "unit") -> pd.DataFrame:
    """Count commitments by unit, category or state.

    Parameters
    ----------
    promises : pandas.DataFrame
        From `measure_promises`.
    by : {'unit', 'category', 'state'}
        What to count by.

    Returns
    -------
    pandas.DataFrame
        Most late first: `by`, ``total, due, kept`` (of those due), ``late`` (due and not kept), ``lagging`` (of those
        late, 滞后), ``later`` (not yet due), ``longest`` (days late) and ``rate`` (kept ÷ due, NaN where none is due).
    """
    if by not in ("unit", "category", "state"):
        raise ValueError(f"`by` must be one of 'unit', 'category', 'state'; not {by!r}.")
    due, kept = promises["is_due"], promises["kept"]
    lagging = due & (promises["state"] == "滞后")
    rows = promises.assign(kept=due & kept, late=due & ~kept, lagging=lagging, later=~due)
    table: Any = rows.groupby(by, sort=False).agg(
        total=("number", "size"), due=("is_due", "sum"), kept=("kept", "sum"), late=("late", "sum"),
        lagging=("lagging", "sum"), later=("later", "sum"), longest=("days_late", "max"),
    )  # fmt: skip
    table["rate"] = table["kept"] / table["due"].where(table["due"] > 0)
    order = ["late", "longest"]
    return pd.DataFrame(table.sort_values(order, ascending=False, kind="stable").reset_index())


def measure_commitments(records: Records, *, quarter: str) -> pd.DataFrame:
    """Count each unit's commitments due by the end of the quarter and how many were kept.

    Returns
    -------
    pandas.DataFrame
        `summarise_promises` indexed by ``unit``, the lowest rate first; among equals the most late, then the order of
        the sheet 单位. Without rows where the sheet is missing.
    """
    table = summarise_promises(measure_promises(records, quarter)).set_index("unit")
    order = {unit: i for i, unit in enumerate(dict.fromkeys(records.at(quarter).units["unit"]))}
    table["place"] = [order.get(str(unit), len(order)) for unit in table.index]
    return table.sort_values(["rate", "late", "place"], ascending=[True, False, True]).drop(columns="place")


def measure_overdue_commitments(records: Records, *, quarter: str) -> pd.DataFrame:
    """List the commitments that were due by the end of the quarter and are not kept.

    Returns
    -------
    pandas.DataFrame
        Earliest deadline first: ``number, unit, commitment, due, days`` (from the deadline to the quarter's last
        day), ``state, progress``. No person is named.
    """
    rows = measure_promises(records, quarter).rename(columns={"days_late": "days"})
    late = rows[rows["is_due"] & ~rows["kept"]].sort_values(["due", "number"], kind="stable").reset_index(drop=True)
    return hide_names(late[["number", "unit", "commitment", "due", "days", "state", "progress"]], records)
