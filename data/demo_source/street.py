"""demo-street: eleven communities, four segments, leaders and department heads."""

from __future__ import annotations

from pathlib import Path

from .books import closing_sheets, office_book, opening_sheets
from .common import QUARTERS, Activity, Correction, Criterion, leaders_of, panel
from .forms import long_sheet, matrix_sheets, office_wide, rater_sheet, wide_sheet
from .ledgers import commitments, findings, phrases
from .remarks import ballots, comments, tasks
from .writers import write_csv, write_xls, write_xlsx

NAMES = "听籁 栖萤 揽蟾 澄漪 漱砂 拾蕖 沐蘅 知鸢 枕苔 映芷 扶荑"
UNITS = tuple(f"{name}社区" for name in NAMES.split())
OFFICE_QUARTER = "2021Q4"
LEADERS, HEADS = "班子成员", "部门负责人"

CRITERIA = (
    Criterion("承诺事项现场兑现", 12, "亮承诺", "实地看", 0.835, note="对照承诺牌逐项查看"),
    Criterion("年度承诺完成率", 15, "亮承诺", "实地看", 0.825, "台账计算", note="按承诺台账计算，推进中计一半"),
    Criterion("集中攻坚任务推进", 14, "赛实绩", "实地看", 0.825, before=20, note="基层党建重点任务集中攻坚"),
    Criterion("小区公共空间治理", 8, "赛实绩", "实地看", 0.805),
    Criterion("常态化疫情防控", 6, "赛实绩", "实地看", 0.865, before=0, note="2021年第二季度起新增"),
    Criterion("书记现场汇报", 12, "比干劲", "台上比", 0.855),
    Criterion("创新举措成效", 8, "比干劲", "台上比", 0.765),
    Criterion("应知应会问答", 8, "比干劲", "随机问", 0.805),
    Criterion("居民知晓与参与", 7, "亮承诺", "随机问", 0.785),
    Criterion("现场民主测评", 10, "赛实绩", "现场评", 0.835, "等次测评", note="好、较好、一般、较差四等"),
)

HABITS = {
    "A02": {"severity": -0.085},
    "A03": {"favour": {"揽蟾社区": 0.13}},
    "A07": {"severity": 0.06},
    "B04": {"spread": 0.15},
    "B09": {"severity": -0.07},
    "B11": {"severity": 0.075},
    "B13": {"flat": 0.2, "step": 1.0},
}

RULES = (
    ("评委组权重", "班子成员=60、部门负责人=40"),
    ("去极值最少评委数", "6"),
    ("去极值口径", "逐项"),
    ("板块权重", "亮承诺=35、赛实绩=40、比干劲=25"),
    ("部分完成计分", "推进中=0.5"),
    ("等次分值", "好=100、较好=80、一般=60、较差=40"),
)

