"""The forms marks come in: long, wide, one sheet per criterion, one file per rater; tidy or as offices write."""

from __future__ import annotations

import datetime as dt

import numpy as np

from .common import Activity, Criterion
from .writers import Sheet

FULL_WIDTH = str.maketrans("0123456789.", "０１２３４５６７８９．")
TITLE_WORDS = {
    "单位": "村别",
    "指标": "考核项目",
    "满分": "标准分",
    "分值": "得分",
    "完成时限": "完成期限",
    "整改时限": "整改期限",
}


def office_unit(unit: str, kind: str, form: int) -> str:
    """Return one of the ways offices write a unit's name."""
    stem = unit.removesuffix(kind)
    if kind == "社区":
        forms = (unit, stem + "社区居委会", stem, stem[0] + " " + stem[1:] + "社区", stem + "社区党委")
    else:
        forms = (unit, stem + "村委会", stem + "村民委员会", stem[0] + "　" + stem[1:] + "村", unit + "村委会", stem)
    return forms[form % len(forms)]


def office_mark(value: float | str | None, rng: np.random.Generator) -> float | str | None:
    """Return a mark as it may stand in an office's table: ８．５, 8.5分, with spaces, as text."""
    chance = rng.random()
    if value is None or isinstance(value, str):
        return value
    text = f"{value:g}"
    if chance < 0.03:
        return text.translate(FULL_WIDTH)
    if chance < 0.06:
        return text + "分"
    if chance < 0.075:
        return f" {text} "
    if chance < 0.08:
        return text.replace(".", " .")
    return text if chance < 0.10 else value


