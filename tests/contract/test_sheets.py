"""The workbook: which sheets, headers, merged cells, rows and columns that are not data."""

from typing import Any

import pytest

MARKS = "评委 单位 环境\nA01 甲村 90\nA01 乙村 80"
TWO = "指标 满分\n环境 60\n支部 40"
FINE = {"甲村": "90.00", "乙村": "80.00"}

# Sheets and their aliases ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("units", "criteria", "raters", "ratings"),
    [
        ("单位", "指标", "评委", "评分"),
        ("村社区", "评分指标", "评委名单", "打分"),
        ("单位名单", "考核指标", "评委", "打分表"),
        ("单 位", " 指标 ", "评委　名单", "打 分"),
    ],
)
def test_names_of_sheets(activity: Any, units: str, criteria: str, raters: str, ratings: str) -> None:
    sheets = {
        units: "单位\n甲村\n乙村",
        criteria: "指标 满分\n环境 100",
        raters: "评委 评委组\nA01 班子",
        ratings: MARKS,
    }
    answer = activity.scored(sheets, bare=True)
    assert answer.each("score") == FINE


def test_aliases_of_the_ledgers_and_ballots(activity: Any) -> None:
    sheets = {
        "指标": "指标 满分 计分方式\n承诺 50 台账计算\n测评 50 等次测评",
        "承诺事项": "编号 单位 承诺事项 完成期限 完成情况\n1 甲村 修路 2021-12-01 已完成\n2 乙村 修路 2021-12-01 滞后",
        "测评": "村居 考核项目 评委类别 好 较好 一般 较差\n甲村 测评 群众 0 1 0 0\n乙村 测评 群众 1 0 0 0",
        "问题整改台账": "编号 村别 问题描述 发现日期 整改期限\n1 甲村 垃圾 2021.11.3 2021年12月",
        "点评记录": "单位 角色 亮点\n甲村 包社区领导 路好",
    }
    assert activity.scored(sheets).each("score") == {"甲村": "90.00", "乙村": "50.00"}


def test_every_sheet_at_once_and_in_any_order(activity: Any) -> None:
    sheets = {
        "任务清单": "单位 任务 完成时限 责任人\n甲村 改厕 2022年3月 村支书",
        "月排名": "月份 单位 得分\n2021年10月 甲村 91.5\n2021-11 乙村 88",
        "点评": "单位 角色 点评人 亮点 问题 要求\n甲村 包社区领导 某 路好 灯少 装灯\n乙村 班子成员 _ _ 灯少 _",
        "问题台账": "编号 单位 问题描述 发现日期 整改时限 类别 来源 指标 点位 整改措施 责任人 状态 销号日期 复发日期\n"
        "1 甲村 垃圾 2021-11-03 2021-12-01 环境 日督查 环境 村口 清运 某 已销号 2021-11-20 _",
        "一票否决": "单位 事由\n乙村 事故",
        "加减分": "单位 分值 事由\n甲村 1 表彰",
        "更正": "评委 单位 指标 更正为 理由 经办\nA01 甲村 环境 91 看错 办公室",
        "评分": MARKS,
        "评委": "评委 评委组 姓名 回避单位\nA01 班子 某 _",
        "规则": {"公布末位": "否"},
        "指标": "指标 满分 板块 环节 计分方式 权重 说明\n环境 100 赛实绩 实地看 评委打分 100 看路面",
        "单位": "单位 类型 包联领导 分组 别名\n甲村 村 某 一组 甲庄\n乙村 村 某 二组 _",
        "活动": "项目 内容\n活动名称 示例评比\n组织单位 示例街道\n季度 2021年第四季度\n评比方式 实地看\n格式版本 1",
    }
    answer = activity.scored(sheets, bare=True)
    assert answer.each("score") == {"甲村": "92.00", "乙村": "80.00"}
    assert answer.each("rank") == {"甲村": 1, "乙村": None}
    assert answer.warnings == []


def test_marks_in_two_sheets_of_marks_are_both_read(activity: Any) -> None:
    sheets = {
        "评分": "评委 单位 环境\nA01 甲村 90",
        "打分表": "评委 单位 指标 分值\nA01 乙村 环境 80\nA02 甲村 环境 70",
    }
    assert activity.scored(sheets).criterion("环境") == {"甲村": 80, "乙村": 80}


