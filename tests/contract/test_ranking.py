"""Steps 13 to 15: places, ties, vetoes, published order, bands."""

from functools import partial
from typing import Any

import pytest

near = partial(pytest.approx, rel=0, abs=2e-9)


def field(*marks: Any, **sheets: Any) -> dict[str, Any]:
    names = [f"第{n}村" for n in range(1, len(marks) + 1)]
    return {
        "单位": [["单位", "类型"], *([name, "村"] for name in names)],
        "评分": [["评委", "单位", "环境"], *(["A01", name, mark] for name, mark in zip(names, marks, strict=True))],
    } | sheets


def ranks(answer: Any) -> list[Any]:
    found = answer.each("rank")
    return [found[f"第{n}村"] for n in range(1, len(found) + 1)]


def test_equal_scores_share_a_place_and_the_next_is_skipped(activity: Any) -> None:
    answer = activity.scored(field(70, 90, 80, 80))
    assert ranks(answer) == [4, 1, 2, 2]
    assert answer.order == ["第2村", "第3村", "第4村", "第1村"]


def test_places_go_by_the_published_score(activity: Any) -> None:
    """90.004 and 90.001 are both 90.00; 90.005 is 90.01. Ties stand in the order of the sheet 单位."""
    answer = activity.scored(field(90.001, 90.004, 90.005))
    assert ranks(answer) == [2, 2, 1]
    assert answer.order == ["第3村", "第1村", "第2村"]
    assert list(answer.each("total").values()) == [near(90.005), near(90.001), near(90.004)]


CHAIN = {
    "单位": "单位 类型\n甲村 村\n乙村 村\n丙村 村\n丁村 村",
    "指标": "指标 满分 板块\n承诺 40 亮承诺\n环境 30 赛实绩\n庭院 30 赛实绩",
}


def chain(marks: str, value: str | None) -> dict[str, Any]:
    return CHAIN | {"规则": {"并列处理": value} if value else None, "评分": "评委 单位 承诺 环境 庭院\n" + marks}


def test_by_default_and_if_said_so_ties_stand(activity: Any) -> None:
    marks = "A 甲村 20 15 15\nA 乙村 30 10 10\nA 丙村 10 20 20\nA 丁村 40 0 0"
    for value in (None, "并列", " 并 列 "):
        assert activity.scored(chain(marks, value)).each("rank") == {"甲村": 1, "乙村": 1, "丙村": 1, "丁村": 4}


def test_a_chain_of_pillars_and_criteria_breaks_ties_in_turn(activity: Any) -> None:
    """All 60: 亮承诺 puts 丙 last; 甲 乙 丁 tie there and 庭院 parts them, 丁 and 乙 remaining equal."""
    marks = "A 甲村 20 20 20\nA 乙村 20 10 30\nA 丙村 10 20 30\nA 丁村 20 10 30"
    answer = activity.scored(chain(marks, "亮承诺、庭院"))
    assert answer.each("rank") == {"乙村": 1, "丁村": 1, "甲村": 3, "丙村": 4}
    assert answer.order == ["乙村", "丁村", "甲村", "丙村"]


def test_the_chain_uses_published_scores(activity: Any) -> None:
    """亮承诺 75.00125 and 75.0025 are both 75.00: a tie that 环境 must break."""
    marks = "A 甲村 30.001 10 20\nA 乙村 30.0005 20 10.0005\nA 丙村 0 0 0\nA 丁村 0 0 0"
    answer = activity.scored(chain(marks, "亮承诺，环境"))
    assert answer.each("score")["甲村"] == answer.each("score")["乙村"] == "60.00"
    assert answer.each("rank") == {"乙村": 1, "甲村": 2, "丙村": 3, "丁村": 3}


def test_no_score_in_the_chain_comes_last(activity: Any) -> None:
    """甲 has no 庭院; 60 points of 100 each, 丙's 0 in 庭院 is better than none."""
    marks = "A 甲村 24 18 缺席\nA 乙村 24 17 19\nA 丙村 30 30 0\nA 丁村 0 0 0"
    assert activity.scored(chain(marks, "庭院")).each("rank") == {"乙村": 1, "丙村": 2, "甲村": 3, "丁村": 4}


@pytest.mark.parametrize("value", ["卫生", "亮承诺、卫生", "并列、亮承诺", "亮承诺>环境"])
def test_an_unknown_name_in_the_chain_is_an_error(activity: Any, value: str) -> None:
    marks = "A 甲村 20 20 20\nA 乙村 20 10 30"
    assert activity.refused(chain(marks, value)).places == {("规则", "B2", value)}


# Vetoes and order -----------------------------------------------------------------------------------------------------


def test_a_vetoed_unit_keeps_its_score_and_the_others_rank_as_if_it_were_absent(activity: Any) -> None:
    answer = activity.scored(field(90, 80, 95, 70, 一票否决="单位 事由\n第3村 事故"))
    assert ranks(answer) == [1, 2, None, 3]
    assert answer.order == ["第1村", "第2村", "第4村", "第3村"]
    assert answer.units["第3村"]["score"] == "95.00"
    assert answer.units["第3村"]["vetoed"] is True
    assert answer.units["第1村"]["vetoed"] is False


