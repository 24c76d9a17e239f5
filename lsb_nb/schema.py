"""The vocabulary: sheets, columns and their aliases, and the columns of frames.

Everything here is a name. Nothing here reads, computes or draws.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

FORMAT = 1
"""Format number of workbooks, scenario files and JSON. A newer one is refused, an older one still read."""

MICRO = 1_000_000
"""Marks are kept as whole millionths of a point, so that sums are exact and repeat to the bit."""


class Column(NamedTuple):
    """One column of a sheet: its header in a workbook, its name in a frame, whether it is required, and its kind."""

    header: str
    name: str
    required: bool
    kind: str
    aliases: tuple[str, ...] = ()


class Sheet(NamedTuple):
    """One sheet of a quarter's workbook and the frame it becomes."""

    title: str
    aliases: tuple[str, ...]
    columns: tuple[Column, ...]


UNIT_ALIASES = ("村", "社区", "村/社区", "村(社区)", "村别", "村居", "单位名称")
RATER_ALIASES = ("评委编号", "评委代码")
GROUP_ALIASES = ("评委类别",)
CRITERION_ALIASES = ("指标名称", "评分项目", "考核项目")
FULL_ALIASES = ("标准分", "分值上限")
POINTS_ALIASES = ("得分", "评分", "分数")

_UNIT = Column("单位", "unit", True, "unit", UNIT_ALIASES)
_CRITERION = Column("指标", "criterion", True, "criterion", CRITERION_ALIASES)
_CRITERION_OPTIONAL = _CRITERION._replace(required=False, kind="text")
_RATER = Column("评委", "rater", True, "rater", RATER_ALIASES)
_DUE = Column("完成时限", "due", True, "date", ("完成期限",))
_PERSON = Column("责任人", "person", False, "text")

# kind: text, name, unit, criterion, rater, group, number (signed points), full (positive points), weight,
#       mark, count, date, month, units (、-separated names)
SHEETS: Mapping[str, Sheet] = MappingProxyType(
    {
        "activity": Sheet("活动", (), (Column("项目", "item", True, "text"), Column("内容", "content", True, "text"))),
        "units": Sheet(
            "单位",
            ("村社区", "单位名单"),
            (
                _UNIT._replace(kind="name"),
                Column("类型", "kind", False, "text"),
                Column("包联领导", "leader", False, "text"),
                Column("分组", "area", False, "text"),
                Column("别名", "aliases", False, "names"),
            ),
        ),
        "criteria": Sheet(
            "指标",
            ("评分指标", "考核指标"),
            (
                _CRITERION._replace(kind="name"),
                Column("满分", "full_marks", True, "full", FULL_ALIASES),
                Column("板块", "pillar", False, "text"),
                Column("环节", "segment", False, "text"),
                Column("计分方式", "method", False, "text"),
                Column("权重", "weight", False, "weight"),
                Column("说明", "note", False, "text"),
            ),
        ),
        "rules": Sheet("规则", (), (Column("规则", "rule", True, "text"), Column("取值", "value", True, "text"))),
        "raters": Sheet(
            "评委",
            ("评委名单",),
            (
                _RATER._replace(kind="name"),
                Column("评委组", "group", True, "text", GROUP_ALIASES),
                Column("姓名", "person", False, "text"),
                Column("回避单位", "recused", False, "units"),
            ),
        ),
        "ratings": Sheet(
            "评分",
            ("打分", "打分表"),
            (_RATER, _UNIT, _CRITERION, Column("分值", "mark", True, "mark", POINTS_ALIASES)),
        ),
        "ballots": Sheet(
            "等次测评",
            ("测评",),
            (
                _UNIT,
                _CRITERION,
                Column("评委组", "group", True, "group", GROUP_ALIASES),
                Column("好", "good", True, "count"),
                Column("较好", "fairly_good", True, "count"),
                Column("一般", "fair", True, "count"),
                Column("较差", "poor", True, "count"),
            ),
        ),
        "entries": Sheet("直接录入", (), (_UNIT, _CRITERION, Column("分值", "mark", True, "mark", POINTS_ALIASES))),
        "adjustments": Sheet(
            "加减分",
            (),
            (_UNIT, Column("分值", "points", True, "number", POINTS_ALIASES), Column("事由", "reason", True, "text")),
        ),
        "vetoes": Sheet("一票否决", (), (_UNIT, Column("事由", "reason", True, "text"))),
        "corrections": Sheet(
            "更正",
            (),
            (
                _RATER,
                _UNIT,
                _CRITERION,
                Column("更正为", "becomes", True, "mark"),
                Column("理由", "reason", True, "text"),
                Column("经办", "handler", True, "text"),
            ),
        ),
        "commitments": Sheet(
            "承诺台账",
            ("承诺事项",),
            (
                Column("编号", "number", True, "text"),
                _UNIT,
                Column("承诺事项", "commitment", True, "text"),
                _DUE,
                Column("完成情况", "state", True, "text"),
                _CRITERION_OPTIONAL,
                Column("类别", "category", False, "text"),
                _PERSON,
                Column("进展", "progress", False, "text"),
                Column("佐证", "evidence", False, "text"),
            ),
        ),
        "findings": Sheet(
            "问题台账",
            ("问题整改台账",),
            (
                Column("编号", "number", True, "text"),
                _UNIT,
                Column("问题描述", "finding", True, "text"),
                Column("发现日期", "found", True, "date"),
                Column("整改时限", "due", True, "date", ("整改期限",)),
                Column("类别", "category", False, "text"),
                Column("来源", "source", False, "text"),
                _CRITERION_OPTIONAL,
                Column("点位", "place", False, "text"),
                Column("整改措施", "measure", False, "text"),
                _PERSON,
                Column("状态", "state", False, "text"),
                Column("销号日期", "closed", False, "date"),
                Column("复发日期", "recurred", False, "date"),
            ),
        ),
        "comments": Sheet(
            "点评",
            ("点评记录",),
            (
                _UNIT,
                Column("角色", "role", True, "text"),
                Column("点评人", "person", False, "text"),
                Column("亮点", "highlights", False, "text"),
                Column("问题", "problems", False, "text"),
                Column("要求", "requirements", False, "text"),
            ),
        ),
        "photos": Sheet(
            "照片",
            (),
            (
                _UNIT,
                Column("点位", "place", True, "text"),
                Column("阶段", "stage", True, "text"),
                Column("文件", "file", True, "text"),
                Column("拍摄日期", "taken", False, "date"),
            ),
        ),
        "monthly": Sheet(
            "月排名",
            (),
            (
                Column("月份", "month", True, "month"),
                _UNIT,
                Column("得分", "points", True, "number", ("分值", "评分", "分数")),
            ),
        ),
        "tasks": Sheet("任务清单", (), (_UNIT, Column("任务", "task", True, "text"), _DUE, _PERSON)),
    }
)
"""Frame name -> sheet. Order is the order in which blank workbooks are written."""