@pytest.mark.parametrize(
    ("title", "rows"),
    [
        ("村社区", "单位\n甲村\n乙村"),
        ("考核指标", "指标 满分\n环境 100"),
        ("评委名单", "评委 评委组\nA01 班子"),
    ],
)
def test_two_sheets_of_another_kind_are_an_error(activity: Any, title: str, rows: str) -> None:
    answer = activity.refused({"评委": "评委 评委组\nA01 班子", "评分": MARKS, title: rows})
    assert title in {sheet for sheet, _cell in answer.cells} | {e["value"] for e in answer.errors}


def test_empty_sheets_are_passed_over(activity: Any) -> None:
    empty = {"Sheet1": [], "Sheet2": [[None, "  "]], "一票否决": [], "更正": [[None]], "村社区": []}
    assert activity.scored({"评分": MARKS} | empty).each("score") == FINE


def test_lock_files_are_passed_over(activity: Any) -> None:
    activity.book({"评分": MARKS})
    (activity.folder / "~$2021Q4.xlsx").write_bytes(b"\x05lock")
    (activity.folder / "~$2022Q1.xlsx").write_bytes(b"\x05lock")
    activity.rater_file("B07.csv", "单位 环境\n甲村 90\n乙村 80")
    (activity.folder / "2021Q4/评分表/~$B08.xlsx").write_bytes(b"\x05lock")
    assert activity.check().errors == []
    assert activity.scored().each("score") == FINE


@pytest.mark.parametrize("missing", ["单位", "指标", "评分"])
def test_units_criteria_and_one_source_of_scores_are_required(activity: Any, missing: str) -> None:
    answer = activity.refused({"评分": MARKS} | {missing: None})
    assert any(missing in f"{e['sheet']}{e['reason']}" or "打分" in e["reason"] for e in answer.errors)


LACKING = {
    "加减分": ("单位 分值\n甲村 1", "事由"),
    "一票否决": ("单位 说明\n甲村 事故", "事由"),
    "评委": ("评委 姓名\nA01 某", "评委组"),
    "更正": ("评委 单位 指标 更正为 理由\nA01 甲村 环境 9 看错", "经办"),
    "承诺台账": ("编号 单位 承诺事项 完成时限\n1 甲村 修路 2021-12-1", "完成情况"),
    "问题台账": ("编号 单位 问题描述 发现日期\n1 甲村 垃圾 2021-12-1", "整改时限"),
    "月排名": ("月份 单位\n2021-10 甲村", "得分"),
    "照片": ("单位 点位 阶段\n甲村 村口 整治前", "文件"),
    "规则": ("规则 说明\n回避 是", "取值"),
    "点评": ("单位 亮点\n甲村 路好", "角色"),
    "任务清单": ("单位 任务\n甲村 改厕", "完成时限"),
    "直接录入": ("单位 分值\n甲村 1", "指标"),
    "等次测评": ("单位 指标 评委组 好 较好 一般\n甲村 环境 群众 1 0 0", "较差"),
    "活动": ("项目 说明\n日期 某日", "内容"),
    "评分": ("评委 指标 分值\nA01 环境 90", "单位"),
}


def test_a_sheet_without_a_required_column_is_an_error_that_names_it(activity: Any) -> None:
    answer = activity.refused({title: rows for title, (rows, _column) in LACKING.items()})
    heads = {e["sheet"]: f"{e['reason']}{e['value']}" for e in answer.errors if e["cell"] is None}
    assert {title for title, (_rows, column) in LACKING.items() if column in heads.get(title, "")} == set(LACKING)


@pytest.mark.parametrize(
    ("title", "rows", "column"),
    [
        ("单位", "类型 包联领导\n村 某\n村 某", "单位"),
        ("指标", "指标 板块\n环境 赛实绩", "满分"),
        ("评分", "单位 环境 支部\n甲村 90 1", "评委"),
    ],
)
def test_nor_can_the_sheets_that_everything_rests_on_lack_one(
    activity: Any, title: str, rows: str, column: str
) -> None:
    answer = activity.refused({"评分": MARKS} | {title: rows})
    assert column in "".join(e["reason"] for e in answer.errors if e["sheet"] == title)