def test_published_order(activity: Any) -> None:
    """Ranked, then vetoed by score (equal ones in the order of 单位), then 未评, a vetoed one among them."""
    vetoes = "单位 事由\n第1村 事故\n第2村 事故\n第3村 事故\n第8村 事故\n第5村 事故"
    answer = activity.scored(field(70, 90, 70, "缺席", "缺席", 60, 65, 95, "—", 一票否决=vetoes))
    assert answer.order == ["第7村", "第6村", "第8村", "第2村", "第1村", "第3村", "第4村", "第5村", "第9村"]
    assert ranks(answer) == [None, None, None, None, None, 2, 1, None, None]
    assert answer.units["第5村"]["vetoed"] is True
    assert answer.units["第5村"]["score"] is None


def test_a_veto_is_matched_like_any_unit_and_checked(activity: Any) -> None:
    assert ranks(activity.scored(field(90, 80, 一票否决="单位 事由\n第1村委会 事故"))) == [None, 1]
    answer = activity.refused(field(90, 80, 一票否决="单位 事由 备注\n第9村 事故 _\n第1村 _ 待补"))
    assert answer.places == {("一票否决", "A2", "第9村"), ("一票否决", "B3", None)}


def test_when_all_are_vetoed_nobody_is_ranked(activity: Any) -> None:
    answer = activity.scored(field(80, 90, 一票否决="单位 事由\n第1村 事故\n第2村 事故"))
    assert answer.each("rank") == {"第2村": None, "第1村": None}


# Bands ----------------------------------------------------------------------------------------------------------------


def test_default_bands_on_the_published_score(activity: Any) -> None:
    """89.995 is published as 90.00; 89.994 as 89.99."""
    activity.book(field(90, 89.995, 89.994, 80, 79.99, 60, 59.99, 0))
    assert list(activity.bands().values()) == ["优秀", "优秀", "良好", "良好", "一般", "一般", "较差", "较差"]


def test_bands_of_ones_own(activity: Any) -> None:
    activity.book(field(96, 95, 94.99, 70, 69, 规则={"等次线": "合格=70、优＝95"}))
    assert list(activity.bands().values()) == ["优", "优", "合格", "合格", "较差"]


@pytest.mark.parametrize("value", ["优秀", "优秀=九十", "优秀=90、良好=90", "优秀=90、优秀=80"])
def test_bands_that_cannot_be_read(activity: Any, value: str) -> None:
    assert activity.refused(field(90, 规则={"等次线": value})).places == {("规则", "B2", value)}


def best(activity: Any, sheets: dict[str, Any], band: str = "优秀") -> list[str]:
    activity.book(sheets)
    return [unit for unit, name in activity.bands().items() if name == band]


@pytest.mark.parametrize(
    ("marks", "share", "expected"),
    [
        ((90, 80, 70, 60, 50), "30%", 1),  # floor(1.5)
        ((90, 80, 70, 60, 50), "40%", 2),
        ((90, 80, 70, 60, 50), "19%", 0),
        ((90, 80, 70), "0.34", 1),
        (tuple(range(99, 74, -1)), "28%", 7),  # 0.28 × 25 = 7 exactly
        (tuple(range(99, 49, -1)), "58%", 29),  # in binary 0.58 × 50 is just below 29
        ((90, 80, 80, 70, 60), "40%", 1),  # a tie across the boundary falls below
        ((90, 90, 90, 70, 60), "40%", 0),
        ((90, 90, 80, 70, 60), "40%", 2),  # a tie inside does not
    ],
)
def test_quotas_take_the_whole_part_and_ties_across_fall_below(
    activity: Any, marks: tuple, share: str, expected: int
) -> None:
    assert len(best(activity, field(*marks, 规则={"等次名额": f"优秀={share}"}))) == expected


def test_quotas_count_ranked_units_only(activity: Any) -> None:
    """Four of six are ranked: floor(50% × 4) = 2, the vetoed best is none of them."""
    sheets = field(99, 90, 80, 70, 60, "缺席", 一票否决="单位 事由\n第1村 事故", 规则={"等次名额": "优秀=50%"})
    assert best(activity, sheets) == ["第2村", "第3村"]


def test_two_quotas_each(activity: Any) -> None:
    sheets = field(*range(90, 80, -1), 规则={"等次名额": "优秀=30%、良好=50%"})
    assert best(activity, sheets) == ["第1村", "第2村", "第3村"]
    assert best(activity, sheets, "良好") == [f"第{n}村" for n in range(4, 9)]


@pytest.mark.parametrize("value", ["优秀=130%", "优秀=三成", "优秀", "优秀=-10%"])
def test_quotas_that_cannot_be_read(activity: Any, value: str) -> None:
    assert activity.refused(field(90, 规则={"等次名额": value})).places == {("规则", "B2", value)}


def test_the_switch_of_the_bottom_list_is_yes_or_no(activity: Any) -> None:
    for value in ("是", "否"):
        assert activity.scored(field(90, 80, 规则={"公布末位": value})).each("rank") == {"第1村": 1, "第2村": 2}
    assert activity.refused(field(90, 规则={"公布末位": "不"})).places == {("规则", "B2", "不")}
