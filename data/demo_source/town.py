"""demo-town: twenty villages seen one by one, five themes, leaders and the other secretaries as raters."""

from __future__ import annotations

from pathlib import Path

from .books import closing_sheets, office_book, opening_sheets
from .common import QUARTERS, Activity, Correction, Criterion, leaders_of, panel
from .forms import long_sheet, matrix_sheets, rater_sheet, wide_sheet
from .ledgers import commitments, findings, phrases
from .remarks import comments, entries, months, tasks
from .writers import write_csv, write_xls, write_xlsx

NAMES = "蒲笙 菱歌 荻月 茶烟 槲影 鹭眠 芡雨 萤渚 蓑岚 椒屿 苔阶 榴照 篱晚 瓜笛 稻吟 薜墙 笋雷 葵倾 鸢坡 蛙鼓"
UNITS = tuple(f"{name}村" for name in NAMES.split())
OFFICE_QUARTER = "2021Q3"
LEADERS, SECRETARIES = "班子成员", "村党支部书记"
SERVICE, STARS, CLEAN, YARDS, SAFE = "我为群众办实事", "五星支部创建", "人居环境集中整治", "美丽庭院", "无疫村"

CRITERIA = (
    Criterion("办实事项目完成率", 12, "亮承诺", SERVICE, 0.84, "台账计算", note="按承诺台账计算"),
    Criterion("群众满意度走访", 8, "亮承诺", SERVICE, 0.83),
    Criterion("组织生活规范", 8, "赛实绩", STARS, 0.85),
    Criterion("党员先锋作用", 6, "比干劲", STARS, 0.81),
    Criterion("支部书记述职", 8, "比干劲", STARS, 0.84),
    Criterion("垃圾清运与三堆清理", 12, "赛实绩", CLEAN, 0.8),
    Criterion("残垣断壁整治", 8, "赛实绩", CLEAN, 0.78),
    Criterion("日督查得分", 10, "赛实绩", CLEAN, 0.83, "直接录入", note="三个月日督查平均分折算"),
    Criterion("示范庭院创建", 8, "赛实绩", YARDS, 0.77),
    Criterion("庭院长效管护", 6, "比干劲", YARDS, 0.78),
    Criterion("卡点值守与排查", 8, "比干劲", SAFE, 0.87, before=14),
    Criterion("疫苗接种进度", 6, "赛实绩", SAFE, 0.88, "直接录入", before=0, note="2021年第二季度起新增，按接种率折算"),
)

HABITS = {
    "A02": {"favour": {"菱歌村": 0.13}},
    "A04": {"severity": -0.08},
    "A06": {"spread": 0.14},
    "A07": {"severity": 0.065},
    "C03": {"severity": 0.08},
    "C09": {"spread": 0.12},
    "C12": {"flat": 0.25},
    "C15": {"severity": -0.075},
    "C18": {"step": 0.1},
}

# These points bring 槲影村 level with 笋雷村: both publish 84.43 and share a place.
GIVEN = {"2021Q4": {("槲影村", "日督查得分"): 8.35}}