# Headers --------------------------------------------------------------------------------------------------------------

UNIT_ALIASES = [
    "单位",
    "村",
    "社区",
    "村/社区",
    "村(社区)",
    "村（社区）",
    "村／社区",
    "村别",
    "村居",
    "单位名称",
    "单 位",
    " 村 居 ",
]


@pytest.mark.parametrize("turn", range(3))
def test_aliases_of_the_unit(activity: Any, turn: int) -> None:
    """Four sheets, each with another alias; in three turns every alias heads a sheet."""
    first, second, third, fourth = UNIT_ALIASES[4 * turn : 4 * turn + 4]
    sheets = {
        "单位": [[first], ["甲村"], ["乙村"]],
        "评分": [["评委", second, "环境"], ["A01", "甲村", 90], ["A01", "乙村", 80]],
        "评分·环境": [[third, "A02"], ["甲村", 90], ["乙村", 80]],
        "加减分": [[fourth, "分值", "事由"], ["甲村", 1, "表彰"]],
    }
    assert activity.scored(sheets).each("score") == {"甲村": "91.00", "乙村": "80.00"}


@pytest.mark.parametrize("rater", ["评委", "评委编号", "评委代码"])
@pytest.mark.parametrize("group", ["评委组", "评委类别"])
def test_aliases_of_raters_and_their_groups(activity: Any, rater: str, group: str) -> None:
    sheets = {
        "规则": {"评委组权重": "班子=1"},
        "评委": f"{rater} {group}\nA01 班子",
        "评分": f"{rater} 单位 环境\nA01 甲村 90\nA01 乙村 80",
    }
    assert activity.scored(sheets).each("score") == FINE


@pytest.mark.parametrize(
    ("criterion", "full", "points"),
    [
        ("指标", "满分", "分值"),
        ("指标名称", "标准分", "得分"),
        ("评分项目", "分值上限", "评分"),
        ("考核项目", "满分", "分数"),
    ],
)
def test_aliases_of_criteria_full_marks_and_points(activity: Any, criterion: str, full: str, points: str) -> None:
    sheets = {
        "指标": f"{criterion} {full} 计分方式\n环境 60 _\n平时 40 直接录入",
        "评分": f"评委 单位 {criterion} {points}\nA01 甲村 环境 60\nA01 乙村 环境 60",
        "直接录入": f"单位 {criterion} {points}\n甲村 平时 30\n乙村 平时 20",
        "加减分": f"单位 {points} 事由\n甲村 1 表彰",
    }
    assert activity.scored(sheets).each("score") == {"甲村": "91.00", "乙村": "80.00"}


def test_title_rows_may_stand_above_the_header(activity: Any) -> None:
    title = [["某街道观摩评比打分表"], [], ["时间：", "2021年12月", "地点：", "会议室"]]
    sheets = {
        "单位": [["单位名单"], ["单位", "类型"], ["甲村", "村"], ["乙村", "村"]],
        "指标": [*title, ["指标", "满分"], ["环境", 100]],
        "评分": [*title, ["评委", "单位", "环境"], ["A01", "甲村", 90], ["A01", "乙村", 101]],
    }
    assert activity.refused(sheets).places == {("评分", "C6", "101")}


def test_a_row_of_data_is_never_a_header(activity: Any) -> None:
    """村 and 社区 under 类型 look like aliases of 单位; a unit itself may stand in a later column."""
    sheets = {
        "单位": "类型 单位 分组\n村 甲村 一组\n社区 乙社区 二组\n村 丙村 单位",
        "评分": "评委 单位 环境\nA01 甲村 90\nA01 乙社区 80\nA01 丙村 70",
    }
    assert activity.scored(sheets).order == ["甲村", "乙社区", "丙村"]


