"""Cells merged down (a rater over several rows) and across (titles, one word for several criteria)."""

from typing import Any

HEAD = ["评委", "单位", "环境", "党建"]


def test_the_rater_merged_down(office: Any) -> None:
    rows = [[rater if n % 3 == 0 else None, *rest] for n, (rater, *rest) in enumerate(office.wide())]
    office.holds({"评分": [HEAD, *rows]}, merges={"评分": ["A2:A4", "A5:A7"]})


def test_rater_and_unit_merged_down_in_a_long_sheet(office: Any) -> None:
    rows = [
        [rater if n % 6 == 0 else None, unit if n % 2 == 0 else None, *rest]
        for n, (rater, unit, *rest) in enumerate(office.long())
    ]
    merges = ["A2:A7", "A8:A13", *(f"B{2 * n}:B{2 * n + 1}" for n in range(1, 7))]
    office.holds({"评分": [["评委", "单位", "指标", "分值"], *rows]}, merges={"评分": merges})


def test_a_title_merged_across(office: Any) -> None:
    rows = [["观摩评比打分表", None, None, None], HEAD, *office.wide()]
    office.holds({"评分": rows}, merges={"评分": ["A1:D1"]})


def test_one_word_for_two_criteria(office: Any) -> None:
    office.desk.book({"评分": [HEAD, ["A1", "甲子村", "缺席", None]]}, merges={"评分": ["C2:D2"]})
    assert office.desk.marks() == {
        ("A1", "甲子村", "环境"): "missing",
        ("A1", "甲子村", "党建"): "missing",
    }


def test_blanks_that_only_look_merged_are_errors(office: Any) -> None:
    assert office.wrong({"评分": [HEAD, ["A1", "甲子村", 1, 2], [None, "乙丑村", 1, 2]]}) == [("评分", "A3", None)]


def test_a_number_for_two_criteria_counts_in_both_and_is_told(office: Any) -> None:
    rows = [HEAD, ["A1", "甲子村", 18, None], ["A1", "乙丑村", 5, 6], ["A2", "甲子村", None, 6]]
    office.desk.book({"评分": rows}, merges={"评分": ["C2:D2", "C3:C4"]})
    marks = office.desk.marks()
    assert [marks["A1", "甲子村", name] for name in office.full] == [18, 18]
    assert marks["A2", "甲子村", "环境"] == 5
    told = office.desk.read().problems
    assert told[["severity", "cell", "value"]].to_numpy().tolist() == [["warning", "C2", "18"], ["warning", "C3", "5"]]
    assert [reason.partition(" ")[0] for reason in told["reason"]] == ["C2:D2", "C3:C4"]