ACTIVITY = Activity(
    seed=2120,
    folder="demo-town",
    name="示例镇逐村观摩评比",
    organiser="示例镇党政办公室",
    how="逐村观摩、集中点评",
    kind="村",
    units=UNITS,
    leaders=leaders_of(UNITS, 8),
    criteria=CRITERIA,
    raters=(
        *panel("A", LEADERS, [f"班子成员{s}" for s in "甲乙丙丁戊己庚辛"], HABITS),
        *panel("C", SECRETARIES, [f"{unit}党支部书记" for unit in UNITS], HABITS, owns=UNITS),
    ),
    rules=dict.fromkeys(QUARTERS, (("回避", "是"), ("加减分上限", "3"))),
    ability={"蒲笙村": 0.055, "萤渚村": 0.05, "蛙鼓村": -0.075, "薜墙村": -0.05, "鸢坡村": -0.06, "稻吟村": 0.03},
    path={
        "鸢坡村": (-0.07, -0.045, -0.02, 0.01, 0.04, 0.07),
        "芡雨村": (-0.04, -0.02, -0.005, 0.01, 0.025, 0.04),
        "篱晚村": (-0.035, -0.02, 0.0, 0.015, 0.025, 0.035),
        "稻吟村": (0.01, 0.01, 0.0, -0.02, -0.05, -0.085),
    },
    absent={
        "2020Q3": {"C07": "请假"},
        "2020Q4": {"A05": "缺席"},
        "2021Q2": {"C20": "缺席"},
        "2021Q3": {"A02": "请假", "C11": "缺席"},
        "2021Q4": {"C05": "缺席"},
    },
    inapplicable=(("椒屿村", "示范庭院创建", "2021Q3"),),
    corrections={
        "2021Q3": (
            Correction("A03", "榴照村", "垃圾清运与三堆清理", 1.5, 10.5, "录入时漏写一位，经核对原始评分表更正"),
        ),
        "2021Q4": (
            Correction("A08", "苔阶村", "支部书记述职", 2.0, 7.0, "录入时串行，经核对原始评分表更正"),
            Correction("C14", "笋雷村", "组织生活规范", 4.0, "缺席", "该评委当时未参加笋雷村观摩"),
        ),
    },
    adjustments={
        "2020Q4": (("萤渚村", 0.5, "承办县级人居环境现场会"),),
        "2021Q1": (("薜墙村", -0.5, "日督查通报问题两次未按期回复"),),
        "2021Q3": (("芡雨村", 0.5, "志愿服务做法获市级媒体报道"), ("稻吟村", -1, "同一问题一季度内三次反弹")),
        "2021Q4": (
            ("鸢坡村", 1, "获评县级美丽庭院示范村"),
            ("稻吟村", -1.5, "限期整改问题逾期未销号"),
            ("蒲笙村", 0.5, "经验做法在全县交流"),
        ),
    },
    vetoes={"2021Q4": (("薜墙村", "发生违规焚烧秸秆，被上级督查通报"),)},
    aliases={"蒲笙村": "蒲笙店", "槲影村": "槲影寨、大槲影"},
)

ITEMS, PROBLEMS, WORDS = phrases("town")
OWNERS = ("村党支部书记", "村委会副主任", "村党支部组织委员", "村网格长")


def build(out: Path) -> None:
    """Write the six workbooks and the rater sheets of demo-town below `out`."""
    act = ACTIVITY
    for quarter in QUARTERS:
        promises = commitments(act, quarter, ITEMS, "办实事项目完成率", OWNERS, named=True, per_quarter=(3, 2, 3, 2))
        seen = findings(act, quarter, PROBLEMS, ("日督查", "观摩", "群众反映"), OWNERS, 1.8)
        remarks, todo = comments(act, quarter, WORDS, "副镇长"), tasks(act, quarter, WORDS, OWNERS)
        points = entries(act, quarter, GIVEN.get(quarter, {}))
        sheets = [
            *opening_sheets(act, quarter),
            points,
            *closing_sheets(act, quarter),
            promises,
            seen,
            remarks,
            months(act, quarter),
            todo,
        ]
        if quarter == OFFICE_QUARTER:
            sheets = office_book(act, quarter, sheets, {})
            _hand_in(out / act.folder / quarter / "评分表", quarter)
        elif quarter == "2021Q1":
            sheets.append(long_sheet(act, quarter))
        elif quarter == "2020Q4":
            sheets += matrix_sheets(act, quarter)
        else:
            sheets.append(wide_sheet(act, quarter, "打分表" if quarter == "2020Q3" else "评分"))
        write_xlsx(out / act.folder / f"{quarter}.xlsx", sheets)


def _hand_in(folder: Path, quarter: str) -> None:
    """Write one sheet per rater: leaders as workbooks, the village offices' older programs as GB18030 text or .xls."""
    for i, rater in enumerate(ACTIVITY.raters):
        leader, named = rater.group == LEADERS, i % 4 != 2
        sheet = rater_sheet(
            ACTIVITY, quarter, rater.code, cell=named, two_rows=i % 2 == 1, column="村别" if i % 3 else "村居"
        )
        stem = f"{'班子' if leader else '村级'}评分表{i + 1:02d}" if named else rater.code
        if leader:
            write_xlsx(folder / f"{stem}.xlsx", [sheet])
        elif i % 9 == 0:
            write_xls(folder / f"{stem}.xls", [sheet])
        else:
            write_csv(folder / f"{stem}.csv", sheet, "utf-8" if i % 9 == 4 else "gb18030")
