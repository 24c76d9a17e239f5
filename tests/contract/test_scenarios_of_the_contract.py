"""A scenario: what it may change, what it must leave alone."""

import re
from functools import partial
from pathlib import Path
from typing import Any

import pytest

near = partial(pytest.approx, rel=0, abs=2e-9)

HEAD = 'format = 1\nactivity = "示例活动"\nquarter = "2021Q4"\nname = "试算"\nreason = "会议要求"\ncreated = "2022-01-04"\n'
SHEETS: dict[str, Any] = {
    "指标": "指标 满分 板块\n承诺 20 亮承诺\n环境 30 赛实绩\n庭院 10 赛实绩\n汇报 40 比干劲",
    "评分": "评委 单位 承诺 环境 庭院 汇报\nA 甲村 20 15 0 20\nA 乙村 10 30 10 10",
    "加减分": "单位 分值 事由\n甲村 4 表彰",
}
"""甲: 亮承诺 100, 环境 50, 庭院 0, 赛实绩 37.5, 比干劲 50; +4. As in the workbook 20 + 15 + 20 + 4 = 59."""


def scenario(activity: Any, text: str, sheets: dict[str, Any] | None = None) -> Any:
    activity.book(SHEETS | (sheets or {}))
    file: Path = activity.folder.parent / "情景.toml"
    # TOML wants quotes around Chinese keys; here they would only hide what a case is about.
    text = re.sub(r"^([\u4e00-\u9fff]+) =", r'"\1" =', text, flags=re.MULTILINE)
    file.write_text(HEAD + text, encoding="utf-8")
    return activity.score("--scenario", file)


def first(activity: Any, text: str, sheets: dict[str, Any] | None = None) -> dict[str, Any]:
    answer = scenario(activity, text, sheets)
    assert answer.code == 0, answer.out + answer.err
    return answer.units["甲村"]


def test_what_it_leaves_out_stays_as_in_the_workbook(activity: Any) -> None:
    assert first(activity, "")["total"] == near(59)
    assert first(activity, "", {"规则": {"加减分上限": 3}})["total"] == near(58)


def test_pillar_weights(activity: Any) -> None:
    text = "[pillar_weights]\n亮承诺 = 50\n赛实绩 = 0\n比干劲 = 50\n"
    assert first(activity, text)["total"] == near(79)
    assert first(activity, text, {"规则": {"板块权重": "亮承诺=1、赛实绩=1、比干劲=1"}})["total"] == near(79)


def test_pillar_weights_may_be_broken(activity: Any) -> None:
    """0.1 × 100 + 0.2 × 37.5 + 0.7 × 50 + 4."""
    assert first(activity, "[pillar_weights]\n亮承诺 = 0.1\n赛实绩 = 0.2\n比干劲 = 0.7\n")["total"] == near(56.5)


def test_criterion_weights_never_alter_pillar_weights(activity: Any) -> None:
    """赛实绩 = (50 × 1 + 0 × 9) / 10 = 5 and keeps 40 of 100: 20 + 2 + 20 + 4."""
    unit = first(activity, "[criterion_weights]\n环境 = 1\n庭院 = 9\n")
    assert unit["pillars"]["赛实绩"] == near(5)
    assert unit["total"] == near(46)


def test_criterion_weights_replace_the_workbooks(activity: Any) -> None:
    """Weights 1 3 1 5 of the workbook: 赛实绩 weighs 4 of 10 whatever the scenario does inside it."""
    sheets = {"指标": "指标 满分 板块 权重\n承诺 20 亮承诺 1\n环境 30 赛实绩 3\n庭院 10 赛实绩 1\n汇报 40 比干劲 5"}
    unit = first(activity, "[criterion_weights]\n环境 = 100\n庭院 = 0\n", sheets)
    assert unit["total"] == near(0.1 * 100 + 0.4 * 50 + 0.5 * 50 + 4)


def test_pillar_and_criterion_weights_together(activity: Any) -> None:
    text = "[pillar_weights]\n亮承诺 = 1\n赛实绩 = 1\n比干劲 = 2\n[criterion_weights]\n环境 = 1\n庭院 = 1\n"
    assert first(activity, text)["total"] == near(25 + 6.25 + 25 + 4)