def test_columns_come_in_any_order(activity: Any) -> None:
    sheets = {
        "指标": "说明 满分 板块 指标\n看路 60 赛实绩 环境\n看会 40 亮承诺 支部",
        "评分": "支部 单位 环境 评委\n20 甲村 60 A01\n40 乙村 30 A01",
    }
    assert activity.scored(sheets).each("score") == {"甲村": "80.00", "乙村": "70.00"}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("环境（60分）", "支部(40)"),
        ("环境（满分60分）", "支部 （４０分）"),
        ("环境\n（60分）", "支\n部"),
        ("环 境(满分60)", "支部(40.0分)"),
    ],
)
def test_headers_may_contain_breaks_spaces_and_a_note_of_full_marks(activity: Any, first: str, second: str) -> None:
    sheets = {"指标": TWO, "评分": [["评委", "单 位", first, second], ["A01", "甲村", 60, 20], ["A01", "乙村", 30, 40]]}
    assert activity.scored(sheets).each("score") == {"甲村": "80.00", "乙村": "70.00"}


@pytest.mark.parametrize("header", ["支部（45分）", "支部(4)", "支部（满分100分）", "支部\n（40.5）"])
def test_a_note_of_full_marks_that_contradicts_is_an_error(activity: Any, header: str) -> None:
    sheets = {"指标": TWO, "评分": [["评委", "单位", "环境", header], ["A01", "甲村", 60, 4], ["A01", "乙村", 30, 4]]}
    assert activity.refused(sheets).cells == {("评分", "D1")}


def test_a_criterion_whose_own_name_ends_in_brackets(activity: Any) -> None:
    sheets = {
        "指标": [["指标", "满分"], ["环境(村内)", 60], ["环境（村外）", 40]],
        "评分": [
            ["评委", "单位", "环境（村内）", "环境(村外)(40分)"],
            ["A01", "甲村", 60, 20],
            ["A01", "乙村", 30, 40],
        ],
    }
    assert activity.scored(sheets).each("score") == {"甲村": "80.00", "乙村": "70.00"}


TWO_ROWS = [
    ["评委", "单位", "赛实绩", None, "备注"],
    [None, None, "环境（60分）", "支部", None],
    ["A01", "甲村", 60, 20, None],
    ["A01", "乙村", 30, 40, "好"],
]


def test_a_header_may_take_two_rows(activity: Any) -> None:
    merges = {"评分": ["A1:A2", "B1:B2", "C1:D1", "E1:E2"]}
    answer = activity.scored({"指标": TWO, "评分": TWO_ROWS}, merges=merges)
    assert answer.each("score") == {"甲村": "80.00", "乙村": "70.00"}


def test_a_header_of_two_rows_without_merged_cells(activity: Any) -> None:
    assert activity.scored({"指标": TWO, "评分": TWO_ROWS}).each("score") == {"甲村": "80.00", "乙村": "70.00"}


def test_a_header_of_two_rows_in_csv(activity: Any) -> None:
    activity.rater_file("A01.csv", [["单位", "赛实绩", None, "合计"], [None, "环境", "支部", None], ["甲村", 60, 20, 80],
                                    ["乙村", 30, 41, 71]])  # fmt: skip
    answer = activity.refused({"指标": TWO})
    assert [(e["file"], e["cell"], e["value"]) for e in answer.errors] == [("2021Q4/评分表/A01.csv", "C4", "41")]


def test_a_header_of_two_rows_with_one_criterion_standing_over_both(activity: Any) -> None:
    """环境 is merged down; the group 赛实绩 stands over 支部 and 庭院."""
    rows = [
        ["评委", "单位", "环境", "赛实绩", None],
        [None, None, None, "支部", "庭院"],
        ["A01", "甲村", 50, 20, 10],
        ["A01", "乙村", 25, 30, 20],
    ]
    sheets = {"指标": "指标 满分\n环境 50\n支部 30\n庭院 20", "评分": rows}
    answer = activity.scored(sheets, merges={"评分": ["A1:A2", "B1:B2", "C1:C2", "D1:E1"]})
    assert answer.each("score") == {"甲村": "80.00", "乙村": "75.00"}


# Merged cells -----------------------------------------------------------------------------------------------------------


