"""The sheets that every workbook opens with, and their office dress."""

from __future__ import annotations

from .common import DISCLAIMER, QUARTERS, Activity, quarter_end
from .forms import TITLE_WORDS, dress
from .writers import Sheet

CLERK = "党政办工作人员"
DATES = ("完成时限", "整改时限", "发现日期", "销号日期", "复发日期", "拍摄日期")
OFFICE_NAMES = {
    "单位": "村社区",
    "指标": "考核指标",
    "评委": "评委名单",
    "承诺台账": "承诺事项",
    "问题台账": "问题整改台账",
    "点评": "点评记录",
    "等次测评": "测评",
}


def opening_sheets(act: Activity, quarter: str) -> list[Sheet]:
    """Return 活动, 单位, 指标, 规则 and 评委."""
    q = QUARTERS.index(quarter)
    info = [
        ["项目", "内容"],
        ["活动名称", act.name],
        ["组织单位", act.organiser],
        ["季度", quarter],
        ["评比方式", act.how],
        ["日期", quarter_end(quarter)],
        ["格式版本", 1],
        ["说明", DISCLAIMER],
    ]
    units: list[list] = [["单位", "类型", "包联领导", "分组", "别名"]]
    half = (len(act.units) + 1) // 2
    for i, unit in enumerate(act.units):
        units.append([unit, act.kind, act.leaders[unit], "第一组" if i < half else "第二组", act.aliases.get(unit)])
    criteria: list[list] = [["指标", "满分", "板块", "环节", "计分方式", "说明"]]
    for _, c, full in act.criteria_in(quarter):
        criteria.append([c.name, full, c.pillar, c.segment, c.method, c.note or None])
    raters: list[list] = [["评委", "评委组", "姓名", "回避单位"]]
    raters += [[r.code, r.group, r.role or None, r.own or None] for r in act.raters]
    rules = [["规则", "取值"], *([key, value] for key, value in act.rules[QUARTERS[q]])]
    grids = {"活动": info, "单位": units, "指标": criteria, "规则": rules, "评委": raters}
    return [Sheet(name, rows) for name, rows in grids.items()]


def closing_sheets(act: Activity, quarter: str) -> list[Sheet]:
    """Return 加减分, 一票否决 and 更正, as far as the quarter has any."""
    sheets = []
    if rows := act.adjustments.get(quarter):
        sheets.append(Sheet("加减分", [["单位", "分值", "事由"], *map(list, rows)]))
    if vetoes := act.vetoes.get(quarter):
        sheets.append(Sheet("一票否决", [["单位", "事由"], *map(list, vetoes)]))
    if fixes := act.corrections.get(quarter):
        head = ["评委", "单位", "指标", "更正为", "理由", "经办"]
        sheets.append(Sheet("更正", [head, *([c.rater, c.unit, c.criterion, c.right, c.reason, CLERK] for c in fixes)]))
    return sheets


def office_book(act: Activity, quarter: str, sheets: list[Sheet], words: dict[str, str]) -> list[Sheet]:
    """Return the sheets as an office hands them in; score sheets are dressed by their own functions."""
    out = []
    for sheet in sheets:
        if sheet.name == "规则":
            out.append(sheet)
            continue
        if sheet.name == "指标":
            sheet = _with_total(_merged_down(sheet, (2, 3)))
        if sheet.name == "单位":
            sheet = _merged_down(sheet, (3,))
        title = f"{quarter[:4]}年第{'一二三四'[int(quarter[5]) - 1]}季度观摩评比{sheet.name}"
        dressed = dress(sheet, title, words={**TITLE_WORDS, **words}, dates=DATES)
        out.append(Sheet(OFFICE_NAMES.get(sheet.name, sheet.name), dressed.rows, dressed.merges, dressed.head))
    return out


def _merged_down(sheet: Sheet, columns: tuple[int, ...]) -> Sheet:
    """Merge equal neighbours of the columns downwards; only the first cell of a merged range keeps its value."""
    rows, merges = [list(r) for r in sheet.rows], list(sheet.merges)
    for column in columns:
        start = 1
        for i in range(2, len(rows) + 1):
            if i == len(rows) or sheet.rows[i][column] != sheet.rows[start][column]:
                if i - start > 1:
                    merges.append((start, column, i - 1, column))
                    for r in range(start + 1, i):
                        rows[r][column] = None
                start = i
    return Sheet(sheet.name, rows, merges)


def _with_total(sheet: Sheet) -> Sheet:
    return Sheet(sheet.name, [*sheet.rows, ["合计", sum(r[1] for r in sheet.rows[1:])]], sheet.merges)
