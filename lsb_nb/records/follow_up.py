"""Ledgers that follow something up: rows that cannot both be meant, dates that contradict each other."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from lsb_nb.i18n import _
from lsb_nb.quarters import last_day, shift_quarter
from lsb_nb.records.context import Context
from lsb_nb.records.ledger import MOST_ALIKE
from lsb_nb.schema import CLOSED
from lsb_nb.text import key

Doubt = tuple[str, int, str, str, str]
"""Frame, row, column, reason and hint."""


def check_follow_up(frames: dict[str, pd.DataFrame], context: Context) -> None:
    """Numbers stand once for each unit, a finding's dates follow one another, months are those of the quarter."""
    doubts = [doubt for name in ("commitments", "findings") for doubt in _numbers(name, frames[name])]
    doubts += [*_dates(frames["findings"], context.quarter), *_months(frames["monthly"], context.quarter)]
    alike: dict[tuple[str, str, str], int] = {}
    for name, index, column, reason, hint in doubts:
        kind = (name, column, hint)
        alike[kind] = alike.get(kind, 0) + 1
        if alike[kind] <= MOST_ALIKE:
            context.note_row(name, index, column, "warning", reason, hint)
    for (name, _column, hint), count in alike.items():
        if count > MOST_ALIKE:
            reason = _("同类提示另有 {n} 处").format(n=count - MOST_ALIKE)
            context.note("warning", context.tables[name][0].place, reason, hint)


def _numbers(name: str, frame: pd.DataFrame) -> Iterator[Doubt]:
    if frame.empty:
        return
    seen: dict[tuple[str, str], str] = {}
    for index, (unit, number, cell) in enumerate(zip(frame["unit"], frame["number"], frame["cell"], strict=True)):
        first = seen.setdefault((unit, key(number)), cell)
        if first != cell:
            reason = _("编号“{number}”重复（另见 {cell}）").format(number=number, cell=first)
            hint = _("一项一个编号，否则结转和清零会把两项当作一项")
            yield name, index, "number", reason, hint


def _dates(frame: pd.DataFrame, quarter: str) -> Iterator[Doubt]:
    if frame.empty:
        return
    last = last_day(quarter)
    hint = _("核对日期")
    for index, row in enumerate(frame.to_dict("records")):
        found, due, closed, back = row["found"], row["due"], row["closed"], row["recurred"]
        said = key(row["state"] or "")
        faults = (
            ("found", found > last, _("发现日期在本季度之后，这一项不计入本季"), _("移到以后季度的台账，或改正日期")),
            ("due", due < found, _("整改时限早于发现日期"), hint),
            ("closed", closed is not None and closed < found, _("销号日期早于发现日期"), hint),
            ("recurred", back is not None and back < found, _("复发日期早于发现日期"), hint),
            (
                "state", closed is None and back is None and said in CLOSED, _("状态是已销号，却没有销号日期"),
                _("补填销号日期，否则算不出销号天数"),
            ),
        )  # fmt: skip
        for column, wrong, reason, mend in faults:
            if wrong:
                yield "findings", index, column, reason, mend


def _months(frame: pd.DataFrame, quarter: str) -> Iterator[Doubt]:
    if frame.empty:
        return
    last, before = last_day(quarter), last_day(shift_quarter(quarter, -1))
    seen: dict[tuple[str, str], str] = {}
    for index, (month, unit, cell) in enumerate(zip(frame["month"], frame["unit"], frame["cell"], strict=True)):
        if not f"{before:%Y-%m}" < month <= f"{last:%Y-%m}":
            reason, hint = _("不是本季度的月份，不列入对照"), _("只填本季度的三个月")
            yield "monthly", index, "month", reason, hint
        first = seen.setdefault((month, unit), cell)
        if first != cell:
            reason = _("“{what}”重复（另见 {cell}）").format(what=f"{month} {unit}", cell=first)
            yield "monthly", index, "unit", reason, _("只保留一行，现取第一行")