def test_cells_merged_down(activity: Any) -> None:
    sheets = {
        "指标": "指标 满分 板块\n环境 60 赛实绩\n支部 40 _",
        "评分": [["评委", "单位", "指标", "分值"], ["A01", "甲村", "环境", 60], [None, None, "支部", 20], [None, "乙村", "环境", 30],
               [None, None, "支部", 41]],
    }  # fmt: skip
    merges = {"指标": ["C2:C3"], "评分": ["A2:A5", "B2:B3", "B4:B5"]}
    assert activity.refused(sheets, merges=merges).places == {("评分", "D5", "41")}
    sheets["评分"][4][3] = 40
    answer = activity.scored(sheets, merges=merges)
    assert answer.each("score") == {"甲村": "80.00", "乙村": "70.00"}
    assert set(answer.units["甲村"]["pillars"]) == {"赛实绩"}


def test_unmerged_blanks_under_the_rater_are_errors(activity: Any) -> None:
    sheets = {"评分": [["评委", "单位", "环境"], ["A01", "甲村", 90], [None, "乙村", 80]]}
    assert activity.refused(sheets).places == {("评分", "A3", None)}


def test_titles_merged_across(activity: Any) -> None:
    sheets = {"评分": [["打分表", None, None], ["评委", "单位", "环境"], ["A01", "甲村", 90], ["A01", "乙村", 80]]}
    assert activity.scored(sheets, merges={"评分": ["A1:C1"]}).each("score") == FINE


# Rows and columns that are not data -------------------------------------------------------------------------------------

TOTALS = ["合计", "小计", "总计", "平均", "平均分", "总分", "最高分", "最低分", "合 计", " 平　均 分"]


def test_rows_of_totals_are_not_data(activity: Any) -> None:
    sheets = {
        "单位": [["序号", "单位"], [1, "甲村"], [2, "乙村"], ["合计", 2], [None, "小 计"]],
        "指标": [["指标", "满分"], ["环境", 100], ["合计", 100]],
        "评分": [["评委", "单位", "环境"], ["A01", "甲村", 90], ["A01", "乙村", 80]]
        + [[word, None, 999] for word in TOTALS]
        + [["A01", word, 999] for word in TOTALS]
        + [[None, word, "优"] for word in TOTALS],
        "加减分": [["单位", "分值", "事由"], ["甲村", 1, "表彰"], ["合计", 1, None]],
    }
    assert activity.scored(sheets).each("score") == {"甲村": "91.00", "乙村": "80.00"}


def test_a_row_of_totals_by_its_first_filled_cell_before_the_unit(activity: Any) -> None:
    sheets = {
        "评分": [
            ["序号", "评委", "单位", "环境"],
            [1, "A01", "甲村", 90],
            [2, "A01", "乙村", 80],
            ["平均", "甲", "乙", 85],
        ]
    }
    assert activity.scored(sheets).each("score") == FINE


def test_columns_of_totals_are_not_data(activity: Any) -> None:
    sheets = {
        "评分": [
            ["评委", "单位", "环境", *TOTALS],
            ["A01", "甲村", 90, *[999] * 10],
            ["A01", "乙村", 80, *["优"] * 10],
        ],
        "评分·环境": [["单位", "A02", *TOTALS], ["甲村", 90, *[999] * 10], ["乙村", 80, *["优"] * 10]],
    }
    assert activity.scored(sheets).each("score") == FINE


def test_a_criterion_may_not_hide_behind_a_name_that_only_contains_a_total(activity: Any) -> None:
    sheets = {
        "单位": "单位 类型\n合计村 村\n总分社区 社区",
        "评分": "评委 单位 环境\nA01 合计村 90\nA01 总分社区 80",
    }
    assert activity.scored(sheets).each("score") == {"合计村": "90.00", "总分社区": "80.00"}


def test_an_unknown_column_is_an_error_in_sheets_of_marks(activity: Any) -> None:
    activity.rater_file("B07.csv", "单位 环境 卫生\n甲村 90 1\n乙村 80 2")
    sheets = {
        "评委": "评委 评委组\nA01 班子\nB07 班子",
        "评分": "评委 单位 环境 卫生\nA01 甲村 90 5\nA01 乙村 80 5",
        "评分·环境": "单位 B07 B09\n甲村 90 90\n乙村 80 80",
    }
    answer = activity.refused(sheets)
    assert {(e["file"], e["cell"], e["value"]) for e in answer.errors} == {
        ("2021Q4.xlsx", "D1", "卫生"),
        ("2021Q4.xlsx", "C1", "B09"),
        ("2021Q4/评分表/B07.csv", "C1", "卫生"),
    }


