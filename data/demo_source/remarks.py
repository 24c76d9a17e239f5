"""Comments, tasks, monthly rankings, ballots and direct entries, all following from the invented truth."""

from __future__ import annotations

import datetime as dt

from .common import QUARTERS, Activity, quarter_end, quarter_start
from .ledgers import Words
from .writers import Sheet


def _standing(act: Activity, quarter: str, words: dict[str, Words]) -> list[list[int]]:
    """Return, for each unit, the criteria that can be spoken of, weakest first."""
    truth = act.truth[QUARTERS.index(quarter)]
    relative = truth - truth.mean(axis=0)
    order = []
    for u, unit in enumerate(act.units):
        # The ledger's criterion is left to the ledger, so that no comment contradicts its count.
        used = [(k, c) for k, c, _ in act.criteria_in(quarter) if c.method != "台账计算"]
        spoken = [k for k, c in used if c.name in words and not act.is_inapplicable(quarter, unit, c.name)]
        order.append(sorted(spoken, key=relative[u].__getitem__))
    return order


def comments(act: Activity, quarter: str, words: dict[str, Words], role: str) -> Sheet:
    """Return 点评: for every unit its strongest criterion as 亮点, its weakest as 问题 and 要求."""
    rng = act.rng(42, QUARTERS.index(quarter))
    rows: list[list] = [["单位", "角色", "亮点", "问题", "要求"]]
    for unit, order in zip(act.units, _standing(act, quarter, words), strict=True):
        best, weak, second = (words[act.criteria[k].name] for k in (order[-1], order[0], order[1]))
        a, b, c = (int(n) for n in rng.integers(2, 9, 3))
        bad = weak.bad.format(n=a) + (second.bad.format(n=b) if rng.random() < 0.4 else "")
        rows.append([unit, role, best.good.format(n=c), bad, weak.must.format(n=a)])
    return Sheet("点评", rows)


def tasks(act: Activity, quarter: str, words: dict[str, Words], roles: tuple[str, ...]) -> Sheet:
    """Return 任务清单: what the two weakest criteria demand before the next quarter ends."""
    rng = act.rng(43, QUARTERS.index(quarter))
    rows: list[list] = [["单位", "任务", "完成时限", "责任人"]]
    for u, (unit, order) in enumerate(zip(act.units, _standing(act, quarter, words), strict=True)):
        for j, k in enumerate(order[:2]):
            due = quarter_end(quarter) + dt.timedelta(days=int(rng.integers(3, 9)) * 10)
            must = words[act.criteria[k].name].must.format(n=int(rng.integers(2, 9)))
            rows.append([unit, must, due, roles[(u + j) % len(roles)]])
    return Sheet("任务清单", rows)


def months(act: Activity, quarter: str) -> Sheet:
    """Return 月排名: the points of the monthly inspection, on a scale of 100, best first."""
    q = QUARTERS.index(quarter)
    rng = act.rng(44, q)
    rows: list[list] = [["月份", "单位", "得分"]]
    first = quarter_start(quarter).month
    for month in range(first, first + 3):
        points = 100 * act.truth[q].mean(axis=1) + rng.normal(0, 1.6, len(act.units))
        for u in sorted(range(len(act.units)), key=lambda i: -points[i]):
            rows.append([f"{quarter[:4]}年{month}月", act.units[u], round(float(min(points[u], 99.5)), 1)])
    return Sheet("月排名", rows)


def ballots(act: Activity, quarter: str, voters: dict[str, int]) -> Sheet:
    """Return 等次测评: counts of grades for each unit and group; a grade nobody gave stays blank."""
    q = QUARTERS.index(quarter)
    rng = act.rng(45, q)
    rows: list[list] = [["单位", "指标", "评委组", "好", "较好", "一般", "较差"]]
    for k, criterion, _ in act.criteria_in(quarter, "等次测评"):
        for u, unit in enumerate(act.units):
            best = min(max((act.truth[q, u, k] - 0.55) / 0.45, 0.05), 0.95)
            for group, count in voters.items():
                shares = [best, (1 - best) * 0.72, (1 - best) * 0.23, (1 - best) * 0.05]
                counts = [int(n) for n in rng.multinomial(count, shares)]
                rows.append([unit, criterion.name, group, *(n or None for n in counts)])
    return Sheet("等次测评", rows)


def entries(act: Activity, quarter: str, given: dict[tuple[str, str], float]) -> Sheet:
    """Return 直接录入: points taken over from other records; `given` holds those fixed for one unit and criterion."""
    q = QUARTERS.index(quarter)
    rows: list[list] = [["单位", "指标", "分值"]]
    for k, criterion, full in act.criteria_in(quarter, "直接录入"):
        for u, unit in enumerate(act.units):
            points = round(float(act.truth[q, u, k]) * full, 2)
            rows.append([unit, criterion.name, given.get((unit, criterion.name), points)])
    return Sheet("直接录入", rows)
