"""Blank workbooks and rater sheets to hand out: drop-downs and limits inside, read back as they were filled in."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from lsb_nb.i18n import _
from lsb_nb.quarters import last_day
from lsb_nb.records.limits import points_text
from lsb_nb.records.template_plan import Plan, make_plan
from lsb_nb.schema import COMMITMENT_STATES, FORMAT, METHODS, MICRO, SHEETS, STAGES
from lsb_nb.swap import replacing
from lsb_nb.text import key

ROWS = 500
"""How far down drop-downs and limits reach."""

_ALLOWED_WORDS = ("缺席", "弃权", "回避", "请假", "不适用")
_CHOICES: dict[str, Sequence[str]] = {
    "回避": ("是", "否"),
    "全同分票作废": ("是", "否"),
    "公布末位": ("是", "否"),
    "去极值口径": ("逐项", "整张"),
    "标准化方法": ("满分", "极差", "标准分", "位次分"),
    "不适用指标": ("重新分配", "计满分"),
    "合成方法": ("算术", "几何", "调和"),
}


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
        、-separated ``指标=满分`` or ``板块/指标=满分``, or such a text file; a 计分方式 other than 评委打分 follows
        in brackets, as in ``群众测评=20（等次测评）``.
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
    plan = make_plan(like, units, criteria, raters)
    place = Path(folder)
    workbook = place / f"{quarter}.xlsx"
    scored = [row for row in plan.criteria if key(row["method"] or METHODS[0]) == METHODS[0]]
    sheets = [place / quarter / "评分表" / f"{row['rater']}.xlsx" for row in plan.raters] if scored else []
    fills: list[Any] = [lambda book: _fill_workbook(book, plan, quarter)]
    fills += [lambda book, row=row: _fill_rater_sheet(book, plan, scored, row["rater"], quarter) for row in plan.raters]
    paths = [workbook, *sheets]
    made = [folder for folder in (workbook.parent / quarter / "评分表", place / quarter, place) if not folder.exists()]
    written: list[Path] = []
    try:
        for path in paths:
            if os.path.lexists(path):
                raise FileExistsError(errno.EEXIST, "File exists", str(path))
        for path, fill in zip(paths, fills, strict=False):
            _save(path, fill)
            written.append(path)
    except BaseException as error:
        for path in written:
            path.unlink(missing_ok=True)
        for folder in made:
            with contextlib.suppress(OSError):
                folder.rmdir()
        if isinstance(error, FileExistsError) and error.filename:
            reason = _("{path} 已存在，未改动；请换一个文件夹或季度")
            raise FileExistsError(reason.format(path=error.filename)) from None
        raise
    return paths


def _points(full_marks: Any) -> float | int:
    points = Fraction(int(full_marks), MICRO)
    return int(points) if points.denominator == 1 else float(points)


def _save(path: Path, fill: Any) -> None:
    import xlsxwriter

    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with replacing(path, fresh=True) as stream, xlsxwriter.Workbook(stream, options) as book:
        fill(book)


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
        columns = [spec for spec in sheet.columns if (name, spec.name) != ("commitments", "criterion") or plan.named]
        for column, spec in enumerate(columns):
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
        # A list of words has no way to write a comma or a quotation mark, and no room beyond 255 characters.
        listed = ",".join(groups)
        fits = len(listed) < 250 and listed.count(",") < len(groups) and '"' not in listed
        rule = {"validate": "list", "source": groups} if fits else None
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
        points = points_text(int(row["full_marks"]))
        page.write_string(2, column, f"{row['criterion']}（{points}分）", head)
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
                "input_message": _("0 至 {full} 分；缺席、回避、不适用照写").format(full=points),
                "error_message": _("填 0 至 {full} 的数，或 缺席、弃权、回避、请假、不适用").format(full=points),
            },
        )
    for line, row in enumerate(plan.units, start=3):
        page.write_string(line, 0, str(row["unit"]), cell)
        for column in range(1, len(scored) + 1):
            page.write_blank(line, column, None, cell)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.repeat_rows(2)