def test_columns_that_may_stand_beside_the_marks(activity: Any) -> None:
    beside = ["序号", "备注", "排名", "名次", "签名", "签字", "备 注"]
    activity.rater_file("B07.csv", [["单位", *beside, "环境"], ["甲村", *["x"] * 7, 90], ["乙村", *["x"] * 7, 80]])
    sheets = {
        "评分": [["评委", "单位", *beside, "环境"], ["A01", "甲村", *["x"] * 7, 90], ["A01", "乙村", *["x"] * 7, 80]],
        "评分·环境": [["单位", *beside, "A02"], ["甲村", *["x"] * 7, 90], ["乙村", *["x"] * 7, 80]],
    }
    assert activity.scored(sheets).each("score") == FINE


def test_elsewhere_extra_columns_are_remarks(activity: Any) -> None:
    sheets = {
        "单位": "单位 户数 电话\n甲村 100 无\n乙村 200 无",
        "指标": "指标 满分 谁看\n环境 100 督查组",
        "规则": "规则 取值 依据\n回避 否 会议",
        "评委": "评委 评委组 职务\nA01 班子 主任",
        "评分": "评委 单位 指标 分值 时间\nA01 甲村 环境 90 上午\nA01 乙村 环境 80 下午",
        "加减分": "单位 分值 事由 文号\n甲村 1 表彰 某号",
    }
    assert activity.scored(sheets).each("score") == {"甲村": "91.00", "乙村": "80.00"}


def test_a_row_with_nothing_but_its_first_cell_below_the_header_is_not_data(activity: Any) -> None:
    tail = [["填表人：某"], [], ["说明：以上分数"], ["审核："], ["备注：无"]]
    sheets = {
        "单位": [["单位", "类型"], ["甲村", "村"], ["乙村", "村"]],
        "评分": [["评委", "单位", "环境"], ["A01", "甲村", 90], ["A01", "乙村", 80], *tail],
        "评分·环境": [["单位", "A02"], ["甲村", 90], ["乙村", 80], *tail],
        "加减分": [["单位", "分值", "事由"], ["甲村", 1, "表彰"], *tail],
        "规则": [["规则", "取值"], ["回避", "否"], *tail],
    }
    assert activity.scored(sheets).each("score") == {"甲村": "91.00", "乙村": "80.00"}


def test_a_unit_of_which_nothing_but_the_name_is_known_is_still_a_unit(activity: Any) -> None:
    sheets = {"单位": "单位 类型 别名\n甲村 村 _\n乙村 _ _", "评分": MARKS}
    assert activity.scored(sheets).each("score") == FINE


def test_blank_rows_are_passed_over(activity: Any) -> None:
    sheets = {
        "单位": [["单位"], ["甲村"], [], [None], ["乙村"], []],
        "评分": [["评委", "单位", "环境"], [], ["A01", "甲村", 90], ["　", " ", None], ["A01", "乙村", 80]],
    }
    assert activity.scored(sheets).each("score") == FINE


def test_a_blank_cell_in_a_required_column_is_an_error(activity: Any) -> None:
    sheets = {
        "单位": [["单位", "类型", "分组"], ["甲村", "村", None], ["乙村", "村", None], [None, "村", "一组"]],
        "指标": [["指标", "满分", "说明"], ["环境", 100, None], [None, 5, "看会"]],
        "规则": [["规则", "取值", "依据"], ["回避", None, "会议"]],
        "评委": [["评委", "评委组", "姓名"], ["A01", "班子", None], [None, "班子", "某"]],
        "评分": [["评委", "单位", "环境"], ["A01", "甲村", 90], ["A01", None, 80], [None, "乙村", 70]],
        "一票否决": [["单位", "事由", "文号"], [None, "事故", "某号"]],
        "点评": [["单位", "角色", "亮点"], ["甲村", None, "路好"]],
        "任务清单": [["单位", "任务", "完成时限"], ["甲村", None, "2022-3-1"]],
    }
    answer = activity.refused(sheets)
    assert answer.cells == {
        ("单位", "A4"), ("指标", "A3"), ("规则", "B2"), ("评委", "A3"), ("评分", "B3"), ("评分", "A4"), ("一票否决", "A2"),
        ("点评", "B2"), ("任务清单", "B2"),
    }  # fmt: skip


