"""Commitments that fell due by the end of a quarter: how many were kept, and which were not."""

from __future__ import annotations

import pandas as pd

from lsb_nb.analysis.notes import hide_names
from lsb_nb.bundles import Records
from lsb_nb.quarters import last_day


def measure_commitments(records: Records, *, quarter: str) -> pd.DataFrame:
    """Count each unit's commitments due by the end of the quarter and how many were kept.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``unit``, the lowest rate first: ``due`` (deadline on or before the quarter's last day), ``kept``
        (已完成), ``lagging`` (due and 滞后), ``open`` (due and not kept), ``later`` (not yet due), ``rate`` (kept ÷
        due; NaN where none is due). Without rows where the sheet is missing.
    """
    rows = records.at(quarter).commitments
    day = last_day(quarter)
    due = pd.Series([when is not None and when <= day for when in rows["due"]], index=rows.index, dtype=bool)
    kept = due & (rows["state"] == "已完成")
    table = pd.DataFrame(
        {"unit": rows["unit"], "due": due, "kept": kept, "lagging": due & (rows["state"] == "滞后")}
        | {"open": due & ~kept, "later": ~due}
    )
    order = {unit: i for i, unit in enumerate(dict.fromkeys(records.at(quarter).units["unit"]))}
    frame = table.groupby("unit").sum().astype(int)
    frame["rate"] = frame["kept"] / frame["due"].where(frame["due"] > 0)
    frame["place"] = [order.get(str(unit), len(order)) for unit in frame.index]
    return frame.sort_values(["rate", "open", "place"], ascending=[True, False, True]).drop(columns="place")


def measure_overdue_commitments(records: Records, *, quarter: str) -> pd.DataFrame:
    """List the commitments that were due by the end of the quarter and are not kept.

    Returns
    -------
    pandas.DataFrame
        Earliest deadline first: ``number, unit, commitment, due, days`` (from the deadline to the quarter's last
        day), ``state, progress``. No person is named.
    """
    rows = records.at(quarter).commitments
    day = last_day(quarter)
    late = [when is not None and when <= day for when in rows["due"]]
    frame = rows[pd.Series(late, index=rows.index, dtype=bool) & (rows["state"] != "已完成")].copy()
    frame["days"] = [(day - when).days for when in frame["due"]]
    frame = frame.sort_values(["due", "number"], kind="stable").reset_index(drop=True)
    return hide_names(frame[["number", "unit", "commitment", "due", "days", "state", "progress"]], records)
