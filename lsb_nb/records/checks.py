"""CHECKS: what the frames of a quarter must agree on, beyond what each cell says by itself."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Callable

import pandas as pd

from lsb_nb.bundles import Records, problem_frame
from lsb_nb.folders import find_inside, is_file
from lsb_nb.i18n import _
from lsb_nb.quarters import parse_quarter
from lsb_nb.records.clean import as_name
from lsb_nb.records.context import Context
from lsb_nb.records.follow_up import check_follow_up
from lsb_nb.records.headers import lone_cells
from lsb_nb.records.ledger import Place, cell_position
from lsb_nb.records.names import find_name
from lsb_nb.records.row_checks import all_rows, check_marks, check_methods, check_repeats, check_words
from lsb_nb.records.sheets import Unread
from lsb_nb.records.silent import check_gaps, check_silent
from lsb_nb.rules import RULES, parse_rule
from lsb_nb.schema import COMMITMENT_STATES, FORMAT, METHODS, SHEETS, STAGES
from lsb_nb.scheme_sheets import build_scheme, lone_faults
from lsb_nb.text import key, parse_decimal

LEAST_GROUP = 3
"""Raters of a group that a group of one, or one that only ballots name, may be a misspelling of."""
ALIKE = 0.6
"""Share of letters that two such names have in common, at least."""
_NUMERALS = re.compile("[0-9一二三四五六七八九十甲乙丙丁a-z]")
Frames = dict[str, pd.DataFrame]


def check_required(frames: Frames, context: Context) -> None:
    """单位, 指标 and one source of scores are there."""
    file = _workbook(context)
    for name in ("units", "criteria"):
        title = SHEETS[name].title
        if name not in context.sheets:
            columns = "、".join(column.header for column in SHEETS[name].columns if column.required)
            reason = _("缺少“{title}”表").format(title=title)
            context.note("error", file, reason, _("补上这张工作表，必需的列：{columns}").format(columns=columns))
        elif name in context.tables and not len(frames[name]) and name not in context.left_out:
            reason = _("“{title}”表没有内容").format(title=title)
            context.note("error", context.sheets[name].place, reason, _("至少填一行"))
    # A sheet handed out and never filled is no source yet.
    filled = [int((frames[name]["state"].astype(object) != "blank").sum()) for name in ("ratings", "entries")]
    sources = [*filled, len(frames["ballots"])]
    ledger = "台账计算" in context.methods and len(frames["commitments"])
    if any(sources) or ledger or any(found.severity == "error" for found in context.found):
        return
    if len(frames["ratings"]) or len(frames["entries"]):
        hint = _("填好分数，再检查一次；缺席的评委写“缺席”")
        context.note("warning", file, _("还没有任何分数：评分表或“直接录入”都是空的"), hint)
    else:
        context.note(
            "error", file, _("没有任何分数来源：没有“评分”“等次测评”“直接录入”，也没有评分表或台账计算"),
            _("至少补上其中一种；评委的表放进 {quarter}/评分表 文件夹").format(quarter=context.quarter),
        )  # fmt: skip


def check_activity_items(frames: Frames, context: Context) -> None:
    """季度 is that of the file's name, 格式版本 one that this program knows, and no such item stands twice."""
    own = context.quarter
    seen: dict[str, str] = {}
    for index, (item, content) in enumerate(
        zip(frames["activity"]["item"], frames["activity"]["content"], strict=True)
    ):
        name = key(item)
        if name in ("季度", "格式版本", "活动名称") and seen.setdefault(name, content) != content:
            context.note_row(
                "activity", index, "item", "error", _("“{item}”出现两次，内容不同").format(item=item), _("只保留一行")
            )
        if name == "季度":
            try:
                told = parse_quarter(content)
            except ValueError as error:
                context.note_row("activity", index, "content", "error", str(error), _("改正季度"))
                continue
            if told != own:
                context.note_row(
                    "activity", index, "content", "error",
                    _("季度是 {told}，文件名却是 {own}").format(told=told, own=own), _("改正季度，或改文件名"),
                )  # fmt: skip
        if name == "格式版本":
            try:
                number = parse_decimal(content)
            except ValueError:
                number = None
            if number is None or number.denominator != 1 or number < 1:
                context.note_row(
                    "activity", index, "content", "error", _("格式版本“{content}”无法识别").format(content=content),
                    _("留空，或填 {n}").format(n=FORMAT),
                )  # fmt: skip
            elif number > FORMAT:
                context.note_row(
                    "activity", index, "content", "error",
                    _("格式版本 {number} 比本程序支持的 {n} 新").format(number=number, n=FORMAT),
                    _("请升级 lsb_nb 后再打开"),
                )  # fmt: skip