# Sheets of one criterion ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("title", ["评分·环境", "评分 · 环境", "评分·环　境"])
def test_a_sheet_of_one_criterion_has_a_column_per_rater(activity: Any, title: str) -> None:
    answer = activity.scored({title: [["单位", "A01", "A02"], ["甲村", 90, "缺席"], ["乙村", 80, 70]]})
    assert answer.criterion("环境") == {"甲村": 90, "乙村": 75}


def test_sheets_of_several_criteria(activity: Any) -> None:
    sheets = {"指标": TWO, "评分·环境": "单位 A01\n甲村 60\n乙村 30", "评分·支部": "单位 A01\n甲村 20\n乙村 41"}
    assert activity.refused(sheets).places == {("评分·支部", "B3", "41")}


def test_a_sheet_of_an_unknown_criterion_is_an_error(activity: Any) -> None:
    answer = activity.refused({"评分": MARKS, "评分·卫生": "单位 A01\n甲村 60\n乙村 30"})
    assert {sheet for sheet, _cell in answer.cells} == {"评分·卫生"}


# 活动, 规则 -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["2021Q4", "2021q4", "２０２１Ｑ４", "2021年第四季度", "2021年四季度", "2021 年 第四季度"]
)
def test_spellings_of_the_quarter(activity: Any, text: str) -> None:
    assert activity.scored({"活动": [["项目", "内容"], ["季度", text]], "评分": MARKS}).content["quarter"] == "2021Q4"


@pytest.mark.parametrize("text", ["2021Q3", "2020年第四季度", "四季度", "2021年"])
def test_a_quarter_unlike_the_file_name_is_an_error(activity: Any, text: str) -> None:
    answer = activity.refused({"活动": [["项目", "内容"], ["活动名称", "示例"], ["季度", text]], "评分": MARKS})
    assert answer.places == {("活动", "B3", text)}


@pytest.mark.parametrize("version", ["1", "１"])
def test_the_format_of_today(activity: Any, version: str) -> None:
    assert activity.scored({"活动": [["项目", "内容"], ["格式版本", version]], "评分": MARKS}).each("score") == FINE


def test_a_blank_format_is_the_first(activity: Any) -> None:
    assert (
        activity.scored({"活动": [["项目", "内容"], ["格式版本", None], ["季度", "2021Q4"]], "评分": MARKS}).each(
            "score"
        )
        == FINE
    )


def test_a_newer_format_is_refused(activity: Any) -> None:
    assert activity.refused({"活动": [["项目", "内容"], ["格式版本", 2]], "评分": MARKS}).places == {
        ("活动", "B2", "2")
    }


def test_an_unknown_rule_is_an_error_that_lists_the_known_ones(activity: Any) -> None:
    answer = activity.refused({"规则": {"去最高最低分": "是"}, "评分": MARKS})
    assert answer.places == {("规则", "A2", "去最高最低分")}
    assert "去极值" in answer.errors[0]["reason"] + answer.errors[0]["hint"]


def test_rule_keys_match_after_folding(activity: Any) -> None:
    sheets = {
        "规则": [["规则", "取值"], [" 加减分 上限 ", "３"]],
        "评分": MARKS,
        "加减分": "单位 分值 事由\n甲村 9 表彰",
    }
    assert activity.scored(sheets).each("score")["甲村"] == "93.00"


RULES = {
    "回避": "或许", "全同分票作废": "1", "去极值最少评委数": "2", "去极值口径": "整体", "评委组权重": "评委", "等次分值": "好=200",
    "部分完成计分": "推进中=2", "标准化方法": "百分制", "不适用指标": "满分", "板块权重": "总分=-1", "合成方法": "加法", "加减分上限": "-3",
    "并列处理": "抽签", "等次线": "优秀", "等次名额": "优秀=200%", "公布末位": "不公布",
}  # fmt: skip


def test_every_rule_with_a_wrong_value_is_found_in_one_go(activity: Any) -> None:
    answer = activity.refused({"规则": RULES, "评分": MARKS})
    assert answer.places == {("规则", f"B{n}", value) for n, value in enumerate(RULES.values(), 2)}


