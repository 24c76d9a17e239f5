"""Findings at a quarter's end: what became of each, 清零, carry-over; and the places of the months."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from lsb_nb.analysis.commitments import unsorted
from lsb_nb.analysis.deadlines import days_overdue, is_open
from lsb_nb.analysis.privacy import hide_names
from lsb_nb.bundles import Records, Scores
from lsb_nb.quarters import last_day, shift_quarter


def first_day(quarter: str) -> dt.date:
    """Give the quarter's first day."""
    return last_day(shift_quarter(quarter, -1)) + dt.timedelta(days=1)


def measure_findings(records: Records, quarter: str) -> pd.DataFrame:
    """List a quarter's findings with what became of them by its last day.

    Parameters
    ----------
    records : Records
        Holds the quarter; earlier quarters tell what is carried over and what repeats.
    quarter : str
        ``2021Q4``.

    Returns
    -------
    pandas.DataFrame
        Open before closed, earliest deadline first: ``number, unit, finding, category, source, criterion, place,
        found, due, closed, state``, ``opened`` (found in this quarter), ``carried`` (open when it began),
        ``is_open``, ``overdue`` (open after its deadline), ``days_overdue``, ``days_to_close`` (NA while open, or
        closed before it was found), ``closed_now`` (closed in this quarter), ``reopened`` (came back in it after it was
        closed before it),
        ``recurring`` (came back by then), ``repeats`` (earlier quarters in which another finding names the same unit
        and the same place or, without a place, criterion) and ``first_seen``. No person is named.
        ``opened + carried + reopened − closed_now`` is what is open. A finding whose state says closed without a date
        counts as closed in this quarter if it was found in it or the latest ledger before has it open.
    """
    rows = records.at(quarter).findings
    start, day = first_day(quarter), last_day(quarter)
    earlier: Any = records.findings[records.findings["quarter"] < quarter].sort_values("quarter", kind="stable")
    seen: dict[tuple[Any, ...], dict[str, set[str]]] = {}
    last: dict[tuple[Any, ...], dict[Any, Any]] = {}
    for row in earlier.to_dict("records"):
        last[row["unit"], row["number"]] = row
        seen.setdefault(_spot(row), {}).setdefault(str(row["quarter"]), set()).add(str(row["number"]))
    table: list[dict[str, Any]] = []
    for row in rows.to_dict("records"):
        now_open = is_open(row, day)
        late = days_overdue(row["due"], day) if now_open else 0
        closed = row["closed"] if pd.notna(row["closed"]) and row["closed"] <= day else None
        before = sorted(q for q, numbers in seen.get(_spot(row), {}).items() if numbers - {str(row["number"])})
        undated = not now_open and pd.isna(row["closed"])
        known = last.get((row["unit"], row["number"]), row) if undated else row
        opened = start <= row["found"] <= day
        carried = row["found"] < start and is_open(known, start - dt.timedelta(days=1))
        # whatever was found in this quarter and is not open was closed in it, also where its dates contradict
        closed_now = bool(closed and closed >= start and row["found"] <= day) or opened or (undated and carried)
        back = pd.notna(row["recurred"]) and row["recurred"] <= day
        keep = {name: row[name] for name in _KEPT}
        table.append(
            keep
            | {"category": row["category"] or unsorted(), "source": row["source"] or unsorted(), "closed": closed}
            | {
                "opened": opened,
                "carried": carried,
                "is_open": now_open,
                "overdue": late > 0,
                "days_overdue": late,
                "days_to_close": (closed - row["found"]).days
                if closed and row["found"] <= closed and not now_open
                else pd.NA,
                "closed_now": closed_now and not now_open,
                "reopened": bool(back and now_open and not opened and not carried),
                "recurring": bool(back),
                "repeats": len(before),
                "first_seen": before[0] if before else quarter,
            }
        )
    columns = ["number", "unit", "finding", "category", "source", "criterion", "place", "found", "due", "closed",
               "state", "opened", "carried", "is_open", "overdue", "days_overdue", "days_to_close", "closed_now",
               "reopened", "recurring", "repeats", "first_seen"]  # fmt: skip
    flags = dict.fromkeys(("opened", "carried", "is_open", "overdue", "closed_now", "reopened", "recurring"), bool)
    frame = pd.DataFrame(table, columns=columns).astype({**flags, "days_to_close": "Int64"})
    frame = frame.sort_values(["is_open", "due"], ascending=[False, True], kind="stable").reset_index(drop=True)
    return hide_names(frame, records, columns=["finding", "category", "source", "place"])


_KEPT = ("number", "unit", "finding", "criterion", "place", "found", "due", "state")


def _spot(row: Mapping[Any, Any]) -> tuple[Any, ...]:
    """Where a finding is: unit and place, or unit and criterion; without either it is like no other."""
    if isinstance(row["place"], str) and row["place"]:
        return (row["unit"], "place", row["place"])
    if isinstance(row["criterion"], str) and row["criterion"]:
        return (row["unit"], "criterion", row["criterion"])
    return (row["unit"], "number", row["number"])


