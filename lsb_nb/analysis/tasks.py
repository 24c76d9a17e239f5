"""Tasks for the next quarter, drafted from what is open and from what can be gained."""

from __future__ import annotations

from typing import Any

import pandas as pd

from lsb_nb.i18n import _
from lsb_nb.numbers import fixed
from lsb_nb.quarters import last_day, shift_quarter

_ORDER = ("finding", "promise", "gap")


def draft_tasks(
    findings: pd.DataFrame,
    fixes: pd.DataFrame,
    *,
    quarter: str,
    promises: pd.DataFrame | None = None,
    gaps: int = 2,
) -> pd.DataFrame:
    """Draft each unit's tasks for the next quarter; a person decides and edits.

    Parameters
    ----------
    findings : pandas.DataFrame
        From `lsb_nb.analysis.progress.measure_findings`; the open ones become tasks.
    fixes : pandas.DataFrame
        From `lsb_nb.analysis.strengths.fix_first`; each unit's first kept ones become tasks.
    quarter : str
        The quarter that ended.
    promises : pandas.DataFrame, optional
        From `lsb_nb.analysis.commitments.measure_promises`; those due and not kept become tasks.
    gaps : int
        At most so many fixes per unit.

    Returns
    -------
    pandas.DataFrame
        Units in the order of `fixes`, then of `findings`; within a unit findings, commitments, gaps: ``unit, task``
        (a sentence), ``due`` (a deadline that is past becomes the first month's end of the next quarter),
        ``source`` (``finding, promise, gap``), ``number`` (of the ledger, None for a gap), ``points`` (attainable) and
        ``subject`` (the finding, commitment or criterion).
    """
    following = shift_quarter(quarter, 1)
    end, day = last_day(quarter), last_day(following)
    soon = (pd.Timestamp(end) + pd.offsets.MonthEnd(1)).date()
    rows: list[tuple[Any, ...]] = []
    row: Any
    for row in findings[findings["is_open"]].itertuples():
        text = _("整改“{finding}”并销号").format(finding=row.finding)
        due = row.due if row.due > end else soon
        rows.append((row.unit, text, due, "finding", row.number, float("nan"), row.finding))
    if promises is not None:
        for row in promises[promises["is_due"] & ~promises["kept"]].itertuples():
            text = _("兑现到期承诺“{commitment}”").format(commitment=row.commitment)
            rows.append((row.unit, text, soon, "promise", row.number, float("nan"), row.commitment))
    for row in fixes[fixes["kept"]].groupby("unit", sort=False).head(gaps).itertuples():
        text = _("补“{criterion}”短板，达到前两成水平可多得 {points} 分").format(
            criterion=row.criterion, points=fixed(row.attainable)
        )
        rows.append((row.unit, text, day, "gap", None, row.attainable, row.criterion))
    frame = pd.DataFrame(rows, columns=["unit", "task", "due", "source", "number", "points", "subject"])
    order = {unit: i for i, unit in enumerate(dict.fromkeys([*fixes["unit"], *findings["unit"], *frame["unit"]]))}
    frame["at"], frame["kind"] = frame["unit"].map(order), frame["source"].map(_ORDER.index)
    return frame.sort_values(["at", "kind", "due"], kind="stable").drop(columns=["at", "kind"]).reset_index(drop=True)
