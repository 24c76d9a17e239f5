"""demo-sandtable: thirty-six villages before a screen, photographs before, during and after, two rater groups."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from .books import closing_sheets, office_book, opening_sheets
from .common import QUARTERS, STEMS, Activity, Correction, Criterion, leaders_of, panel, quarter_start
from .forms import long_sheet, matrix_sheets, rater_sheet, wide_sheet
from .ledgers import commitments, findings, phrases
from .pictures import SCENES, STAGES, draw
from .remarks import comments, entries, tasks
from .writers import Sheet, write_csv, write_xls, write_xlsx

NAMES = (
    "檐雪 砧月 犁烟 碾霜 筝溪 笛坞 埙坡 磬湾 缶原 铎岭 弦泽 鼓坪 "
    "纨桥 绡渡 绮陂 缟石 绫汀 锦茧 素洄 缃畦 黛峦 赭丘 皓渠 绯圃 "
    "苍蒿 翠筠 玄鹊 缥苔 霁畈 霭塬 霙沟 露梢 飔岗 暾垄 曛堰 晞浦"
)
UNITS = tuple(f"{name}村" for name in NAMES.split())
OFFICE_QUARTER = "2021Q4"
LEADERS, CADRES = "班子成员", "中层干部"
PARTY, CLEAN = "党建工作", "人居环境整治"

CRITERIA = (
    Criterion("年度承诺兑现", 10, "亮承诺", PARTY, 0.82, "台账计算", note="按承诺台账计算"),
    Criterion("承诺公示督办", 5, "亮承诺", PARTY, 0.84),
    Criterion("为民办实事实效", 7, "亮承诺", PARTY, 0.81),
    Criterion("党支部标准化建设", 8, "赛实绩", PARTY, 0.83),
    Criterion("集体经济增收", 7, "赛实绩", PARTY, 0.74, "直接录入", note="按收入增幅折算"),
    Criterion("网格治理服务", 6, "赛实绩", PARTY, 0.82),
    Criterion("党员联户包片", 5, "比干劲", PARTY, 0.79),
    Criterion("书记现场汇报", 8, "比干劲", PARTY, 0.83),
    Criterion("村容村貌变化", 10, "赛实绩", CLEAN, 0.8, before=15, note="对照整治前、整治中、整治后照片"),
    Criterion("坑塘沟渠治理", 6, "赛实绩", CLEAN, 0.76),
    Criterion("户厕改造管护", 6, "赛实绩", CLEAN, 0.79),
    Criterion("垃圾分类收运", 6, "赛实绩", CLEAN, 0.78),
    Criterion("通村道路绿化", 5, "赛实绩", CLEAN, 0.77, before=0, note="2021年第二季度起新增"),
    Criterion("长效管护机制", 6, "比干劲", CLEAN, 0.75),
    Criterion("群众参与整治", 5, "比干劲", CLEAN, 0.78),
)

HABITS = {
    "A02": {"severity": 0.07},
    "A05": {"favour": {"绫汀村": 0.14}},
    "A09": {"severity": -0.09},
    "B04": {"severity": -0.075},
    "B11": {"spread": 0.12},
    "B17": {"severity": 0.08},
    "B22": {"flat": 0.2},
    "B26": {"step": 0.1},
    "B29": {"spread": 0.11},
}

COMMON_RULES = (
    ("评委组权重", "班子成员=30、中层干部=70"),
    ("去极值最少评委数", "6"),
    ("并列处理", "赛实绩、比干劲"),
    ("部分完成计分", "推进中=0.3"),
)

# These points bring 绡渡村 level with 绮陂村: both publish 79.30, and 并列处理 decides between them.
GIVEN = {"2020Q4": {("绡渡村", "集体经济增收"): 5.43}}

ACTIVITY = Activity(
    seed=2136,
    folder="demo-sandtable",
    name="样板镇党建沙盘擂台比武",
    organiser="样板镇党建工作办公室",
    how="党建沙盘演示、书记同步汇报、现场打分",
    kind="村",
    units=UNITS,
    leaders=leaders_of(UNITS, 12),
    criteria=CRITERIA,
    raters=(
        *panel("A", LEADERS, [f"班子成员{s}" for s in STEMS], HABITS),
        *panel("B", CADRES, [""] * 30, HABITS),
    ),
    rules={q: COMMON_RULES + ((("全同分票作废", "是"),) if q >= "2021Q2" else ()) for q in QUARTERS},
    ability={"檐雪村": 0.06, "弦泽村": 0.055, "赭丘村": -0.075, "霙沟村": -0.065, "缶原村": -0.05, "锦茧村": 0.03},
    path={
        "缶原村": (-0.06, -0.03, -0.005, 0.025, 0.05, 0.08),
        "缃畦村": (-0.045, -0.025, -0.01, 0.01, 0.03, 0.045),
        "露梢村": (-0.04, -0.02, -0.005, 0.015, 0.03, 0.05),
        "锦茧村": (0.01, 0.005, 0.0, -0.02, -0.05, -0.08),
    },
    absent={
        "2020Q3": {"B08": "请假"},
        "2020Q4": {"A11": "缺席"},
        "2021Q1": {"B19": "缺席"},
        "2021Q2": {"A07": "请假"},
        "2021Q3": {"B02": "缺席"},
        "2021Q4": {"A10": "缺席", "B15": "请假"},
    },
    inapplicable=(("皓渠村", "户厕改造管护", "2021Q1"),),
    corrections={
        "2021Q1": (Correction("B14", "砧月村", "书记现场汇报", 3.5, 7.5, "录入时认错数字，经核对原始评分表更正"),),
        "2021Q4": (Correction("A01", "暾垄村", "村容村貌变化", 0.5, 8.5, "漏写首位数字，经核对原始评分表更正"),),
    },
    adjustments={
        "2020Q3": (("弦泽村", 0.5, "承办全镇现场推进会"),),
        "2021Q2": (("霙沟村", -0.5, "汇报材料未按时报送"), ("檐雪村", 0.5, "党建案例获县级表彰")),
        "2021Q4": (
            ("缶原村", 1, "人居环境整治经验在全县推广"),
            ("锦茧村", -1, "督查通报问题反弹两次"),
            ("霙沟村", -0.5, "照片资料未按时报送"),
        ),
    },
    vetoes={"2021Q3": (("曛堰村", "发生一般生产安全责任事故"),)},
    aliases={"檐雪村": "檐雪铺", "黛峦村": "小黛峦"},
)

ITEMS, PROBLEMS, WORDS = phrases("sandtable")
OWNERS = ("村党支部书记", "村委会副主任", "村党支部委员", "村网格长")
PICTURED = ("犁烟村", "缶原村", "弦泽村", "锦茧村", "缃畦村", "赭丘村", "露梢村", "晞浦村")
ABSENT_STAGES = {("锦茧村", 1, 2), ("赭丘村", 0, 1), ("赭丘村", 2, 2), ("晞浦村", 1, 0)}


def build(out: Path) -> None:
    """Write the six workbooks, the rater sheets and the pictures of demo-sandtable below `out`."""
    act = ACTIVITY
    for quarter in QUARTERS:
        promises = commitments(act, quarter, ITEMS, "年度承诺兑现", OWNERS, named=True, per_quarter=(3, 2, 2, 2))
        seen = findings(act, quarter, PROBLEMS, ("日督查", "沙盘擂台", "观摩"), OWNERS, 0.9)
        remarks, todo = comments(act, quarter, WORDS, "分包村班子成员"), tasks(act, quarter, WORDS, OWNERS)
        sheets = [
            *opening_sheets(act, quarter),
            entries(act, quarter, GIVEN.get(quarter, {})),
            *closing_sheets(act, quarter),
            promises,
            seen,
            remarks,
            todo,
        ]
        if quarter == OFFICE_QUARTER:
            sheets.append(_photographs(out / act.folder, quarter))
            sheets = office_book(act, quarter, sheets, {})
            _hand_in(out / act.folder / quarter / "评分表", quarter)
        elif quarter == "2020Q3":
            sheets.append(long_sheet(act, quarter))
        elif quarter == "2021Q1":
            sheets += matrix_sheets(act, quarter)
        else:
            sheets.append(_wide(quarter))
        write_xlsx(out / act.folder / f"{quarter}.xlsx", sheets)


def _wide(quarter: str) -> Sheet:
    """Return the wide sheet; in 2021Q2 one cadre gave every item nine tenths of its full marks, which is void."""
    sheet = wide_sheet(ACTIVITY, quarter)
    if quarter == "2021Q2":
        nine_tenths = [round(0.9 * full, 2) for _, _, full in ACTIVITY.criteria_in(quarter, "评委打分")]
        for row in sheet.rows:
            if row[0] == "B30":
                row[2:] = ["不适用" if old == "不适用" else new for old, new in zip(row[2:], nine_tenths, strict=True)]
    return sheet


def _photographs(folder: Path, quarter: str) -> Sheet:
    """Draw the pictures and return the sheet 照片; a stage left out on purpose has neither row nor file."""
    rows: list[list] = [["单位", "点位", "阶段", "文件", "拍摄日期"]]
    for unit in PICTURED:
        u = UNITS.index(unit)
        for point, place in enumerate(SCENES):
            for stage, word in enumerate(STAGES):
                if (unit, point, stage) in ABSENT_STAGES:
                    continue
                name = f"照片/{quarter}/{u + 1:02d}-{point + 1}-{stage + 1}.png"
                draw(folder / name, point, stage, seed=ACTIVITY.seed + 10 * u + point)
                day = quarter_start(quarter) + dt.timedelta(days=6 + 30 * stage + (u + 3 * point) % 18)
                rows.append([unit, place, word, name, day])
    return Sheet("照片", rows)


def _hand_in(folder: Path, quarter: str) -> None:
    """Write one sheet per rater in the forms that were at hand."""
    for i, rater in enumerate(ACTIVITY.raters):
        leader, named = rater.group == LEADERS, i % 5 != 3
        column = ("村别", "单位名称", "村（社区）")[i % 3]
        sheet = rater_sheet(ACTIVITY, quarter, rater.code, cell=named, two_rows=i % 2 == 0, column=column)
        stem = f"{'班子' if leader else '中层'}评分表{i + 1:02d}" if named else rater.code
        if leader and i % 4 == 1:
            write_xls(folder / f"{stem}.xls", [sheet])
        elif leader or i % 3 == 0:
            write_xlsx(folder / f"{stem}.xlsx", [sheet])
        else:
            write_csv(folder / f"{stem}.csv", sheet, "utf-8-sig" if i % 5 == 0 else "gb18030")
