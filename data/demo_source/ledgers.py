"""Commitments, findings, comments, tasks and monthly rankings, all following from the invented truth."""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import dataclass
from pathlib import Path

from .common import QUARTERS, Activity, quarter_end, quarter_start
from .writers import Sheet

COMMITMENT_HEAD = ["编号", "单位", "承诺事项", "完成时限", "完成情况", "类别", "责任人", "进展", "佐证"]
FINDING_HEAD = [
    "编号",
    "单位",
    "问题描述",
    "发现日期",
    "整改时限",
    "类别",
    "来源",
    "指标",
    "点位",
    "整改措施",
    "责任人",
    "状态",
    "销号日期",
    "复发日期",
]
PROGRESS = {
    "已完成": "已完成并组织验收",
    "推进中": "正在施工，已完成过半",
    "未启动": "已列入计划，尚未开工",
    "滞后": "进度落后于计划，已约谈责任人",
}
NEVER = 9


@dataclass(frozen=True)
class Item:
    """A kind of commitment: what is promised and of which category."""

    text: str
    category: str


@dataclass(frozen=True)
class Problem:
    """A kind of finding: what was seen, where, under which criterion, and what is to be done."""

    text: str
    category: str
    place: str
    criterion: str
    measure: str


@dataclass(frozen=True)
class Words:
    """What may be said of one criterion; `{n}` becomes a small number."""

    good: str
    bad: str
    must: str


def phrases(name: str) -> tuple[tuple[Item, ...], tuple[Problem, ...], dict[str, Words]]:
    """Read the phrases of an activity from the file of that name beside this module."""
    with (Path(__file__).parent / f"{name}.toml").open("rb") as file:
        found = tomllib.load(file)
    items = tuple(Item(**row) for row in found["items"])
    problems = tuple(Problem(**row) for row in found["problems"])
    return items, problems, {criterion: Words(**row) for criterion, row in found["words"].items()}


def _index(day: dt.date) -> int:
    return day.year * 4 + (day.month - 1) // 3


def _now(quarter: str) -> int:
    return int(quarter[:4]) * 4 + int(quarter[5]) - 1


def _delay(kept: float, chance: float) -> int:
    """Return by how many quarters a promise is late.

    Most late promises are kept a quarter or two later; the rest stay open and are seen again and again.
    """
    broken = 1 - kept
    for delay, bound in enumerate((kept, kept + 0.4 * broken, kept + 0.65 * broken)):
        if chance < bound:
            return delay
    return NEVER


def commitments(
    act: Activity,
    quarter: str,
    items: tuple[Item, ...],
    criterion: str,
    roles: tuple[str, ...],
    *,
    named: bool,
    per_quarter: tuple[int, ...],
) -> Sheet:
    """Return 承诺台账 as it stood at the end of the quarter: the promises of that year.

    Parameters
    ----------
    criterion : str
        The 台账计算 criterion that counts them.
    named : bool
        Whether a column 指标 names that criterion.
    per_quarter : tuple of int
        How many promises fall due in each quarter of the year.
    """
    year, now, k = int(quarter[:4]), _now(quarter), act.number(criterion)
    rng, end = act.rng(40, year), quarter_end(quarter)
    head = [*COMMITMENT_HEAD, "指标"] if named else list(COMMITMENT_HEAD)
    rows: list[list] = [head]
    for u, unit in enumerate(act.units):
        kinds = rng.permutation(len(items))
        dues = [quarter_number for quarter_number, count in enumerate(per_quarter) for _ in range(count)]
        for j, number in enumerate(dues):
            opening = quarter_start(f"{year}Q{number + 1}")
            month_end = quarter_end(f"{year}Q{number + 1}")
            due = month_end if rng.random() < 0.6 else opening + dt.timedelta(days=int(rng.integers(30, 85)))
            q = min(max(_index(due) - _now(QUARTERS[0]), 0), len(QUARTERS) - 1)
            late = _delay(float(act.truth[q, u, k]), rng.random())
            early, word = rng.random(), rng.random()
            if now >= _index(due) + late or (due > end and early < 0.25):
                state = "已完成"
            elif due <= end:
                state = "滞后" if word < 0.55 else "推进中"
            else:
                state = "推进中" if word < 0.6 else "未启动"
            item = items[int(kinds[j])]
            proof = "验收单、现场照片" if state == "已完成" else None
            role = roles[(u + j) % len(roles)]
            code = f"C{year}-{len(rows):03d}"
            row = [code, unit, item.text, due, state, item.category, role, PROGRESS[state], proof]
            rows.append([*row, criterion] if named else row)
    return Sheet("承诺台账", rows)


