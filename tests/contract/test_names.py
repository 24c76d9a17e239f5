"""How names match: units, raters, criteria, groups."""

from typing import Any

import pytest


def marked(units: str, *names: str) -> dict[str, Any]:
    """The n-th name gets the mark 10 × n."""
    return {
        "单位": "单位 别名\n" + units,
        "评分": [["评委", "单位", "环境"], *([f"A{n}", name, 10 * n] for n, name in enumerate(names, 1))],
    }


SUFFIXES = [
    "村党总支", "村党支部", "社区党总支", "社区党支部", "社区党委", "社区居委会", "居委会", "村民委员会", "村委会", "行政村", "社区", "村",
]  # fmt: skip


STEMS = [
    f"{heavenly}{earthly}"
    for heavenly, earthly in zip("甲乙丙丁戊己庚辛壬癸甲乙", "子丑寅卯辰巳午未申酉戌亥", strict=True)
]


@pytest.mark.parametrize("listed_in_full", [False, True])
def test_every_suffix_is_stripped_on_either_side(activity: Any, listed_in_full: bool) -> None:
    full = [stem + suffix for stem, suffix in zip(STEMS, SUFFIXES, strict=True)]
    units, names = (full, STEMS) if listed_in_full else (STEMS, full)
    sheets = {
        "单位": [["单位"], *([unit] for unit in units)],
        "评分": [["评委", "单位", "环境"], *(["A", name, n] for n, name in enumerate(names))],
    }
    assert activity.scored(sheets).criterion("环境") == {unit: n for n, unit in reversed(list(enumerate(units)))}


@pytest.mark.parametrize(
    ("unit", "name"),
    [
        ("甲子村", "甲子村村委会"),
        ("甲子村村委会", "甲子村"),
        ("甲子村", "甲子村民委员会"),
        ("甲子村", "甲子村党支部"),
        ("甲子村", "甲子行政村"),
        ("甲子社区", "甲子社区居委会"),
        ("甲子社区居委会", "甲子社区党委"),
        ("甲子社区", "甲子居委会"),
        ("甲子村", "甲 子　村"),
        ("Ａ子村", "A子村委会"),
        ("甲子村（新）", "甲子村(新)"),
    ],
)
def test_one_unit_under_two_names(activity: Any, unit: str, name: str) -> None:
    assert activity.scored(marked(f"{unit} _\n乙丑村 _", name, "乙丑村")).criterion("环境") == {"乙丑村": 20, unit: 10}


def test_the_name_itself_beats_everything(activity: Any) -> None:
    """甲子村 and 甲子社区 strip to the same; written in full each is itself."""
    answer = activity.scored(marked("甲子村 _\n甲子社区 _", "甲子村", "甲子社区"))
    assert answer.criterion("环境") == {"甲子社区": 20, "甲子村": 10}


def test_an_alias_beats_the_suffix(activity: Any) -> None:
    answer = activity.scored(marked("甲子村 _\n甲子社区 甲子、老甲子", "甲 子", "甲子村"))
    assert answer.criterion("环境") == {"甲子村": 20, "甲子社区": 10}


def test_an_alias_is_matched_in_every_sheet(activity: Any) -> None:
    sheets = marked("甲子村 甲庄、老甲子\n乙丑村 _", "甲庄", "乙丑村") | {
        "加减分": "单位 分值 事由\n老甲子 1 表彰",
        "一票否决": "单位 事由\n甲庄 事故",
    }
    answer = activity.scored(sheets)
    assert answer.each("adjustment") == {"乙丑村": 0, "甲子村": 1}
    assert answer.each("vetoed") == {"乙丑村": False, "甲子村": True}


@pytest.mark.parametrize("name", ["甲子", "甲子村委会", "甲子社区居委会"])
def test_two_candidates_are_an_error(activity: Any, name: str) -> None:
    answer = activity.refused(marked("甲子村 _\n甲子社区 _", name))
    assert answer.places == {("评分", "B2", name)}
    text = answer.errors[0]["reason"] + answer.errors[0]["hint"]
    assert "甲子村" in text
    assert "甲子社区" in text


def test_never_by_similarity(activity: Any) -> None:
    answer = activity.refused(marked("东关街 _\n西关街 _", "东街", "西关街"))
    assert answer.places == {("评分", "B2", "东街")}
    assert "东关街" in answer.errors[0]["hint"]