def check_scheme(frames: Frames, context: Context) -> None:
    """Weights, pillars, methods and rules can be read (`lsb_nb.scheme.build_scheme`)."""
    records = Records("", context.folder, (context.quarter,), frames, problem_frame([]), problem_frame([]))
    for row in build_scheme(records)[1]:
        place, at = _place_of(context, row["sheet"]), cell_position(row["cell"])
        value = row["value"]
        context.note(
            "error", place, str(row["reason"]), None if row["hint"] is None else str(row["hint"]),
            row=at[0], column=at[1], value=None if value is None else str(value),
        )  # fmt: skip
    for left, values in context.left_out.get("criteria", ()):
        known = {column: value for column, value in values.items() if value is not Unread}
        for column, reason, hint in lone_faults(known):
            context.note_at("criteria", left, column, "error", reason, hint)


def check_entries(frames: Frames, context: Context) -> None:
    """直接录入 lies within [0, full marks], once for each unit and criterion."""
    check_marks("entries", "mark", frames, context)
    check_methods("entries", "mark", METHODS[3], frames, context)
    check_repeats("entries", ["unit", "criterion"], "mark", frames, context)


def check_corrections(frames: Frames, context: Context) -> None:
    """更正 lies within [0, full marks] and changes only criteria that raters score."""
    check_marks("corrections", "becomes", frames, context)
    check_methods("corrections", "criterion", METHODS[0], frames, context)


def check_ballots(frames: Frames, context: Context) -> None:
    """等次测评 serves criteria of that method, once for each unit, criterion and group."""
    check_methods("ballots", "criterion", METHODS[1], frames, context)
    check_repeats("ballots", ["unit", "criterion", "group"], "group", frames, context)


def check_groups(frames: Frames, context: Context) -> None:
    """Tell of a 评委组 that may be another one misspelt: it would have a weight of its own."""
    sizes = Counter(group for group in frames["raters"]["group"] if group)
    seen: set[str] = set()
    for name in ("raters", "ballots"):
        for row, (group,) in all_rows(name, ["group"], frames, context) if name in context.tables else ():
            if not group or group in seen or sizes[group] > (1 if name == "raters" else 0):
                continue
            seen.add(group)
            known = [other for other, size in sizes.items() if size >= LEAST_GROUP and _misspelt(group, other)]
            if known:
                reason = _("评委组“{name}”和“{near}”写法相近，单独算一组").format(name=group, near=known[0])
                context.note_at(name, row, "group", "warning", reason, _("如果是同一组，改成一样的写法"))


def _misspelt(group: str, other: str) -> bool:
    """Say whether two names may be one: alike, and not told apart by a number."""
    a, b = (_NUMERALS.sub("", key(name)) for name in (group, other))
    return a != b and difflib.SequenceMatcher(None, a, b).ratio() >= ALIKE


def check_commitments(frames: Frames, context: Context) -> None:
    """完成情况 is one of the four words."""
    check_words("commitments", "state", COMMITMENT_STATES, frames, context)


def check_recusal(frames: Frames, context: Context) -> None:
    """回避单位 has an effect only where the rule 回避 says 是."""
    recused = [index for index, units in enumerate(frames["raters"]["recused"]) if units]
    if recused and not _rule("回避", frames):
        context.note_row(
            "raters", recused[0], "recused", "warning", _("填了回避单位，但规则“回避”为否，没有剔除任何评分"),
            _("要剔除回避单位的评分，在“规则”表写 回避 = 是"),
        )  # fmt: skip