def test_rules(activity: Any) -> None:
    assert first(activity, '[rules]\n加减分上限 = "不计"\n')["total"] == near(55)
    assert first(activity, '[rules]\n板块权重 = "亮承诺=50、赛实绩=0、比干劲=50"\n')["total"] == near(79)
    assert first(activity, '[rules]\n标准化方法 = "极差"\n加减分上限 = 0\n')["criteria"] == {
        "承诺": 100, "环境": 0, "庭院": 0, "汇报": 100,
    }  # fmt: skip


def test_rules_of_earlier_steps_too(activity: Any) -> None:
    sheets = {"评委": "评委 评委组 回避单位\nA 班子 _\nB 班子 甲村", "评分": SHEETS["评分"] + "\nB 甲村 0 0 0 0"}
    assert first(activity, "", sheets)["score"] == "31.50"
    assert first(activity, '[rules]\n回避 = "是"\n', sheets)["score"] == "59.00"


def test_names_match_after_folding(activity: Any) -> None:
    assert first(activity, '[pillar_weights]\n"亮 承诺" = 50\n" 赛实绩" = 0\n比干劲 = 50\n')["total"] == near(79)


@pytest.mark.parametrize(
    "text",
    [
        "[pillar_weights]\n亮承诺 = 1\n赛实绩 = 1\n",
        "[pillar_weights]\n亮承诺 = 1\n赛实绩 = 1\n比干劲 = 1\n总分 = 1\n",
        "[pillar_weights]\n亮承诺 = -1\n赛实绩 = 1\n比干劲 = 1\n",
        "[pillar_weights]\n亮承诺 = 0\n赛实绩 = 0\n比干劲 = 0\n",
        "[pillar_weights]\n亮承诺 = 'x'\n赛实绩 = 1\n比干劲 = 1\n",
        "[pillar_weights]\n亮承诺 = nan\n赛实绩 = 1\n比干劲 = 1\n",
        "[pillar_weights]\n亮承诺 = true\n赛实绩 = 1\n比干劲 = 1\n",
        "[criterion_weights]\n环境 = 1\n",
        "[criterion_weights]\n环境 = 1\n庭院 = -1\n",
        "[criterion_weights]\n卫生 = 1\n",
        "[criterion_weights]\n承诺 = 0\n环境 = 0\n庭院 = 0\n汇报 = 0\n",
        '[pillar_weights]\n亮承诺 = 1\n赛实绩 = 1\n比干劲 = 1\n[rules]\n板块权重 = "亮承诺=1、赛实绩=1、比干劲=1"\n',
        '[rules]\n板块权重 = "亮承诺=1"\n',
        '[rules]\n去最高最低 = "是"\n',
        '[rules]\n合成方法 = "加法"\n',
        '[rules]\n评委组权重 = "班子=1"\n',
        '[rules]\n并列处理 = "卫生"\n',
        '[rules]\n合成方法 = "几何"\n',
        '[rules]\n标准化方法 = "极差"\n不适用指标 = "计满分"\n',
        "[weights]\n亮承诺 = 1\n",
        "pillar_weights = 3\n",
        "[pillar_weights\n",
    ],
)
def test_what_is_refused(activity: Any, text: str) -> None:
    answer = scenario(activity, text)
    assert answer.code == 1
    assert answer.errors
    assert all(error["reason"] and error["hint"] for error in answer.errors)


def test_a_newer_format_is_refused(activity: Any) -> None:
    activity.book(SHEETS)
    file = activity.folder.parent / "情景.toml"
    file.write_text(HEAD.replace("format = 1", "format = 2"), encoding="utf-8")
    answer = activity.score("--scenario", file)
    assert answer.code == 1
    assert answer.errors[0]["file"] == "情景.toml"


def test_a_zeroed_pillar_counts_as_left_out(activity: Any) -> None:
    """承诺 weighs nothing: its pillar is left out and its 20 points are spread: (40 × 37.5 + 40 × 50) / 80 + 4."""
    unit = first(activity, "[criterion_weights]\n承诺 = 0\n")
    assert unit["pillars"]["亮承诺"] is None
    assert unit["total"] == near(47.75)


def test_a_chinese_key_without_quotes_is_refused_with_the_way_out(activity: Any) -> None:
    activity.book(SHEETS)
    file = activity.folder.parent / "情景.toml"
    file.write_text(HEAD + "[criterion_weights]\n承诺 = 0\n", encoding="utf-8")
    answer = activity.score("--scenario", file)
    assert answer.code == 1
    assert "引号" in answer.errors[0]["hint"]
