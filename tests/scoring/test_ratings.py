"""Recusal, void sheets, trimming and groups: one hand-computed quarter for each sentence of the rules."""

from __future__ import annotations

import pytest

from lsb_nb.bundles import DataProblems
from lsb_nb.scoring.composite import score

ONE = [("甲", 100)]


def column(marks, unit="东村", criterion="甲"):
    return [(f"B{i}", unit, criterion, mark) for i, mark in enumerate(marks)]


def full(records, unit="东村", criterion="甲"):
    return score(records).full.loc[unit, criterion]


def test_six_marks_lose_one_highest_and_one_lowest(make):
    records = make(units=["东村"], criteria=ONE, ratings=column([10, 80, 81, 82, 83, 99]))
    assert full(records) == 81.5
    assert score(records).dropped["rater"].tolist() == ["B0", "B5"]


def test_five_marks_give_the_plain_mean(make):
    assert full(make(units=["东村"], criteria=ONE, ratings=column([10, 80, 81, 82, 97]))) == 70


def test_only_one_instance_of_equal_extremes_is_dropped(make):
    assert full(make(units=["东村"], criteria=ONE, ratings=column([90, 90, 90, 60, 60, 60]))) == 75


def test_missing_marks_do_not_count_towards_the_six(make):
    marks = [10, 80, 81, 82, 97, "missing", "blank"]
    assert full(make(units=["东村"], criteria=ONE, ratings=column(marks))) == 70


def test_the_least_number_of_raters_can_be_set(make):
    ratings = column([10, 80, 99])
    assert full(make(units=["东村"], criteria=ONE, ratings=ratings, rules={"去极值最少评委数": "3"})) == 80


def test_trimming_is_within_each_group(make):
    raters = {f"B{i}": "领导" if i < 3 else "群众" for i in range(6)}
    records = make(
        units=["东村"],
        criteria=ONE,
        raters=raters,
        ratings=column([10, 20, 60, 0, 90, 100]),
        rules={"去极值最少评委数": "3"},
    )
    assert full(records) == (20 + 90) / 2


def test_whole_sheets_are_ordered_by_points_over_full_marks_of_what_each_marked(make):
    criteria = [("甲", 100), ("乙", 10)]
    ratings = [*column([50, 60, 70]), *[("B1", "东村", "乙", 10), ("B2", "东村", "乙", 1)]]
    records = make(
        units=["东村"], criteria=criteria, ratings=ratings, rules={"去极值口径": "整张", "去极值最少评委数": "3"}
    )
    # B0 has 50/100, B1 70/110, B2 71/110: B0 and B2 go, and with B2 its mark of 乙.
    assert full(records) == 60
    assert full(records, criterion="乙") == 100
    assert set(score(records).dropped["rater"]) == {"B0", "B2"}


def test_equal_sheets_go_by_the_order_of_the_raters(make):
    criteria = [("甲", 100), ("乙", 100)]
    ratings = [
        (r, "东村", c, m)
        for r, a, b in (("B2", 0, 90), ("B0", 90, 0), ("B1", 40, 50))
        for c, m in (("甲", a), ("乙", b))
    ]
    raters = {"B0": "评委", "B1": "评委", "B2": "评委"}
    rules = {"去极值口径": "整张", "去极值最少评委数": "3"}
    assert full(make(units=["东村"], criteria=criteria, raters=raters, ratings=ratings, rules=rules)) == 40
    # Without a sheet of raters they stand in order of first appearance: B2, B0, B1, so that B0 is left.
    assert full(make(units=["东村"], criteria=criteria, ratings=ratings, rules=rules)) == 90


def test_recused_marks_are_left_out_only_by_rule(make):
    raters = [{"rater": "B0", "group": "评委", "recused": ("东村",)}, {"rater": "B1", "group": "评委"}]
    given = {"units": ["东村", "西村"], "criteria": ONE, "raters": raters}
    ratings = [*column([100, 50]), *column([100, 50], "西村")]
    assert full(make(**given, ratings=ratings)) == 75
    records = make(**given, ratings=ratings, rules={"回避": "是"})
    assert full(records) == 50
    assert full(records, "西村") == 75
    assert score(records).dropped.astype(str).values.tolist() == [["B0", "东村", "甲", "recused"]]


def test_a_sheet_of_equal_shares_is_void(make):
    criteria = [("甲", 100), ("乙", 3)]
    ratings = [
        ("B0", "东村", "甲", 50), ("B0", "西村", "乙", "1.5"),
        ("B1", "东村", "甲", 60), ("B1", "西村", "乙", 3),
    ]  # fmt: skip
    records = make(units=["东村", "西村"], criteria=criteria, ratings=ratings, rules={"全同分票作废": "是"})
    assert full(records) == 60
    assert score(records).dropped["why"].tolist() == ["void", "void"]
    assert full(make(units=["东村", "西村"], criteria=criteria, ratings=ratings)) == 55