METHODS = ("评委打分", "等次测评", "台账计算", "直接录入", "进步计算")
"""计分方式, the default first."""

GRADES = MappingProxyType({"好": "good", "较好": "fairly_good", "一般": "fair", "较差": "poor"})
COMMITMENT_STATES = ("已完成", "推进中", "未启动", "滞后")
CLOSED = ("已销号", "销号", "已整改", "已完成", "已办结", "完成")
"""States of a finding that mean closed where the date of closing is not given."""
STAGES = ("整治前", "整治中", "整治后")
STATES = ("mark", "missing", "blank", "not_applicable")
"""What a source cell of a score says. Only `mark` carries a number."""

DEFAULT_PILLAR = "总分"
DEFAULT_GROUP = "评委"

GAP_PARTS = MappingProxyType(
    {"weights": "权重差异", "adjustment": "加减分", "rest": "其余", "ahead": "高于对照", "total": "合计"}
)
"""Parts of a gap that are no criterion, by the `kind` of their rows."""

PROBLEM_COLUMNS = ("severity", "quarter", "file", "sheet", "cell", "value", "reason", "hint")
"""Columns of a frame of problems; severity is `error` or `warning`."""

SOURCE_COLUMNS = ("quarter", "file", "sha256", "bytes")
WHERE = ("file", "sheet", "cell")
"""Where a row came from: file name relative to the activity's folder, sheet title, cell such as ``D7``."""


def frame_columns(name: str) -> list[str]:
    """List the columns of one frame of `Records`.

    Parameters
    ----------
    name : str
        A key of `SHEETS`.

    Returns
    -------
    list of str
        ``quarter``, the sheet's columns by their frame names, then ``file, sheet, cell``. Score sheets
        (``ratings``, ``entries``, ``corrections``) carry ``state`` after the mark. In ``photos``, ``file`` is the
        picture's path within the activity's folder.
    """
    names = ["quarter", *(column.name for column in SHEETS[name].columns)]
    if name in ("ratings", "entries", "corrections"):
        names.append("state")
    return list(dict.fromkeys([*names, *WHERE]))