def check_lone_units(frames: Frames, context: Context) -> None:
    """Tell of a unit with nothing beside it: elsewhere a note, in 一票否决 and 加减分 it may be meant otherwise."""
    for name in ("vetoes", "adjustments"):
        if name not in context.tables:
            continue
        sheet, header = context.tables[name]
        if not {"unit", "reason"} <= header.columns.keys():
            continue
        for row, column in lone_cells(sheet, header):
            named = isinstance(find_name(context.units, as_name(sheet.rows[row][column])), int)
            if column != header.columns["unit"] or not (named or name == "vetoes"):
                continue
            if name == "adjustments":
                reason = _("有单位而没有分值和事由，没有加减分")
                hint = _("要加减分的，补填分值和事由；否则删去这一行")
                context.note_cell("warning", sheet, row, column, reason, hint)
            elif named:
                reason, hint = _("“{header}”不能为空").format(header="事由"), _("补填，或删去这一行")
                context.note_cell("error", sheet, row, header.columns["reason"], reason, hint)
            else:
                reason = _("这一行只有一个单元格，不是单位，当作附注，没有否决任何单位")
                context.note_cell("warning", sheet, row, column, reason, _("如果是被否决的单位，改正名称并补填事由"))


def check_photos(frames: Frames, context: Context) -> None:
    """Photos lie inside the activity's folder, exist and, where asked for, open; their stage is one of the three."""
    check_words("photos", "stage", STAGES, frames, context)
    faults = _faults_of_photos()
    for row, (file,) in all_rows("photos", ["file"], frames, context):
        status = _status_of_photo(context, file)
        if status in faults:
            severity, reason, hint = faults[status]
            context.note_at("photos", row, "file", severity, reason, hint)


def check_signatures(_frames: Frames, context: Context) -> None:
    """Note a second rater named on a rater's sheet; only when all are read is it known who is one."""
    for place, rater, first, name, row, column in context.signed:
        other = context.raters.keys.get(key(name))
        if other is not None and other != rater:
            reason = _("这张表写了两名评委：“{a}”和“{b}”").format(a=first, b=name)
            context.note("error", place, reason, _("一张表只写一名评委"), row=row, column=column, value=name)
        elif other is None and context.raters.grows and rater >= 0:
            # whom it names is not told: a report shows warnings, and this may be a person's name
            reason = _("表中还有一格写着评委，按“{name}”计").format(name=context.raters.names[rater])
            hint = _("下方的签名不必改；如果写的是另一名评委，一张表只写一名评委")
            context.note("warning", place, reason, hint, row=row, column=column)


def _faults_of_photos() -> dict[str, tuple[str, str, str]]:
    return {
        "outside": ("error", _("照片不在活动文件夹内"), _("把照片放进活动文件夹，写相对路径，如 照片/东街村-1.jpg")),
        "missing": ("warning", _("找不到照片"), _("检查文件名，或补上照片")),
        "oversized": ("warning", _("照片过大，报告不打开"), _("缩小到 5000 万像素、30 MB 以内，再另存为 JPG")),
        "broken": (
            "warning", _("不是能打开的图片，可能损坏，或只改了扩展名"), _("换一张原图，或用看图软件打开后另存为 JPG"),
        ),
    }  # fmt: skip


def _status_of_photo(context: Context, file: str) -> str:
    path = find_inside(context.folder, file)
    if path is None or not is_file(path):
        return "outside" if path is None else "missing"
    if not context.open_photos:
        return "ok"
    # imported where there is a picture to open: both take time
    from lsb_nb.pictures import inspect_picture

    return inspect_picture(context.folder, file)[0]


def _rule(rule: str, frames: Frames) -> object:
    for name, value in zip(frames["rules"]["rule"], frames["rules"]["value"], strict=True):
        if key(name) == rule:
            try:
                return parse_rule(rule, value)
            except ValueError:
                break
    return RULES[rule].default


def _workbook(context: Context) -> Place:
    return Place(context.quarter, context.file)


def _place_of(context: Context, sheet: object) -> Place:
    for table, _header in context.tables.values():
        if table.place.sheet == sheet:
            return table.place
    return _workbook(context)


CHECKS: dict[str, Callable[[Frames, Context], None]] = {
    "activity": check_activity_items,
    "scheme": check_scheme,
    "entries": check_entries,
    "corrections": check_corrections,
    "ballots": check_ballots,
    "groups": check_groups,
    "commitments": check_commitments,
    "recusal": check_recusal,
    "silent": check_silent,
    "gaps": check_gaps,
    "lone_units": check_lone_units,
    "follow_up": check_follow_up,
    "signatures": check_signatures,
    "photos": check_photos,
    "required": check_required,
}
"""Name -> check: it gets the frames and the context of a quarter and notes what does not agree."""