@pytest.mark.parametrize("name", ["村委会", "社区", "村", "党支部", "甲子村第一党支部", "甲子村委", "甲子X村"])
def test_what_does_not_match_is_an_error(activity: Any, name: str) -> None:
    answer = activity.refused(marked("甲子村 _\n乙丑村 _", name, "乙丑村"))
    assert answer.places == {("评分", "B2", name)}


def test_only_the_longest_fitting_suffix_is_stripped(activity: Any) -> None:
    """甲子社区村委会 strips to 甲子社区, the unit's own name; 甲子社区村 村委会 does not strip twice to 甲子."""
    assert (
        activity.scored(marked("甲子社区 _\n乙丑村 _", "甲子社区村委会", "乙丑村")).criterion("环境")["甲子社区"] == 10
    )
    answer = activity.refused(marked("甲子 _\n乙丑村 _", "甲子社区村委会", "乙丑村"))
    assert answer.places == {("评分", "B2", "甲子社区村委会")}


def test_a_unit_listed_twice_is_an_error(activity: Any) -> None:
    answer = activity.refused(marked("甲子村 _\n乙丑村 _\n甲子村 _", "甲子村", "乙丑村"))
    assert {sheet for sheet, _cell in answer.cells} >= {"单位"}


def test_unmatched_names_are_found_in_every_sheet_with_hints(activity: Any) -> None:
    sheets = marked("甲子村 _\n乙丑村 _", "甲子村", "乙丑村") | {
        "指标": "指标 满分 计分方式\n环境 60 _\n平时 20 直接录入\n测评 20 等次测评",
        "直接录入": "单位 指标 分值\n甲子寸 平时 1\n乙丑村 平实 1",
        "等次测评": "单位 指标 评委组 好 较好 一般 较差\n甲丑村 测评 群众 1 0 0 0\n甲子村 测平 群众 1 0 0 0",
        "加减分": "单位 分值 事由\n丙寅村 1 表彰",
        "一票否决": "单位 事由\n丙寅村 事故",
        "承诺台账": "编号 单位 承诺事项 完成时限 完成情况\n1 丙寅村 修路 2021-12-1 已完成",
        "问题台账": "编号 单位 问题描述 发现日期 整改时限\n1 丙寅村 垃圾 2021-12-1 2021-12-2",
        "点评": "单位 角色\n丙寅村 包社区领导",
        "照片": "单位 点位 阶段 文件\n丙寅村 村口 整治前 一.jpg",
        "月排名": "月份 单位 得分\n2021-10 丙寅村 90",
        "任务清单": "单位 任务 完成时限\n丙寅村 改厕 2022-1-1",
    }
    answer = activity.refused(sheets)
    assert answer.places == {
        ("直接录入", "A2", "甲子寸"), ("直接录入", "B3", "平实"), ("等次测评", "A2", "甲丑村"), ("等次测评", "B3", "测平"),
        ("加减分", "A2", "丙寅村"), ("一票否决", "A2", "丙寅村"), ("承诺台账", "B2", "丙寅村"), ("问题台账", "B2", "丙寅村"), ("点评", "A2", "丙寅村"),
        ("照片", "A2", "丙寅村"), ("月排名", "B2", "丙寅村"), ("任务清单", "A2", "丙寅村"),
    }  # fmt: skip
    hints = {(e["sheet"], e["cell"]): e["hint"] for e in answer.errors}
    assert "甲子村" in hints["直接录入", "A2"]
    assert "平时" in hints["直接录入", "B3"]
    assert "测评" in hints["等次测评", "B3"]


def test_criteria_match_after_folding_but_not_by_suffix(activity: Any) -> None:
    sheets = {
        "指标": [["指标", "满分"], ["人居 环境", 60], ["支部", 40]],
        "评分": [
            ["评委", "单位", "指标", "分值"],
            ["A", "甲村", "人居环境", 60],
            ["A", "乙村", "人　居环境", 30],
            ["A", "乙村", "支部村", 1],
        ],
    }
    assert activity.refused(sheets).places == {("评分", "C4", "支部村")}


def test_names_are_shown_as_on_their_own_sheet(activity: Any) -> None:
    sheets = {
        "单位": [["单位"], ["甲村"], ["乙村"]],
        "评分": [["评委", "单位", "环 境"], ["A", "甲 村", 60], ["A", "乙村党支部", 30]],
    }
    answer = activity.scored(sheets)
    assert answer.order == ["甲村", "乙村"]
    assert set(answer.units["甲村"]["criteria"]) == {"环境"}