@dataclass(frozen=True)
class Finding:
    """One finding with all that will ever happen to it."""

    code: str
    quarter: str
    unit: str
    problem: Problem
    source: str
    role: str
    found: dt.date
    due: dt.date
    closed: dt.date | None
    back: dt.date | None

    def state(self, day: dt.date) -> tuple[str, dt.date | None, dt.date | None]:
        """Return 状态, 销号日期 and 复发日期 as they stood on a day."""
        closed = self.closed if self.closed and self.closed <= day else None
        back = self.back if self.back and self.back <= day else None
        word = "复发" if back else "已销号" if closed else "逾期未销号" if self.due < day else "整改中"
        return word, closed, back

    def is_listed(self, start: dt.date, end: dt.date) -> bool:
        """Tell whether the ledger from `start` to `end` holds it: found then, still open, or come back."""
        was_open = self.closed is None or self.closed >= start or (self.back is not None and start <= self.back <= end)
        return start <= self.found <= end or (self.found < start and was_open)


def _all_findings(
    act: Activity, problems: tuple[Problem, ...], sources: tuple[str, ...], roles: tuple[str, ...], rate: float
) -> list[Finding]:
    rng = act.rng(41)
    found_so_far: list[Finding] = []
    for q, name in enumerate(QUARTERS):
        opening = quarter_start(name)
        days = (quarter_end(name) - opening).days
        for u, unit in enumerate(act.units):
            weakness = float(act.truth[q].mean() - act.truth[q, u].mean())
            for _ in range(int(rng.poisson(max(rate * (1 + 8 * weakness), 0.2)))):
                problem, source, role = (some[int(rng.integers(len(some)))] for some in (problems, sources, roles))
                found = opening + dt.timedelta(days=int(rng.integers(3, days - 5)))
                due = found + dt.timedelta(days=int(rng.integers(7, 22)))
                spent, fate, again = int(rng.integers(3, 12)), rng.random(), rng.random()
                closed = back = None
                if fate < 0.86:
                    closed = (found if fate < 0.72 else due) + dt.timedelta(days=spent)
                    back = closed + dt.timedelta(days=20 + spent) if again < 0.12 else None
                else:
                    closed = due + dt.timedelta(days=60 if again < 0.6 else 120)
                if not act.is_inapplicable(name, unit, problem.criterion):
                    code = f"W{name[:4]}-{len(found_so_far) + 1:03d}"
                    found_so_far.append(Finding(code, name, unit, problem, source, role, found, due, closed, back))
    return found_so_far


def findings(
    act: Activity,
    quarter: str,
    problems: tuple[Problem, ...],
    sources: tuple[str, ...],
    roles: tuple[str, ...],
    rate: float,
) -> Sheet:
    """Return 问题台账: findings of the quarter and those the quarter before left open.

    Parameters
    ----------
    rate : float
        Findings per unit and quarter to be expected of an ordinary unit.
    """
    start, end = quarter_start(quarter), quarter_end(quarter)
    known = {c.name for _, c, _ in act.criteria_in(quarter)}
    rows: list[list] = [list(FINDING_HEAD)]
    for f in _all_findings(act, problems, sources, roles, rate):
        if f.is_listed(start, end):
            p = f.problem
            criterion = p.criterion if p.criterion in known else None
            what = [f.code, f.unit, p.text, f.found, f.due, p.category, f.source, criterion, p.place, p.measure]
            rows.append([*what, f.role, *f.state(end)])
    return Sheet("问题台账", rows)