# Photos -----------------------------------------------------------------------------------------------------------------


def test_photos_outside_the_folder_are_errors_and_missing_ones_warnings(activity: Any) -> None:
    activity.photo("一.jpg")
    sheets = {
        "评分": MARKS,
        "照片": "单位 点位 阶段 文件\n甲村 村口 整治前 照片/一.jpg\n甲村 村口 整治后 照片/二.jpg\n甲村 村口 整治中 ../外.jpg\n乙村 村口 整治中 /etc/hostname\n"
        "乙村 村口 整治后 照片/../../外.jpg",
    }  # fmt: skip
    answer = activity.refused(sheets)
    assert answer.cells == {("照片", "D4"), ("照片", "D5"), ("照片", "D6")}
    assert [(w["sheet"], w["cell"]) for w in answer.warnings] == [("照片", "D3")]


def test_score_warns_of_photos_as_check_does(activity: Any) -> None:
    activity.photo("坏.jpg", b"x")
    activity.book({"评分": MARKS, "照片": "单位 点位 阶段 文件\n甲村 村口 整治前 照片/坏.jpg\n甲村 村口 整治后 无.jpg"})
    told = activity.check().warnings
    assert [warning["cell"] for warning in told] == ["D2", "D3"]
    assert activity.score().content["warnings"] == told


def test_everything_wrong_with_photos_and_ballots_is_told_in_one_go(activity: Any) -> None:
    activity.photo("坏.jpg", b"x")
    sheets = {
        "指标": "指标 满分 计分方式\n环境 50 评委打分\n满意 50 等次测评",
        "评分": "评委 单位 环境\nA01 甲村 40\nA01 乙村 51",
        "等次测评": "单位 指标 评委组 好 较好 一般 较差\n甲村 满意 评委 3 1 0 0\n甲村 满意 评委 若干 1 0 0\n乙村 满意 评委 2 2 0 0",
        "照片": "单位 点位 阶段 文件\n甲村 村口 整治前 照片/坏.jpg\n无名村 村口 动工前 照片/坏.jpg\n无名村 村口 整治后 ../外.jpg\n"
        "乙村 _ 整治后 照片/无.jpg",
    }  # fmt: skip
    answer = activity.refused(sheets)
    assert answer.cells == {
        ("评分", "C3"), ("等次测评", "D3"), ("等次测评", "C3"), ("照片", "A3"), ("照片", "C3"), ("照片", "A4"), ("照片", "D4"),
        ("照片", "B5"),
    }  # fmt: skip
    warned = [(w["sheet"], w["cell"]) for w in answer.warnings]
    assert warned == [("照片", "D2"), ("照片", "D3"), ("照片", "D5")]


def test_a_total_with_a_note_of_full_marks_is_still_a_total(activity: Any) -> None:
    rows = [
        ["评委", "单位", "环境", "合计（100分）", "总 分\n(100)"],
        ["A01", "甲村", 90, 90, "优"],
        ["A01", "乙村", 80, None, 1],
    ]
    assert activity.scored({"评分": rows}).each("score") == FINE


def test_a_title_row_with_some_of_the_headers_is_not_the_header(activity: Any) -> None:
    rows = [["单位", "某街道", "2021年"], ["评委", "单位", "环境"], ["A01", "甲村", 90], ["A01", "乙村", 80]]
    assert activity.scored({"评分": rows}).each("score") == FINE


def test_sheets_without_a_header_are_errors_rather_than_read_by_guess(activity: Any) -> None:
    answer = activity.refused({"评分": MARKS, "加减分": "甲村 1 表彰", "一票否决": "村 事故\n甲村 事故"})
    assert {sheet for sheet, _cell in answer.cells} == {"加减分", "一票否决"}


def test_the_order_of_units_is_that_of_their_sheet_after_titles_totals_and_blanks(activity: Any) -> None:
    sheets = {
        "单位": [["名单"], ["序号", "单位"], [2, "丙村"], [], [1, "甲村"], ["合计", 3], [3, "乙村"]],
        "评分": "评委 单位 环境\nA01 甲村 80\nA01 乙村 80\nA01 丙村 80",
    }
    assert activity.scored(sheets).order == ["丙村", "甲村", "乙村"]