def test_equal_marks_for_one_unit_only_are_not_void(make):
    criteria = [("甲", 100), ("乙", 100)]
    ratings = [("B0", "东村", "甲", 50), ("B0", "东村", "乙", 50), ("B1", "东村", "甲", 60)]
    assert full(make(units=["东村"], criteria=criteria, ratings=ratings, rules={"全同分票作废": "是"})) == 55


def test_recusal_comes_before_void_sheets(make):
    raters = [{"rater": "B0", "group": "评委", "recused": ("东村",)}, {"rater": "B1", "group": "评委"}]
    ratings = [("B0", "东村", "甲", 10), ("B0", "西村", "甲", 50), ("B0", "南村", "甲", 50), ("B1", "西村", "甲", 60)]
    rules = {"回避": "是", "全同分票作废": "是"}
    records = make(units=["东村", "西村", "南村"], criteria=ONE, raters=raters, ratings=ratings, rules=rules)
    assert full(records, "西村") == 60
    assert sorted(score(records).dropped["why"]) == ["recused", "void", "void"]


def test_group_weights_are_renormalised_over_the_groups_that_marked(make):
    raters = {"B0": "领导", "B1": "群众"}
    ratings = [("B0", "东村", "甲", 100), ("B1", "东村", "甲", 50), ("B1", "西村", "甲", 50)]
    records = make(
        units=["东村", "西村"], criteria=ONE, raters=raters, ratings=ratings, rules={"评委组权重": "领导=60、群众=40"}
    )
    assert full(records) == 80
    assert full(records, "西村") == 50


def test_groups_without_given_weights_weigh_the_same(make):
    raters = {"B0": "领导", "B1": "群众", "B2": "群众"}
    assert full(make(units=["东村"], criteria=ONE, raters=raters, ratings=column([100, 40, 60]))) == 75


def test_only_marks_of_zero_weight_groups_leave_a_criterion_unrated(make):
    raters = {"B0": "领导", "B1": "群众"}
    ratings = [("B0", "东村", "甲", 100), ("B1", "东村", "乙", 50)]
    criteria = [("甲", 50), ("乙", 50)]
    ratings[0] = ("B0", "东村", "甲", 40)
    records = make(
        units=["东村"], criteria=criteria, raters=raters, ratings=ratings, rules={"评委组权重": "领导=0、群众=1"}
    )
    scores = score(records)
    assert scores.states.loc["东村"].tolist() == ["unrated", "rated"]
    assert scores.weights.loc["东村"].tolist() == [0, 1]
    assert scores.problems["reason"].tolist() == ["“东村”的指标“甲”没有有效得分"]


@pytest.mark.parametrize("text", ["领导=1", "领导=1、群众=1、别组=1", "领导=0、群众=0"])
def test_group_weights_name_every_group_in_use_and_no_other(make, text):
    raters = {"B0": "领导", "B1": "群众"}
    records = make(units=["东村"], criteria=ONE, raters=raters, ratings=column([1, 2]), rules={"评委组权重": text})
    with pytest.raises(DataProblems) as caught:
        score(records)
    row = caught.value.problems.iloc[0]
    assert (row["file"], row["sheet"], row["cell"], row["value"]) == ("2021Q4.xlsx", "规则", "A2", text)


def test_a_group_whose_only_rater_is_void_is_not_in_use(make):
    raters = {"B0": "领导", "B1": "群众"}
    ratings = [("B0", "东村", "甲", 50), ("B0", "西村", "甲", 50), ("B1", "东村", "甲", 60)]
    rules = {"全同分票作废": "是", "评委组权重": "群众=1"}
    assert full(make(units=["东村", "西村"], criteria=ONE, raters=raters, ratings=ratings, rules=rules)) == 60


def test_not_applicable_only_if_every_cell_that_counts_says_so(make):
    cells = {
        "全不适用": ["not_applicable", "not_applicable"],
        "有空白": ["not_applicable", "blank"],
        "有缺席": ["not_applicable", "missing"],
        "有打分": ["not_applicable", 80],
        "没有打分": [],
    }
    ratings = [row for unit, marks in cells.items() for row in column(marks, unit)]
    records = make(units=list(cells), criteria=ONE, ratings=ratings)
    expected = ["not_applicable", "not_applicable", "unrated", "rated", "unrated"]
    assert score(records).states.loc[list(cells), "甲"].tolist() == expected


def test_cells_of_recused_raters_do_not_make_a_criterion_applicable(make):
    raters = [{"rater": "B0", "group": "评委", "recused": ("东村",)}, {"rater": "B1", "group": "评委"}]
    ratings = [("B0", "东村", "甲", "missing"), ("B1", "东村", "甲", "not_applicable")]
    given = {"units": ["东村"], "criteria": ONE, "raters": raters, "ratings": ratings}
    assert score(make(**given)).states.loc["东村", "甲"] == "unrated"
    assert score(make(**given, rules={"回避": "是"})).states.loc["东村", "甲"] == "not_applicable"