ACTIVITY = Activity(
    seed=2107,
    folder="demo-street",
    name="示例街道“亮承诺、赛实绩、比干劲”季度观摩评比",
    organiser="示例街道党工委办公室",
    how="实地看、台上比、随机问、现场评",
    kind="社区",
    units=UNITS,
    leaders=leaders_of(UNITS, 9),
    criteria=CRITERIA,
    raters=(
        *panel("A", LEADERS, [f"班子成员{s}" for s in "甲乙丙丁戊己庚辛壬"], HABITS),
        *panel("B", HEADS, [""] * 14, HABITS),
    ),
    rules=dict.fromkeys(QUARTERS, RULES),
    ability={"听籁社区": 0.06, "漱砂社区": 0.035, "知鸢社区": -0.06, "扶荑社区": -0.045, "栖萤社区": 0.01},
    path={
        "知鸢社区": (-0.06, -0.035, -0.01, 0.02, 0.05, 0.085),
        "沐蘅社区": (-0.03, -0.015, 0.0, 0.015, 0.03, 0.045),
        "漱砂社区": (0.0, 0.005, 0.01, -0.015, -0.045, -0.075),
    },
    absent={"2020Q4": {"B06": "请假"}, "2021Q2": {"A08": "缺席"}, "2021Q4": {"B14": "缺席"}},
    corrections={
        "2021Q2": (Correction("B05", "枕苔社区", "书记现场汇报", 6.5, 10.5, "录入时抄错一位，经核对原始评分表更正"),),
        "2021Q4": (
            Correction("A05", "映芷社区", "集中攻坚任务推进", 4.5, 12.5, "汇总时抄错，经核对原始评分表更正"),
            Correction("B02", "拾蕖社区", "应知应会问答", 6.0, "缺席", "该评委当时未到随机问答现场"),
        ),
    },
    adjustments={
        # 沐蘅社区 comes level with 澄漪社区: both publish 81.10 and share a place.
        "2020Q3": (("沐蘅社区", 0.1, "工作信息被街道简报采用1篇"),),
        "2020Q4": (("听籁社区", 0.5, "经验材料被区级简报采用"),),
        "2021Q2": (("澄漪社区", -0.5, "重点任务周报两次迟报"),),
        "2021Q4": (("知鸢社区", 1, "获评区级楼院自治示范点"), ("漱砂社区", -1, "信访事项超期未答复")),
    },
    vetoes={"2020Q4": (("枕苔社区", "发生燃气安全事故，被区级挂牌督办"),)},
    aliases={"听籁社区": "听籁里", "沐蘅社区": "沐蘅园、蘅园小区"},
)

ITEMS, PROBLEMS, WORDS = phrases("street")
OWNERS = ("社区党委书记", "社区居委会副主任", "社区网格长", "社区党建专干")


def build(out: Path) -> None:
    """Write the six workbooks and the rater sheets of demo-street below `out`."""
    act = ACTIVITY
    for quarter in QUARTERS:
        promises = commitments(act, quarter, ITEMS, "年度承诺完成率", OWNERS, named=False, per_quarter=(3, 2, 2, 2))
        seen = findings(act, quarter, PROBLEMS, ("观摩", "日督查", "居民反映"), OWNERS, 1.2)
        remarks = comments(act, quarter, WORDS, "包社区领导")
        todo = tasks(act, quarter, WORDS, OWNERS)
        votes = ballots(act, quarter, {LEADERS: 9, HEADS: 14})
        sheets = [*opening_sheets(act, quarter), votes, *closing_sheets(act, quarter), promises, seen, remarks, todo]
        if quarter == OFFICE_QUARTER:
            sheets = office_book(act, quarter, sheets, {"单位": "村（社区）"})
            sheets.append(
                office_wide(act, quarter, LEADERS, "打分表", "示例街道2021年第四季度观摩评比打分汇总（班子成员）")
            )
            _hand_in(out / act.folder / quarter / "评分表", quarter)
        elif quarter in ("2020Q3", "2021Q3"):
            sheets.append(long_sheet(act, quarter, "打分" if quarter == "2021Q3" else "评分"))
        elif quarter == "2021Q1":
            sheets += matrix_sheets(act, quarter)
        else:
            sheets.append(wide_sheet(act, quarter))
        write_xlsx(out / act.folder / f"{quarter}.xlsx", sheets)


def _hand_in(folder: Path, quarter: str) -> None:
    """Write the sheets of the department heads, each in the form that office happened to use."""
    for i, rater in enumerate(r for r in ACTIVITY.raters if r.group == HEADS):
        named = i % 3 != 1
        sheet = rater_sheet(ACTIVITY, quarter, rater.code, cell=named, two_rows=i % 2 == 0, column="村（社区）")
        stem = f"部门评分表{i + 1:02d}" if named else rater.code
        if i % 4 in (0, 1):
            write_csv(folder / f"{stem}.csv", sheet, "utf-8-sig" if i == 5 else "gb18030")
        elif i == 7:
            write_xls(folder / f"{stem}.xls", [sheet])
        else:
            write_xlsx(folder / f"{stem}.xlsx", [sheet])