def summarise_findings(findings: pd.DataFrame, *, by: str = "category") -> pd.DataFrame:
    """Count findings by category, source or unit.

    Parameters
    ----------
    findings : pandas.DataFrame
        From `measure_findings`.
    by : {'category', 'source', 'unit', 'criterion'}
        What to count by.

    Returns
    -------
    pandas.DataFrame
        Most open first: `by`, ``total, carried, opened, closed_now, is_open, overdue, longest`` (days overdue),
        ``recurring, repeated`` (seen in an earlier quarter) and ``days`` (median days to close, NaN if none closed).
        Findings that tell none stand under 未分类, so that the counts add up.
    """
    allowed = ("category", "source", "unit", "criterion")
    if by not in allowed:
        raise ValueError(f"`by` must be one of {', '.join(map(repr, allowed))}; not {by!r}.")
    # a blank cell is "", a column that the sheet lacks is None: neither may drop a finding from the count
    findings = findings.assign(**{by: findings[by].replace("", None).fillna(unsorted())})
    rows = findings.assign(repeated=findings["repeats"] > 0, days=findings["days_to_close"].astype(float))
    counts = ("carried", "opened", "closed_now", "is_open", "overdue", "recurring", "repeated")
    groups: Any = rows.groupby(by, sort=False)
    table = groups[list(counts)].sum()
    table.insert(0, "total", groups.size())
    table.insert(6, "longest", groups["days_overdue"].max())
    table["days"] = groups["days"].median()
    table = table.sort_values(["is_open", "total"], ascending=False, kind="stable").reset_index()
    return pd.DataFrame(table)


def measure_carry_over(records: Records, quarter: str) -> pd.DataFrame:
    """Follow the findings that stood open when the quarter before ended.

    Returns
    -------
    pandas.DataFrame
        ``number, unit, finding, due`` and ``now``: ``closed``, ``open`` or ``missing`` (no longer in the ledger).
        Without rows where there is no quarter before, or nothing was open.
    """
    before = shift_quarter(quarter, -1)
    columns = ["number", "unit", "finding", "due", "now"]
    if before not in records.quarters:
        return pd.DataFrame(columns=columns)
    old = measure_findings(records, before)
    new: Any = measure_findings(records, quarter)
    states = {(row.unit, row.number): "open" if row.is_open else "closed" for row in new.itertuples()}
    rows: Any = old[old["is_open"]]
    now = [states.get((row.unit, row.number), "missing") for row in rows.itertuples()]
    return pd.DataFrame(rows.assign(now=now)[columns].reset_index(drop=True))


def measure_countdown(
    records: Records, quarter: str, *, categories: Mapping[str, Sequence[str]] | Sequence[str] | None = None
) -> pd.DataFrame:
    """Count the open findings of three categories month by month, down to zero (清零).

    Parameters
    ----------
    records : Records
        Holds the quarter; with earlier quarters the count goes back as far as the ledgers do.
    quarter : str
        The last one to count.
    categories : sequence of str, or mapping of label to categories, optional
        What is to reach zero. Default: the three categories with most findings.

    Returns
    -------
    pandas.DataFrame
        ``label, day`` (month ends), ``open``, ``found`` (up to that day), ``closed`` (found − open) and ``gone`` (of
        the open ones, those that the quarter's own ledger no longer lists). Each finding
        is followed through the ledgers that list it; one that stands open when its last ledger ends stays open, though
        later ledgers leave it out: nobody has closed it.
    """
    rows = records.findings[records.findings["quarter"] <= quarter].sort_values("quarter", kind="stable")
    # a finding put into another category is counted once, where the latest ledger that tells one has it
    kinds = rows["category"].groupby([rows["unit"], rows["number"]]).transform("last").fillna(unsorted())
    if categories is None:
        categories = list(kinds[~rows.duplicated(["unit", "number"])].value_counts().head(3).index)
    named = categories if isinstance(categories, Mapping) else {name: [name] for name in categories}
    days = [(q, _month_end(first_day(q), i)) for q in sorted(records.quarters) if q <= quarter for i in range(3)]
    table = []
    for label, members in named.items():
        own = rows[kinds.isin(list(members))].to_dict("records")
        for each, day in days:
            # the latest ledger up to this quarter that lists a finding tells of it
            known = {(row["unit"], row["number"]): row for row in own if row["quarter"] <= each}
            found = len({(row["unit"], row["number"]) for row in own if row["found"] <= day})
            still = sum(is_open(row, day) for row in known.values())
            gone = sum(is_open(row, day) for row in known.values() if row["quarter"] != each)
            table.append((label, day, still, found, found - still, gone))
    return pd.DataFrame(table, columns=["label", "day", "open", "found", "closed", "gone"])


def _month_end(start: dt.date, after: int) -> dt.date:
    month = start.month + after
    return dt.date(start.year + month // 12, month % 12 + 1, 1) - dt.timedelta(days=1)


def compare_months(records: Records, scores: Scores) -> pd.DataFrame:
    """Put the places of the months beside the quarter's place.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``unit`` in published order: one column per month of the quarter (``2021-10``; place, Int64, NA for
        a unit that the month leaves out), ``rank`` (the quarter's, Int64) and ``apart`` (mean place of the months −
        the quarter's; positive: better in the quarter). Without month columns where the sheet is missing. The first
        row counts where a month has a unit twice.
    """
    monthly: Any = records.at(scores.quarter).monthly.drop_duplicates(["month", "unit"])
    frame = pd.DataFrame(index=scores.units.index)
    months = monthly.assign(month=[f"{m:%Y-%m}" if isinstance(m, dt.date) else str(m) for m in monthly["month"]])
    first, last = (f"{day:%Y-%m}" for day in (first_day(scores.quarter), last_day(scores.quarter)))
    for month, own in months[months["month"].astype(str).between(first, last)].groupby("month"):
        places = own.set_index("unit")["points"].astype(float).rank(method="min", ascending=False)
        frame[str(month)] = places.reindex(frame.index).astype("Int64")
    names = list(frame.columns)
    frame["rank"] = scores.units["rank"]
    apart = frame[names].astype(float).mean(axis=1) - frame["rank"].astype(float)
    return frame.assign(apart=apart if names else float("nan"))
