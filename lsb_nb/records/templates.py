"""Blank workbooks and rater sheets to hand out: drop-downs and limits inside, read back as they were filled in."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from lsb_nb.i18n import _
from lsb_nb.quarters import last_day
from lsb_nb.rules import RULES, split_list
from lsb_nb.schema import COMMITMENT_STATES, DEFAULT_GROUP, FORMAT, METHODS, MICRO, SHEETS, STAGES
from lsb_nb.text import fold, key, parse_decimal

if TYPE_CHECKING:
    import pandas as pd

ROWS = 500
"""How far down drop-downs and limits reach."""

_ALLOWED_WORDS = ("缺席", "弃权", "回避", "请假", "不适用")
_FORBIDDEN = re.compile(r'[\\/:*?"<>|\[\]\x00-\x1f]')
_CHOICES: dict[str, Sequence[str]] = {
    "回避": ("是", "否"),
    "全同分票作废": ("是", "否"),
    "公布末位": ("是", "否"),
    "去极值口径": ("逐项", "整张"),
    "标准化方法": ("满分", "极差", "标准分", "位次分"),
    "不适用指标": ("重新分配", "计满分"),
    "合成方法": ("算术", "几何", "调和"),
}


class Plan(NamedTuple):
    """What the blank files are made for; `units`, `criteria`, `raters` and `rules` are rows of their sheets."""

    activity: list[tuple[str, str]]
    units: list[dict[str, Any]]
    criteria: list[dict[str, Any]]
    raters: list[dict[str, Any]]
    rules: list[tuple[str, str]]


def write_templates(
    folder: str | os.PathLike[str],
    quarter: str,
    *,
    like: str | os.PathLike[str] | None = None,
    units: str | None = None,
    criteria: str | None = None,
    raters: str | None = None,
) -> list[Path]:
    """Write a blank workbook of one quarter and a blank rater sheet per rater.

    Parameters
    ----------
    folder : path
        The activity's folder; made when missing.
    quarter : str
        Code such as ``2022Q1``.
    like : path, optional
        A quarter's workbook whose units, criteria, raters and rules are taken over.
    units : str, optional
        、-separated names, or the path of a text file with one name a line.
    criteria : str, optional
        、-separated ``指标=满分`` or ``板块/指标=满分``, or such a text file.
    raters : str, optional
        、-separated ``评委`` or ``评委组/评委``, or such a text file; five raters when left out.

    Returns
    -------
    list of pathlib.Path
        The files written, the workbook first.

    Raises
    ------
    ValueError
        If units or criteria are missing, repeated, or cannot be read.
    FileExistsError
        If one of the files is there already; then none is written.
    """
    plan = _plan(like, units, criteria, raters)
    place = Path(folder)
    workbook = place / f"{quarter}.xlsx"
    scored = [row for row in plan.criteria if key(row["method"] or METHODS[0]) == METHODS[0]]
    sheets = [place / quarter / "评分表" / f"{row['rater']}.xlsx" for row in plan.raters] if scored else []
    for path in [workbook, *sheets]:
        if path.exists():
            raise FileExistsError(_("{path} 已存在，未改动；请换一个文件夹或季度").format(path=path))
    _save(workbook, lambda book: _fill_workbook(book, plan, quarter))
    for row, path in zip(plan.raters, sheets, strict=False):
        _save(path, lambda book, row=row: _fill_rater_sheet(book, plan, scored, row["rater"], quarter))
    return [workbook, *sheets]


def _plan(like: Any, units: str | None, criteria: str | None, raters: str | None) -> Plan:
    activity = [("活动名称", ""), ("组织单位", ""), ("评比方式", ""), ("日期", "")]
    unit_rows: list[dict[str, Any]] = []
    criterion_rows: list[dict[str, Any]] = []
    rater_rows: list[dict[str, Any]] = []
    rules = [(name, _rule_text(rule.default)) for name, rule in RULES.items() if rule.default not in (None, {})]
    if like is not None:
        from lsb_nb.records.load import load_quarter

        records = load_quarter(like)
        kept = ("活动名称", "组织单位", "评比方式")
        content = dict(zip(records.activity["item"], records.activity["content"], strict=True))
        activity = [(name, str(content.get(name) or "")) for name in kept] + [("日期", "")]
        unit_rows = _rows(records.units)
        criterion_rows = _rows(records.criteria)
        rater_rows = _rows(records.raters)
        given = dict(zip(records.rules["rule"], records.rules["value"], strict=True))
        rules = [*((name, text) for name, text in rules if name not in given), *given.items()]
    if units:
        unit_rows = [{"unit": name} for name in _listed(units)]
    if criteria:
        criterion_rows = [_criterion(text) for text in _listed(criteria)]
    if raters:
        rater_rows = [_rater(text) for text in _listed(raters)]
    if not rater_rows:
        rater_rows = [{"rater": f"评委{n}", "group": DEFAULT_GROUP} for n in range(1, 6)]
    if not unit_rows:
        raise ValueError(_("没有单位：用 --units 甲村、乙村 列出，或用 --like 沿用一个工作簿"))
    if not criterion_rows:
        raise ValueError(_("没有指标：用 --criteria 人居环境=25、五星支部=20 列出，或用 --like 沿用一个工作簿"))
    for what, names in (
        (_("单位"), [row["unit"] for row in unit_rows]),
        (_("指标"), [row["criterion"] for row in criterion_rows]),
        (_("评委"), [row["rater"] for row in rater_rows]),
    ):
        keys = [key(name) for name in names]
        if repeated := [name for name, own in zip(names, keys, strict=True) if keys.count(own) > 1]:
            raise ValueError(_("{what}“{name}”重复").format(what=what, name=repeated[0]))
    if bad := [row["rater"] for row in rater_rows if _FORBIDDEN.search(row["rater"])]:
        raise ValueError(_("评委“{name}”含有文件名不允许的字符").format(name=bad[0]))
    blank: dict[str, Any] = {"method": None, "pillar": None, "segment": None}
    return Plan(activity, unit_rows, [blank | row for row in criterion_rows], rater_rows, rules)


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


def _listed(text: str) -> list[str]:
    file = Path(text)
    try:
        is_file = file.is_file()
    except OSError:
        is_file = False
    if is_file:
        return [line for line in map(fold, file.read_text(encoding="utf-8-sig").splitlines()) if line]
    return split_list(text)


def _criterion(text: str) -> dict[str, Any]:
    match = re.fullmatch(r"(?:([^/=:]+)/)?([^/=:]+)[=:]([^=:]+)", fold(text))
    if match is None:
        raise ValueError(_("“{text}”应写作 指标=满分，或 板块/指标=满分").format(text=text))
    full = parse_decimal(match[3])
    if full <= 0:
        raise ValueError(_("“{text}”的满分应大于 0").format(text=text))
    pillar = fold(match[1]) if match[1] else None
    return {"criterion": fold(match[2]), "pillar": pillar, "full_marks": int(full * MICRO), "method": METHODS[0]}


def _rater(text: str) -> dict[str, Any]:
    group, slash, name = fold(text).rpartition("/")
    return {"rater": fold(name), "group": fold(group) if slash else DEFAULT_GROUP}


def _rule_text(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if value == ():
        return "并列"
    pairs = value.items() if hasattr(value, "items") else value if isinstance(value, tuple) else None
    if pairs is None:
        return _plain(value)
    return "、".join(f"{name}={_plain(number)}" for name, number in pairs)


def _plain(value: Any) -> str:
    return f"{float(value):g}" if isinstance(value, Fraction) else str(value)


def _points(full_marks: Any) -> float | int:
    points = Fraction(int(full_marks), MICRO)
    return int(points) if points.denominator == 1 else float(points)


def _save(path: Path, fill: Any) -> None:
    """Write a workbook beside its place and rename it, so that no half a file is ever seen."""
    import xlsxwriter

    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix="~$", suffix=".xlsx")
    os.close(handle)
    try:
        options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        with xlsxwriter.Workbook(temporary, options) as book:
            fill(book)
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _fill_workbook(book: Any, plan: Plan, quarter: str) -> None:
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "vcenter"})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    rows: dict[str, list[list[Any]]] = {
        "activity": [[name, text] for name, text in plan.activity[:2]]
        + [["季度", quarter], *([name, text] for name, text in plan.activity[2:]), ["格式版本", FORMAT]],
        "units": [[row.get(c.name) for c in SHEETS["units"].columns] for row in plan.units],
        "criteria": [[row.get(c.name) for c in SHEETS["criteria"].columns] for row in plan.criteria],
        "rules": [list(pair) for pair in plan.rules],
        "raters": [[row.get(c.name) for c in SHEETS["raters"].columns] for row in plan.raters],
    }
    has_ballots = any(row["method"] == "等次测评" for row in plan.criteria)
    has_entries = any(row["method"] == "直接录入" for row in plan.criteria)
    skip = {"ratings"} | (set() if has_ballots else {"ballots"}) | (set() if has_entries else {"entries"})
    for name, sheet in SHEETS.items():
        if name in skip:
            continue
        page = book.add_worksheet(sheet.title)
        page.freeze_panes(1, 0)
        for column, spec in enumerate(sheet.columns):
            page.write_string(0, column, spec.header, head)
            page.set_column(column, column, 14 if spec.kind in ("date", "number", "mark", "count") else 20)
            for line, values in enumerate(rows.get(name, []), start=1):
                _write(page, line, column, values[column], spec.name)
            _limit(page, column, spec.name, spec.kind, plan, day, quarter)
    rules = book.get_worksheet_by_name("规则")
    for line, (name, _text) in enumerate(plan.rules, start=1):
        if name in _CHOICES:
            rules.data_validation(line, 1, line, 1, {"validate": "list", "source": list(_CHOICES[name])})


def _write(page: Any, line: int, column: int, value: Any, name: str) -> None:
    if value is None or value != value:
        return
    if name == "full_marks":
        page.write_number(line, column, _points(value))
    elif isinstance(value, int):
        page.write_number(line, column, value)
    elif isinstance(value, tuple | list):
        page.write_string(line, column, "、".join(map(str, value)))
    else:
        page.write_string(line, column, str(value))


def _limit(page: Any, column: int, name: str, kind: str, plan: Plan, day: Any, quarter: str) -> None:
    def lists(title: str, count: int) -> dict[str, Any]:
        return {"validate": "list", "source": f"='{title}'!$A$2:$A${count + 1}", "error_title": _("请从列表中选择")}

    rule: dict[str, Any] | None = None
    if kind == "unit":
        rule = lists("单位", len(plan.units))
    elif kind == "criterion":
        rule = lists("指标", len(plan.criteria))
    elif kind == "rater":
        rule = lists("评委", len(plan.raters))
    elif kind == "group":
        groups = list(dict.fromkeys(str(row["group"]) for row in plan.raters))
        rule = {"validate": "list", "source": groups} if len(",".join(groups)) < 250 else None
    elif kind == "count":
        rule = {"validate": "integer", "criteria": ">=", "value": 0, "error_message": _("填不小于 0 的整数")}
    elif kind == "date":
        page.set_column(column, column, 14, day)
        start = last_day(quarter).replace(year=last_day(quarter).year - 5)
        rule = {"validate": "date", "criteria": ">=", "value": start, "error_message": _("填日期，如 2021-12-31")}
    elif kind == "full":
        rule = {"validate": "decimal", "criteria": ">", "value": 0, "error_message": _("填大于 0 的数")}
    elif name == "method":
        rule = {"validate": "list", "source": list(METHODS)}
    elif (name, kind) == ("state", "text") and page.get_name() == "承诺台账":
        rule = {"validate": "list", "source": list(COMMITMENT_STATES)}
    elif name == "stage":
        rule = {"validate": "list", "source": list(STAGES)}
    if rule is not None:
        page.data_validation(1, column, ROWS, column, rule)


def _fill_rater_sheet(book: Any, plan: Plan, scored: list[dict[str, Any]], rater: str, quarter: str) -> None:
    from xlsxwriter.utility import xl_rowcol_to_cell

    title = book.add_format({"bold": True, "font_size": 14})
    head = book.add_format({"bold": True, "border": 1, "text_wrap": True, "align": "center", "valign": "vcenter"})
    cell = book.add_format({"border": 1, "align": "center"})
    page = book.add_worksheet("打分表")
    page.write_string(0, 0, f"{quarter} {_('评委打分表')}", title)
    page.write_string(1, 0, f"评委：{rater}")
    page.write_string(2, 0, "单位", head)
    page.set_column(0, 0, 18)
    page.set_column(1, len(scored), 14)
    page.freeze_panes(3, 1)
    for column, row in enumerate(scored, start=1):
        points = _points(row["full_marks"])
        page.write_string(2, column, f"{row['criterion']}（{points:g}分）", head)
        first = xl_rowcol_to_cell(3, column)
        words = ",".join(f'{first}="{word}"' for word in _ALLOWED_WORDS)
        page.data_validation(
            3,
            column,
            2 + len(plan.units),
            column,
            {
                "validate": "custom",
                "value": f"=OR(AND(ISNUMBER({first}),{first}>=0,{first}<={points}),{words})",
                "input_message": _("0 至 {full} 分；缺席、回避、不适用照写").format(full=f"{points:g}"),
                "error_message": _("填 0 至 {full} 的数，或 缺席、弃权、回避、请假、不适用").format(full=f"{points:g}"),
            },
        )
    for line, row in enumerate(plan.units, start=3):
        page.write_string(line, 0, str(row["unit"]), cell)
        for column in range(1, len(scored) + 1):
            page.write_blank(line, column, None, cell)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.repeat_rows(2)