def office_date(day: dt.date, form: int) -> dt.date | str | int:
    """Return one of the forms in which a date is typed; month ends may be named by their month."""
    month_end = (day + dt.timedelta(days=1)).day == 1
    if month_end and form % 3 == 0:
        return (f"{day.year}年{day.month}月", f"{day.year}-{day.month:02d}", f"{day.month}月底")[form // 3 % 3]
    forms = (
        day,
        f"{day.year}-{day.month}-{day.day}",
        f"{day.year}.{day.month}.{day.day}",
        day,
        f"{day.year}年{day.month}月{day.day}日",
        f"{day:%Y%m%d}",
        (day - dt.date(1899, 12, 30)).days,
        f"{day.year}/{day.month}/{day.day}",
    )
    return forms[form % len(forms)]


def noted(criterion: Criterion, full: float, form: int) -> str:
    """Return a criterion's heading with its full marks, in one of the usual forms."""
    name, mark = criterion.name, f"{full:g}"
    cut = len(name) // 2
    forms = (
        f"{name}（{mark}分）",
        f"{name}\n（{mark}分）",
        f"{name[:cut]}\n{name[cut:]}({mark})",
        f"{name}（满分{mark}分）",
    )
    return forms[form % 4]


def long_sheet(act: Activity, quarter: str, name: str = "评分") -> Sheet:
    """Return one row per mark; blank marks of absent raters are not listed."""
    marks, rows = act.marks(quarter), [["评委", "单位", "指标", "分值"]]
    for r, rater in enumerate(act.raters):
        for u, unit in enumerate(act.units):
            for k, criterion, _ in act.criteria_in(quarter, "评委打分"):
                if marks[r, u, k] is not None:
                    rows.append([rater.code, unit, criterion.name, marks[r, u, k]])
    return Sheet(name, rows)


def wide_sheet(act: Activity, quarter: str, name: str = "评分") -> Sheet:
    """Return one row per rater and unit, one column per criterion."""
    marks, used = act.marks(quarter), act.criteria_in(quarter, "评委打分")
    rows: list[list] = [["评委", "单位", *(c.name for _, c, _ in used)]]
    for r, rater in enumerate(act.raters):
        rows += [[rater.code, unit, *(marks[r, u, k] for k, _, _ in used)] for u, unit in enumerate(act.units)]
    return Sheet(name, rows)


def matrix_sheets(act: Activity, quarter: str) -> list[Sheet]:
    """Return one sheet per criterion: rows are units, columns are raters."""
    marks, sheets = act.marks(quarter), []
    for k, criterion, _ in act.criteria_in(quarter, "评委打分"):
        rows: list[list] = [["单位", *(r.code for r in act.raters), "备注"]]
        rows += [[unit, *marks[:, u, k], None] for u, unit in enumerate(act.units)]
        sheets.append(Sheet(f"评分·{criterion.name}", rows))
    return sheets


def _two_row_head(used: list, left: list[str], right: list[str], top: int) -> tuple[list[list], list[tuple]]:
    first: list = [*left, *(None for _ in used), *right]
    second: list = [None] * len(left) + [noted(c, full, k) for k, c, full in used] + [None] * len(right)
    merges = [(top, c, top + 1, c) for c in (*range(len(left)), *range(len(left) + len(used), len(first)))]
    start = 0
    for i in range(1, len(used) + 1):
        if i == len(used) or used[i][1].segment != used[start][1].segment:
            first[len(left) + start] = used[start][1].segment
            if i - start > 1:
                merges.append((top, len(left) + start, top, len(left) + i - 1))
            start = i
    return [first, second], merges


def _total(values: list) -> float | None:
    numbers = [v for v in values if isinstance(v, float)]
    return round(sum(numbers), 2) if numbers else None


def _mean(values: list) -> float | None:
    numbers = [v for v in values if isinstance(v, float)]
    return round(sum(numbers) / len(numbers), 2) if numbers else None


def office_wide(act: Activity, quarter: str, group: str, name: str, title: str) -> Sheet:
    """Return a wide sheet of one group as offices write it: title, two-row header, merged raters, total rows."""
    marks, used, rng = act.marks(quarter), act.criteria_in(quarter, "评委打分"), act.rng(30)
    head, merges = _two_row_head(used, ["序号", "评委编号", "村（社区）"], ["合计", "备注"], 1)
    rows: list[list] = [[title], *head]
    width = len(head[0])
    merges.append((0, 0, 0, width - 1))
    for r, rater in enumerate(act.raters):
        if rater.group != group:
            continue
        start = len(rows)
        for u, unit in enumerate(act.units):
            values = [marks[r, u, k] for k, _, _ in used]
            shown = [office_mark(v, rng) for v in values]
            left = [u + 1, rater.code if u == 0 else None, office_unit(unit, act.kind, r + u)]
            rows.append([*left, *shown, _total(values), None])
        rows.append([None, None, "平均分", *(_mean(list(marks[r, :, k])) for k, _, _ in used), None, None])
        merges.append((start, 1, len(rows) - 1, 1))
    rows.append(["说明：去掉一个最高分和一个最低分，由计分程序统一处理。"])
    return Sheet(name, rows, merges, head=2)


def rater_sheet(act: Activity, quarter: str, code: str, *, cell: bool, two_rows: bool, column: str = "单位") -> Sheet:
    """Return the sheet one rater handed in.

    Parameters
    ----------
    cell : bool
        Whether a cell names the rater; else the file's stem does.
    two_rows : bool
        Whether the segments stand over the criteria in a row of their own.
    column : str
        Heading of the column of units.
    """
    r, used = act.rater_number(code), act.criteria_in(quarter, "评委打分")
    marks, rng = act.marks(quarter)[r], act.rng(31, r)
    rows: list[list] = [[f"{quarter[:4]}年第{'一二三四'[int(quarter[5]) - 1]}季度观摩评比评分表（示例数据）"]]
    if cell:
        shown = code.translate(FULL_WIDTH).replace("B", "Ｂ") if r % 5 == 0 else code
        rows.append([("评委：", "评委: ", "评 委：")[r % 3] + shown])
    top = len(rows)
    if two_rows:
        head, merges = _two_row_head(used, ["序号", column], ["合计", "备注"], top)
    else:
        head, merges = [["序号", column, *(noted(c, full, k + r) for k, c, full in used), "总分", "签名"]], []
    rows += head
    merges.append((0, 0, 0, len(head[0]) - 1))
    order = rng.permutation(len(act.units)) if r % 3 == 0 else np.arange(len(act.units))
    for i, u in enumerate(order):
        values = [marks[u, k] for k, _, _ in used]
        shown = [office_mark(v, rng) for v in values]
        rows.append([i + 1, office_unit(act.units[u], act.kind, r + int(u)), *shown, _total(values), None])
    rows.append([None, "平均分", *(_mean(list(marks[:, k])) for k, _, _ in used), None, None])
    rows.append(["备注：每项得分不超过标准分，可保留一位小数。"])
    return Sheet("评分表", rows, merges, head=top + len(head) - 1)


def dress(sheet: Sheet, title: str, *, words: dict[str, str] | None = None, dates: tuple[str, ...] = ()) -> Sheet:
    """Return a tidy sheet as an office would hand it in: title rows, other headings, 序号 and 备注, typed dates."""
    words = TITLE_WORDS if words is None else words
    head, body = sheet.rows[0], sheet.rows[1:]
    at = {c for c, name in enumerate(head) if name in dates}
    rows: list[list] = [[title], ["（示例数据，地名、人物、分数均为虚构）"]]
    rows.append(["序号", *(words.get(h, h) for h in head), "备注"])
    for i, row in enumerate(body):
        cells = [office_date(v, i + c) if c in at and isinstance(v, dt.date) else v for c, v in enumerate(row)]
        # A total row must begin with its word, or it would be read as data.
        rows.append([None if row[0] == "合计" else i + 1, *cells, None])
    merges = [(0, 0, 0, len(head) + 1), *((r0 + 2, c0 + 1, r1 + 2, c1 + 1) for r0, c0, r1, c1 in sheet.merges)]
    return Sheet(sheet.name, rows, merges, head=2)
